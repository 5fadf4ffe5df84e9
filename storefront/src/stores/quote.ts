import { defineStore } from "pinia";
import { ref, shallowRef, watch } from "vue";

import { fetchCartQuote } from "@/api/carts";
import type { ExplainedQuote } from "@/api/types";

import { useCart } from "./cart";

/** What the cart costs as it stands. While it is asked for anew, the last answer stays. */
export const useQuote = defineStore("quote", () => {
  const cart = useCart();

  const quote = shallowRef<ExplainedQuote | null>(null);
  const error = shallowRef<unknown>(null);
  const loading = ref(false);
  let latest = 0;
  let about: string | null = null;

  async function load(): Promise<void> {
    const mine = ++latest;
    const id = cart.cart?.id ?? null;
    if (id !== about || cart.isEmpty) quote.value = null;
    about = id;
    error.value = null;
    if (!id || cart.isEmpty) return;
    loading.value = true;
    try {
      const fresh = await fetchCartQuote(id);
      if (mine === latest) quote.value = fresh;
    } catch (caught) {
      if (mine !== latest) return;
      quote.value = null;
      error.value = caught;
    } finally {
      if (mine === latest) loading.value = false;
    }
  }

  /** The same with the words of each step, which few ask for. */
  function explained(): Promise<ExplainedQuote> {
    return fetchCartQuote(cart.cart?.id ?? "", { explain: true });
  }

  return { quote, error, loading, load, explained };
});

/** Keeps the quote up with the cart for as long as somebody looks at it. */
export function useCurrentQuote(isLookedAt: () => boolean = () => true) {
  const store = useQuote();
  const cart = useCart();
  watch(
    () => (isLookedAt() ? cart.cart : null),
    (shown) => {
      if (shown) void store.load();
    },
    { immediate: true },
  );
  return store;
}
