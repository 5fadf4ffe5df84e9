import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { NetworkFailure } from "@/api/problems";
import type { Cart, ShippingOption } from "@/api/types";
import AttributeTable from "@/components/AttributeTable.vue";
import BoughtGiftCards from "@/components/BoughtGiftCards.vue";
import CartLines from "@/components/CartLines.vue";
import CartTotals from "@/components/CartTotals.vue";
import CouponPanel from "@/components/CouponPanel.vue";
import CreditPanel from "@/components/CreditPanel.vue";
import PriceTag from "@/components/PriceTag.vue";
import PriceTiers from "@/components/PriceTiers.vue";
import QuoteExplanation from "@/components/QuoteExplanation.vue";
import ShippingChoice from "@/components/ShippingChoice.vue";
import TotalsList from "@/components/TotalsList.vue";
import { useCart } from "@/stores/cart";
import { useQuote } from "@/stores/quote";

import { freshPinia, settled, show } from "./mounting";
import {
  cartHolding,
  discount,
  explainedQuote,
  money,
  pickupPoint,
  priceOf,
  problem,
  promotion,
  quoteLine,
  quoteWith,
  shopAnswers,
  unshipped,
} from "./shop-answers";

beforeEach(() => {
  localStorage.clear();
  localStorage.setItem("magpie.cart", "cart-1");
});
afterEach(() => vi.unstubAllGlobals());

describe("the attributes of a product", () => {
  it("are told by their labels, as a shopper reads them", () => {
    const attributes = [
      { code: "height", label: "Height", type: "number", unit: "cm", value: "12.5", display: "12.5 cm" },
      { code: "rooms", label: "Rooms", type: "choices", unit: "", value: ["hall", "bath"], display: "Hall, Bath" },
    ];
    const shown = show(AttributeTable, { attributes });
    expect(shown.text()).toMatch(/Height\s?12\.5 cm.*Rooms\s?Hall, Bath/);
  });
});

describe("a price", () => {
  it("is one amount while nothing is reduced", () => {
    expect(show(PriceTag, { price: priceOf(1999) }).text()).toBe("€19.99");
  });

  it("tells the regular price, the percentage, the promotion, its end and the lowest price before", () => {
    const price = priceOf(8000, {
      regular: money(10000),
      reference: money(9500),
      discount_percent: 15,
      on_sale: true,
      sale_ends_at: "2030-03-09T18:00:00Z",
      promotion: { code: "lamps", name: "Lamp week" },
    });
    const shown = show(PriceTag, { price });
    expect(shown.text()).toMatch(/€80\.00.*€100\.00.*−15%/);
    expect(shown.text()).toMatch(/Lamp week, until .*9 March/);
    expect(shown.text()).toContain("Lowest price before the reduction: €95.00");
    expect(shown.find("s").textContent).toBe("€100.00");
  });

  it("shows a promotion's reduction without a sale price", () => {
    const price = priceOf(800, { regular: money(1000), discount_percent: 20, promotion: { code: "w", name: "Week" } });
    expect(show(PriceTag, { price }).text()).toMatch(/€8\.00.*€10\.00.*−20%.*Week/);
  });

  it("has tiers, of which the one reached is marked", () => {
    const price = priceOf(1300, {
      tiers: [
        { min_quantity: 1, price: money(1300) },
        { min_quantity: 3, price: money(1190) },
        { min_quantity: 12, price: money(990) },
      ],
    });
    const shown = show(PriceTiers, { price, quantity: 4 });
    expect(shown.text()).toContain("from 3");
    expect(shown.find(".is-reached").textContent).toContain("€11.90 each");
    expect(shown.element.querySelectorAll("tr")).toHaveLength(2);
  });
});

