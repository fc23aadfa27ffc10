//! Days are the estate's days and stay text (`2026-07-31`); instants are shown in its time zone.

/** An instant as `2026-07-31 14:05` on the estate's clock. */
export function instant(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(p => p.type === type)?.value;
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
}

/** The day that it is now in a time zone. */
export function today(timeZone: string, now: Date = new Date()): string {
  return instant(now.toISOString(), timeZone).slice(0, 10);
}

/** `2026-07` of `2026-07-31`. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The month so many months later, or earlier when negative. */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const all = year * 12 + (number - 1) + count;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, "0")}`;
}

/** `2026-07` or `2026-07 – 2026-09`: the months that a bill covers. */
export function monthSpan(first: string, last: string): string {
  return first === last ? first : `${first} – ${last}`;
}

/** The instant at which a day begins in a time zone, or one so many days later. */
export function startOfDay(day: string, timeZone: string, later = 0): string {
  const midnight = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000;
  const shift = (at: number) =>
    Date.parse(`${instant(new Date(at).toISOString(), timeZone).replace(" ", "T")}:00Z`) - at;
  // The offset at the instant itself, which may not be the one in force at midnight UTC.
  const near = midnight - shift(midnight);
  return new Date(midnight - shift(near)).toISOString();
}
