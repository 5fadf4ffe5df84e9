/** Orders in the shopper's words. */
import type { LeftOut, Order, OrderLine, OrderRefund, OrderReturn, ReturnReason } from "@/api/types";
import { t } from "@/language";
import { arrivalWords } from "@/shopping/supply";

export const RETURN_REASONS: Record<ReturnReason, string> = {
  unwanted: t("I no longer want it"),
  too_small: t("It is too small"),
  too_large: t("It is too large"),
  not_as_described: t("It is not as described"),
  damaged: t("It arrived damaged"),
  wrong_item: t("It is not what I ordered"),
  other: t("Something else"),
};

const RETURN_STATES: Record<OrderReturn["status"], string> = {
  requested: t("Asked for. We will answer by email."),
  approved: t("Approved. Please send it back."),
  rejected: t("Rejected."),
  received: t("It is back with us."),
  closed: t("Done."),
};

export function returnState(status: OrderReturn["status"]): string {
  return RETURN_STATES[status];
}

export function headingOf(order: Order): string {
  if (order.status === "pending") return t("Thank you, now it is your turn");
  if (order.status === "shipped") return t("Your order is on its way");
  if (order.status === "delivered") return t("Your order has arrived");
  if (order.status === "cancelled") return t("This order was cancelled");
  if (order.status === "refunded") return t("This order was paid back");
  if (awaitsDifference(order)) return t("Your order waits for the rest of its payment");
  return t("Thank you, it is yours");
}

/** What is paid on delivery is awaited as well, and holds nothing up. */
export function awaitsDifference(order: Order): boolean {
  return order.to_pay !== null && (order.to_pay.online || order.payment_state === "partially_paid");
}

const REFUND_STATES: Record<OrderRefund["status"], string> = {
  requested: t("On its way back to you"),
  succeeded: t("Paid back"),
  failed: t("Did not reach you, we still owe it to you"),
  waived: t("Settled with you otherwise"),
};

export function refundState(status: OrderRefund["status"]): string {
  return REFUND_STATES[status];
}

/** When it comes. Nothing is told of an order that has come or will not, or that is sent once its money is here. */
export function arrivalOf(order: Order): string {
  const shipping = order.quote.shipping;
  if (!shipping || ["pending", "delivered", "cancelled", "refunded"].includes(order.status)) return "";
  if (order.status === "shipped" && !shipping.earliest) return "";
  return arrivalWords(shipping, shipping.pickup_point ? t("Ready") : t("Expected"));
}

/** Whether some of the line has still to leave the house. */
export function isAwaited(order: Order, line: OrderLine): boolean {
  return !["cancelled", "refunded"].includes(order.status) && line.sent < line.quantity - line.cancelled;
}

/** What became of a line, where that is not the same for the whole order: "1 of 3 sent · 1 cancelled". */
export function stateOf(line: OrderLine): string {
  const kept = line.quantity - line.cancelled;
  const parts = [
    line.sent > 0 && line.sent < kept ? t("{count} of {of} sent", { count: line.sent, of: kept }) : "",
    line.cancelled > 0 ? t("{count} cancelled", { count: line.cancelled }) : "",
    line.returned > 0 ? t("{count} returned", { count: line.returned }) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

export function leftOutWords(each: LeftOut): string {
  if (each.put_in > 0) {
    const counts = { count: each.put_in, of: each.requested };
    return each.reason === "only_n_left"
      ? t("only {count} of {of} left.", counts)
      : t("only {count} of {of} can be bought at once.", counts);
  }
  switch (each.reason) {
    case "sold_out":
      return t("sold out at the moment.");
    case "not_sold_any_more":
      return t("no longer for sale.");
    case "cart_full":
      return t("no room left in the cart.");
    case "only_n_left":
      return t("there are no more than you have in the cart.");
    case "quantity_limited":
      return t("not sold in this quantity.");
  }
}
