import { createAttempts } from "./attempts";
import { bodyOf, client } from "./client";
import type { Cart, Checkout, Order } from "./types";

const attempt = createAttempts();

/** Freezes the cart into a checkout. A cart that changed since a lost try is another request, with another key. */
export function openCheckout(cart: Cart): Promise<Checkout> {
  const content = JSON.stringify([cart.email, cart.address, cart.lines.map((line) => [line.variant, line.quantity])]);
  return attempt(`checkout ${cart.id} ${content}`, (key) =>
    bodyOf(
      client.POST("/api/v1/checkouts/", {
        params: { header: { "Idempotency-Key": key } },
        body: { cart: cart.id },
      }),
    ),
  );
}

export function fetchCheckout(id: string): Promise<Checkout> {
  return bodyOf(client.GET("/api/v1/checkouts/{checkout_id}/", { params: { path: { checkout_id: id } } }));
}

/** Asks the shop to turn the paid checkout into its order. Needs no key: a checkout makes one order, whoever asks. */
export function completeCheckout(id: string): Promise<Checkout> {
  return bodyOf(
    client.POST("/api/v1/checkouts/{checkout_id}/complete/", { params: { path: { checkout_id: id } } }),
  );
}

export function fetchOrder(id: string, access: string): Promise<Order> {
  return bodyOf(client.GET("/api/v1/orders/{order_id}/", { params: { path: { order_id: id }, query: { access } } }));
}
