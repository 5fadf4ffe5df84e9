import { defineStore } from "pinia";
import { ref, watch } from "vue";

import { sleep } from "@/api/attempts";
import * as checkouts from "@/api/checkouts";
import { explain, NetworkFailure, Problem } from "@/api/problems";
import type { CartAddress, Checkout, PaymentMethodCode, PostalAddress } from "@/api/types";
import { t } from "@/language";
import type { Confirmation } from "@/payment/stripe";
import { shippingRefusal } from "@/shopping/delivery";

import { useCart } from "./cart";
import { kept } from "./keeping";
import { useQuote } from "./quote";

const keptId = kept("magpie.checkout", () => sessionStorage);
/** The cart that the checkout froze, to tell after a reload whether it is still the same. */
const keptContent = kept("magpie.checkout.content", () => sessionStorage);
/** Set once the shopper has paid, so that a reload asks for the order instead of for another payment. */
const keptPaidId = kept("magpie.checkout.paid", () => sessionStorage);

/** Seconds between questions while the bank takes its time: a minute in all. */
const PATIENCE = [1, 1, 2, 2, 3, 4, 5, 5, 7, 10, 10, 10];

/**
 * address   the shopper fills in contact and address
 * delivery  the shopper chooses how it is sent, and what pays for it beside money
 * payment   the quote is frozen and waits for a payment, or for the word where nothing is left to pay
 * settling  the payment was given; the shop turns it into an order
 * unsettled the payment was given, but no answer came: ask again, never pay again
 * completed there is an order
 * over      this checkout cannot go on; `message` says why, the cart is the way back
 */
export type Phase = "address" | "delivery" | "payment" | "settling" | "unsettled" | "completed" | "over";

