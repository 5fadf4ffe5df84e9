import { describe, expect, it } from "vitest";

import { exponentOf, formatMoney, toDecimal } from "@/money";

describe("money", () => {
  it("moves the point by the currency's own exponent", () => {
    expect(toDecimal(1999, "EUR")).toBe("19.99");
    expect(toDecimal(1999, "JPY")).toBe("1999");
    expect(toDecimal(1999, "KWD")).toBe("1.999");
  });

  it("pads amounts below one unit", () => {
    expect(toDecimal(5, "EUR")).toBe("0.05");
    expect(toDecimal(5, "KWD")).toBe("0.005");
    expect(toDecimal(0, "EUR")).toBe("0.00");
  });

  it("keeps the sign of a negative amount", () => {
    expect(toDecimal(-5, "EUR")).toBe("-0.05");
    expect(formatMoney({ minor: -1999, currency: "EUR" })).toBe("-€19.99");
  });

  it("follows ISO 4217 where Intl would follow custom", () => {
    expect(exponentOf("HUF")).toBe(2);
    expect(formatMoney({ minor: 123456, currency: "HUF" }, "en")).toContain("1,234.56");
  });

  it("formats for the shopper", () => {
    expect(formatMoney({ minor: 123456, currency: "EUR" })).toBe("€1,234.56");
    expect(formatMoney({ minor: 1234, currency: "JPY" })).toBe("¥1,234");
    expect(formatMoney({ minor: 1234567, currency: "KWD" }, "en")).toMatch(/1,234\.567/);
  });

  it("does not lose cents of amounts that a float could not hold apart", () => {
    expect(formatMoney({ minor: 9007199254740991, currency: "EUR" })).toBe("€90,071,992,547,409.91");
  });
});
