import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { NetworkFailure, Problem } from "@/api/problems";
import { useCart } from "@/stores/cart";

import { cartHolding, cartWith, money, problem, shopAnswers } from "./shop-answers";

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
});
afterEach(() => vi.unstubAllGlobals());

describe("the cart", () => {
  it("is made with the first product and remembered", async () => {
    const asked = shopAnswers({ status: 201, body: cartWith() }, { status: 201, body: cartHolding(2) });
    const cart = useCart();
    await cart.add("variant-1", 2, "Mug");
    expect(asked.map((request) => request.path)).toEqual(["/api/v1/carts/", "/api/v1/carts/cart-1/lines/"]);
    expect(asked[1]?.body).toEqual({ variant: "variant-1", quantity: 2 });
    expect(cart.count).toBe(2);
    expect(cart.announcement).toContain("Mug added");
    expect(localStorage.getItem("magpie.cart")).toBe("cart-1");
  });

  it.each([
    [404, "cart_not_found"],
    [409, "cart_closed"],
  ])("is quietly replaced when the shop says %i %s", async (status, code) => {
    localStorage.setItem("magpie.cart", "old");
    setActivePinia(createPinia());
    const asked = shopAnswers(
      problem(status, code),
      { status: 201, body: cartWith({ id: "new" }) },
      { status: 201, body: cartHolding(1, "new") },
    );
    const cart = useCart();
    await cart.add("variant-1", 1, "Mug");
    expect(asked.map((request) => request.path)).toEqual([
      "/api/v1/carts/old/lines/",
      "/api/v1/carts/",
      "/api/v1/carts/new/lines/",
    ]);
    expect(localStorage.getItem("magpie.cart")).toBe("new");
  });

  it("is forgotten when it is gone on loading", async () => {
    localStorage.setItem("magpie.cart", "old");
    setActivePinia(createPinia());
    shopAnswers(problem(404, "cart_not_found"));
    const cart = useCart();
    await cart.load();
    expect(cart.isEmpty).toBe(true);
    expect(cart.loadError).toBeNull();
    expect(localStorage.getItem("magpie.cart")).toBeNull();
  });

  it("is kept when the network fails on loading", async () => {
    localStorage.setItem("magpie.cart", "cart-1");
    setActivePinia(createPinia());
    shopAnswers("no answer");
    const cart = useCart();
    await cart.load();
    expect(cart.loadError).toMatch(/could not reach/);
    expect(localStorage.getItem("magpie.cart")).toBe("cart-1");
  });

  it("reuses the key of a try that got no answer, and takes a new one after an answer", async () => {
    const asked = shopAnswers(
      { status: 201, body: cartWith() },
      "no answer",
      { status: 201, body: cartHolding(1) },
      { status: 201, body: cartHolding(2) },
    );
    const cart = useCart();
    await expect(cart.add("variant-1", 1, "Mug")).rejects.toBeInstanceOf(NetworkFailure);
    await cart.add("variant-1", 1, "Mug");
    await cart.add("variant-1", 1, "Mug");
    const keys = asked.slice(1).map((request) => request.key);
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("makes one cart for two clicks at once", async () => {
    const asked = shopAnswers(
      { status: 201, body: cartWith() },
      { status: 201, body: cartHolding(1) },
      { status: 201, body: cartHolding(2) },
    );
    const cart = useCart();
    await Promise.all([cart.add("variant-1", 1, "Mug"), cart.add("variant-1", 1, "Mug")]);
    expect(asked.filter((request) => request.path === "/api/v1/carts/")).toHaveLength(1);
    expect(cart.count).toBe(2);
  });

  it("takes coupons, credits and a way of delivery, and hands refusals to whoever asked", async () => {
    const asked = shopAnswers(
      { status: 201, body: cartWith({ coupons: ["WELCOME10"] }) },
      problem(409, "coupon_expired"),
      { status: 201, body: cartWith({ credits: [{ account: "card-1", label: "Gift card …1234", available: money(500) }] }) },
      { status: 200, body: cartWith({ shipping_method: "pickup", pickup_point: "north" }) },
      { status: 200, body: cartWith() },
    );
    const cart = useCart();
    cart.id = "cart-1";
    await cart.enterCoupon("welcome10");
    expect(cart.cart?.coupons).toEqual(["WELCOME10"]);
    await expect(cart.enterCoupon("OLD")).rejects.toMatchObject({ code: "coupon_expired" });
    expect(cart.cart?.coupons).toEqual(["WELCOME10"]);
    await cart.enterCredit("AAAA-BBBB");
    expect(cart.cart?.credits).toHaveLength(1);
    await cart.chooseShipping("pickup", "north");
    await cart.removeCoupon("WELCOME10");
    expect(asked.map((request) => `${request.method} ${request.path}`)).toEqual([
      "POST /api/v1/carts/cart-1/coupons/",
      "POST /api/v1/carts/cart-1/coupons/",
      "POST /api/v1/carts/cart-1/credits/",
      "PUT /api/v1/carts/cart-1/shipping-method/",
      "DELETE /api/v1/carts/cart-1/coupons/WELCOME10/",
    ]);
    expect(asked[3]?.body).toEqual({ method: "pickup", pickup_point: "north" });
  });

  it("hands a refusal to whoever asked and stays as it was", async () => {
    shopAnswers({ status: 201, body: cartHolding(1) }, problem(409, "out_of_stock"));
    const cart = useCart();
    cart.id = "cart-1";
    await cart.add("variant-1", 1, "Mug");
    const refusal = await cart.add("variant-1", 1, "Mug").catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Problem);
    expect((refusal as Problem).code).toBe("out_of_stock");
    expect(cart.count).toBe(1);
  });

  it("shows what is left when a line is already gone", async () => {
    shopAnswers(
      { status: 200, body: cartHolding(1) },
      problem(404, "cart_line_not_found"),
      { status: 200, body: cartWith() },
    );
    const cart = useCart();
    cart.id = "cart-1";
    await cart.load();
    const line = cart.cart?.lines[0];
    if (!line) throw new Error("the cart should hold a line");
    await cart.remove(line);
    expect(cart.isEmpty).toBe(true);
  });
});
