import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { forgetRemembered } from "@/api/catalogue";
import type { Page, PageBlock, ProductCard, Site } from "@/api/types";
import NewsletterForm from "@/components/NewsletterForm.vue";
import PageBlocks from "@/components/PageBlocks.vue";
import ShopPage from "@/components/ShopPage.vue";
import VideoPlayer from "@/components/VideoPlayer.vue";
import { useShop } from "@/stores/shop";
import { useSite } from "@/stores/site";
import PageView from "@/views/PageView.vue";

import { freshPinia, settled, show } from "./mounting";
import { priceOf, problem, shopAnswers } from "./shop-answers";

beforeEach(() => {
  // A frame that is shown would be loaded.
  const { happyDOM } = window as unknown as { happyDOM: { settings: { disableIframePageLoading: boolean } } };
  happyDOM.settings.disableIframePageLoading = true;
  localStorage.clear();
  forgetRemembered();
  document.head.replaceChildren();
});
afterEach(() => vi.unstubAllGlobals());

const card: ProductCard = {
  id: "1",
  slug: "mug",
  locale: "en",
  title: "Mug",
  summary: "For tea",
  image: null,
  price: priceOf(1999),
  price_from: false,
  availability: "in_stock",
  expected_on: null,
  variant_count: 1,
  default_variant: "v",
};
const linen = { title: "Linen", path: "/journal/linen", standfirst: "Woven.", author: "Ana", published_on: "2026-05-01", image: null };

function pageWith(changes: Partial<Page> = {}, ...blocks: PageBlock[]): Page {
  return {
    type: "landing",
    title: "About us",
    path: "/about",
    locale: "en",
    seo: { title: "About the shop", description: "Who we are" },
    social_image: null,
    breadcrumbs: [{ title: "Home", path: "/" }],
    translations: [],
    article: null,
    blocks,
    ...changes,
  };
}

function siteWith(menus: Partial<Site["menus"]> = {}): Site {
  const shop = { name: "Nest", tagline: "", legal_name: "", logo: null, social_image: null, social: [], footer_line: "" };
  const contact = { email: "", phone: "", address: "", opening_hours: "" };
  return { shop: { ...shop, contact }, menus: { main: [], footer: [], ...menus }, locales: [], json_ld: [] };
}

const every: PageBlock[] = [
  { type: "hero", id: null, value: { title: "Light", text: "", image: null, button: { label: "Look", href: "/c/lamps" } } },
  { type: "rich_text", id: null, value: '<p>See <a href="/c/lamps">lamps</a></p>' },
  { type: "quote", id: null, value: { text: "Bright", attribution: "A reader" } },
  { type: "button", id: null, value: { label: "Write", href: "mailto:a@example.com" } },
  { type: "faq", id: null, value: { title: "Asked", questions: [{ question: "Why?", answer: "<p>So</p>" }] } },
  { type: "newsletter", id: null, value: { title: "News", text: "" } },
  { type: "product", id: null, value: { product: card, text: "Ours" } },
  { type: "products", id: null, value: { title: "New", products: [card] } },
  { type: "collection", id: null, value: { title: "Gifts", path: "/collections/gifts", products: [card] } },
  { type: "categories", id: null, value: { title: "Rooms", categories: [{ slug: "l", title: "Lamps", path: "/c/l", image: null }] } },
  { type: "articles", id: null, value: { title: "Stories", path: "/journal", count: 1, limit: 3, articles: [linen] } },
];

