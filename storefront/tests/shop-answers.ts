/** A stand-in for the shop's API: answers queued requests and keeps what was asked. */
import { vi } from "vitest";

import type { Cart, Checkout, Money } from "@/api/types";

export type Asked = { method: string; path: string; key: string | null; body: unknown };
type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | "no answer";

export function money(minor: number): Money {
  return { amount: (minor / 100).toFixed(2), minor, currency: "EUR" };
}

export function cartWith(changes: Partial<Cart> = {}): Cart {
  return {
    id: "cart-1",
    market: "eu",
    currency: "EUR",
    item_count: 0,
    lines: [],
    subtotal: money(0),
    address: null,
    email: "",
    ready: false,
    ...changes,
  };
}

export function cartHolding(quantity: number, id = "cart-1"): Cart {
  const price = { current: money(1000), regular: money(1000), on_sale: false, sale_ends_at: null, tax_inclusive: true };
  const line = {
    id: "line-1",
    variant: "variant-1",
    sku: "MUG-1",
    name: "Moss",
    options: { Colour: "Moss" },
    product: { slug: "mug", title: "Mug", image: null },
    quantity,
    max_quantity: 9,
    unit_price: price,
    total: money(1000 * quantity),
    problem: null,
  };
  return cartWith({ id, item_count: quantity, lines: [line], subtotal: money(1000 * quantity) });
}

export function checkoutWith(changes: Partial<Checkout> = {}): Checkout {
  return {
    id: "checkout-1",
    status: "open",
    expires_at: "2030-01-01T12:00:00Z",
    quote: {
      currency: "EUR",
      lines: [
        {
          variant: "variant-1",
          sku: "MUG-1",
          title: "Mug",
          name: "Moss",
          quantity: 1,
          unit_price: money(1000),
          total: money(1000),
        },
      ],
      subtotal: money(1000),
      shipping: { method: "standard", name: "Standard", total: money(500) },
      tax: [{ rate: "19", country: "DE", total: money(239), included: true }],
      tax_total: money(239),
      total: money(1500),
    },
    payment: { client_secret: "pi_1_secret_x", publishable_key: "pk_test_x", script_url: "http://localhost/stripe.js" },
    order: null,
    ...changes,
  };
}

export const completed = checkoutWith({
  status: "completed",
  order: { id: "order-1", number: "M-1001", access: "signature" },
});

export function problem(status: number, code: string, members: object = {}): Answer {
  return { status, body: { type: "about:blank", title: code, status, detail: `${code}.`, code, ...members } };
}

/** Queues answers; a request beyond the last one fails the test loudly. */
export function shopAnswers(...answers: Answer[]): Asked[] {
  const asked: Asked[] = [];
  const queue = [...answers];
  vi.stubGlobal("fetch", async (input: Request | string) => {
    const request = input instanceof Request ? input : new Request(input);
    const text = await request.text();
    asked.push({
      method: request.method,
      path: new URL(request.url).pathname,
      key: request.headers.get("Idempotency-Key"),
      body: text ? JSON.parse(text) : undefined,
    });
    const answer = queue.shift();
    if (!answer) throw new Error(`nobody expected ${request.method} ${request.url}`);
    if (answer === "no answer") throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(answer.body ?? null), { status: answer.status, headers: answer.headers });
  });
  return asked;
}
