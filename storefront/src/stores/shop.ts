import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { fetchCategories, fetchMarkets } from "@/api/catalogue";
import type { Category, Market } from "@/api/types";

/** What every page's frame needs: the category tree and the markets. */
export const useShop = defineStore("shop", () => {
  const categories = ref<Category[]>([]);
  const markets = ref<Market[]>([]);
  const failed = ref(false);

  const defaultMarket = computed(() => markets.value.find((market) => market.is_default) ?? markets.value[0] ?? null);

  async function load(): Promise<void> {
    failed.value = false;
    try {
      [categories.value, markets.value] = await Promise.all([fetchCategories(), fetchMarkets()]);
    } catch {
      failed.value = true;
    }
  }

  function marketOf(code: string | undefined): Market | null {
    return markets.value.find((market) => market.code === code) ?? defaultMarket.value;
  }

  return { categories, markets, failed, defaultMarket, load, marketOf };
});