export const useCheckout = defineStore("checkout", () => {
  const cart = useCart();
  const quote = useQuote();

  const checkout = ref<Checkout | null>(null);
  const phase = ref<Phase>("address");
  const busy = ref(false);
  /** What went wrong or what we are waiting for, in the shopper's words. */
  const message = ref("");
  const fields = ref<Readonly<Record<string, string[]>>>({});

  /** What the shopper types before it is frozen: whom to bill, where that is somebody else, and a word to the shop. */
  const billing = ref<PostalAddress | null>(null);
  const note = ref("");
  /** How the shopper wants to pay; empty until the shop has said what it offers. */
  const method = ref<PaymentMethodCode | "">("");

  /** The content of the cart as it was frozen. */
  let frozen = keptContent.get();

  function enter(next: Phase, words = ""): void {
    if (next === "delivery" && phase.value !== "delivery") {
      billing.value = cart.cart?.billing_address ? { ...cart.cart.billing_address } : null;
      note.value = cart.cart?.note ?? "";
    }
    phase.value = next;
    message.value = words;
  }

  function keep(fresh: Checkout): void {
    checkout.value = fresh;
    keptId.set(fresh.id);
  }

  function forget(): void {
    checkout.value = null;
    frozen = null;
    keptId.clear();
    keptContent.clear();
    keptPaidId.clear();
  }

  function end(words: string): void {
    forget();
    enter("over", words);
  }

  /** Takes up the checkout of this tab after a reload or a redirect of the bank; `paid` when the bank sent us back. */
  async function resume({ paid }: { paid: boolean }): Promise<void> {
    fields.value = {};
    const stored = keptId.get();
    if (!stored) return enter(firstStep());
    let found: Checkout;
    try {
      found = await checkouts.fetchCheckout(stored);
    } catch (error) {
      if (error instanceof Problem && error.status < 500) forget();
      if (paid) return enter("unsettled", explain(error));
      return enter(firstStep());
    }
    keep(found);
    if (found.status === "completed") return finish();
    if (found.status === "refused") return end(REFUSED);
    if (paid || keptPaidId.get() === found.id) return settle();
    if (found.status === "expired") return end(EXPIRED);
    if (isAboutTheCart(found)) return enter("payment");
    forget();
    enter(firstStep());
  }

  /** Whoever has given an address need not give it again. */
  function firstStep(): Phase {
    return cart.cart?.address && cart.cart.email && !cart.isEmpty ? "delivery" : "address";
  }

  /** An open checkout is of use only while the cart still is what was frozen. */
  function isAboutTheCart(found: Checkout): boolean {
    return found.status === "open" && cart.cart !== null && frozen === checkouts.contentOf(cart.cart);
  }

  /** The cart's drawer is open to the shopper at this step too; what changes there is to be paid for as it is then. */
  watch(
    () => cart.cart,
    (now) => {
      if (phase.value !== "payment" || busy.value || !now || frozen === checkouts.contentOf(now)) return;
      forget();
      enter("delivery", CART_CHANGED);
    },
  );

  async function saveAddress(address: CartAddress): Promise<void> {
    await carryOut(async () => {
      await cart.saveAddress(address);
      enter("delivery");
    });
  }

  /** What the summary shows as left to pay; null while it is asked for anew. */
  function shownDue(): number | null {
    return quote.loading || quote.error ? null : (quote.quote?.due.minor ?? null);
  }

  /** Freezes the cart, with its address and all that was chosen, into a quote. */
  async function open(): Promise<void> {
    await carryOut(async () => {
      const due = shownDue();
      await saveWords();
      const current = cart.cart;
      if (!current) return end(CART_GONE);
      keep(await checkouts.openCheckout(current, due, method.value || "stripe"));
      frozen = checkouts.contentOf(current);
      keptContent.set(frozen);
      enter("payment");
    });
  }

  async function saveWords(): Promise<void> {
    const known = cart.cart;
    if (!known) return;
    if (!isSameAddress(billing.value, known.billing_address)) {
      const fresh = await cart.saveBillingAddress(billing.value);
      billing.value = fresh.billing_address;
    }
    if (note.value.trim() !== known.note) await cart.leaveNote(note.value);
  }

  async function carryOut(step: () => Promise<void>): Promise<void> {
    busy.value = true;
    message.value = "";
    fields.value = {};
    try {
      await step();
    } catch (error) {
      await refuse(error);
    } finally {
      busy.value = false;
    }
  }

  /** Says what stands in the way, at the step where the shopper can do something about it. */
  async function refuse(error: unknown): Promise<void> {
    message.value = shippingRefusal(error)?.words ?? explain(error);
    if (!(error instanceof Problem)) return;
    fields.value = error.is("invalid_vat_id") ? { vat_id: [error.message] } : error.fields;
    if (error.is("invalid_vat_id")) return enter("address", t("Please look at the marked fields again."));
    if (error.is("address_missing")) return enter("address", error.message);
    if (error.is("cart_not_found", "cart_closed")) {
      cart.forget();
      return end(CART_GONE);
    }
    if (error.is("out_of_stock", "variant_not_sellable", "quantity_out_of_bounds", "cart_empty")) {
      await cart.load();
      return end(error.message);
    }
    if (error.retryAfter && error.status === 503) {
      message.value = t("{words} Please try again in {seconds} seconds.", { words: error.message, seconds: error.retryAfter });
      return;
    }
    // A code that was good a moment ago may be used up or spent by now: the quote then says which.
    const isOutdated = error.is("quote_changed") || error.code.startsWith("coupon_") || error.code.startsWith("credit_");
    if (isOutdated) await cart.load();
  }

  /** Back to the form. The next `open` freezes a new quote. */
  function changeAddress(): void {
    forget();
    enter("address");
  }

  function changeDelivery(): void {
    forget();
    enter("delivery");
  }

  /** Nothing is left to pay, or nothing now, so that the shopper's word is enough. */
  async function placeOrder(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await settle();
    } finally {
      busy.value = false;
    }
  }

  /** Lets the payment form confirm, then settles. A declined card leaves the form where it is, for another try. */
  async function pay(confirm: () => Promise<Confirmation>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    message.value = "";
    try {
      const confirmation = await confirm();
      if (confirmation.given) await settle();
      else if (confirmation.calledOff) await startAnew(confirmation.message);
      else message.value = confirmation.message;
    } catch (error) {
      message.value = explain(error);
    } finally {
      busy.value = false;
    }
  }

  /** The payment was called off while its form was open; the shop may have made the order of another all the same. */
  async function startAnew(words: string): Promise<void> {
    const current = checkout.value;
    if (!current) return enter("address");
    const status = await statusNow(current.id);
    if (status === "completed") return finish();
    await cart.load();
    if (!cart.cart) return end(CART_GONE);
    if (status === "expired" && frozen === checkouts.contentOf(cart.cart)) return end(EXPIRED);
    forget();
    enter(firstStep(), words);
  }

  /** Makes the shop look at the payment, too: it may not have heard that it was called off. */
  async function statusNow(id: string): Promise<Checkout["status"]> {
    try {
      const fresh = await checkouts.completeCheckout(id);
      keep(fresh);
      return fresh.status;
    } catch (error) {
      if (error instanceof Problem && error.is("checkout_expired")) return "expired";
      if (error instanceof Problem && error.is("payment_required")) return "open";
      throw error;
    }
  }

  /** Asks for the order until there is an answer, or patience ends. */
  async function settle(): Promise<void> {
    const current = checkout.value;
    if (!current) return enter("address");
    keptPaidId.set(current.id);
    enter("settling");
    for (const seconds of [...PATIENCE, 0]) {
      try {
        const fresh = await checkouts.completeCheckout(current.id);
        keep(fresh);
        if (fresh.order) return finish();
        message.value = t("Your bank is still confirming the payment. This usually takes a few seconds.");
      } catch (error) {
        if (!isWorthAsking(error)) return stop(error);
        message.value = t("We are waiting for the shop to answer. Nothing is charged twice.");
      }
      if (seconds > 0) await sleep(seconds * 1000);
    }
    enter("unsettled", t("The payment is taking longer than usual. You do not have to pay again."));
  }

  function isWorthAsking(error: unknown): boolean {
    return error instanceof NetworkFailure || (error instanceof Problem && (error.status >= 500 || error.status === 429));
  }

  function stop(error: unknown): void {
    if (!(error instanceof Problem)) return enter("unsettled", explain(error));
    if (error.is("payment_required")) {
      keptPaidId.clear();
      return enter("payment", NOT_PAID);
    }
    if (error.is("checkout_expired")) return end(EXPIRED);
    if (error.is("payment_refunded")) {
      void cart.load();
      return end(error.message || REFUSED);
    }
    if (error.status === 404) return end(t("This checkout is no longer there."));
    enter("unsettled", error.message);
  }

  function finish(): void {
    keptId.clear();
    keptContent.clear();
    keptPaidId.clear();
    cart.forget();
    enter("completed");
  }

  /** Takes up a checkout that was opened on another device, with its cart. */
  function takeUp(id: string): void {
    keptId.set(id);
    frozen = cart.cart ? checkouts.contentOf(cart.cart) : null;
    if (frozen) keptContent.set(frozen);
  }

  return { checkout, phase, busy, message, fields, billing, note, method, takeUp, resume, saveAddress, open, changeAddress, changeDelivery, placeOrder, pay, settle };
});

function isSameAddress(one: PostalAddress | null, other: PostalAddress | null): boolean {
  const text = (address: PostalAddress | null) => JSON.stringify(Object.entries(address ?? {}).sort());
  return text(one) === text(other);
}

const CART_GONE = t("Your cart is no longer there. Please choose again.");
const CART_CHANGED = t("Your cart has changed. Please look at your order again.");
const NOT_PAID = t("The payment did not go through, and nothing was charged. Please try again or use another card.");
const EXPIRED = t("Your checkout timed out, and nothing was charged. Your cart is still here: please check out again.");
const REFUSED = t("We could not keep this order together, so your payment was returned. Please look at your cart again.");
