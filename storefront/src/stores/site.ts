import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { fetchSite } from "@/api/pages";
import type { Category, MenuItem, Site } from "@/api/types";

import { useShop } from "./shop";

/** One level of a menu; a heading has no path. */
export type Entry = { label: string; path: string | null; items: Entry[]; count?: number };

/** What surrounds every page: the shop's name and contact, and its menus, else its categories in their place. */
export const useSite = defineStore("site", () => {
  const shop = useShop();
  const site = ref<Site | null>(null);
  let isDraft = false;
  const facts = computed(() => site.value?.shop ?? null);
  const name = computed(() => facts.value?.name || "Magpie");
  const main = computed(() => entries(site.value?.menus.main));
  const footer = computed(() => entries(site.value?.menus.footer));
  const structured = computed(() => site.value?.json_ld ?? []);

  async function load(): Promise<void> {
    // Without it the shop still has its categories, so nobody is told.
    const fresh = await fetchSite().catch(() => null);
    if (fresh && !isDraft) site.value = fresh;
  }

  function entries(menu: MenuItem[] | undefined): Entry[] {
    return menu?.length ? menu : shop.categories.map(entryOf);
  }

  /** As a draft of a menu would have it. */
  function show(draft: Site): void {
    isDraft = true;
    site.value = draft;
  }

  return { facts, name, main, footer, structured, load, show };
});

function entryOf(category: Category): Entry {
  return {
    label: category.title,
    path: `/c/${category.slug}`,
    items: (category.children as Category[]).map(entryOf),
    count: category.product_count,
  };
}
