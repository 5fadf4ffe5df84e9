import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";

import { contentOf } from "@/api/checkouts";
import type { Cart, CartAddress } from "@/api/types";
import { useCart } from "@/stores/cart";
import { useCheckout } from "@/stores/checkout";

import { cartHolding, checkoutWith, completed, problem, shopAnswers } from "./shop-answers";

const address: CartAddress = {
  email: "shopper@example.com",
  name: "A Shopper",
  street_address: "Lindenallee 1",
  postal_code: "10115",
  city: "Berlin",
  country_area: "",
  country: "DE",
  phone: "",
  vat_id: "",
};
const { email, vat_id: _, ...place } = address;
/** The cart as it is once the address is known. */
const addressed = { ...cartHolding(1), email, address: place };

const given = async () => ({ given: true }) as const;
const calledOff = async () => ({ given: false, message: "Your order has changed.", calledOff: true }) as const;
const declined = async () => ({ given: false, message: "Your card was declined." }) as const;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem("magpie.cart", "cart-1");
  setActivePinia(createPinia());
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A checkout that waits for its payment; `answers` are what the shop says after that. */
async function openCheckout(...answers: Parameters<typeof shopAnswers>) {
  const asked = shopAnswers({ status: 200, body: addressed }, { status: 201, body: checkoutWith() }, ...answers);
  const checkout = useCheckout();
  await checkout.saveAddress(address);
  expect(checkout.phase).toBe("delivery");
  await checkout.open();
  expect(checkout.phase).toBe("payment");
  return { checkout, asked };
}

