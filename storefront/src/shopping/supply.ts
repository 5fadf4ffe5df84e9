import type { StockWait } from "@/api/types";
import { formatArrival, formatDay } from "@/dates";
import { t } from "@/language";

/** Why something takes longer, where it does; it can be bought all the same. */
export function waitFor(availability: string, expectedOn: string | null): string {
  if (availability === "preorder") return expectedOn ? t("Pre-order: available from {day}", { day: formatDay(expectedOn) }) : t("Pre-order");
  if (availability === "backorder") {
    return expectedOn ? t("On order: expected on {day}", { day: formatDay(expectedOn) }) : t("On order: takes a little longer");
  }
  return "";
}

/** Of a line that was quoted before all of it was there. */
export function lineWait(wait: StockWait | null | undefined): string {
  return wait ? waitFor("backorder", wait.expected_on) : "";
}

type Arriving = { earliest: string | null; latest: string | null; wait: StockWait | null };

/** The days on which it arrives, or that it waits for goods and nobody knows how long. */
export function arrivalWords(shipping: Arriving | null | undefined, verb: string): string {
  const days = formatArrival(shipping?.earliest ?? null, shipping?.latest ?? null);
  if (days) return `${verb} ${days}`.trim();
  return shipping?.wait && !shipping.wait.expected_on ? t("Something in it is on order: no day is known yet") : "";
}
