/** What can be looked at: markets, categories and products. */
import { bodyOf, client } from "./client";
import type {
  Brand,
  Category,
  CategoryDetail,
  Collection,
  Market,
  ProductCard,
  ProductDetail,
  ProductList,
} from "./types";

const FRESH_FOR = 60_000;
const remembered = new Map<string, { at: number; value: Promise<unknown> }>();

let market: string | undefined;

/** From now on the shop is read as it is in this market; null is its default one. */
export function readMarket(code: string | null): void {
  market = code ?? undefined;
  forgetRemembered();
}

/** The market that everything is read in, as a query. */
export function readIn(): { market: string | undefined } {
  return { market };
}

/** Keeps an answer for a minute, so that going back is instant and lands where the shopper was. */
export function remember<T>(key: string, load: () => Promise<T>): Promise<T> {
  const known = remembered.get(key);
  if (known && Date.now() - known.at < FRESH_FOR) return known.value as Promise<T>;
  const value = load();
  remembered.set(key, { at: Date.now(), value });
  value.catch(() => remembered.delete(key));
  return value;
}

/** Called when stock may have changed under our feet, so that no page shows what is sold. */
export function forgetRemembered(): void {
  remembered.clear();
}

export async function fetchMarkets(): Promise<Market[]> {
  return (await bodyOf(client.GET("/api/v1/markets/", {}))).results;
}

export function fetchCategories(): Promise<Category[]> {
  return bodyOf(client.GET("/api/v1/categories/", { params: { query: { market } } }));
}

export function fetchCategory(slug: string): Promise<CategoryDetail> {
  return remember(
    `category ${slug}`,
    () =>
      bodyOf(
        client.GET("/api/v1/categories/{slug}/", { params: { path: { slug }, query: { market } } }),
      ) as Promise<CategoryDetail>,
  );
}

export function fetchBrand(slug: string): Promise<Brand> {
  return remember(`brand ${slug}`, () =>
    bodyOf(client.GET("/api/v1/brands/{slug}/", { params: { path: { slug }, query: { market } } })),
  );
}

export function fetchCollection(slug: string): Promise<Collection> {
  return remember(`collection ${slug}`, () =>
    bodyOf(client.GET("/api/v1/collections/{slug}/", { params: { path: { slug }, query: { market } } })),
  );
}

/** What a list is narrowed down to, by slug. */
export type Within = { category: string } | { brand: string } | { collection: string };

export function fetchListedProducts(within: Within, page: number, pageSize: number): Promise<ProductList> {
  return remember(`products ${JSON.stringify(within)} ${page} ${pageSize}`, () =>
    bodyOf(client.GET("/api/v1/products/", { params: { query: { market, ...within, page, page_size: pageSize } } })),
  );
}

export function fetchProduct(slug: string): Promise<ProductDetail> {
  return remember(
    `product ${slug}`,
    () =>
      bodyOf(
        client.GET("/api/v1/products/{slug}/", { params: { path: { slug }, query: { market } } }),
      ) as Promise<ProductDetail>,
  );
}

/** What the shop shows beside a product. */
export function fetchRelatedProducts(slug: string): Promise<ProductCard[]> {
  return remember(`related ${slug}`, () =>
    bodyOf(client.GET("/api/v1/products/{slug}/related/", { params: { path: { slug }, query: { market } } })),
  );
}

/** Where what was at this path is now; null if nothing is known to have moved from there. */
export async function fetchDestination(path: string): Promise<string | null> {
  try {
    return (await bodyOf(client.GET("/api/v1/redirects/", { params: { query: { path } } }))).path;
  } catch {
    return null;
  }
}

/** A product as the editor has it on the desk. Never kept. */
export function fetchProductDraft(contentType: string, token: string): Promise<ProductDetail> {
  return bodyOf(
    client.GET("/api/v1/products/preview/", {
      params: { query: { content_type: contentType, token, market } },
      cache: "no-store",
    }),
  ) as Promise<ProductDetail>;
}
