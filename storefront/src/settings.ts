/** Where the shop's API answers. Fixed at build time. */
export const API_ORIGIN: string = (import.meta.env.VITE_MAGPIE_API || "http://localhost:8000").replace(/\/+$/, "");

/** Who may show the shop in a frame, and is listened to there. */
export const ADMIN_ORIGIN: string = import.meta.env.VITE_MAGPIE_CMS_ORIGIN || new URL(API_ORIGIN).origin;
