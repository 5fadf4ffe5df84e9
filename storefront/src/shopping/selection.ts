/** Which variant is meant by the options chosen so far. */
import type { ProductDetail, ProductOption, ProductOptionValue, Variant } from "@/api/types";

export type Selection = Readonly<Record<string, string>>;

function matches(variant: Variant, selection: Selection): boolean {
  return Object.entries(selection).every(([name, value]) => variant.options[name] === value);
}

/** The variant that every option of the product together names. */
export function variantFor(product: ProductDetail, selection: Selection): Variant | null {
  if (product.options.length === 0) return product.variants[0] ?? null;
  if (product.options.some((option) => !(option.name in selection))) return null;
  return product.variants.find((variant) => matches(variant, selection)) ?? null;
}

/** What is selected when the page opens: the variant asked for, else the first that can be bought, else the first. */
export function firstSelection(product: ProductDetail, sku?: string): Selection {
  const variants = product.variants;
  const wanted =
    variants.find((variant) => sku !== undefined && variant.sku === sku) ??
    variants.find((variant) => variant.availability !== "sold_out") ??
    variants[0];
  return wanted ? { ...wanted.options } : {};
}

/**
 * The selection after a click on one value. What was chosen before stays where a variant has both; otherwise the
 * nearest variant with the clicked value wins: most other choices kept, then one that can be bought.
 */
export function choose(product: ProductDetail, selection: Selection, name: string, value: string): Selection {
  const wanted = { ...selection, [name]: value };
  if (variantFor(product, wanted)) return wanted;
  const kept = (variant: Variant) =>
    Object.entries(selection).filter(([key, chosen]) => key !== name && variant.options[key] === chosen).length;
  const sellable = (variant: Variant) => (variant.availability === "sold_out" ? 0 : 1);
  const [nearest] = product.variants
    .filter((variant) => variant.options[name] === value)
    .sort((one, other) => kept(other) - kept(one) || sellable(other) - sellable(one));
  return nearest ? { ...nearest.options } : wanted;
}

export type Choice = ProductOptionValue & { state: "available" | "sold_out" | "missing" };

/** How each value of an option stands, given the other options as chosen: a missing combination can still be clicked. */
export function choicesOf(product: ProductDetail, option: ProductOption, selection: Selection): Choice[] {
  return option.values.map((each) => {
    const variant = variantFor(product, { ...selection, [option.name]: each.value });
    if (!variant) return { ...each, state: "missing" };
    return { ...each, state: variant.availability === "sold_out" ? "sold_out" : "available" };
  });
}

/** How many may be put into the cart at once. */
export function mostOf(variant: Variant | null): number {
  const allowed = variant?.max_quantity ?? 1;
  return Math.min(allowed, variant?.available ?? allowed);
}