describe("the blocks of a page", () => {
  it("show what they hold, with links that stay in the shop", () => {
    const shown = show(PageBlocks, { blocks: every });
    for (const words of ["Light", "See lamps", "Bright", "Why?", "News", "Ours", "€19.99", "Gifts", "Rooms", "Linen"]) {
      expect(shown.text()).toContain(words);
    }
    const links = [...shown.element.querySelectorAll("a")].map((link) => link.getAttribute("href"));
    expect(links).toEqual(expect.arrayContaining(["/c/lamps", "mailto:a@example.com", "/collections/gifts", "/journal/linen"]));
    expect(shown.element.querySelectorAll("h1")).toHaveLength(1);
  });

  it("of a kind this storefront does not know are left out, as are rows with nothing in them", () => {
    const odd = { type: "of_tomorrow", id: null, value: {} } as unknown as PageBlock;
    const empty: PageBlock = { type: "products", id: null, value: { title: "New", products: [] } };
    expect(show(PageBlocks, { blocks: [odd, empty] }).text()).toBe("");
  });

  it("ask nothing of a video's provider until somebody plays it", async () => {
    const embed_url = "https://player.vimeo.com/video/1?dnt=1";
    const video = { title: "Glass", address: "", provider: "vimeo", id: "1", embed_url, poster: null };
    const shown = show(VideoPlayer, { video });
    expect(shown.element.querySelector("iframe")).toBeNull();
    shown.find("button").click();
    await settled();
    expect(shown.find("iframe").getAttribute("src")).toBe("https://player.vimeo.com/video/1?dnt=1&autoplay=1");
  });

  it("load older articles once each", async () => {
    const older = { ...linen, title: "Oak", path: "/journal/oak" };
    const asked = shopAnswers({ status: 200, body: { count: 2, next: null, previous: null, results: [linen, older] } });
    const blocks: PageBlock[] = [
      { type: "articles", id: null, value: { title: "", path: "/journal", count: 2, limit: 1, articles: [linen] } },
    ];
    const shown = show(PageBlocks, { blocks });
    shown.find("button").click();
    await settled();
    expect(asked[0]?.query).toContain("parent=%2Fjournal&page=2&page_size=1");
    expect(shown.element.querySelectorAll("article")).toHaveLength(2);
    expect(shown.element.querySelector("button")).toBeNull();
  });
});

describe("a page", () => {
  it("has its title once, in the opening or above it", () => {
    const [hero] = every as [PageBlock];
    expect(show(ShopPage, { page: pageWith({}, hero) }).find("h1").textContent).toBe("Light");
    expect(show(ShopPage, { page: pageWith() }).find("h1").textContent).toBe("About us");
    const article = show(ShopPage, { page: pageWith({ type: "article", title: "Linen", article: linen }) });
    expect(article.text()).toMatch(/Linen\s*Woven\.\s*Ana\s*1 May 2026/);
  });

  it("tells browsers and networks what it is", async () => {
    const picture = { alt: "A shelf", width: 1, height: 1, src: "http://localhost/shelf.webp", srcset: "", sources: [], focus: null };
    shopAnswers({ status: 200, body: pageWith({ social_image: picture }) });
    const pinia = freshPinia();
    useSite().show(siteWith());
    show(PageView, { path: "/about" }, pinia);
    await settled();
    const said = (name: string) => document.head.querySelector<HTMLMetaElement>(`[name="${name}"],[property="${name}"]`)?.content;
    expect(document.title).toBe("About the shop · Nest");
    expect([said("description"), said("og:title"), said("og:image")]).toEqual(["Who we are", "About the shop", picture.src]);
    expect(said("twitter:card")).toBe("summary_large_image");
  });

  it("that is not there says so", async () => {
    shopAnswers(problem(404, "page_not_found"));
    const shown = show(PageView, { path: "/nothing" });
    await settled();
    expect(shown.text()).toContain("There is no such page here");
  });
});

describe("the site", () => {
  it("has its own menus, else the categories in their place", async () => {
    freshPinia();
    const lamps = { slug: "lamps", locale: "en", title: "Lamps", image: null, product_count: 3, children: [] };
    useShop().categories = [lamps];
    const site = useSite();
    shopAnswers("no answer", { status: 200, body: siteWith({ main: [{ label: "About", path: "/about", items: [] }] }) });
    await site.load();
    expect(site.main).toEqual([{ label: "Lamps", path: "/c/lamps", items: [], count: 3 }]);
    await site.load();
    expect([site.name, site.main[0]?.label, site.footer[0]?.label]).toEqual(["Nest", "About", "Lamps"]);
  });
});

describe("the newsletter's field", () => {
  async function enter(email: string) {
    const shown = show(NewsletterForm, { title: "News", text: "" });
    const field = shown.find("input") as HTMLInputElement;
    field.value = email;
    field.dispatchEvent(new Event("input"));
    await settled();
    shown.find("form").dispatchEvent(new Event("submit"));
    await settled();
    return shown;
  }

  it("says that a mail is on its way", async () => {
    const asked = shopAnswers({ status: 202, body: { result: "asked" } });
    expect((await enter("ana@example.com")).text()).toContain("We have sent a mail to ana@example.com");
    expect(asked[0]?.body).toMatchObject({ email: "ana@example.com" });
  });

  it("says what is wrong and keeps what was entered", async () => {
    shopAnswers(problem(400, "invalid", { errors: { email: ["Enter a valid email address."] } }));
    const shown = await enter("ana");
    expect(shown.text()).toContain("That is not an e-mail address");
    expect((shown.find("input") as HTMLInputElement).value).toBe("ana");
  });
});
