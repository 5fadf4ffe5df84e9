import { describe, expect, it, vi } from "vitest";

import type { ProductDetail, ProductOptionValue, Variant } from "@/api/types";
import VariantPicker from "@/components/VariantPicker.vue";
import { choicesOf, choose, firstSelection, mostOf, variantFor } from "@/shopping/selection";

import { show } from "./mounting";
import { priceOf } from "./shop-answers";

function variant(sku: string, options: Record<string, string>, changes: Partial<Variant> = {}): Variant {
  const bought = { price: priceOf(100), availability: "in_stock", expected_on: null, available: null, image: null, min_quantity: 1, max_quantity: 99 } as const;
  return { id: sku, sku, barcode: "", name: sku, options, ...bought, ...changes };
}

function value(name: string, changes: Partial<ProductOptionValue> = {}): ProductOptionValue {
  return { value: name, label: name, swatch: null, image: null, ...changes };
}

/** Moss comes in S and M, Rust in M and L; Moss S is sold out. */
const throwBlanket = {
  options: [
    { name: "Colour", label: "Colour", values: [value("Moss"), value("Rust")] },
    { name: "Size", label: "Size", values: [value("S"), value("M"), value("L")] },
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
      { ...value("S"), state: "sold_out" },
      { ...value("M"), state: "available" },
      { ...value("L"), state: "missing" },
    ]);
  });

  it("allows no more than are left", () => {
    expect(mostOf(throwBlanket.variants[2] ?? null)).toBe(3);
    expect(mostOf(throwBlanket.variants[3] ?? null)).toBe(99);
    expect(mostOf(variant("CUP", {}, { max_quantity: 24 }))).toBe(24);
    expect(mostOf(variant("CUP", {}, { max_quantity: 24, available: 3 }))).toBe(3);
  });
});

describe("the picker", () => {
  const options = [
    { name: "Colour", label: "Farbe", values: [value("Moss", { label: "Moos", swatch: "#7d8b6a" }), value("Rust", { swatch: "#b5563c" })] },
    throwBlanket.options[1],
  ];
  const product = { ...throwBlanket, options } as ProductDetail;
  const picker = (listening = {}) =>
    show(VariantPicker, { product, modelValue: { Colour: "Moss", Size: "M" }, ...listening });

  it("speaks the language of the answer and shows a swatch where every value has one", () => {
    const [colour, size] = picker().element.querySelectorAll("fieldset");
    expect(colour?.querySelector("legend")?.textContent?.trim()).toBe("Farbe Moos");
    expect(colour?.querySelectorAll(".swatch")).toHaveLength(2);
    expect(colour?.querySelector(".swatch")?.getAttribute("style")).toContain("#7d8b6a");
    expect(colour?.querySelector("label")?.title).toBe("Moos");
    expect(size?.querySelector(".swatch")).toBeNull();
  });

  it("chooses by the name that variants have, whatever it is called", () => {
    const chosen = vi.fn();
    picker({ "onUpdate:modelValue": chosen }).element.querySelectorAll("input")[1]?.dispatchEvent(new Event("change"));
    expect(chosen).toHaveBeenCalledWith({ Colour: "Rust", Size: "M" });
  });
});
