const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** "14:05", "Yesterday", "3 May": as short as it stays clear. */
export function shortDate(text: string, now = new Date()): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return "";
  if (sameDay(date, now)) return time.format(date);
  const yesterday = new Date(now.getTime() - 86_400_000);
  if (sameDay(date, yesterday)) return "Yesterday";
  return date.getFullYear() === now.getFullYear() ? day.format(date) : dayAndYear.format(date);
}

/** For the line between two days. */
export function dayLabel(text: string, now = new Date()): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return "";
  return sameDay(date, now) ? "Today" : shortDate(text, now);
}

export function clockTime(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "" : time.format(date);
}

export function fullDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "" : `${dayAndYear.format(date)}, ${time.format(date)}`;
}
