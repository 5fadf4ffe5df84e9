import { formatDay } from "@/dates";

/** Why something takes longer, where it does; it can be bought all the same. */
export function waitFor(availability: string, expectedOn: string | null): string {
  if (availability === "preorder") return expectedOn ? `Pre-order: available from ${formatDay(expectedOn)}` : "Pre-order";
  if (availability === "backorder") {
    return expectedOn ? `On order: expected on ${formatDay(expectedOn)}` : "On order: takes a little longer";
  }
  return "";
}