describe("totals", () => {
  it("name discounts, delivery discount, rounding and credits, down to what is left to pay", () => {
    const totals = quoteWith({
      lines: [quoteLine({ discounts: [discount("Welcome", 100, "WELCOME10")], discount: money(100), total: money(900) })],
      discount_total: money(100),
      shipping: { ...quoteWith().shipping!, price: money(500), discount: money(500), total: money(0) },
      rounding: money(-2),
      total: money(898),
      credits: [{ account: "card-1", label: "Gift card …1234", amount: money(500) }],
      credit_total: money(500),
      due: money(398),
    });
    const text = show(TotalsList, { totals }).text();
    expect(text).toContain("Welcome (WELCOME10)−€1.00");
    expect(text).toContain("Delivery discount−€5.00");
    expect(text).toContain("Rounding−€0.02");
    expect(text).toContain("Total€8.98");
    expect(text).toContain("Gift card …1234−€5.00");
    expect(text).toContain("To pay€3.98");
  });

  it("say that delivery comes with the address", () => {
    expect(show(TotalsList, { totals: quoteWith({ shipping: null }) }).text()).toContain("Total so far");
  });

  it("leave out delivery where nothing is shipped", () => {
    const shipping = { ...quoteWith().shipping!, method: "none", name: "", price: money(0), total: money(0) };
    expect(show(TotalsList, { totals: quoteWith({ shipping }) }).text()).not.toContain("Delivery");
  });

  it("say why no VAT is charged", () => {
    const treatment = { kind: "reverse_charge", reason: "", vat_id: "ATU12345678" };
    const text = show(TotalsList, { totals: quoteWith({ treatment, relief_total: money(160) }) }).text();
    expect(text).toContain("VAT not charged−€1.60");
    expect(text).toContain("ATU12345678");
  });

  it("are explained under the names of the lines once somebody asks", async () => {
    const step = { rule: "x", amount: null, facts: {} };
    const explanation = [
      { ...step, subject: "line:variant-1", words: "10.00 EUR is the regular price." },
      { ...step, subject: "total", words: "Left to pay: 15.00 EUR." },
    ];
    const ask = vi.fn(async () => explainedQuote([], { explanation }));
    const shown = show(QuoteExplanation, { quote: quoteWith(), ask });
    expect(ask).not.toHaveBeenCalled();
    unfold(shown.find("details"));
    await settled();
    const text = shown.text();
    expect(text).toContain("Mug, Moss10.00 EUR is the regular price.");
    expect(text).toContain("TotalLeft to pay: 15.00 EUR.");
  });

  it("stay where the explanation does not come", async () => {
    const shown = show(QuoteExplanation, { quote: quoteWith(), ask: () => Promise.reject(new NetworkFailure()) });
    unfold(shown.find("details"));
    await settled();
    expect(shown.find("[role=alert]").textContent).toContain("could not reach");
  });

  it("are shown with the reason where nothing can be shipped", async () => {
    const problem = { problem: "no_zone", detail: "The shop does not deliver this there" };
    const pinia = await withCart(cartHolding(1), explainedQuote([], unshipped(problem)));
    const text = show(CartTotals, {}, pinia).text();
    expect(text).toContain("DeliveryNot possible yet");
    expect(text).toContain("Total so far€15.00");
    expect(text).toContain("We do not deliver to this address");
  });

  it("take the tax that is not owed off delivery", () => {
    const shipping = { ...quoteWith().shipping!, relief: money(80), total: money(420) };
    expect(show(TotalsList, { totals: quoteWith({ shipping }) }).text()).toContain("VAT not charged on delivery−€0.80");
  });
});

/** A page with the cart and its quote loaded. */
async function withCart(cart: Cart, quote = explainedQuote()) {
  const pinia = freshPinia();
  shopAnswers({ status: 200, body: cart }, { status: 200, body: quote });
  await useCart().load();
  await useQuote().load();
  return pinia;
}

function unfold(details: HTMLElement): void {
  details.setAttribute("open", "");
  details.dispatchEvent(new Event("toggle"));
}

function type(field: HTMLElement, text: string): void {
  (field as HTMLInputElement).value = text;
  field.dispatchEvent(new Event("input"));
}

describe("the cart's lines", () => {
  it("carry their discounts by name, and gifts stand beside them without a stepper", async () => {
    const bought = quoteLine({ discounts: [discount("Lamp week", 200)], discount: money(200), total: money(800) });
    const gift = quoteLine({ variant: "gift-1", title: "Beaker", name: "Rust", gift: true, given_by: "Autumn thanks", total: money(0) });
    const pinia = await withCart(cartHolding(1), explainedQuote([], { lines: [bought, gift] }));
    const shown = show(CartLines, {}, pinia);
    expect(shown.text()).toContain("Lamp week −€2.00");
    expect(shown.text()).toContain("€10.00 €8.00");
    expect(shown.find(".is-given").textContent).toContain("Beaker");
    expect(shown.find(".is-given").textContent).toContain("Gift: Autumn thanks");
    expect(shown.element.querySelectorAll(".stepper")).toHaveLength(1);
  });

  it("say when some of what is wanted has still to come", async () => {
    const waits = quoteLine({ quantity: 3, wait: { expected_on: "2026-12-12" } });
    const pinia = await withCart(cartHolding(3), explainedQuote([], { lines: [waits] }));
    expect(show(CartLines, {}, pinia).text()).toContain("On order: expected on 12 December");
  });

  it("do not show a total that was quoted for another quantity", async () => {
    const pinia = await withCart(cartHolding(3));
    expect(show(CartLines, {}, pinia).text()).toContain("€30.00");
  });
});

