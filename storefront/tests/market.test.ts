import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { fetchProduct } from "@/api/catalogue";
import { useCart } from "@/stores/cart";
import { useShop } from "@/stores/shop";

import { cartHolding, cartWith, marketWith, shopAnswers } from "./shop-answers";

const europe = marketWith();
const swiss = marketWith({ code: "ch", name: "Switzerland", currency: "CHF", countries: ["CH"], is_default: false });
const markets = { status: 200, body: { count: 2, next: null, previous: null, results: [europe, swiss] } };
const none = { status: 200, body: [] };

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
});
afterEach(() => vi.unstubAllGlobals());

describe("the market", () => {
  it("is left to the shop until somebody chooses", async () => {
    const asked = shopAnswers(none, markets);
    const shop = useShop();
    await shop.load();
    expect(shop.market?.code).toBe("eu");
    expect(asked[0]?.query).toBe("");
  });

  it("goes with every read once it is chosen, and is remembered", async () => {
    const asked = shopAnswers(none, markets, none, markets, { status: 200, body: {} });
    const shop = useShop();
    await shop.load();
    await shop.choose("ch");
    await fetchProduct("mug");
    expect(asked.slice(2).map((request) => request.path + request.query)).toEqual([
      "/api/v1/categories/?market=ch",
      "/api/v1/markets/",
      "/api/v1/products/mug/?market=ch",
    ]);
    setActivePinia(createPinia());
    expect(useShop().chosen).toBe("ch");
  });

  it("falls back to the default one when the chosen one has closed", async () => {
    localStorage.setItem("magpie.market", "gone");
    setActivePinia(createPinia());
    const refused = { status: 400, body: { code: "unknown_market" } };
    shopAnswers(refused, markets, none);
    const shop = useShop();
    await shop.load();
    expect(shop.failed).toBe(false);
    expect(shop.market?.code).toBe("eu");
    expect(localStorage.getItem("magpie.market")).toBeNull();
  });

  it("has a cart of its own, and the other cart is there when the shopper comes back", async () => {
    localStorage.setItem("magpie.cart", "cart-1");
    setActivePinia(createPinia());
    const shop = useShop();
    const cart = useCart();
    shopAnswers(none, markets);
    await shop.load();

    const asked = shopAnswers(
      none,
      markets,
      { status: 201, body: cartWith({ id: "cart-ch", market: "ch", currency: "CHF" }) },
      { status: 201, body: cartHolding(1, "cart-ch") },
    );
    await shop.choose("ch");
    await cart.load();
    expect(cart.isEmpty).toBe(true);
    await cart.add("variant-1", 1, "Mug");
    expect(asked.find((request) => request.path === "/api/v1/carts/")?.body).toEqual({ market: "ch" });
    expect(localStorage.getItem("magpie.cart.ch")).toBe("cart-ch");

    vi.stubGlobal("fetch", answeringByPath({ carts: cartHolding(2), markets: markets.body, categories: [] }));
    await shop.choose("eu");
    await cart.load();
    expect(cart.id).toBe("cart-1");
    expect(cart.count).toBe(2);
  });
});

/** Answers by the resource, for requests that may come in any order. */
function answeringByPath(bodies: Record<string, unknown>) {
  return async (request: Request) => {
    const resource = new URL(request.url).pathname.split("/")[3] ?? "";
    return new Response(JSON.stringify(bodies[resource]), { status: 200 });
  };
}
