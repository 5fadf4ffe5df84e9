import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => {
  const env = loadEnv(mode, process.cwd(), "VITE_");
  const cms = env.VITE_MAGPIE_CMS_ORIGIN || "http://localhost:8000";

  // A preview address carries its token in the query, so it must never travel in a Referer; and only the CMS may
  // show the shop in a frame. Whatever serves dist/ in production has to send the same three headers.
  const headers = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": `frame-ancestors 'self' ${cms}`,
  };

  return {
    plugins: [vue()],
    resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
    server: { headers },
    preview: { headers },
    build: { target: "es2022" },
    test: { environment: "happy-dom", include: ["tests/**/*.test.ts"], restoreMocks: true },
  };
});
