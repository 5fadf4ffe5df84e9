import { shallowRef, watchEffect } from "vue";

import { addressIn } from "@/language";

const SHOP = "Magpie";

/** A page in one of its languages; the path is that within the language. */
export type Alternate = { locale: string; path: string };

/** What is shown, in the languages that it has been translated into. */
export const alternates = shallowRef<Alternate[]>([]);

type Head = { title?: string | null; description?: string | null; alternates?: Alternate[] };

/** The document's title, description and languages follow what the page shows. */
export function usePageHead(read: () => Head): void {
  watchEffect(() => {
    const { title, description, alternates: translations = [] } = read();
    document.title = title && title !== SHOP ? `${title} · ${SHOP}` : SHOP;
    if (description) document.querySelector('meta[name="description"]')?.setAttribute("content", description);
    alternates.value = translations;
    document.querySelectorAll('link[rel="alternate"]').forEach((link) => link.remove());
    for (const { locale, path } of translations) document.head.append(linkTo(locale, path));
  });
}

function linkTo(locale: string, path: string): HTMLLinkElement {
  const link = document.createElement("link");
  Object.assign(link, { rel: "alternate", hreflang: locale, href: window.location.origin + addressIn(locale, path) });
  return link;
}
