/** Wagtail's pages API. It is not part of the OpenAPI schema, so its few types are written here. */
import { LANGUAGE } from "@/language";
import { API_ORIGIN } from "@/settings";

import { fetchFromShop } from "./client";
import { Problem, problemFrom } from "./problems";
import type { Picture, StoryBlock } from "./types";

/** Blocks of an unsaved draft have no id yet. */
type Block<Type extends string, Value> = { type: Type; value: Value; id: string | null };

export type HeroValue = {
  title: string;
  text: string;
  image: Picture | null;
  button: { label: string; href: string } | null;
};
export type HomeBlock =
  | Block<"hero", HeroValue>
  | Block<"rich_text", string>
  | Block<"products", { title: string; products: string[] }>
  | Block<"categories", { title: string; categories: { slug: string; title: string; image: Picture | null }[] }>;

type Meta = { type: string; slug: string; seo_title?: string; search_description?: string };
export type HomePage = { title: string; meta: Meta; body: HomeBlock[] };
export type CategoryDraft = {
  title: string;
  introduction: string;
  image_set: Picture | null;
  body?: StoryBlock[];
  meta: Meta;
};

async function fetchPages<T>(path: string, query: Record<string, string>, init: RequestInit = {}): Promise<T> {
  const address = `${API_ORIGIN}/api/pages/v2/${path}?${new URLSearchParams(query)}`;
  const response = await fetchFromShop(address, { credentials: "omit", referrerPolicy: "no-referrer", ...init });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemFrom(response, body);
  return body as T;
}

export async function fetchHomePage(): Promise<HomePage> {
  const query = { type: "pages.HomePage", fields: "body" };
  const spoken = await fetchPages<{ items: HomePage[] }>("pages/", { ...query, locale: LANGUAGE });
  const home = spoken.items[0] ?? (await fetchPages<{ items: HomePage[] }>("pages/", query)).items[0];
  if (!home) throw new Problem({ code: "not_found", detail: "The shop has no home page yet." }, 404);
  return home;
}

/** A page as the editor has it on the desk. Never kept. */
export function fetchPageDraft<T extends HomePage | CategoryDraft>(contentType: string, token: string): Promise<T> {
  return fetchPages<T>("preview/", { content_type: contentType, token }, { cache: "no-store" });
}
