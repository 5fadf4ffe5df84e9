import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";

import { Problem } from "@/api/problems";
import { obstacleOf, shippingRefusal } from "@/shopping/delivery";
import { useCart } from "@/stores/cart";
import { useCurrentQuote, useQuote } from "@/stores/quote";

import { settled } from "./mounting";
import { cartHolding, cartWith, explainedQuote, money, shopAnswers, unshipped } from "./shop-answers";

beforeEach(() => {
  localStorage.clear();
  localStorage.setItem("magpie.cart", "cart-1");
  setActivePinia(createPinia());
});
afterEach(() => vi.unstubAllGlobals());

const address = { name: "N", street_address: "S 1", postal_code: "1", city: "C", country_area: "", country: "DE", phone: "" };

describe("the cart's quote", () => {
  it("is asked for without its explanation until somebody wants that", async () => {
    const explanation = [{ subject: "total", rule: "due", amount: null, facts: {}, words: "Left to pay." }];
    const asked = shopAnswers(
      { status: 200, body: cartHolding(1) },
      { status: 200, body: explainedQuote() },
      { status: 200, body: explainedQuote([], { explanation }) },
    );
    await useCart().load();
    await useQuote().load();
    expect(useQuote().quote?.total).toEqual(money(1500));
    expect((await useQuote().explained()).explanation).toEqual(explanation);
    expect(asked.slice(1).map((request) => request.path + request.query)).toEqual([
      "/api/v1/carts/cart-1/quote/",
      "/api/v1/carts/cart-1/quote/?explain=true",
    ]);
  });

  it("follows the cart while somebody looks, and not otherwise", async () => {
    const asked = shopAnswers(
      { status: 200, body: cartHolding(1) },
      { status: 200, body: explainedQuote() },
      { status: 200, body: cartHolding(2) },
    );
    const isOpen = ref(true);
    const scope = effectScope();
    await useCart().load();
    scope.run(() => useCurrentQuote(() => isOpen.value));
    await settled();
    expect(asked.filter((request) => request.path.endsWith("/quote/"))).toHaveLength(1);
    isOpen.value = false;
    await nextTick();
    await useCart().load();
    await settled();
    expect(asked.filter((request) => request.path.endsWith("/quote/"))).toHaveLength(1);
    scope.stop();
  });

  it("drops an answer that was overtaken", async () => {
    const cart = useCart();
    const quote = useQuote();
    shopAnswers({ status: 200, body: cartHolding(1) });
    await cart.load();
    const answers: ((total: number) => void)[] = [];
    vi.stubGlobal(
      "fetch",
      () =>
        new Promise<Response>((resolve) => {
          answers.push((total) => resolve(Response.json(explainedQuote([], { total: money(total) }))));
        }),
    );
    const [first, second] = [quote.load(), quote.load()];
    answers[1]?.(2000);
    answers[0]?.(1000);
    await Promise.all([first, second]);
    expect(quote.quote?.total.minor).toBe(2000);
    expect(quote.loading).toBe(false);
  });

  it("tells when nothing can be shipped to the address", async () => {
    const problem = { problem: "no_zone", detail: "The shop does not deliver this there" };
    const cart = { ...cartHolding(1), address: { ...address, country: "LV" } };
    shopAnswers({ status: 200, body: cart }, { status: 200, body: explainedQuote([], unshipped(problem)) });
    await useCart().load();
    await useQuote().load();
    const obstacle = obstacleOf(useCart().cart, useQuote().quote?.shipping_problem);
    expect(useQuote().quote?.total.minor).toBe(1500);
    expect(obstacle).toMatchObject({ isAboutAddress: true });
    expect(obstacle?.words).toContain("Latvia");
  });

  it("tells what is wrong with the way that was chosen, and that there is none where none was", () => {
    const problem = { problem: "too_heavy", detail: "The shop does not deliver this there" };
    const chosen = { ...cartHolding(1), address, shipping_method: "letter" };
    expect(obstacleOf(chosen, problem)?.words).toContain("Your order is too heavy for it.");
    expect(obstacleOf({ ...chosen, shipping_method: "" }, problem)?.words).toMatch(/^None of our ways/);
    expect(obstacleOf(chosen, { ...problem, problem: "new" })?.words).toBe("The shop does not deliver this there");
    expect(obstacleOf(chosen, null)).toBeNull();
    expect(shippingRefusal(new Problem({ code: "busy" }, 503))).toBeNull();
  });

  it("is nothing for an empty cart", async () => {
    const asked = shopAnswers({ status: 200, body: cartWith() });
    await useCart().load();
    await useQuote().load();
    expect(useQuote().quote).toBeNull();
    expect(asked).toHaveLength(1);
  });
});
