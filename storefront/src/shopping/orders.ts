/** Orders in the shopper's words. */
import type { LeftOut, Order, OrderLine, OrderRefund, OrderReturn, ReturnReason } from "@/api/types";
import { arrivalWords } from "@/shopping/supply";

export const RETURN_REASONS: Record<ReturnReason, string> = {
  unwanted: "I no longer want it",
  too_small: "It is too small",
  too_large: "It is too large",
  not_as_described: "It is not as described",
  damaged: "It arrived damaged",
  wrong_item: "It is not what I ordered",
  other: "Something else",
};

const RETURN_STATES: Record<OrderReturn["status"], string> = {
  requested: "Asked for. We will answer by email.",
  approved: "Approved. Please send it back.",
  rejected: "Rejected.",
  received: "It is back with us.",
  closed: "Done.",
};

export function returnState(status: OrderReturn["status"]): string {
  return RETURN_STATES[status];
}

export function headingOf(order: Order): string {
  if (order.status === "pending") return "Thank you, now it is your turn";
  if (order.status === "shipped") return "Your order is on its way";
  if (order.status === "delivered") return "Your order has arrived";
  if (order.status === "cancelled") return "This order was cancelled";
  if (order.status === "refunded") return "This order was paid back";
  if (awaitsDifference(order)) return "Your order waits for the rest of its payment";
  return "Thank you, it is yours";
}

/** What is paid on delivery is awaited as well, and holds nothing up. */
export function awaitsDifference(order: Order): boolean {
  return order.to_pay !== null && (order.to_pay.online || order.payment_state === "partially_paid");
}

const REFUND_STATES: Record<OrderRefund["status"], string> = {
  requested: "On its way back to you",
  succeeded: "Paid back",
  failed: "Did not reach you, we still owe it to you",
  waived: "Settled with you otherwise",
};

export function refundState(status: OrderRefund["status"]): string {
  return REFUND_STATES[status];
}

/** When it comes. Nothing is told of an order that has come or will not, or that is sent once its money is here. */
export function arrivalOf(order: Order): string {
  const shipping = order.quote.shipping;
  if (!shipping || ["pending", "delivered", "cancelled", "refunded"].includes(order.status)) return "";
  if (order.status === "shipped" && !shipping.earliest) return "";
  return arrivalWords(shipping, shipping.pickup_point ? "Ready" : "Expected");
}

/** Whether some of the line has still to leave the house. */
export function isAwaited(order: Order, line: OrderLine): boolean {
  return !["cancelled", "refunded"].includes(order.status) && line.sent < line.quantity - line.cancelled;
}

/** What became of a line, where that is not the same for the whole order: "1 of 3 sent · 1 cancelled". */
export function stateOf(line: OrderLine): string {
  const kept = line.quantity - line.cancelled;
  const parts = [
    line.sent > 0 && line.sent < kept ? `${line.sent} of ${kept} sent` : "",
    line.cancelled > 0 ? `${line.cancelled} cancelled` : "",
    line.returned > 0 ? `${line.returned} returned` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

export function leftOutWords(each: LeftOut): string {
  if (each.put_in > 0) {
    return each.reason === "only_n_left"
      ? `only ${each.put_in} of ${each.requested} left.`
      : `only ${each.put_in} of ${each.requested} can be bought at once.`;
  }
  switch (each.reason) {
    case "sold_out":
      return "sold out at the moment.";
    case "not_sold_any_more":
      return "no longer for sale.";
    case "cart_full":
      return "no room left in the cart.";
    case "only_n_left":
      return "there are no more than you have in the cart.";
    case "quantity_limited":
      return "not sold in this quantity.";
  }
}
