import { LOCALE, t } from "@/language";

/** "today at 18:00", "tomorrow at 09:00" or "Friday 27 November": when a sale ends, in the shopper's own time zone. */
export function formatDeadline(iso: string, now: Date = new Date()): string {
  const end = new Date(iso);
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(end) - midnight(now)) / 86_400_000);
  const time = end.toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit", hour12: false });
  if (days === 0) return t("today at {time}", { time });
  if (days === 1) return t("tomorrow at {time}", { time });
  return end.toLocaleDateString(LOCALE, { weekday: "long", day: "numeric", month: "long" });
}

export function formatDate(iso: string): string {
  return new Date(iso).toLocaleDateString(LOCALE, { day: "numeric", month: "long", year: "numeric" });
}

export function formatTime(iso: string): string {
  return new Date(iso).toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** "26 November": a day of the shop's own. */
export function formatDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(LOCALE, { day: "numeric", month: "long", timeZone: "UTC" });
}

/** "Tue 24 – Thu 26 Nov": days are the shop's own, without a time, and mean the same in every zone. */
export function formatArrival(earliest: string | null, latest: string | null): string {
  const [first, last] = [earliest ?? latest, latest ?? earliest];
  if (!first || !last) return "";
  return new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" })
    .formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`));
}

/** A day that is the same everywhere: "12 December 2026". */
export function dayOf(day: string): string {
  return new Date(day).toLocaleDateString(LOCALE, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

/** On which goods are expected. */
export const expectedDay = dayOf;
