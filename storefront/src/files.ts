import { LOCALE } from "@/language";

/** How big a file is, in decimal units as browsers show it: "2.4 MB"; empty where nobody knows. */
export function sizeOf(bytes: number | null): string {
  if (bytes === null) return "";
  const [unit, size] = bytes < 1_000_000 ? ["kilobyte", Math.max(bytes / 1_000, 1)] : ["megabyte", bytes / 1_000_000];
  const maximumFractionDigits = unit === "megabyte" ? 1 : 0;
  return new Intl.NumberFormat(LOCALE, { style: "unit", unit, maximumFractionDigits }).format(size);
}
