import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ref } from "vue";

import type { Site } from "@/api/types";
import type { Head } from "@/page/head";

const { happyDOM } = window as unknown as { happyDOM: { setURL: (address: string) => void } };

beforeEach(() => {
  vi.resetModules();
  document.head.replaceChildren();
});
afterEach(() => happyDOM.setURL("http://shop.test/"));

const shop = { name: "Nest", tagline: "Gathered", legal_name: "", logo: null, social_image: null, social: [], footer_line: "" };
const site: Site = {
  shop: { ...shop, contact: { email: "", phone: "", address: "", opening_hours: "" } },
  menus: { main: [], footer: [] },
  locales: [],
  json_ld: [{ "@type": "Organization", name: "Nest" }],
};

/** Opens that address, in its language, and shows what it says of itself. */
async function open(address: string, first: Head) {
  happyDOM.setURL(address);
  const { freshPinia, settled, show } = await import("./mounting");
  const { usePageHead } = await import("@/page/head");
  const { useSite } = await import("@/stores/site");
  const head = ref(first);
  const pinia = freshPinia();
  useSite().show(site);
  const page = { setup: () => (usePageHead(() => head.value), () => null) };
  show(page, {}, pinia);
  await settled();
  return async (next: Head) => {
    head.value = next;
    await settled();
  };
}

const links = (rel: string) =>
  [...document.head.querySelectorAll<HTMLLinkElement>(`link[rel="${rel}"]`)].map((link) =>
    [link.getAttribute("hreflang"), link.getAttribute("href")].filter(Boolean).join(" "),
  );
const told = () =>
  [...document.head.querySelectorAll('script[type="application/ld+json"]')].map((each) => JSON.parse(each.textContent ?? ""));
const said = (name: string) => document.head.querySelector<HTMLMetaElement>(`[name="${name}"]`)?.content;

const alternates = [
  { locale: "en", path: "/p/mug" },
  { locale: "de", path: "/p/becher" },
];

describe("the head of a page", () => {
  it("names its own address, that in each language, and one for whoever speaks none of them", async () => {
    await open("http://shop.test/p/mug?sku=blue", { alternates });
    expect(links("canonical")).toEqual(["http://shop.test/p/mug"]);
    expect(links("alternate")).toEqual([
      "en http://shop.test/p/mug",
      "x-default http://shop.test/p/mug",
      "de http://shop.test/de/p/becher",
    ]);
  });

  it("names the address of the language that is shown", async () => {
    const turn = await open("http://shop.test/de/p/becher", { alternates });
    expect(links("canonical")).toEqual(["http://shop.test/de/p/becher"]);
    // Not translated: what stands at the German address is the English page.
    await turn({ alternates: alternates.slice(0, 1) });
    expect(links("canonical")).toEqual(["http://shop.test/p/mug"]);
    // Without languages of its own a page has the address at which it is.
    await turn({});
    expect([links("canonical"), links("alternate")]).toEqual([["http://shop.test/de/"], []]);
  });

  it("tells search engines of the shop and of the page, and forgets the page before", async () => {
    const mug = { "@type": "Product", name: "</script>" };
    const turn = await open("http://shop.test/", { structured: [mug], description: "For tea" });
    expect(told()).toEqual([...site.json_ld, mug]);
    expect(said("description")).toBe("For tea");
    await turn({ title: "Cart" });
    expect(told()).toEqual(site.json_ld);
    expect(said("description")).toBe("Gathered");
  });
});
