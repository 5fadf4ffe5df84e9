import type { Cart, CartChange, CartLine } from "@/api/types";
import { t } from "@/language";
import { formatMoney } from "@/money";

export type News = { key: string; title: string; words: string };

/** What changed in the cart since the shopper last looked, in their words. */
export function newsOf(cart: Cart, titleOf: (line: CartLine) => string): News[] {
  const lines = new Map([...cart.lines, ...cart.saved].map((line) => [line.id, line]));
  return cart.changes.flatMap((change) => {
    const line = lines.get(change.line);
    return line ? [{ key: `${change.line} ${change.kind}`, title: titleOf(line), words: wordsFor(change) }] : [];
  });
}

function wordsFor({ kind, before, after }: CartChange): string {
  const was = before.price ? formatMoney(before.price) : "";
  const is = after.price ? formatMoney(after.price) : "";
  switch (kind) {
    case "price_up":
      return t("now costs {is}, it was {was}.", { is, was });
    case "price_down":
      return t("is down to {is} from {was}.", { is, was });
    case "sold_out":
      return t("has sold out.");
    case "only_n_left":
      return t("has only {count} left.", { count: after.available ?? 0 });
    case "not_sold_any_more":
      return t("is no longer for sale.");
    case "back_again":
      return t("is available again.");
  }
}
