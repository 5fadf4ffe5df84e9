/** What a cart offers beside its lines: news, saved lines, another device; and what is said before it is frozen. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Cart, CartChange, PaymentMethod } from "@/api/types";
import CartNews from "@/components/CartNews.vue";
import PaymentMethodChoice from "@/components/PaymentMethodChoice.vue";
import PlaceOrderPanel from "@/components/PlaceOrderPanel.vue";
import ResumePanel from "@/components/ResumePanel.vue";
import SavedLines from "@/components/SavedLines.vue";
import WordsForTheShop from "@/components/WordsForTheShop.vue";
import { newsOf } from "@/shopping/news";
import { titleOf, useCart } from "@/stores/cart";
import { useCheckout } from "@/stores/checkout";
import { useQuote } from "@/stores/quote";
import { useShop } from "@/stores/shop";

import { freshPinia, settled, show } from "./mounting";
import { cartHolding, cartWith, checkoutWith, explainedQuote, marketWith, money, problem, shopAnswers } from "./shop-answers";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem("magpie.cart", "cart-1");
});
afterEach(() => vi.unstubAllGlobals());

function changed(kind: CartChange["kind"], changes: Partial<CartChange> = {}): CartChange {
  const sight = { price: money(1000), available: 5 };
  return { line: "line-1", variant: "variant-1", kind, before: sight, after: sight, ...changes };
}

/** The mug, put aside. */
function cartKeeping(): Cart {
  const { lines, ...rest } = cartHolding(2);
  return { ...rest, lines: [], saved: lines, item_count: 0, subtotal: money(0) };
}

const ADDRESS = {
  name: "A. Customer",
  street_address: "Hauptstraße 1",
  postal_code: "10115",
  city: "Berlin",
  country_area: "",
  country: "DE",
  phone: "",
};

describe("the news of a cart", () => {
  it.each([
    [changed("price_up", { after: { price: money(1250), available: 5 } }), "now costs €12.50, it was €10.00."],
    [changed("price_down", { after: { price: money(800), available: 5 } }), "is down to €8.00 from €10.00."],
    [changed("sold_out", { after: { price: money(1000), available: 0 } }), "has sold out."],
    [changed("only_n_left", { after: { price: money(1000), available: 2 } }), "has only 2 left."],
    [changed("not_sold_any_more", { after: { price: null, available: 5 } }), "is no longer for sale."],
    [changed("back_again", { before: { price: null, available: 0 } }), "is available again."],
  ])("has words for each kind: %#", (change, words) => {
    expect(newsOf({ ...cartHolding(1), changes: [change] }, titleOf)).toEqual([
      { key: `line-1 ${change.kind}`, title: "Mug", words },
    ]);
  });

  it("stays until the shopper has got it", async () => {
    const asked = shopAnswers({ status: 200, body: cartHolding(1) });
    const pinia = freshPinia();
    useCart().cart = { ...cartHolding(1), changes: [changed("sold_out")] };
    const shown = show(CartNews, {}, pinia);
    expect(shown.text()).toContain("Mug has sold out.");
    shown.find("button").click();
    await settled();
    expect(asked.map((request) => `${request.method} ${request.path}`)).toEqual(["POST /api/v1/carts/cart-1/seen/"]);
    expect(shown.text()).toBe("");
  });
});

