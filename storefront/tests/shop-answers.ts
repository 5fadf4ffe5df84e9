/** A stand-in for the shop's API: answers queued requests and keeps what was asked. */
import { vi } from "vitest";

import type {
  Cart,
  Checkout,
  ExplainedQuote,
  Market,
  Money,
  PickupPoint,
  Price,
  Quote,
  QuoteDiscount,
  QuoteLine,
  QuotePromotion,
  ShippingProblem,
} from "@/api/types";

export type Asked = { method: string; path: string; query: string; key: string | null; body: unknown };
type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | "no answer";

export function money(minor: number): Money {
  return { amount: (minor / 100).toFixed(2), minor, currency: "EUR" };
}

export function priceOf(minor: number, changes: Partial<Price> = {}): Price {
  return {
    current: money(minor),
    regular: money(minor),
    reference: null,
    discount_percent: null,
    on_sale: false,
    sale_ends_at: null,
    valid_until: null,
    promotion: null,
    tiers: [],
    tax_inclusive: true,
    ...changes,
  };
}

export function marketWith(changes: Partial<Market> = {}): Market {
  return {
    code: "eu",
    name: "Europe",
    currency: "EUR",
    countries: ["DE", "IE"],
    locales: ["en"],
    tax_inclusive: true,
    is_default: true,
    ...changes,
  };
}

export function cartWith(changes: Partial<Cart> = {}): Cart {
  return {
    id: "cart-1",
    market: "eu",
    currency: "EUR",
    item_count: 0,
    lines: [],
    saved: [],
    changes: [],
    subtotal: money(0),
    coupons: [],
    credits: [],
    shipping_method: "",
    pickup_point: "",
    vat_id: "",
    address: null,
    billing_address: null,
    note: "",
    remind: null,
    email: "",
    ready: false,
    ...changes,
  };
}

export function cartHolding(quantity: number, id = "cart-1"): Cart {
  const line = {
    id: "line-1",
    variant: "variant-1",
    sku: "MUG-1",
    name: "Moss",
    options: { Colour: "Moss" },
    product: { slug: "mug", title: "Mug", image: null },
    quantity,
    min_quantity: 1,
    max_quantity: 9,
    availability: "in_stock" as const,
    expected_on: null,
    unit_price: priceOf(1000),
    total: money(1000 * quantity),
    problem: null,
  };
  return cartWith({ id, item_count: quantity, lines: [line], subtotal: money(1000 * quantity) });
}

export function discount(name: string, minor: number, coupon: string | null = null): QuoteDiscount {
  return { promotion: name.toLowerCase().replaceAll(" ", "-"), name, coupon, amount: money(minor) };
}

export function pickupPoint(changes: Partial<PickupPoint> = {}): PickupPoint {
  const place = { code: "north", name: "North Shop", street_address: "North Street 1", postal_code: "20095" };
  return { ...place, city: "Hamburg", country: "DE", opening_hours: "Mon–Sat 10:00–18:00", ...changes };
}

export function quoteLine(changes: Partial<QuoteLine> = {}): QuoteLine {
  return {
    variant: "variant-1",
    sku: "MUG-1",
    title: "Mug",
    name: "Moss",
    quantity: 1,
    wait: null,
    gift: false,
    given_by: "",
    unit_price: money(1000),
    subtotal: money(1000),
    discounts: [],
    discount: money(0),
    relief: money(0),
    total: money(1000),
    ...changes,
  };
}

/** One mug and its delivery. */
export function quoteWith(changes: Partial<Quote> = {}): Quote {
  return {
    currency: "EUR",
    tax_inclusive: true,
    treatment: { kind: "taxed", reason: "", vat_id: "" },
    lines: [quoteLine()],
    subtotal: money(1000),
    discount_total: money(0),
    relief_total: money(0),
    shipping: {
      method: "standard",
      name: "Standard",
      pickup_point: null,
      earliest: null,
      latest: null,
      wait: null,
      price: money(500),
      discount: money(0),
      relief: money(0),
      total: money(500),
    },
    tax: [{ rate: "19", country: "DE", total: money(239), included: true }],
    tax_total: money(239),
    rounding: money(0),
    total: money(1500),
    credits: [],
    credit_total: money(0),
    due: money(1500),
    ...changes,
  };
}

export function promotion(changes: Partial<QuotePromotion> = {}): QuotePromotion {
  const nest = { promotion: "nest", name: "Big nest", coupon: null, applied: false, reason: "applied" };
  return { ...nest, saved: null, facts: {}, ...changes };
}

/** The cart's quote with what became of its promotions. */
export function explainedQuote(
  promotions: QuotePromotion[] = [],
  changes: Partial<ExplainedQuote> = {},
): ExplainedQuote {
  return { ...quoteWith(), promotions, shipping_problem: null, ...changes };
}

/** What the cart's quote says when nothing can be shipped. */
export function unshipped(problem: ShippingProblem): Partial<ExplainedQuote> {
  return { shipping: null, shipping_problem: problem };
}

export function checkoutWith(changes: Partial<Checkout> = {}): Checkout {
  return {
    id: "checkout-1",
    status: "open",
    expires_at: "2030-01-01T12:00:00Z",
    quote: quoteWith(),
    payment: {
      method: "stripe",
      instructions: "",
      client_secret: "pi_1_secret_x",
      publishable_key: "pk_test_x",
      script_url: "http://localhost/stripe.js",
    },
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
      query: new URL(request.url).search,
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
