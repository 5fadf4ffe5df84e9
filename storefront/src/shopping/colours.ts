/** Colours of swatches, for the colour names that shops like this one use. An unknown name is shown as text. */
const SHADES: Record<string, string> = {
  amber: "#c98a2b", anthracite: "#33383d", apricot: "#e3a878", ash: "#c9c2b6", beech: "#d9b68c", beige: "#dccdb4",
  birch: "#e6d6ba", black: "#1b1d1f", blue: "#33577f", blush: "#dfb9ad", bone: "#e8e1d3", brass: "#b6924a",
  brick: "#9c4a35", bronze: "#7c5f3c", brown: "#6b4a33", burgundy: "#662531", butter: "#f0dc9c", chalk: "#efece4",
  charcoal: "#3a3d40", cherry: "#8a2f33", chestnut: "#6f3f2a", clay: "#b4785a", clear: "#e8eff0", coal: "#2a2c2e",
  cobalt: "#2a4a9b", copper: "#b06b43", cork: "#c49a6c", cream: "#f1e8d5", denim: "#4a6480", dune: "#d6c4a4",
  dusk: "#6b6580", ecru: "#e6dcc6", fern: "#5f7f4e", fir: "#2d4a3c", flax: "#d8c79c", fog: "#c9cdcc",
  forest: "#2f4a38", frost: "#dfe8ea", ginger: "#b5652f", glacier: "#b9d0d6", gold: "#c6a14a", graphite: "#43474b",
  green: "#4d7353", grey: "#8d9294", hazel: "#a07b52", heather: "#8f7f9c", honey: "#d9a441", indigo: "#2f3b66",
  ink: "#222b3a", ivory: "#f3eddf", juniper: "#3f5a55", lavender: "#b3a7c9", leaf: "#6a8a4a", lemon: "#ecd75f",
  lichen: "#a9b08a", lilac: "#bba9c6", linen: "#e3d8c3", marine: "#24405c", midnight: "#1d2638", mint: "#b5d3c0",
  mist: "#cfd6d6", moss: "#6b7548", mustard: "#c99a2e", natural: "#dccbae", navy: "#22304d", night: "#1f2530",
  oak: "#c19a6b", oat: "#e2d5bd", oatmeal: "#d8cbb3", ocean: "#2b5f75", ochre: "#c08a2e", olive: "#6e6b3a",
  orange: "#d2752f", paper: "#f4f1ea", pearl: "#ebe7df", pebble: "#b3aca1", petrol: "#1c5563", pine: "#2e5245",
  pink: "#dea3a5", plum: "#5d3551", raven: "#22252b", red: "#ae3a32", rose: "#d3a1a0", russet: "#8d4a2c",
  rust: "#a9532f", saffron: "#dc9b27", sage: "#9aa88a", salt: "#eeebe4", sand: "#d8c6a5", sea: "#4b8089",
  silver: "#c2c6c8", sky: "#a8c6d8", slate: "#66727b", smoke: "#a3a6a7", snow: "#f5f5f2", steel: "#8e979d",
  stone: "#bdb5a8", straw: "#e0cb8d", tan: "#b98f63", teal: "#2a6f6f", terracotta: "#bd6b4a", tobacco: "#7d5a36",
  walnut: "#6b4a34", water: "#a9cdd3", wheat: "#dfc690", white: "#fafaf7", willow: "#a3ad86", wine: "#6a2a3a",
  yellow: "#e0bd3f",
};

export function isColourOption(name: string): boolean {
  return /^colou?r$/i.test(name.trim());
}

/** The shade of "Moss" or "Dark moss"; null when no word of the name is known. */
export function shadeOf(name: string): string | null {
  const words = name.toLowerCase().split(/[^a-zà-ÿ]+/);
  for (const word of words.reverse()) {
    const shade = SHADES[word];
    if (shade) return shade;
  }
  return null;
}
