/** What becomes of an order, and what its shopper can do about it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { LeftOut, Order, OrderLine } from "@/api/types";
import OrderAgain from "@/components/OrderAgain.vue";
import OrderCancellation from "@/components/OrderCancellation.vue";
import OrderDifference from "@/components/OrderDifference.vue";
import OrderInvoices from "@/components/OrderInvoices.vue";
import OrderParcels from "@/components/OrderParcels.vue";
import OrderReturns from "@/components/OrderReturns.vue";
import OrderTimeline from "@/components/OrderTimeline.vue";
import SummaryLines from "@/components/SummaryLines.vue";
import { openPaymentForm } from "@/payment/stripe";
import { arrivalOf, headingOf, isAwaited, leftOutWords, stateOf } from "@/shopping/orders";
import { waitFor } from "@/shopping/supply";
import { useCart } from "@/stores/cart";
import { useShop } from "@/stores/shop";
import OrderView from "@/views/OrderView.vue";

import { freshPinia, settled, show } from "./mounting";
import { cartHolding, marketWith, money, problem, quoteLine, quoteWith, shopAnswers } from "./shop-answers";

vi.mock("@/payment/stripe", () => ({ openPaymentForm: vi.fn() }));

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

function line(changes: Partial<OrderLine> = {}): OrderLine {
  const mug = { position: 0, variant: "variant-1", sku: "MUG-1", title: "Mug", name: "Moss", quantity: 3 };
  return { ...mug, sent: 0, cancelled: 0, returned: 0, refunded: 0, returnable: 0, ...changes };
}

function orderWith(changes: Partial<Order> = {}): Order {
  return {
    id: "order-1",
    number: "M-4F7K-Q2XD",
    status: "confirmed",
    payment_state: "paid",
    fulfilment_state: "unfulfilled",
    payment_method: "stripe",
    payment_instructions: "",
    placed_at: "2026-11-21T09:00:00Z",
    email: "a@example.com",
    address: {
      name: "A. Customer",
      street_address: "Hauptstraße 1",
      postal_code: "10115",
      city: "Berlin",
      country_area: "",
      country: "DE",
      phone: "",
    },
    billing_address: null,
    quote: quoteWith(),
    refunded: money(0),
    refunds: [],
    pay_by: null,
    to_pay: null,
    overpaid: money(0),
    lines: [line()],
    parcels: [],
    returns: [],
    may_cancel: true,
    timeline: [],
    gift_cards: [],
    downloads: [],
    ...changes,
  };
}

const shown = (changes: Partial<Order> = {}) => ({ order: orderWith(changes), access: "signature" });

describe("an order in words", () => {
  it.each([
    ["pending", "Thank you, now it is your turn"],
    ["confirmed", "Thank you, it is yours"],
    ["processing", "Thank you, it is yours"],
    ["shipped", "Your order is on its way"],
    ["delivered", "Your order has arrived"],
    ["cancelled", "This order was cancelled"],
    ["refunded", "This order was paid back"],
  ] as const)("is headed by its state: %s", (status, words) => {
    expect(headingOf(orderWith({ status }))).toBe(words);
  });

  it.each([
    ["partially_paid", true, "Your order waits for the rest of its payment"],
    ["partially_paid", false, "Your order waits for the rest of its payment"],
    ["authorised", true, "Your order waits for the rest of its payment"],
    ["pending", false, "Thank you, it is yours"],
  ] as const)("is headed by what an edit made dearer, not by what is paid on delivery: %s", (payment_state, online, words) => {
    const to_pay = { amount: money(3910), received: money(0), online };
    expect(headingOf(orderWith({ payment_state, to_pay }))).toBe(words);
  });

  it.each([
    [{}, ""],
    [{ sent: 3 }, ""],
    [{ sent: 1 }, "1 of 3 sent"],
    [{ sent: 1, cancelled: 1 }, "1 of 2 sent · 1 cancelled"],
    [{ sent: 3, returned: 2 }, "2 returned"],
  ])("says of a line what is not so of the whole: %#", (changes, words) => {
    expect(stateOf(line(changes))).toBe(words);
  });

  it.each([
    ["in_stock", null, ""],
    ["backorder", "2026-12-24", "On order: expected on 24 December"],
    ["backorder", null, "On order: takes a little longer"],
    ["preorder", "2026-12-24", "Pre-order: available from 24 December"],
  ])("says how long %s takes: %#", (availability, day, words) => {
    expect(waitFor(availability, day)).toBe(words);
  });
});

describe("the day an order comes", () => {
  type Shipping = NonNullable<Order["quote"]["shipping"]>;
  const shipping: Shipping = { ...quoteWith().shipping!, earliest: "2026-12-14", latest: "2026-12-15" };
  const unknown: Shipping = { ...shipping, earliest: null, latest: null, wait: { expected_on: null } };
  const told = (its: Shipping, changes: Partial<Order> = {}) =>
    arrivalOf(orderWith({ quote: quoteWith({ shipping: its }), ...changes }));

  it("is told where it is known, and that it is not where goods are on order", () => {
    expect(told({ ...shipping, wait: { expected_on: "2026-12-12" } })).toMatch(/^Expected .*14.*15 Dec/);
    expect(told(unknown)).toBe("Something in it is on order: no day is known yet");
  });

  it.each(["pending", "delivered", "cancelled", "refunded"] as const)("is not told of an order that is %s", (status) => {
    expect(told(shipping, { status })).toBe("");
    expect(told(unknown, { status })).toBe("");
  });

  it("is awaited for a line until all of it is sent", () => {
    expect(isAwaited(orderWith(), line({ sent: 2 }))).toBe(true);
    expect(isAwaited(orderWith(), line({ sent: 2, cancelled: 1 }))).toBe(false);
    expect(isAwaited(orderWith({ status: "cancelled" }), line())).toBe(false);
  });

  it("is said of the line that waits", () => {
    const lines = [quoteLine({ wait: { expected_on: "2026-12-12" } }), quoteLine({ wait: { expected_on: null } })];
    const words = show(SummaryLines, { lines }).text();
    expect(words).toContain("On order: expected on 12 December");
    expect(words).toContain("On order: takes a little longer");
  });
});

describe("parcels and the timeline", () => {
  const parcel = { id: "parcel-1", status: "shipped" as const, method: "Parcel", tracking_number: "123", lines: [] };

  it("link to where the carrier tells of a parcel", () => {
    const page = show(OrderParcels, { parcels: [{ ...parcel, tracking_url: "https://carrier.example/123" }] });
    expect(page.find("a").getAttribute("href")).toBe("https://carrier.example/123");
  });

  it("never link to an address that is none of the web's", () => {
    const page = show(OrderParcels, { parcels: [{ ...parcel, tracking_url: "javascript:alert(1)" }] });
    expect(page.element.querySelector("a")).toBeNull();
    expect(page.text()).toContain("Number 123");
  });

  it("tell what happened, oldest first, as the shop words it", () => {
    const entry = { kind: "order", detail: "", facts: {} };
    const entries = [
      { ...entry, at: "2026-11-21T09:00:00Z", name: "confirmed", words: "Order confirmed" },
      { ...entry, at: "2026-11-22T09:00:00Z", name: "shipped", words: "Parcel sent" },
    ];
    expect(show(OrderTimeline, { entries }).text()).toMatch(/Order confirmed.*21 November 2026.*Parcel sent.*22 November/);
  });
});

describe("cancelling", () => {
  it("asks the shop once and hands on what became of the order", async () => {
    const cancelled = orderWith({ status: "cancelled", may_cancel: false });
    const asked = shopAnswers({ status: 200, body: cancelled });
    const told: Order[] = [];
    const page = show(OrderCancellation, { ...shown(), onCancelled: (order: Order) => told.push(order) });
    page.find("form").dispatchEvent(new Event("submit"));
    page.find("form").dispatchEvent(new Event("submit"));
    await settled();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ path: "/api/v1/orders/order-1/cancel/", query: "?access=signature", body: { reason: "" } });
    expect(asked[0]?.key).toBeTruthy();
    expect(told).toEqual([cancelled]);
  });

  it("says why it is too late", async () => {
    shopAnswers(problem(409, "order_not_cancellable", { detail: "It is packed already." }));
    const page = show(OrderCancellation, shown());
    page.find("form").dispatchEvent(new Event("submit"));
    await settled();
    expect(page.text()).toContain("It is packed already.");
  });
});

describe("paying what an edit made dearer", () => {
  const payment = {
    method: "stripe" as const,
    provider: "sandbox",
    script_url: "about:blank",
    publishable_key: "pk",
    client_secret: "secret",
    instructions: "",
    customer_session_client_secret: "",
  };
  const awaited = { payment_state: "partially_paid", amount: money(3910), payment };
  const shownDue = { id: "order-1", access: "signature", due: money(3910), returned: false };
  const paidUp = { status: 200, body: { payment_state: "paid", amount: null, payment: null } };

  it("says how much, opens the payment as the checkout does, and tells when it has come", async () => {
    const confirm = vi.fn(async () => ({ given: true as const }));
    vi.mocked(openPaymentForm).mockResolvedValue({ confirm, close: () => undefined });
    const asked = shopAnswers({ status: 200, body: awaited }, paidUp);
    const paid = vi.fn();
    const page = show(OrderDifference, { ...shownDue, onPaid: paid });
    expect(page.text()).toContain("€39.10 to be paid");
    page.find("button").click();
    await settled();
    expect(asked[0]).toMatchObject({ path: "/api/v1/orders/order-1/payment/", query: "?access=signature" });
    page.find("form").dispatchEvent(new Event("submit"));
    await settled();
    expect(confirm).toHaveBeenCalledWith(expect.stringMatching(/\/orders\/order-1\?access=signature&return=1$/));
    expect(asked).toHaveLength(2);
    expect(paid).toHaveBeenCalledOnce();
  });

  it("says why a card was declined and leaves the form for another", async () => {
    const confirm = vi.fn(async () => ({ given: false as const, message: "Your card was declined." }));
    vi.mocked(openPaymentForm).mockResolvedValue({ confirm, close: () => undefined });
    const asked = shopAnswers({ status: 200, body: awaited });
    const page = show(OrderDifference, shownDue);
    page.find("button").click();
    await settled();
    page.find("form").dispatchEvent(new Event("submit"));
    await settled();
    expect(page.text()).toContain("Your card was declined.");
    expect(asked).toHaveLength(1);
  });

  it("never asks to pay again while the bank takes its time", async () => {
    vi.mocked(openPaymentForm).mockResolvedValue({ confirm: async () => ({ given: true }), close: () => undefined });
    shopAnswers({ status: 200, body: awaited }, { status: 200, body: awaited });
    const page = show(OrderDifference, shownDue);
    page.find("button").click();
    await settled();
    page.find("form").dispatchEvent(new Event("submit"));
    await settled();
    expect(page.text()).toContain("You do not have to pay again.");
    expect(page.element.querySelector("form")).toBeNull();
  });

  describe("that was edited or cancelled while the form was open", () => {
    const noInvoices = { status: 200, body: { results: [] } };
    const toPay = (minor: number) => ({ amount: money(minor), received: money(0), online: true });
    const waiting = (minor: number) => orderWith({ payment_state: "partially_paid", to_pay: toPay(minor) });

    async function payWhatWasCalledOff(...now: Parameters<typeof shopAnswers>) {
      const confirm = async () => ({ given: false as const, message: "", calledOff: true as const });
      vi.mocked(openPaymentForm).mockReset().mockResolvedValue({ confirm, close: () => undefined });
      const before = { status: 200, body: waiting(3910) };
      const asked = shopAnswers(before, noInvoices, { status: 200, body: awaited }, ...now);
      const page = show(OrderView, { id: "order-1" });
      await settled();
      page.find(".difference button").click();
      await settled();
      page.find(".difference form").dispatchEvent(new Event("submit"));
      await settled();
      return { page, asked };
    }

    it("asks the shop again, says so and opens the payment of the new amount", async () => {
      const other = { ...awaited, amount: money(5000), payment: { ...payment, client_secret: "another" } };
      const { page } = await payWhatWasCalledOff({ status: 200, body: other }, { status: 200, body: waiting(5000) });
      expect(page.text()).toContain("Your order has changed. Please look at it again before you pay.");
      expect(page.text()).toContain("€50.00 to be paid");
      expect(page.find(".difference form").textContent).toContain("Pay €50.00");
      expect(openPaymentForm).toHaveBeenLastCalledWith(other.payment, expect.anything());
    });

    it("says that nothing is to be paid any more", async () => {
      const cancelled = orderWith({ status: "cancelled", payment_state: "voided" });
      const nothing = { payment_state: "voided", amount: null, payment: null };
      const { page } = await payWhatWasCalledOff({ status: 200, body: nothing }, { status: 200, body: cancelled });
      expect(page.text()).toContain("Your order has changed. Nothing is to be paid any more.");
      expect(page.text()).toContain("This order was cancelled");
      expect(page.text()).not.toContain("€39.10 to be paid");
    });
  });

  it("looks by itself when the bank has sent the shopper back", async () => {
    shopAnswers(paidUp);
    const paid = vi.fn();
    show(OrderDifference, { ...shownDue, returned: true, onPaid: paid });
    await settled();
    expect(paid).toHaveBeenCalledOnce();
  });
});

describe("returning", () => {
  const delivered = { status: "delivered" as const, lines: [line({ sent: 3, returnable: 2 }), line({ position: 1 })] };

  it("offers what may come back, and wants a reason", async () => {
    const asked = shopAnswers({ status: 201, body: {} });
    const requested = vi.fn();
    const page = show(OrderReturns, { ...shown(delivered), onRequested: requested });
    const submit = async () => {
      page.find("form").dispatchEvent(new Event("submit"));
      await settled();
    };
    expect(page.element.querySelectorAll("[type=checkbox]")).toHaveLength(1);
    await submit();
    expect(page.text()).toContain("Please choose what you want to send back.");
    page.find("[type=checkbox]").click();
    await settled();
    await submit();
    expect(page.text()).toContain("Please choose a reason.");
    expect(asked).toHaveLength(0);
    const reason = page.find("select") as HTMLSelectElement;
    reason.value = "too_small";
    reason.dispatchEvent(new Event("change"));
    await submit();
    expect(asked[0]?.body).toEqual({ lines: [{ position: 0, quantity: 1, reason: "too_small" }], words: "" });
    expect(requested).toHaveBeenCalledOnce();
  });

  it("says how many of what came back were exchanged", () => {
    const returned = { position: 0, sku: "MUG-1", quantity: 2, reason: "damaged" as const, received: 2 };
    const told = (exchanged: number): string => {
      const lines = [{ ...returned, exchanged, exchanged_for: exchanged ? "MUG-2" : "" }];
      const one = { id: "return-1", status: "received" as const, requested_at: "2026-11-21T09:00:00Z", words: "", lines };
      return show(OrderReturns, shown({ returns: [one] })).text();
    };
    expect(told(2)).toContain("2 × Mug, Moss, exchanged");
    expect(told(1)).toContain("2 × Mug, Moss, 1 of them exchanged");
    expect(told(0)).not.toContain("exchanged");
  });

  it("shows how earlier returns stand", () => {
    const returned = { position: 0, sku: "MUG-1", quantity: 1, reason: "damaged" as const, received: 0, exchanged: 0, exchanged_for: "" };
    const returns = [
      { id: "return-1", status: "approved" as const, requested_at: "2026-11-21T09:00:00Z", words: "", lines: [returned] },
    ];
    const page = show(OrderReturns, shown({ returns }));
    expect(page.text()).toMatch(/21 November 2026: Approved\. Please send it back\..*1 × Mug, Moss/);
    expect(page.element.querySelector("form")).toBeNull();
  });
});

describe("buying again", () => {
  const left = { variant: "v", sku: "s", title: "Bowl", name: "", requested: 3 };

  it("adds to the cart of this device and names what is left out", async () => {
    const pinia = freshPinia();
    useShop().markets = [marketWith()];
    useCart().id = "cart-1";
    const body = { cart: cartHolding(2), left_out: [{ ...left, put_in: 0, reason: "sold_out" }] };
    const asked = shopAnswers({ status: 201, body });
    const page = show(OrderAgain, shown(), pinia);
    page.find("button").click();
    await settled();
    expect(asked[0]).toMatchObject({ path: "/api/v1/orders/order-1/reorder/", body: { cart: "cart-1" } });
    expect(page.text()).toMatch(/Bowl\s*: sold out at the moment\./);
    expect(useCart().count).toBe(2);
  });

  it("takes a new cart where the old one is spent", async () => {
    const pinia = freshPinia();
    useShop().markets = [marketWith()];
    useCart().id = "old";
    const asked = shopAnswers(problem(409, "cart_closed"), { status: 201, body: { cart: cartHolding(1), left_out: [] } });
    show(OrderAgain, shown(), pinia).find("button").click();
    await settled();
    expect(asked.map((request) => request.body)).toEqual([{ cart: "old" }, {}]);
    expect(localStorage.getItem("magpie.cart")).toBe("cart-1");
  });

  it.each([
    ["only_n_left", 2, "only 2 of 3 left."],
    ["quantity_limited", 2, "only 2 of 3 can be bought at once."],
    ["quantity_limited", 0, "not sold in this quantity."],
    ["only_n_left", 0, "there are no more than you have in the cart."],
    ["not_sold_any_more", 0, "no longer for sale."],
    ["cart_full", 0, "no room left in the cart."],
  ] as [LeftOut["reason"], number, string][])("has words for %s, %i put in", (reason, put_in, words) => {
    expect(leftOutWords({ ...left, reason, put_in })).toBe(words);
  });
});

describe("invoices", () => {
  it("are linked with the order's own signature", async () => {
    const invoice = { number: "2026-0001", kind: "invoice", issued_at: "2026-11-21T09:00:00Z", total: money(1500) };
    const pdf = "/api/v1/orders/order-1/invoices/2026-0001/pdf/";
    shopAnswers({ status: 200, body: { results: [{ ...invoice, corrects: null, pdf }] } });
    const page = show(OrderInvoices, shown());
    await settled();
    expect(page.find("a").getAttribute("href")).toBe(`http://localhost:8000${pdf}?access=signature`);
    expect(page.text()).toContain("Invoice 2026-0001");
  });

  it("are not mentioned while there are none", async () => {
    shopAnswers({ status: 200, body: { results: [] } });
    const page = show(OrderInvoices, shown());
    await settled();
    expect(page.text()).toBe("");
  });
});
