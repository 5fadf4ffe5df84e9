import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { fetchCategories, fetchMarkets, readMarket } from "@/api/catalogue";
import type { Category, Market } from "@/api/types";

import { kept } from "./keeping";

const keptMarket = kept("magpie.market", () => localStorage);

/** What every page's frame needs: the category tree, the markets, and which of them the shopper is in. */
export const useShop = defineStore("shop", () => {
  const categories = ref<Category[]>([]);
  const markets = ref<Market[]>([]);
  const failed = ref(false);
  /** The market that the shopper chose; null leaves it to the shop. */
  const chosen = ref<string | null>(keptMarket.get());
  readMarket(chosen.value);

  const defaultMarket = computed(() => markets.value.find((market) => market.is_default) ?? markets.value[0] ?? null);
  const market = computed(() => marketOf(chosen.value ?? undefined));

  async function load(): Promise<void> {
    failed.value = false;
    const tree = fetchCategories();
    tree.catch(() => undefined);
    try {
      markets.value = await fetchMarkets();
      const isClosed = chosen.value !== null && !markets.value.some((each) => each.code === chosen.value);
      if (isClosed) enter(null);
      categories.value = await (isClosed ? fetchCategories() : tree);
    } catch {
      failed.value = true;
    }
  }

  /** Shop in another market: other prices, perhaps another currency, and a cart of its own. */
  async function choose(code: string): Promise<void> {
    enter(code === defaultMarket.value?.code ? null : code);
    await load();
  }

  function enter(code: string | null): void {
    chosen.value = code;
    if (code === null) keptMarket.clear();
    else keptMarket.set(code);
    readMarket(code);
  }

  function marketOf(code: string | undefined): Market | null {
    return markets.value.find((each) => each.code === code) ?? defaultMarket.value;
  }

  return { categories, markets, failed, chosen, defaultMarket, market, load, choose, marketOf };
});
