/** How times are shown: in the reader's zone, as on the wire, or by how long ago they were. */
export type TimeMode = "local" | "utc" | "ago";

interface Formats {
  clock: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  dayAndYear: Intl.DateTimeFormat;
}

function formatsOf(timeZone: string | undefined): Formats {
  return {
    clock: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone }),
    day: new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "short", timeZone }),
    dayAndYear: new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "short", year: "numeric", timeZone }),
  };
}

const formats: Record<"local" | "utc", Formats> = { local: formatsOf(undefined), utc: formatsOf("UTC") };

/** In a zone: the time alone for today, else with its day; the year when it is another. */
export function clockTime(text: string, zone: "local" | "utc" = "local", now = new Date()): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const { clock, day, dayAndYear } = formats[zone];
  const time = clock.format(date);
  if (dayAndYear.format(date) === dayAndYear.format(now)) return time;
  const sameYear = yearOf(date, zone) === yearOf(now, zone);
  return `${(sameYear ? day : dayAndYear).format(date)} ${time}`;
}

function yearOf(date: Date, zone: "local" | "utc"): number {
  return zone === "utc" ? date.getUTCFullYear() : date.getFullYear();
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

/** The reader's zone by distance and name: "UTC+1, Europe/Berlin". */
export function zoneName(now = new Date()): string {
  const minutes = -now.getTimezoneOffset();
  const hours = `${Math.floor(Math.abs(minutes) / 60)}${minutes % 60 === 0 ? "" : `:${String(Math.abs(minutes) % 60).padStart(2, "0")}`}`;
  const distance = minutes === 0 ? "UTC" : `UTC${minutes < 0 ? "−" : "+"}${hours}`;
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return !name || name === "UTC" ? distance : `${distance}, ${name}`;
}

/** What an `<input type="datetime-local">` holds for a time in UTC, and back; empty for nothing. */
export function toInput(utc: string, mode: TimeMode = "local"): string {
  const date = new Date(utc);
  if (utc === "" || Number.isNaN(date.getTime())) return "";
  const shift = mode === "utc" ? 0 : date.getTimezoneOffset() * 60_000;
  return new Date(date.getTime() - shift).toISOString().slice(0, 19);
}

export function fromInput(text: string, mode: TimeMode = "local"): string {
  const date = new Date(mode === "utc" && text !== "" ? `${text}Z` : text);
  return text === "" || Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time as a filter has it: "-15m" is fifteen minutes before `now`, so that a kept address moves along; any other is a time already. */
export function resolvedTime(text: string, now = Date.now()): string {
  const found = /^-(\d{1,6})([smhd])$/.exec(text);
  if (!found) return text;
  return new Date(now - Number(found[1]) * (unitMs[found[2] ?? ""] ?? 0)).toISOString();
}
