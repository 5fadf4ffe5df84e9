import type { Money } from "@/api/types";
import { LOCALE } from "@/language";

/** ISO 4217 minor units. `Intl` is not asked: it follows CLDR, which shows HUF or ISK as people write them. */
const EXPONENTS_OTHER_THAN_TWO: Record<string, number> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3])),
  ...Object.fromEntries("CLF UYW".split(" ").map((code) => [code, 4])),
};

export function exponentOf(currency: string): number {
  return EXPONENTS_OTHER_THAN_TWO[currency] ?? 2;
}

/** Minor units as a decimal string, by moving the point: 1999 EUR is "19.99", 5 KWD is "0.005". */
export function toDecimal(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, "0");
  const sign = minor < 0 ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** What a shopper reads: "€19.99". The amount stays a decimal string all the way into `Intl`. */
export function formatMoney(money: Pick<Money, "minor" | "currency">, locale: string = LOCALE): string {
  const exponent = exponentOf(money.currency);
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: money.currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  return format.format(toDecimal(money.minor, money.currency) as Intl.StringNumericLiteral);
}

/** "23%", or "23 %" where that is the custom; the rate stays a decimal string all the way. */
export function formatPercent(rate: number | string, locale: string = LOCALE): string {
  const format = new Intl.NumberFormat(locale, { style: "unit", unit: "percent", maximumFractionDigits: 4 });
  return format.format(rate as Intl.StringNumericLiteral);
}

/** An amount taken off: "−€5.00", with the sign that typesetters use. */
export function formatOff(money: Pick<Money, "minor" | "currency">, locale: string = LOCALE): string {
  return `−${formatMoney(money, locale)}`;
}
