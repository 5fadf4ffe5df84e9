import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const { happyDOM } = window as unknown as { happyDOM: { setURL: (address: string) => void } };

beforeEach(() => vi.resetModules());
afterEach(() => happyDOM.setURL("http://shop.test/"));

async function openAt(path: string) {
  happyDOM.setURL(`http://shop.test${path}`);
  return { ...(await import("@/language")), ...(await import("@/dates")), ...(await import("@/money")) };
}

describe("a page in German", () => {
  it("speaks German, and English where it lacks the words", async () => {
    const { addressIn, BASE, t } = await openAt("/de/cart");
    expect(t("Only {count} left", { count: 3 })).toBe("Nur noch 3 da");
    expect(t("Of {nobody} {count}", { count: 3 })).toBe("Of {nobody} 3");
    expect([BASE, addressIn("de", "/cart"), addressIn("en", "/cart")]).toEqual(["/de/", "/de/cart", "/cart"]);
  });

  it("writes numbers, money, rates and days as Germans do", async () => {
    const { formatDeadline, formatMoney, formatPercent, formatDate, t } = await openAt("/de");
    const plain = (words: string) => words.replace(/\s/g, " ");
    expect(t("{count} products", { count: 12_345 })).toBe("12.345 Produkte");
    expect(plain(formatMoney({ minor: 123_456, currency: "EUR" }))).toBe("1.234,56 €");
    expect(plain(formatPercent("5.5"))).toBe("5,5 %");
    expect(formatDate("2026-12-03T12:00:00Z")).toBe("3. Dezember 2026");
    const now = new Date(2026, 10, 26, 12);
    expect(formatDeadline(new Date(2026, 10, 26, 18).toISOString(), now)).toBe("heute um 18:00 Uhr");
    expect(formatDeadline(new Date(2026, 10, 30, 18).toISOString(), now)).toBe("Montag, 30. November");
  });
});

describe("a page in English", () => {
  it("is any whose address does not begin with another language", async () => {
    const { BASE, formatPercent, t } = await openAt("/deals");
    expect([BASE, t("Cart"), formatPercent("23.00")]).toEqual(["/", "Cart", "23%"]);
    expect(t("{count} products", { count: 12_345 })).toBe("12,345 products");
  });
});