describe("the checkout", () => {
  it("sends the address, freezes the quote and remembers itself for a reload", async () => {
    const { checkout, asked } = await openCheckout();
    expect(asked.map((request) => `${request.method} ${request.path}`)).toEqual([
      "PUT /api/v1/carts/cart-1/address/",
      "POST /api/v1/checkouts/",
    ]);
    expect(checkout.checkout?.quote.total.minor).toBe(1500);
    expect(sessionStorage.getItem("magpie.checkout")).toBe("checkout-1");
  });

  it("shows the shop's messages next to the fields", async () => {
    shopAnswers(problem(400, "invalid", { errors: { postal_code: ["Five digits, please."] } }));
    const checkout = useCheckout();
    await checkout.saveAddress(address);
    expect(checkout.phase).toBe("address");
    expect(checkout.fields).toEqual({ postal_code: ["Five digits, please."] });
  });

  it("reuses the key when opening got no answer, but not for another address", async () => {
    const moved = { ...addressed, address: { ...place, city: "Potsdam" } };
    const asked = shopAnswers(
      { status: 200, body: addressed },
      "no answer",
      "no answer",
      { status: 200, body: moved },
      { status: 201, body: checkoutWith() },
    );
    const checkout = useCheckout();
    await checkout.saveAddress(address);
    await checkout.open();
    await checkout.open();
    await checkout.saveAddress({ ...address, city: "Potsdam" });
    await checkout.open();
    const keys = asked.filter((request) => request.path === "/api/v1/checkouts/").map((request) => request.key);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(checkout.phase).toBe("payment");
  });

  it("lets a declined shopper try again, then completes", async () => {
    const { checkout, asked } = await openCheckout({ status: 200, body: completed });
    await checkout.pay(declined);
    expect(checkout.phase).toBe("payment");
    expect(checkout.message).toBe("Your card was declined.");
    expect(asked.some((request) => request.path.endsWith("/complete/"))).toBe(false);

    await checkout.pay(given);
    expect(checkout.phase).toBe("completed");
    expect(checkout.checkout?.order?.number).toBe("M-1001");
    expect(sessionStorage.getItem("magpie.checkout")).toBeNull();
    expect(useCart().id).toBeNull();
  });

  it("goes back to what is bought when its payment was called off, and freezes it anew", async () => {
    const cart = { status: 200, body: addressed };
    const { checkout } = await openCheckout(problem(402, "payment_required"), cart);
    await checkout.pay(calledOff);
    expect(checkout.phase).toBe("delivery");
    expect(checkout.message).toBe("Your order has changed.");
    expect(sessionStorage.getItem("magpie.checkout")).toBeNull();
  });

  it("says that it timed out when its payment was called off for that", async () => {
    const { checkout } = await openCheckout(problem(409, "checkout_expired"), { status: 200, body: addressed });
    await checkout.pay(calledOff);
    expect(checkout.phase).toBe("over");
    expect(checkout.message).toMatch(/timed out, and nothing was charged/);
  });

  it("shows the order that another tab made of it meanwhile", async () => {
    const { checkout } = await openCheckout({ status: 200, body: completed });
    await checkout.pay(calledOff);
    expect(checkout.phase).toBe("completed");
  });

  it("asks again while the bank takes its time", async () => {
    const pending = { status: 202, body: checkoutWith() };
    const { checkout, asked } = await openCheckout(pending, pending, { status: 200, body: completed });
    const paying = checkout.pay(given);
    await vi.advanceTimersByTimeAsync(500);
    expect(checkout.phase).toBe("settling");
    expect(checkout.message).toMatch(/bank/);
    await vi.advanceTimersByTimeAsync(2_000);
    await paying;
    expect(checkout.phase).toBe("completed");
    expect(asked.filter((request) => request.path.endsWith("/complete/"))).toHaveLength(3);
  });

  it("stops asking after about a minute, and never asks for another payment", async () => {
    const pending = Array.from({ length: 20 }, () => ({ status: 202, body: checkoutWith() }));
    const { checkout, asked } = await openCheckout(...pending);
    const confirm = vi.fn(given);
    const paying = checkout.pay(confirm);
    await vi.advanceTimersByTimeAsync(61_000);
    await paying;
    expect(checkout.phase).toBe("unsettled");
    expect(checkout.message).toMatch(/do not have to pay again/);
    expect(confirm).toHaveBeenCalledOnce();
    expect(asked.length).toBeLessThan(18);
  });

  it("goes on asking when the network fails after the payment", async () => {
    const { checkout } = await openCheckout("no answer", problem(503, "payment_gateway_unavailable"), {
      status: 200,
      body: completed,
    });
    const paying = checkout.pay(given);
    await vi.advanceTimersByTimeAsync(3_000);
    await paying;
    expect(checkout.phase).toBe("completed");
  });

  it("returns to the payment form when the shop saw no payment", async () => {
    const { checkout } = await openCheckout(problem(402, "payment_required"));
    await checkout.pay(given);
    expect(checkout.phase).toBe("payment");
    expect(checkout.message).toMatch(/nothing was charged/);
  });

  it.each(["checkout_expired", "payment_refunded"])("sends the shopper back to the cart on %s", async (code) => {
    const { checkout } = await openCheckout(problem(409, code), { status: 200, body: cartHolding(1) });
    await checkout.pay(given);
    expect(checkout.phase).toBe("over");
    expect(checkout.message).not.toBe("");
    expect(sessionStorage.getItem("magpie.checkout")).toBeNull();
  });

  it("sends the shopper back to the cart when something sold out before the quote", async () => {
    shopAnswers({ status: 200, body: addressed }, problem(409, "out_of_stock"), { status: 200, body: addressed });
    const checkout = useCheckout();
    await checkout.saveAddress(address);
    await checkout.open();
    expect(checkout.phase).toBe("over");
  });

  it("points at the VAT id when that is what the shop refuses", async () => {
    shopAnswers(problem(400, "invalid_vat_id", { detail: "No VAT id looks like this." }));
    const checkout = useCheckout();
    await checkout.saveAddress({ ...address, vat_id: "DE1" });
    expect(checkout.phase).toBe("address");
    expect(checkout.fields).toEqual({ vat_id: ["No VAT id looks like this."] });
  });

  it("stays with the choice of delivery when the chosen method cannot take the cart", async () => {
    const refusal = problem(422, "cannot_ship", { problem: "too_heavy", country: "DE", method: "letter" });
    shopAnswers({ status: 200, body: addressed }, refusal);
    const checkout = useCheckout();
    await checkout.saveAddress(address);
    await checkout.open();
    expect(checkout.phase).toBe("delivery");
    expect(checkout.message).toBe("The chosen way of delivery cannot be had. Your order is too heavy for it.");
  });

  it("shows the cart anew when a coupon is used up in the last moment", async () => {
    const asked = shopAnswers({ status: 200, body: addressed }, problem(409, "coupon_used_up"), {
      status: 200,
      body: addressed,
    });
    const checkout = useCheckout();
    await checkout.saveAddress(address);
    await checkout.open();
    expect(checkout.phase).toBe("delivery");
    expect(asked.at(-1)?.path).toBe("/api/v1/carts/cart-1/");
  });

  it("places the order at once when nothing is left to pay", async () => {
    const covered = checkoutWith({ payment: null });
    const asked = shopAnswers(
      { status: 200, body: addressed },
      { status: 201, body: covered },
      { status: 200, body: { ...completed, payment: null } },
    );
    const checkout = useCheckout();
    await checkout.saveAddress(address);
    await checkout.open();
    await checkout.placeOrder();
    expect(checkout.phase).toBe("completed");
    expect(asked.at(-1)?.path).toBe("/api/v1/checkouts/checkout-1/complete/");
  });

  it("asks to look again when the cart changes before the payment", async () => {
    const { checkout } = await openCheckout({ status: 201, body: { ...addressed, coupons: ["WELCOME10"] } });
    await useCart().enterCoupon("WELCOME10");
    await nextTick();
    expect(checkout.phase).toBe("delivery");
    expect(checkout.message).toMatch(/has changed/);
    expect(sessionStorage.getItem("magpie.checkout")).toBeNull();
  });

  it("takes another key for another way of delivery", async () => {
    const express = { ...addressed, shipping_method: "express" };
    const asked = shopAnswers(
      { status: 200, body: addressed },
      "no answer",
      { status: 200, body: express },
      { status: 201, body: checkoutWith() },
    );
    const checkout = useCheckout();
    await checkout.saveAddress(address);
    await checkout.open();
    await useCart().chooseShipping("express", "");
    await checkout.open();
    const keys = asked.filter((request) => request.path === "/api/v1/checkouts/").map((request) => request.key);
    expect(keys[1]).not.toBe(keys[0]);
  });
});

