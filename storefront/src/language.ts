/** The language of this page. It stands in the address, so that each has addresses of its own: /de/p/… */
import { german } from "@/words/german";

export type Language = "en" | "de";

export const LANGUAGES: { code: Language; name: string; locale: string }[] = [
  { code: "en", name: "English", locale: "en-IE" },
  { code: "de", name: "Deutsch", locale: "de-DE" },
];
/** Its addresses have no prefix. */
export const DEFAULT = LANGUAGES[0]!;

const spoken = LANGUAGES.find(({ code }) => code !== DEFAULT.code && startsWith(window.location.pathname, code)) ?? DEFAULT;

export const LANGUAGE: Language = spoken.code;
/** Numbers, dates and country names follow it. */
export const LOCALE: string = spoken.locale;
/** What addresses in this language begin with. */
export const BASE = prefixOf(LANGUAGE);

/**
 * The words in the language of this page; `{name}` stands for what `values` says, numbers as people write them there.
 * Without a translation, in English.
 */
export function t(words: string, values: Record<string, string | number> = {}): string {
  const said = LANGUAGE === "de" ? (german[words] ?? words) : words;
  return said.replace(/\{(\w+)\}/g, (whole, name: string) => values[name]?.toLocaleString(LOCALE) ?? whole);
}

/** A path of this storefront, such as /p/moss-lamp, in that language. */
export function addressIn(language: string, path: string): string {
  return prefixOf(language) + path.replace(/^\//, "");
}

function prefixOf(language: string): string {
  return language === DEFAULT.code ? "/" : `/${language}/`;
}

function startsWith(path: string, code: string): boolean {
  return path === `/${code}` || path.startsWith(`/${code}/`);
}
