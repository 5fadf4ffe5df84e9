import { describe, expect, it } from "vitest";

import type { ProductDetail, Variant } from "@/api/types";
import { isColourOption, shadeOf } from "@/shopping/colours";
import { choicesOf, choose, firstSelection, mostOf, variantFor } from "@/shopping/selection";

import { priceOf } from "./shop-answers";

function variant(sku: string, options: Record<string, string>, changes: Partial<Variant> = {}): Variant {
  const bought = { price: priceOf(100), availability: "in_stock", expected_on: null, available: null, image: null, min_quantity: 1, max_quantity: 99 } as const;
  return { id: sku, sku, name: sku, options, ...bought, ...changes };
}

/** Moss comes in S and M, Rust in M and L; Moss S is sold out. */
const throwBlanket = {
  options: [
    { name: "Colour", values: ["Moss", "Rust"] },
    { name: "Size", values: ["S", "M", "L"] },
  ],
  variants: [
    variant("moss-s", { Colour: "Moss", Size: "S" }, { availability: "sold_out" }),
    variant("moss-m", { Colour: "Moss", Size: "M" }),
    variant("rust-m", { Colour: "Rust", Size: "M" }, { availability: "low_stock", available: 3 }),
    variant("rust-l", { Colour: "Rust", Size: "L" }),
  ],
} as ProductDetail;

describe("the selection", () => {
  it("starts at the first variant that can be bought", () => {
    expect(firstSelection(throwBlanket)).toEqual({ Colour: "Moss", Size: "M" });
  });

  it("starts at the variant asked for, even a sold-out one", () => {
    expect(firstSelection(throwBlanket, "moss-s")).toEqual({ Colour: "Moss", Size: "S" });
  });

  it("names one variant when every option is chosen, and none before", () => {
    expect(variantFor(throwBlanket, { Colour: "Rust", Size: "M" })?.sku).toBe("rust-m");
    expect(variantFor(throwBlanket, { Colour: "Rust" })).toBeNull();
    expect(variantFor(throwBlanket, { Colour: "Rust", Size: "S" })).toBeNull();
  });

  it("names the only variant of a product without options", () => {
    const mug = { options: [], variants: [variant("mug", {})] } as unknown as ProductDetail;
    expect(variantFor(mug, firstSelection(mug))?.sku).toBe("mug");
  });

  it("keeps the other choice where the combination exists", () => {
    expect(choose(throwBlanket, { Colour: "Moss", Size: "M" }, "Colour", "Rust")).toEqual({ Colour: "Rust", Size: "M" });
  });

  it("moves to a variant that can be bought where the combination does not exist", () => {
    expect(choose(throwBlanket, { Colour: "Rust", Size: "L" }, "Colour", "Moss")).toEqual({ Colour: "Moss", Size: "M" });
  });

  it("tells sold-out values from combinations that do not exist", () => {
    const [, size] = throwBlanket.options;
    if (!size) throw new Error("the product should have sizes");
    expect(choicesOf(throwBlanket, size, { Colour: "Moss", Size: "M" })).toEqual([
      { value: "S", state: "sold_out" },
      { value: "M", state: "available" },
      { value: "L", state: "missing" },
    ]);
  });

  it("allows no more than are left", () => {
    expect(mostOf(throwBlanket.variants[2] ?? null)).toBe(3);
    expect(mostOf(throwBlanket.variants[3] ?? null)).toBe(99);
    expect(mostOf(variant("CUP", {}, { max_quantity: 24 }))).toBe(24);
    expect(mostOf(variant("CUP", {}, { max_quantity: 24, available: 3 }))).toBe(3);
  });
});

describe("swatches", () => {
  it("know common colour names, also within longer ones", () => {
    expect(shadeOf("Moss")).toMatch(/^#/);
    expect(shadeOf("Dark moss")).toBe(shadeOf("Moss"));
    expect(shadeOf("Nessie")).toBeNull();
  });

  it("are for colours only", () => {
    expect(isColourOption("Colour")).toBe(true);
    expect(isColourOption("color")).toBe(true);
    expect(isColourOption("Size")).toBe(false);
  });
});