describe("what is saved for later", () => {
  it("is shown with its price and goes back into the cart", async () => {
    const asked = shopAnswers({ status: 200, body: cartHolding(2) });
    const pinia = freshPinia();
    const cart = useCart();
    cart.cart = cartKeeping();
    const shown = show(SavedLines, {}, pinia);
    expect(shown.text()).toMatch(/Mug\s*Moss · Quantity 2\s*€10\.00 each/);
    shown.find(".link").click();
    await settled();
    expect(asked[0]).toMatchObject({ method: "PATCH", path: "/api/v1/carts/cart-1/lines/line-1/", body: { saved: false } });
    expect(cart.isEmpty).toBe(false);
    expect(cart.announcement).toBe("Mug is in the cart again.");
  });

  it("says why it cannot be bought, and offers no way back then", () => {
    const pinia = freshPinia();
    const keeping = cartKeeping();
    useCart().cart = { ...keeping, saved: keeping.saved.map((line) => ({ ...line, problem: "out_of_stock" })) };
    const shown = show(SavedLines, {}, pinia);
    expect(shown.text()).toContain("Sold out at the moment.");
    expect(shown.element.querySelector(".link")).toBeNull();
  });

  it("tells a refusal beside its line", async () => {
    shopAnswers(problem(409, "out_of_stock", { detail: "There is not enough in stock" }));
    const pinia = freshPinia();
    useCart().cart = cartKeeping();
    const shown = show(SavedLines, {}, pinia);
    shown.find(".link").click();
    await settled();
    expect(shown.text()).toContain("There is not enough in stock");
  });
});

describe("going on with another device", () => {
  it("makes one link, however often the panel is opened", async () => {
    const url = "http://localhost:8001/resume#token";
    const asked = shopAnswers({ status: 201, body: { token: "token", url, expires_at: "2030-01-01T12:00:00Z" } });
    const shown = show(ResumePanel);
    const details = shown.find("details") as HTMLDetailsElement;
    for (const open of [true, false, true]) {
      details.open = open;
      details.dispatchEvent(new Event("toggle"));
      await settled();
    }
    expect(asked).toHaveLength(1);
    expect((shown.find("input") as HTMLInputElement).value).toBe(url);
  });

  it("takes over the cart and its open checkout", async () => {
    const markets = { count: 1, next: null, previous: null, results: [marketWith()] };
    shopAnswers({ status: 200, body: [] }, { status: 200, body: markets });
    freshPinia();
    const cart = useCart();
    await cart.adopt(cartHolding(2, "cart-2"));
    useCheckout().takeUp("checkout-2");
    expect(localStorage.getItem("magpie.cart")).toBe("cart-2");
    expect(sessionStorage.getItem("magpie.checkout")).toBe("checkout-2");
    expect(cart.count).toBe(2);
  });

  it("follows the cart into its market", async () => {
    freshPinia();
    const shop = useShop();
    shop.markets = [marketWith(), marketWith({ code: "ch", is_default: false })];
    const found = { ...cartHolding(2, "cart-2"), market: "ch" };
    const markets = { status: 200, body: { count: 2, next: null, previous: null, results: shop.markets } };
    shopAnswers({ status: 200, body: [] }, markets, { status: 200, body: found }, { status: 200, body: found });
    await useCart().adopt(found);
    await settled();
    expect(shop.chosen).toBe("ch");
    expect(localStorage.getItem("magpie.cart.ch")).toBe("cart-2");
    expect(useCart().cart?.id).toBe("cart-2");
  });
});