describe("the coupon field", () => {
  it("says why a code was refused and keeps what was typed", async () => {
    const pinia = await withCart(cartHolding(1));
    const shown = show(CouponPanel, {}, pinia);
    shopAnswers(problem(404, "coupon_unknown"));
    type(shown.find("input"), "HELO");
    shown.find("form").dispatchEvent(new Event("submit"));
    await settled();
    expect(shown.find("[role=alert]").textContent).toContain("We do not know the code “HELO”");
    expect((shown.find("input") as HTMLInputElement).value).toBe("HELO");
  });

  it("shows a code that waits for more, and takes it out again", async () => {
    const facts = { needed: money(5000), present: money(3750), missing: money(1250) };
    const waiting = promotion({ coupon: "NEST", reason: "value_too_low", facts });
    const pinia = await withCart(
      { ...cartHolding(1), coupons: ["NEST"] },
      explainedQuote([waiting]),
    );
    const shown = show(CouponPanel, {}, pinia);
    expect(shown.find(".is-idle").textContent).toContain("Spend €12.50 more");
    const asked = shopAnswers({ status: 200, body: cartHolding(1) });
    shown.find("[aria-label^='Remove NEST']").click();
    await settled();
    expect(asked[0]).toMatchObject({ method: "DELETE", path: "/api/v1/carts/cart-1/coupons/NEST/" });
    expect(shown.element.querySelector(".is-idle")).toBeNull();
  });
});

describe("gift cards", () => {
  it("tell what they pay of what is on them", async () => {
    const label = "Gift card …1234";
    const cart = { ...cartHolding(1), credits: [{ account: "card-1", label, available: money(2000) }] };
    const credits = [{ account: "card-1", label, amount: money(1500) }];
    const pinia = await withCart(cart, explainedQuote([], { credits, due: money(0) }));
    expect(show(CreditPanel, {}, pinia).text()).toContain("Pays €15.00 of the €20.00 on it.");
  });

  it("that were bought are copied with one click", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const shown = show(BoughtGiftCards, { cards: [{ code: "AAAA-BBBB", balance: money(5000) }] });
    shown.find("button").click();
    await settled();
    expect(writeText).toHaveBeenCalledWith("AAAA-BBBB");
    expect(shown.find("button").textContent).toContain("Copied");
  });
});

function option(method: string, changes: Partial<ShippingOption> = {}): ShippingOption {
  const days = { earliest: "2030-01-02", latest: "2030-01-04" };
  const found = { method, name: method, kind: "flat", price: money(500), problem: null, wait: null, ...days };
  return { ...found, pickup_points: [], chosen: false, ...changes };
}

describe("the choice of delivery", () => {
  const here = { name: "N", street_address: "S 1", postal_code: "1", city: "C", country_area: "", country: "DE", phone: "" };
  const cart = { ...cartHolding(1), address: here };

  async function showOptions(...options: ShippingOption[]) {
    const pinia = await withCart(cart);
    shopAnswers({ status: 200, body: options });
    const shown = show(ShippingChoice, {}, pinia);
    await settled();
    return shown;
  }

  it("starts at the cheapest, with prices and days", async () => {
    const shown = await showOptions(option("standard"), option("express", { price: money(1290) }));
    expect((shown.find("input[value=standard]") as HTMLInputElement).checked).toBe(true);
    expect(shown.text()).toMatch(/Arrives Wed 2 – Fri 4 Jan/);
    expect(shown.text()).toContain("€12.90");
  });

  it("takes another one, and the first pickup point where there is a choice", async () => {
    const points = [pickupPoint(), pickupPoint({ code: "south", name: "South Shop" })];
    const shown = await showOptions(option("standard"), option("pickup", { kind: "pickup", pickup_points: points }));
    const asked = shopAnswers({ status: 200, body: { ...cart, shipping_method: "pickup", pickup_point: "north" } });
    shown.find("input[value=pickup]").dispatchEvent(new Event("change"));
    await settled();
    expect(asked[0]?.body).toEqual({ method: "pickup", pickup_point: "north" });
    expect(shown.element.querySelectorAll("select option")).toHaveLength(2);
    expect(shown.text()).toContain("North Street 1, 20095 Hamburg Mon–Sat 10:00–18:00");
  });

  it("says why a method cannot be had, and lets nobody choose it", async () => {
    const shown = await showOptions(option("standard"), option("letter", { price: null, problem: "too_heavy" }));
    expect(shown.text()).toContain("Your order is too heavy for it.");
    expect((shown.find("input[value=letter]") as HTMLInputElement).disabled).toBe(true);
  });

  it("sends the shopper back to the address where nothing goes", async () => {
    const shown = await showOptions();
    expect(shown.find("[role=alert]").textContent).toContain("We do not deliver to this address in Germany");
    expect(shown.text()).toContain("Change the address");
  });

  it("needs no choice where nothing is shipped", async () => {
    const shown = await showOptions(option("none", { kind: "none", name: "", price: money(0) }));
    expect(shown.text()).toContain("Nothing needs to be sent by post");
    expect(shown.element.querySelectorAll("input")).toHaveLength(0);
  });
});
