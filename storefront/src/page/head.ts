import { shallowRef, watchEffect } from "vue";
import { useRoute } from "vue-router";

import type { Picture } from "@/api/types";
import { addressIn, DEFAULT, LANGUAGE, t } from "@/language";
import { useSite } from "@/stores/site";

/** A page in one of its languages; the path is that within the language. */
export type Alternate = { locale: string; path: string };

/** What is shown, in the languages that it has been translated into. */
export const alternates = shallowRef<Alternate[]>([]);

export type Head = {
  title?: string | null;
  description?: string | null;
  image?: Picture | null;
  type?: string;
  alternates?: Alternate[];
  /** JSON-LD by schema.org, as the shop answers it. */
  structured?: object[];
};

/** The document's title, description, languages and what networks show of a shared address follow what the page shows. */
export function usePageHead(read: () => Head): void {
  const site = useSite();
  const route = useRoute();
  watchEffect(() => {
    const { title, description, image, type, alternates: translations = [], structured = [] } = read();
    const full = title?.includes(site.name) ? title : [title, site.name].filter(Boolean).join(" · ");
    const picture = image ?? site.facts?.social_image ?? null;
    document.title = full;
    const address = canonicalOf(translations, route.path);
    write("name", "description", description || site.facts?.tagline || OF_THE_SHOP);
    write("property", "og:site_name", site.name);
    write("property", "og:title", title || site.name);
    write("property", "og:type", type ?? "website");
    write("property", "og:url", address);
    write("property", "og:description", description ?? "");
    write("property", "og:image", picture?.src ?? "");
    write("property", "og:image:alt", picture?.alt ?? "");
    write("name", "twitter:card", picture ? "summary_large_image" : "summary");
    alternates.value = translations;
    document.head.querySelectorAll('link[rel="alternate"], link[rel="canonical"]').forEach((link) => link.remove());
    document.head.append(linkTo("canonical", address), ...alternateLinks(translations));
    document.head.querySelectorAll('script[type="application/ld+json"]').forEach((script) => script.remove());
    for (const told of [...site.structured, ...structured]) document.head.append(scriptOf(told));
  });
}

function scriptOf(told: object): HTMLScriptElement {
  const script = document.createElement("script");
  script.type = "application/ld+json";
  script.textContent = JSON.stringify(told);
  return script;
}

/** One address for what is shown: without a query, and that of the default language where it is shown instead. */
function canonicalOf(translations: Alternate[], path: string): string {
  const shown = [LANGUAGE, DEFAULT.code].map((code) => translations.find(({ locale }) => locale === code)).find(Boolean);
  return window.location.origin + addressIn(shown?.locale ?? LANGUAGE, shown?.path ?? path);
}

/** Each language's own address, and the default one for whoever speaks none of them. */
function alternateLinks(translations: Alternate[]): HTMLLinkElement[] {
  return translations.flatMap(({ locale, path }) => {
    const href = window.location.origin + addressIn(locale, path);
    const link = linkTo("alternate", href, locale);
    return locale === DEFAULT.code ? [link, linkTo("alternate", href, "x-default")] : [link];
  });
}

function linkTo(rel: string, href: string, hreflang = ""): HTMLLinkElement {
  const link = document.createElement("link");
  Object.assign(link, { rel, href }, hreflang && { hreflang });
  return link;
}

/** Where neither the page nor the shop says more. */
const OF_THE_SHOP = t("Good things for home, kitchen, garden and the road. Gathered one at a time.");

/** What is empty is taken away, so that no page keeps the words of the one before. */
function write(kind: "name" | "property", key: string, content: string): void {
  const known = document.head.querySelector<HTMLMetaElement>(`meta[${kind}="${key}"]`);
  if (!content) {
    known?.remove();
    return;
  }
  const meta = known ?? document.head.appendChild(document.createElement("meta"));
  meta.setAttribute(kind, key);
  meta.content = content;
}
