import { LANGUAGE, t } from "@/language";

/** The little of Stripe.js that this shop uses. The script comes from where the checkout says. */

type StripeError = { message?: string; code?: string; payment_intent?: { status: string } };
type PaymentElement = {
  mount(target: HTMLElement): void;
  destroy(): void;
  on(event: "ready", then: () => void): void;
  on(event: "loaderror", then: (event: { error?: StripeError }) => void): void;
};
type Elements = { create(type: "payment", options?: object): PaymentElement };
type Stripe = {
  elements(options: { clientSecret: string; appearance?: object }): Elements;
  confirmPayment(options: {
    elements: Elements;
    confirmParams: { return_url: string };
    redirect: "if_required";
  }): Promise<{ error?: StripeError; paymentIntent?: { status: string } }>;
};

declare global {
  interface Window {
    Stripe?: (publishableKey: string, options: { locale: string }) => Stripe;
  }
}

/**
 * Given: the shopper did their part, and the shop must find out how it ended. Otherwise: why not, in their words.
 * Called off: nobody can make this payment any more, and the shop must be asked what is to be paid now.
 */
export type Confirmation = { given: true } | { given: false; message: string; calledOff?: true };

export type PaymentForm = { confirm: (returnUrl: string) => Promise<Confirmation>; close: () => void };

const NOT_THROUGH = t("The payment did not go through. Please check your details or try another card.");
const NOT_CONFIRMED = t("Your bank did not confirm the payment. Please try again or use another card.");
const CALLED_OFF = t("Your order has changed, and nothing was charged. Please look at it again.");
const GIVEN_ALREADY = new Set(["succeeded", "processing", "requires_capture"]);

const scripts = new Map<string, Promise<void>>();

export function loadScript(address: string): Promise<void> {
  const known = scripts.get(address);
  if (known) return known;
  const loaded = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      scripts.delete(address);
      reject(new Error(t("The payment form could not be loaded.")));
    };
    document.head.append(script);
  });
  scripts.set(address, loaded);
  return loaded;
}

/** Shows the Payment Element inside `target`; resolves when it can be filled in. */
export async function openPaymentForm(
  payment: { script_url: string; publishable_key: string; client_secret: string },
  target: HTMLElement,
): Promise<PaymentForm> {
  await loadScript(payment.script_url);
  if (!window.Stripe) throw new Error(t("The payment form could not be loaded."));
  const stripe = window.Stripe(payment.publishable_key, { locale: LANGUAGE });
  const elements = stripe.elements({ clientSecret: payment.client_secret, appearance: APPEARANCE });
  const element = elements.create("payment");
  await new Promise<void>((resolve, reject) => {
    element.on("ready", resolve);
    element.on("loaderror", (event) => reject(new Error(event.error?.message ?? t("The payment form could not be loaded."))));
    element.mount(target);
  });
  return {
    confirm: async (returnUrl) =>
      readConfirmation(
        await stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl }, redirect: "if_required" }),
      ),
    close: () => element.destroy(),
  };
}

/** An intent that is already paid answers a second confirmation with an error; that is no reason to pay again. */
export function readConfirmation(result: { error?: StripeError }): Confirmation {
  const { error } = result;
  if (!error || GIVEN_ALREADY.has(error.payment_intent?.status ?? "")) return { given: true };
  if (error.payment_intent?.status === "canceled") return { given: false, message: CALLED_OFF, calledOff: true };
  // Stripe's words for a failed 3-D Secure step are meant for developers.
  if (error.code === "payment_intent_authentication_failure") return { given: false, message: NOT_CONFIRMED };
  return { given: false, message: error.message || NOT_THROUGH };
}

const APPEARANCE = {
  theme: "stripe",
  variables: {
    colorPrimary: "#0c5460",
    colorText: "#12181f",
    colorDanger: "#a3341b",
    borderRadius: "6px",
    fontFamily: "system-ui, sans-serif",
    spacingUnit: "4px",
  },
};
