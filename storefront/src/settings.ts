/** Where the shop's API answers. Fixed at build time. */
export const API_ORIGIN: string = (import.meta.env.VITE_MAGPIE_API || "http://localhost:8000").replace(/\/+$/, "");
