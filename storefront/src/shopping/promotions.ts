/** What promotions and coupons do to a cart, in the shopper's words. */
import { explain, Problem } from "@/api/problems";
import type { ExplainedQuote, Money, Quote, QuotePromotion } from "@/api/types";
import { t } from "@/language";
import { formatMoney } from "@/money";

type Facts = Readonly<Record<string, unknown>>;

/** A coupon in the cart: what it saves, or why it saves nothing yet. */
export type CouponState = { code: string; name: string; applied: boolean; words: string };

/** Discounts of the whole cart under the name the shop gives them. */
export type NamedDiscount = { name: string; coupon: string | null; amount: Pick<Money, "minor" | "currency"> };

/** A quote that is being asked for anew keeps what it says, but knows nothing of a code that has just been entered. */
export function couponStates(
  codes: readonly string[],
  quote: ExplainedQuote | null,
  { isCurrent = true } = {},
): CouponState[] {
  return codes.map((code) => {
    const promotion = quote?.promotions.find((each) => each.coupon === code);
    // Of an offer that is for others the shop says nothing.
    if (!quote || !promotion) return { code, name: "", applied: false, words: quote && isCurrent ? DOES_NOT_APPLY : "" };
    return { code, name: promotion.name, applied: promotion.applied, words: wordsFor(promotion, quote) };
  });
}

/** Promotions without a coupon that the cart misses by a little: the only ones worth a word unasked. */
export function promotionsWithinReach(quote: ExplainedQuote): { name: string; words: string }[] {
  const near = ["value_too_low", "quantity_too_low", "too_few_bought"];
  return quote.promotions
    .filter((each) => !each.applied && !each.coupon && near.includes(each.reason) && isNear(each.facts))
    .map((each) => ({ name: each.name, words: wordsFor(each, quote) }));
}

/** The discounts of all lines, summed by promotion in the order of the quote. */
export function namedDiscounts(quote: Pick<Quote, "lines" | "currency">): NamedDiscount[] {
  const found = new Map<string, NamedDiscount>();
  for (const { promotion, name, coupon, amount } of quote.lines.flatMap((line) => line.discounts)) {
    const key = `${promotion} ${coupon ?? ""}`;
    const minor = (found.get(key)?.amount.minor ?? 0) + amount.minor;
    found.set(key, { name, coupon, amount: { minor, currency: quote.currency } });
  }
  return [...found.values()];
}

/** Why a code was not taken, for the field it was typed into. */
export function couponRefusal(error: unknown, code: string): string {
  const words = error instanceof Problem ? COUPON_REFUSALS[error.code] : undefined;
  return words ? words(code) : explain(error);
}

export function creditRefusal(error: unknown): string {
  const words = error instanceof Problem ? CREDIT_REFUSALS[error.code] : undefined;
  return words ?? explain(error);
}

function wordsFor(promotion: QuotePromotion, quote: ExplainedQuote): string {
  if (promotion.applied) {
    return promotion.saved?.minor ? t("Saves {amount}.", { amount: formatMoney(promotion.saved) }) : t("Applied.");
  }
  const words = REASONS[promotion.reason];
  return words ? words(promotion.facts, quote) : DOES_NOT_APPLY;
}

/** Half of the value is there, or one of the pieces: to others it would be an advertisement. */
function isNear(facts: Facts): boolean {
  if (isMoney(facts.missing) && isMoney(facts.present)) return facts.missing.minor <= facts.present.minor;
  return Number(facts.present ?? 0) > 0;
}

const DOES_NOT_APPLY = t("It does not apply to this cart.");

