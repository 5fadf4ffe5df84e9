/** The shop's own pages, what surrounds them, and the newsletter. */
import { API_ORIGIN } from "@/settings";

import { readIn, remember } from "./catalogue";
import { bodyOf, client, fetchFromShop } from "./client";
import { problemFrom } from "./problems";
import type { ArticleList, Page, Picture, Site, StoryBlock } from "./types";

export type CategoryDraft = {
  title: string;
  introduction: string;
  image_set: Picture | null;
  body?: StoryBlock[];
  meta: { type: string; slug: string };
};

export function fetchPage(path: string): Promise<Page> {
  return remember(
    `page ${path}`,
    () => bodyOf(client.GET("/api/v1/pages/", { params: { query: { ...readIn(), path } } })) as Promise<Page>,
  );
}

/** The newest first, of the journal at this path. */
export function fetchArticles(parent: string, page: number, pageSize: number): Promise<ArticleList> {
  const query = { ...readIn(), type: "article" as const, parent, page, page_size: pageSize };
  return bodyOf(client.GET("/api/v1/pages/", { params: { query } })) as Promise<ArticleList>;
}

export function fetchSite(): Promise<Site> {
  return bodyOf(client.GET("/api/v1/site/", { params: { query: readIn() } }));
}

/** A page as the editor has it on the desk. Never kept. */
export function fetchPageDraft(contentType: string, token: string): Promise<Page> {
  const query = { ...readIn(), content_type: contentType, token };
  return bodyOf(client.GET("/api/v1/pages/preview/", { params: { query }, cache: "no-store" })) as Promise<Page>;
}

/** The site with a draft of a menu in its place. */
export function fetchSiteDraft(contentType: string, token: string): Promise<Site> {
  const query = { content_type: contentType, token };
  return bodyOf(client.GET("/api/v1/site/preview/", { params: { query }, cache: "no-store" }));
}

/** Drafts of categories come from Wagtail's pages API, which is not part of the OpenAPI schema. */
export async function fetchCategoryDraft(contentType: string, token: string): Promise<CategoryDraft> {
  const query = new URLSearchParams({ content_type: contentType, token });
  const address = `${API_ORIGIN}/api/pages/v2/preview/?${query}`;
  const options: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
  const response = await fetchFromShop(address, options);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemFrom(response, body);
  return body as CategoryDraft;
}

export async function askForNewsletter(email: string, source: string): Promise<void> {
  await bodyOf(client.POST("/api/v1/newsletter/", { body: { email, source } }));
}

export async function answerNewsletter(answer: "confirm" | "unsubscribe", token: string): Promise<void> {
  const body = { token };
  if (answer === "confirm") await bodyOf(client.POST("/api/v1/newsletter/confirm/", { body }));
  else await bodyOf(client.POST("/api/v1/newsletter/unsubscribe/", { body }));
}