describe("whom to bill and what to say", () => {
  const ready = () => ({ ...cartHolding(1), email: "a@example.com", address: ADDRESS });

  it("is saved before the cart is frozen, and only where it changed", async () => {
    const billed = { ...ready(), billing_address: { ...ADDRESS, name: "Accounts" } };
    const noted = { ...billed, note: "Ring twice" };
    const asked = shopAnswers(
      { status: 200, body: billed },
      { status: 200, body: noted },
      { status: 201, body: checkoutWith() },
      { status: 201, body: checkoutWith() },
    );
    freshPinia();
    const cart = useCart();
    cart.cart = ready();
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    checkout.billing = { ...ADDRESS, name: "Accounts" };
    checkout.note = " Ring twice ";
    await checkout.open();
    expect(checkout.phase).toBe("payment");
    checkout.changeDelivery();
    await checkout.open();
    expect(asked.map((request) => `${request.method} ${request.path.replace("/api/v1/", "")}`)).toEqual([
      "PUT carts/cart-1/billing-address/",
      "PUT carts/cart-1/note/",
      "POST checkouts/",
      "POST checkouts/",
    ]);
  });

  it("stays at the step with the marked fields when the shop refuses the address", async () => {
    shopAnswers(problem(400, "invalid", { errors: { postal_code: ["This is not right for the country."] } }));
    const pinia = freshPinia();
    useCart().cart = ready();
    useShop().markets = [marketWith()];
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    const shown = show(WordsForTheShop, {}, pinia);
    shown.find("input[type=checkbox]").click();
    await settled();
    await checkout.open();
    await settled();
    expect(checkout.phase).toBe("delivery");
    expect(shown.find("[name=billing-postal_code]").getAttribute("aria-invalid")).toBe("true");
    expect(shown.text()).toContain("This is not right for the country.");
  });

  it("bills where it is sent to again once the box is cleared", async () => {
    const asked = shopAnswers({ status: 200, body: ready() }, { status: 201, body: checkoutWith() });
    freshPinia();
    useCart().cart = { ...ready(), billing_address: ADDRESS };
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    expect(checkout.billing).toEqual(ADDRESS);
    checkout.billing = null;
    await checkout.open();
    expect(asked[0]).toMatchObject({ method: "DELETE", path: "/api/v1/carts/cart-1/billing-address/" });
  });
});

describe("how to pay", () => {
  const ready = () => ({ ...cartHolding(1), email: "a@example.com", address: ADDRESS });
  const methods: PaymentMethod[] = [
    { code: "stripe", name: "Card and more", instructions: "" },
    { code: "bank_transfer", name: "Bank transfer", instructions: "IBAN XX00" },
  ];

  it("is asked where there is a choice, and goes with the checkout", async () => {
    const payment = { ...methods[1]!, method: methods[1]!.code, client_secret: "", publishable_key: "", script_url: "" };
    const asked = shopAnswers({ status: 200, body: methods }, { status: 201, body: checkoutWith({ payment }) });
    const pinia = freshPinia();
    useCart().cart = ready();
    const checkout = useCheckout();
    await checkout.resume({ paid: false });
    const shown = show(PaymentMethodChoice, {}, pinia);
    await settled();
    shown.find("[value=bank_transfer]").click();
    await settled();
    expect(shown.text()).toContain("IBAN XX00");
    await checkout.open();
    expect(asked[1]?.body).toMatchObject({ cart: "cart-1", method: "bank_transfer" });
    const panel = show(PlaceOrderPanel, { checkout: checkout.checkout }, pinia);
    expect(panel.text()).toContain("Pay by bank transfer");
    expect(panel.text()).toContain("IBAN XX00");
  });

  it("begins with what the shop puts first, and keeps to what the shopper chose", async () => {
    shopAnswers({ status: 200, body: [...methods].reverse() }, { status: 200, body: [...methods].reverse() });
    const pinia = freshPinia();
    useCart().cart = ready();
    const shown = show(PaymentMethodChoice, {}, pinia);
    await settled();
    expect(useCheckout().method).toBe("bank_transfer");
    shown.find("[value=stripe]").click();
    useQuote().quote = explainedQuote();
    await settled();
    expect(useCheckout().method).toBe("stripe");
  });

  it("is not asked where there is none, and the one there is goes without saying", async () => {
    shopAnswers({ status: 200, body: methods.slice(1) });
    const pinia = freshPinia();
    useCart().cart = ready();
    const shown = show(PaymentMethodChoice, {}, pinia);
    await settled();
    expect(shown.text()).toBe("");
    expect(useCheckout().method).toBe("bank_transfer");
  });
});

it("an empty cart with something saved is no longer empty to look at", () => {
  freshPinia();
  const cart = useCart();
  cart.cart = cartKeeping();
  expect([cart.isEmpty, cart.saved.length]).toEqual([true, 1]);
  cart.cart = cartWith();
  expect(cart.saved).toEqual([]);
});
