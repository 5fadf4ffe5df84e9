import { createAttempts } from "./attempts";
import { bodyOf, client } from "./client";
import type { Cart, CartAddress } from "./types";

const attempt = createAttempts();

export function createCart(): Promise<Cart> {
  return attempt("cart", (key) =>
    bodyOf(client.POST("/api/v1/carts/", { params: { header: { "Idempotency-Key": key } }, body: {} })),
  );
}

export function fetchCart(id: string): Promise<Cart> {
  return bodyOf(client.GET("/api/v1/carts/{cart_id}/", { params: { path: { cart_id: id } } }));
}

export function addLine(cart: string, variant: string, quantity: number): Promise<Cart> {
  return attempt(`line ${cart} ${variant} ${quantity}`, (key) =>
    bodyOf(
      client.POST("/api/v1/carts/{cart_id}/lines/", {
        params: { path: { cart_id: cart }, header: { "Idempotency-Key": key } },
        body: { variant, quantity },
      }),
    ),
  );
}

export function changeQuantity(cart: string, line: string, quantity: number): Promise<Cart> {
  return bodyOf(
    client.PATCH("/api/v1/carts/{cart_id}/lines/{line_id}/", {
      params: { path: { cart_id: cart, line_id: line } },
      body: { quantity },
    }),
  );
}

export function removeLine(cart: string, line: string): Promise<Cart> {
  return bodyOf(
    client.DELETE("/api/v1/carts/{cart_id}/lines/{line_id}/", { params: { path: { cart_id: cart, line_id: line } } }),
  );
}

export function saveAddress(cart: string, address: CartAddress): Promise<Cart> {
  return bodyOf(client.PUT("/api/v1/carts/{cart_id}/address/", { params: { path: { cart_id: cart } }, body: address }));
}
