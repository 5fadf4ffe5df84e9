import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { CartAddress } from "@/api/types";
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
};

const given = async () => ({ given: true }) as const;
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
  const asked = shopAnswers(
    { status: 200, body: cartHolding(1) },
    { status: 201, body: checkoutWith() },
    ...answers,
  );
  const checkout = useCheckout();
  await checkout.open(address);
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
    await checkout.open(address);
    expect(checkout.phase).toBe("address");
    expect(checkout.fields).toEqual({ postal_code: ["Five digits, please."] });
  });

  it("reuses the key when opening got no answer, but not for another address", async () => {
    const moved = { ...cartHolding(1), address: { ...address, city: "Potsdam" } };
    const asked = shopAnswers(
      { status: 200, body: cartHolding(1) },
      "no answer",
      { status: 200, body: cartHolding(1) },
      "no answer",
      { status: 200, body: moved },
      { status: 201, body: checkoutWith() },
    );
    const checkout = useCheckout();
    await checkout.open(address);
    await checkout.open(address);
    await checkout.open({ ...address, city: "Potsdam" });
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
    shopAnswers(
      { status: 200, body: cartHolding(1) },
      problem(409, "out_of_stock"),
      { status: 200, body: cartHolding(1) },
    );
    const checkout = useCheckout();
    await checkout.open(address);
    expect(checkout.phase).toBe("over");
  });
});

describe("a reload during the checkout", () => {
  beforeEach(() => sessionStorage.setItem("magpie.checkout", "checkout-1"));

  async function loadCart(quantity: number): Promise<void> {
    shopAnswers({ status: 200, body: cartHolding(quantity) });
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
