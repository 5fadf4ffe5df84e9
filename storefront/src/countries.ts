import { LOCALE } from "@/language";

const names = new Intl.DisplayNames([LOCALE], { type: "region" });

export function countryName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Countries as a select wants them: sorted by the name a shopper looks for. */
export function countryChoices(codes: readonly string[]): { code: string; name: string }[] {
  return codes
    .map((code) => ({ code, name: countryName(code) }))
    .sort((one, other) => one.name.localeCompare(other.name, LOCALE));
}
