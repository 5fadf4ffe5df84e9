import { LOCALE } from "@/settings";

/** How big a file is, in decimal units as browsers show it: "2.4 MB". */
export function sizeOf(bytes: number): string {
  const big = bytes >= 1_000_000;
  const unit = big ? "megabyte" : "kilobyte";
  const format = new Intl.NumberFormat(LOCALE, { style: "unit", unit, maximumFractionDigits: big ? 1 : 0 });
  return format.format(Math.max(bytes / (big ? 1_000_000 : 1_000), big ? 0 : 1));
}