const REASONS: Record<string, (facts: Facts, quote: ExplainedQuote) => string> = {
  coupon_needed: () => t("It needs a code."),
  other_country: () => t("It is for orders to other countries."),
  other_currency: () => t("It is for another currency."),
  not_first_order: () => t("It is for a first order only."),
  value_too_low: (facts) =>
    isMoney(facts.missing)
      ? t("Spend {amount} more to use it.", { amount: formatMoney(facts.missing) })
      : t("The cart is not worth enough yet."),
  value_too_high: (facts) =>
    isMoney(facts.allowed)
      ? t("It is for carts up to {amount}.", { amount: formatMoney(facts.allowed) })
      : t("The cart is worth too much for it."),
  quantity_too_low: (facts) =>
    Number(facts.missing) > 0
      ? t("Add {pieces} more that it covers.", { pieces: pieces(facts.missing) })
      : t("It asks for more pieces."),
  quantity_too_high: (facts) => t("It is for up to {pieces}.", { pieces: pieces(facts.allowed) }),
  no_line_matches: () => t("It covers nothing in your cart."),
  too_few_bought: (facts) => {
    const wanted = Number(facts.buy) + Number(facts.get);
    const missing = wanted - Number(facts.present);
    return missing > 0 ? t("Add {pieces} more to use it.", { pieces: pieces(missing) }) : t("It asks for more pieces.");
  },
  bundle_incomplete: () => t("The bundle is not complete yet."),
  nothing_to_save: () => t("There is nothing left for it to take off."),
  shipping_free_already: () => t("Delivery is free already."),
  another_saves_more: (facts, quote) => t("{offer} saves you more, so that one counts.", { offer: nameOf(facts.by, quote) }),
  not_beside_others: (facts, quote) => {
    const others = Array.isArray(facts.applied) ? facts.applied.map((code) => nameOf(code, quote)) : [];
    return t("It cannot be combined with {offers}.", { offers: others.join(", ") || t("another offer") });
  },
  ended_by_exclusive: (facts, quote) => t("It cannot be combined with {offers}.", { offers: nameOf(facts.by, quote) }),
  gift_out_of_stock: () => t("The gift is out of stock."),
  coupon_unknown: () => t("The code is not known any more."),
  coupon_not_yet_valid: () => t("The code is not valid yet."),
  coupon_expired: () => t("The code has expired."),
  coupon_used_up: () => t("The code has been used as often as it may be."),
  coupon_used_by_customer: () => t("You have used this code as often as it may be used."),
  coupon_not_in_market: () => t("The code is for another market."),
  promotion_unlocked_already: () => t("Another code in your cart is for the same offer."),
};

const COUPON_REFUSALS: Record<string, (code: string) => string> = {
  coupon_unknown: (code) => t("We do not know the code “{code}”. Please check how it is written.", { code }),
  coupon_not_yet_valid: (code) => t("“{code}” is not valid yet.", { code }),
  coupon_expired: (code) => t("“{code}” has expired.", { code }),
  coupon_used_up: (code) => t("“{code}” has been used as often as it may be.", { code }),
  coupon_used_by_customer: (code) => t("You have used “{code}” as often as it may be used.", { code }),
  coupon_not_in_market: (code) => t("“{code}” is for another market.", { code }),
  promotion_unlocked_already: () => t("Another code in your cart is for the same offer."),
};

const CREDIT_REFUSALS: Record<string, string> = {
  credit_unknown: t("We do not know this code. Please check how it is written."),
  credit_empty: t("Nothing is left on this gift card."),
  credit_expired: t("This gift card has expired."),
  credit_blocked: t("This gift card cannot be used. Please ask us about it."),
  credit_wrong_currency: t("This gift card is in another currency than your cart."),
};

function pieces(count: unknown): string {
  return t(Number(count) === 1 ? "{count} piece" : "{count} pieces", { count: Number(count) });
}

function nameOf(code: unknown, quote: ExplainedQuote): string {
  const name = quote.promotions.find((each) => each.promotion === code)?.name;
  return name ? t("“{name}”", { name }) : t("another offer");
}

function isMoney(value: unknown): value is Money {
  return isRecord(value) && typeof value.minor === "number" && typeof value.currency === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
