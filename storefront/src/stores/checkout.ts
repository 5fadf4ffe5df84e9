import { defineStore } from "pinia";
import { ref } from "vue";

import { sleep } from "@/api/attempts";
import * as checkouts from "@/api/checkouts";
import { explain, NetworkFailure, Problem } from "@/api/problems";
import type { CartAddress, Checkout } from "@/api/types";
import type { Confirmation } from "@/payment/stripe";

import { useCart } from "./cart";
import { kept } from "./keeping";

const keptId = kept("magpie.checkout", () => sessionStorage);
/** Set once the shopper has paid, so that a reload asks for the order instead of for another payment. */
const keptPaidId = kept("magpie.checkout.paid", () => sessionStorage);

/** Seconds between questions while the bank takes its time: a minute in all. */
const PATIENCE = [1, 1, 2, 2, 3, 4, 5, 5, 7, 10, 10, 10];

/**
 * address   the shopper fills in contact and address
 * payment   the quote is frozen and waits for a payment
 * settling  the payment was given; the shop turns it into an order
 * unsettled the payment was given, but no answer came: ask again, never pay again
 * completed there is an order
 * over      this checkout cannot go on; `message` says why, the cart is the way back
 */
export type Phase = "address" | "payment" | "settling" | "unsettled" | "completed" | "over";

export const useCheckout = defineStore("checkout", () => {
  const cart = useCart();

  const checkout = ref<Checkout | null>(null);
  const phase = ref<Phase>("address");
  const busy = ref(false);
  /** What went wrong or what we are waiting for, in the shopper's words. */
  const message = ref("");
  const fields = ref<Readonly<Record<string, string[]>>>({});

  function enter(next: Phase, words = ""): void {
    phase.value = next;
    message.value = words;
  }

  function keep(fresh: Checkout): void {
    checkout.value = fresh;
    keptId.set(fresh.id);
  }

  function forget(): void {
    checkout.value = null;
    keptId.clear();
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
    if (!stored) return enter("address");
    let found: Checkout;
    try {
      found = await checkouts.fetchCheckout(stored);
    } catch (error) {
      if (error instanceof Problem && error.status < 500) forget();
      if (paid) return enter("unsettled", explain(error));
      return enter("address");
    }
    keep(found);
    if (found.status === "completed") return finish();
    if (found.status === "refused") return end(REFUSED);
    if (paid || keptPaidId.get() === found.id) return settle();
    if (found.status === "expired") return end(EXPIRED);
    if (isAboutTheCart(found)) return enter("payment");
    forget();
    enter("address");
  }

  /** An open checkout is of use only while the cart still holds what was frozen. */
  function isAboutTheCart(found: Checkout): boolean {
    const wanted = (cart.cart?.lines ?? []).map((line) => `${line.quantity} ${line.sku}`).sort();
    const frozen = found.quote.lines.map((line) => `${line.quantity} ${line.sku}`).sort();
    return wanted.length > 0 && wanted.join() === frozen.join();
  }

  /** Sends the address, then freezes the cart into a quote. */
  async function open(address: CartAddress): Promise<void> {
    busy.value = true;
    message.value = "";
    fields.value = {};
    try {
      const addressed = await cart.saveAddress(address);
      keep(await checkouts.openCheckout(addressed));
      enter("payment");
    } catch (error) {
      if (error instanceof Problem) {
        fields.value = error.fields;
        if (error.is("cart_not_found", "cart_closed")) {
          cart.forget();
          return end("Your cart is no longer there. Please choose again.");
        }
        if (error.is("out_of_stock", "variant_not_sellable", "cart_empty")) {
          await cart.load();
          return end(error.message);
        }
        if (error.retryAfter && error.status === 503) {
          message.value = `${error.message} Please try again in ${error.retryAfter} seconds.`;
          return;
        }
      }
      message.value = explain(error);
    } finally {
      busy.value = false;
    }
  }

  /** Back to the form. The next `open` freezes a new quote. */
  function changeAddress(): void {
    forget();
    enter("address");
  }

  /** Lets the payment form confirm, then settles. A declined card leaves the form where it is, for another try. */
  async function pay(confirm: () => Promise<Confirmation>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    message.value = "";
    try {
      const confirmation = await confirm();
      if (confirmation.given) await settle();
      else message.value = confirmation.message;
    } catch (error) {
      message.value = explain(error);
    } finally {
      busy.value = false;
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
        message.value = "Your bank is still confirming the payment. This usually takes a few seconds.";
      } catch (error) {
        if (!isWorthAsking(error)) return stop(error);
        message.value = "We are waiting for the shop to answer. Nothing is charged twice.";
      }
      if (seconds > 0) await sleep(seconds * 1000);
    }
    enter("unsettled", "The payment is taking longer than usual. You do not have to pay again.");
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
    if (error.status === 404) return end("This checkout is no longer there.");
    enter("unsettled", error.message);
  }

  function finish(): void {
    keptId.clear();
    keptPaidId.clear();
    cart.forget();
    enter("completed");
  }

  return { checkout, phase, busy, message, fields, resume, open, changeAddress, pay, settle };
});

const NOT_PAID = "The payment did not go through, and nothing was charged. Please try again or use another card.";
const EXPIRED = "Your checkout timed out, and nothing was charged. Your cart is still here: please check out again.";
const REFUSED = "We could not keep this order together, so your payment was returned. Please look at your cart again.";
