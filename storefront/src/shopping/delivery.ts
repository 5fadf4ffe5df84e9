/** Ways to ship, in the shopper's words. */
import { Problem } from "@/api/problems";
import type { Cart, ShippingProblem } from "@/api/types";
import { countryName } from "@/countries";
import { t } from "@/language";

/** These say that the address is the trouble, whichever method is chosen; the others concern one method. */
const OF_THE_ADDRESS = new Set(["no_zone", "no_method"]);
/** These have words that speak of the method, and so ask for its mention. */
const OF_THE_PARCEL = new Set(["refused_class", "refused_category", "too_heavy", "too_light", "no_rate"]);

export const NO_WAY = t("None of our ways of delivery can take this order to your address.");

/** Why one method cannot be had. */
export function methodProblem(problem: string): string {
  return METHOD_PROBLEMS[problem] ?? t("Not available for this order.");
}

/** Why nothing can be shipped as things stand, and whether another address would help. */
export type Obstacle = { words: string; isAboutAddress: boolean };

/** What stands in the way of shipping the cart; null when nothing does. */
export function obstacleOf(cart: Cart | null, problem: ShippingProblem | null | undefined): Obstacle | null {
  return problem ? obstacle(problem, cart?.address?.country ?? "", Boolean(cart?.shipping_method)) : null;
}

/** What a refusal says of shipping; null when it is about something else. */
export function shippingRefusal(error: unknown): Obstacle | null {
  if (!(error instanceof Problem) || !error.is("cannot_ship")) return null;
  const { problem, country, method } = error.facts;
  return obstacle({ problem: String(problem ?? ""), detail: error.message }, String(country ?? ""), Boolean(method));
}

function obstacle({ problem, detail }: ShippingProblem, country: string, isChosen: boolean): Obstacle {
  if (OF_THE_ADDRESS.has(problem)) return { words: noDeliveryTo(country), isAboutAddress: true };
  // Without a choice the shop takes what it can: then nothing can be had at all.
  if (!isChosen) return { words: NO_WAY, isAboutAddress: true };
  const words = METHOD_PROBLEMS[problem];
  if (!words) return { words: detail, isAboutAddress: false };
  const isOfTheParcel = OF_THE_PARCEL.has(problem);
  return { words: isOfTheParcel ? t("The chosen way of delivery cannot be had. {words}", { words }) : words, isAboutAddress: false };
}

export function noDeliveryTo(country: string): string {
  return country
    ? t("We do not deliver to this address in {country}. Another address may work.", { country: countryName(country) })
    : t("We do not deliver to this address. Another address may work.");
}

const METHOD_PROBLEMS: Record<string, string> = {
  no_zone: t("Not available at this address."),
  no_method: t("Not available at this address."),
  unknown_method: t("This way of delivery is no longer offered. Please choose another."),
  refused_class: t("It cannot carry something in your cart."),
  refused_category: t("It cannot carry something in your cart."),
  too_heavy: t("Your order is too heavy for it."),
  too_light: t("Your order is too light for it."),
  no_rate: t("It has no price for an order like this."),
  no_pickup_point: t("There is no pickup point at the moment."),
  pickup_point_needed: t("Please choose where you will collect it."),
  unknown_pickup_point: t("This pickup point has closed. Please choose another."),
};
