const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "short", year: "numeric" });

/** In the reader's zone: the time alone for today, else with its day; the year when it is another. */
export function localTime(text: string, now = new Date()): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const time = clock.format(date);
  if (date.toDateString() === now.toDateString()) return time;
  return `${(date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date)} ${time}`;
}

/** As on the wire, for who compares with a log: "2026-11-21 10:04:05.123 UTC". */
export function utcTime(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString().replace("T", " ").replace("Z", " UTC");
}

/** "now", "12 s ago", "3 min ago", "5 h ago", "2 d ago". */
export function ago(text: string, now = Date.now()): string {
  const seconds = Math.round((now - new Date(text).getTime()) / 1000);
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 1) return "now";
  for (const [size, unit] of [[86_400, "d"], [3600, "h"], [60, "min"]] as const) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit} ago`;
  }
  return `${seconds} s ago`;
}

/** What an `<input type="datetime-local">` holds for a time in UTC, and back; empty for nothing. */
export function toInput(utc: string): string {
  const date = new Date(utc);
  if (utc === "" || Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

export function fromInput(local: string): string {
  const date = new Date(local);
  return local === "" || Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