describe("a reload during the checkout", () => {
  beforeEach(() => {
    sessionStorage.setItem("magpie.checkout", "checkout-1");
    sessionStorage.setItem("magpie.checkout.content", contentOf(cartHolding(1)));
  });

  async function loadCart(quantity: number, changes: Partial<Cart> = {}): Promise<void> {
    shopAnswers({ status: 200, body: { ...cartHolding(quantity), ...changes } });
    await useCart().load();
  }

  it("takes up the payment where it was", async () => {
    await loadCart(1);
    shopAnswers({ status: 200, body: checkoutWith() });
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    expect(checkout.phase).toBe("payment");
  });

  it("starts over when the cart has changed since", async () => {
    await loadCart(2);
    shopAnswers({ status: 200, body: checkoutWith() });
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    expect(checkout.phase).toBe("address");
    expect(sessionStorage.getItem("magpie.checkout")).toBeNull();
  });

  it("starts over when a coupon was entered since", async () => {
    await loadCart(1, { coupons: ["WELCOME10"] });
    shopAnswers({ status: 200, body: checkoutWith() });
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    expect(checkout.phase).toBe("address");
  });

  it("does not ask again for an address that the shop has", async () => {
    sessionStorage.clear();
    await loadCart(1, { email, address: place });
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    expect(checkout.phase).toBe("delivery");
  });

  it("completes when the bank sent the shopper back", async () => {
    await loadCart(1);
    const asked = shopAnswers({ status: 200, body: checkoutWith() }, { status: 200, body: completed });
    const checkout = useCheckout();
    await checkout.resume({ paid: true });
    expect(checkout.phase).toBe("completed");
    expect(asked.map((request) => request.path)).toEqual([
      "/api/v1/checkouts/checkout-1/",
      "/api/v1/checkouts/checkout-1/complete/",
    ]);
  });

  it("asks for the order, not for another payment, when the shopper had paid", async () => {
    await loadCart(1);
    sessionStorage.setItem("magpie.checkout.paid", "checkout-1");
    shopAnswers({ status: 200, body: checkoutWith() }, { status: 200, body: completed });
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    expect(checkout.phase).toBe("completed");
  });

  it("says so when the time is over", async () => {
    await loadCart(1);
    shopAnswers({ status: 200, body: checkoutWith({ status: "expired" }) });
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    expect(checkout.phase).toBe("over");
    expect(checkout.message).toMatch(/timed out/);
  });
});
