import { createAttempts } from "./attempts";
import { bodyOf, client } from "./client";
import type { Cart, Checkout, ExplainedQuote, PaymentMethodCode } from "./types";

const attempt = createAttempts();

/** What a cart buys and how, as text to compare: a checkout that froze another content is of no use to it. */
export function contentOf(cart: Cart): string {
  const lines = cart.lines.map((line) => [line.variant, line.quantity]);
  const credits = cart.credits.map((credit) => credit.account);
  const words = [cart.vat_id, cart.billing_address, cart.note];
  return JSON.stringify([cart.id, lines, cart.coupons, credits, cart.shipping_method, cart.pickup_point, words]);
}

/**
 * Freezes the cart into a checkout. A cart that changed since a lost try is another request, with another key.
 * `due` is what the shopper was shown: the shop refuses to ask for another amount.
 */
export function openCheckout(cart: Cart, due: number | null, method: PaymentMethodCode): Promise<Checkout> {
  const content = JSON.stringify([cart.email, cart.address, contentOf(cart), due, method]);
  return attempt(`checkout ${cart.id} ${content}`, (key) =>
    bodyOf(
      client.POST("/api/v1/checkouts/", {
        params: { header: { "Idempotency-Key": key } },
        body: { cart: cart.id, method, save_card: false, ...(due === null ? {} : { due_minor: due }) },
      }),
    ),
  );
}

export function fetchCheckout(id: string): Promise<Checkout> {
  return bodyOf(client.GET("/api/v1/checkouts/{checkout_id}/", { params: { path: { checkout_id: id } } }));
}

/** The frozen quote with the words of each step. */
export function fetchCheckoutQuote(id: string): Promise<ExplainedQuote> {
  return bodyOf(
    client.GET("/api/v1/checkouts/{checkout_id}/quote/", {
      params: { path: { checkout_id: id }, query: { explain: true } },
    }),
  );
}

/** Asks the shop to turn the paid checkout into its order. Needs no key: a checkout makes one order, whoever asks. */
export function completeCheckout(id: string): Promise<Checkout> {
  return bodyOf(
    client.POST("/api/v1/checkouts/{checkout_id}/complete/", { params: { path: { checkout_id: id } } }),
  );
}
