import { createAttempts } from "./attempts";
import { bodyOf, client } from "./client";
import type {
  Cart,
  CartAddress,
  ExplainedQuote,
  PaymentMethod,
  PostalAddress,
  ResumedCart,
  ResumeLink,
  ShippingOption,
} from "./types";

const attempt = createAttempts();

/** A cart keeps its market for good; without a code it is the shop's default one. */
export function createCart(market: string | null): Promise<Cart> {
  const body = market ? { market } : {};
  return attempt(`cart ${market}`, (key) =>
    bodyOf(client.POST("/api/v1/carts/", { params: { header: { "Idempotency-Key": key } }, body })),
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

/** Puts the line aside, or takes it back into the cart. */
export function saveForLater(cart: string, line: string, saved: boolean): Promise<Cart> {
  return bodyOf(
    client.PATCH("/api/v1/carts/{cart_id}/lines/{line_id}/", {
      params: { path: { cart_id: cart, line_id: line } },
      body: { saved },
    }),
  );
}

/** The shopper has read what changed. */
export function acknowledgeChanges(cart: string): Promise<Cart> {
  return bodyOf(client.POST("/api/v1/carts/{cart_id}/seen/", { params: { path: { cart_id: cart } } }));
}

export function removeLine(cart: string, line: string): Promise<Cart> {
  return bodyOf(
    client.DELETE("/api/v1/carts/{cart_id}/lines/{line_id}/", { params: { path: { cart_id: cart, line_id: line } } }),
  );
}

export function saveAddress(cart: string, address: CartAddress): Promise<Cart> {
  return bodyOf(client.PUT("/api/v1/carts/{cart_id}/address/", { params: { path: { cart_id: cart } }, body: address }));
}

/** Null: bill where it is sent to. */
export function saveBillingAddress(cart: string, address: PostalAddress | null): Promise<Cart> {
  const params = { path: { cart_id: cart } };
  return bodyOf(
    address
      ? client.PUT("/api/v1/carts/{cart_id}/billing-address/", { params, body: address })
      : client.DELETE("/api/v1/carts/{cart_id}/billing-address/", { params }),
  );
}

export function leaveNote(cart: string, note: string): Promise<Cart> {
  return bodyOf(client.PUT("/api/v1/carts/{cart_id}/note/", { params: { path: { cart_id: cart } }, body: { note } }));
}

/** A link to go on with this cart on another device. */
export function makeResumeLink(cart: string): Promise<ResumeLink> {
  return bodyOf(client.POST("/api/v1/carts/{cart_id}/resume-link/", { params: { path: { cart_id: cart } } }));
}

/** The cart behind such a link, and its checkout where one is open. */
export function resumeCart(token: string): Promise<ResumedCart> {
  return bodyOf(client.POST("/api/v1/carts/resume/", { body: { token } }));
}

/** Whether a coupon takes anything off is told by the quote; here only one that cannot be used at all is refused. */
export function enterCoupon(cart: string, code: string): Promise<Cart> {
  return attempt(`coupon ${cart} ${code}`, (key) =>
    bodyOf(
      client.POST("/api/v1/carts/{cart_id}/coupons/", {
        params: { path: { cart_id: cart }, header: { "Idempotency-Key": key } },
        body: { code },
      }),
    ),
  );
}

export function removeCoupon(cart: string, coupon: string): Promise<Cart> {
  return bodyOf(
    client.DELETE("/api/v1/carts/{cart_id}/coupons/{coupon}/", { params: { path: { cart_id: cart, coupon } } }),
  );
}

/** Pay with a gift card or store credit. The code itself is not kept by the shop. */
export function enterCredit(cart: string, code: string): Promise<Cart> {
  return attempt(`credit ${cart} ${code}`, (key) =>
    bodyOf(
      client.POST("/api/v1/carts/{cart_id}/credits/", {
        params: { path: { cart_id: cart }, header: { "Idempotency-Key": key } },
        body: { code },
      }),
    ),
  );
}

export function removeCredit(cart: string, account: string): Promise<Cart> {
  return bodyOf(
    client.DELETE("/api/v1/carts/{cart_id}/credits/{account}/", { params: { path: { cart_id: cart, account } } }),
  );
}

export function fetchShippingOptions(cart: string): Promise<ShippingOption[]> {
  return bodyOf(client.GET("/api/v1/carts/{cart_id}/shipping-options/", { params: { path: { cart_id: cart } } }));
}

/** How the cart can be paid for; none where nothing is due. */
export function fetchPaymentMethods(cart: string): Promise<PaymentMethod[]> {
  return bodyOf(client.GET("/api/v1/carts/{cart_id}/payment-methods/", { params: { path: { cart_id: cart } } }));
}

export function chooseShipping(cart: string, method: string, pickupPoint: string): Promise<Cart> {
  return bodyOf(
    client.PUT("/api/v1/carts/{cart_id}/shipping-method/", {
      params: { path: { cart_id: cart } },
      body: { method, pickup_point: pickupPoint },
    }),
  );
}

/** What the cart costs as it stands; `explain` adds the words of each step. */
export function fetchCartQuote(cart: string, { explain = false } = {}): Promise<ExplainedQuote> {
  const query = explain ? { explain } : {};
  return bodyOf(client.GET("/api/v1/carts/{cart_id}/quote/", { params: { path: { cart_id: cart }, query } }));
}
