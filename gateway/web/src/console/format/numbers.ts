const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const none = "–";

/** Grouped: "1,234,567". */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? none : whole.format(value);
}

/** As short as a chart's axis needs it: "1.2k", "35M". */
export function brief(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const size = Math.abs(value);
  for (const [factor, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) {
    if (size >= factor) return `${trimmed(value / factor, 1)}${unit}`;
  }
  return trimmed(value, size < 10 ? 1 : 0);
}

/** A rate: one decimal below 10, none above. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  return Math.abs(value) < 10 ? trimmed(value, 1) : whole.format(value);
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? whole.format(size) : trimmed(size, size < 10 ? 1 : 0)} ${units[unit]}`;
}

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return none;
  if (value >= 1000) return `${trimmed(value / 1000, value < 10_000 ? 2 : 1)} s`;
  return `${value < 10 ? trimmed(value, 1) : whole.format(value)} ms`;
}

/** "0:42", "3 min", "2 h 5 min", "4 d": as exact as somebody who waits needs it. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return none;
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return seconds > 0 && seconds < 10 ? `${trimmed(seconds, 1)} s` : `${s} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 10) return s % 60 === 0 ? `${minutes} min` : `${minutes} min ${s % 60} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** A share as "12.3%", never "100%" before it is. */
export function percent(part: number, total: number): string {
  if (total <= 0) return "0%";
  const share = Math.min(1, Math.max(0, part / total));
  if (share === 1) return "100%";
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
