import { shallowRef, watchEffect } from "vue";

import type { Picture } from "@/api/types";
import { addressIn } from "@/language";
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
  watchEffect(() => {
    const { title, description, image, type, alternates: translations = [], structured = [] } = read();
    const full = title && title !== site.name ? `${title} · ${site.name}` : site.name;
    const picture = image ?? site.facts?.social_image ?? null;
    document.title = full;
    if (description) write("name", "description", description);
    write("property", "og:site_name", site.name);
    write("property", "og:title", title || site.name);
    write("property", "og:type", type ?? "website");
    write("property", "og:url", location.origin + location.pathname);
    write("property", "og:description", description ?? "");
    write("property", "og:image", picture?.src ?? "");
    write("property", "og:image:alt", picture?.alt ?? "");
    write("name", "twitter:card", picture ? "summary_large_image" : "summary");
    alternates.value = translations;
    document.querySelectorAll('link[rel="alternate"]').forEach((link) => link.remove());
    for (const { locale, path } of translations) document.head.append(linkTo(locale, path));
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

function linkTo(locale: string, path: string): HTMLLinkElement {
  const link = document.createElement("link");
  Object.assign(link, { rel: "alternate", hreflang: locale, href: window.location.origin + addressIn(locale, path) });
  return link;
}

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
