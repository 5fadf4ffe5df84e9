/** A preview session: while it lasts, the shop is read as it is drafted. The token stays in this tab. */
import { ref } from "vue";

import { kept } from "@/stores/keeping";

const keptToken = kept("magpie.preview", () => sessionStorage);

export type PreviewEnd = "preview_expired" | "preview_revoked" | "preview_not_found";
const ENDS: readonly string[] = ["preview_expired", "preview_revoked", "preview_not_found"];

/** What lies behind a cart or an order is never a draft, so the token is not told there. */
const READ = /^\/api\/(?:v1\/(?!carts|checkouts|orders|customers|markets)|pages\/v2\/pages\/)/;

export const previewToken = ref<string | null>(handedOver() ?? keptToken.get());
export const previewEnd = ref<PreviewEnd | null>(null);
if (previewToken.value) keptToken.set(previewToken.value);

/** The same address, with the session's token where drafts can be read. */
export function amongDrafts(address: string): string {
  const url = new URL(address);
  if (!previewToken.value || !READ.test(url.pathname) || url.searchParams.has("token")) return address;
  url.searchParams.set("preview", previewToken.value);
  return url.href;
}

/** Remembers why the session is over, when that is what the shop said. */
export async function noteEnd(response: Response): Promise<void> {
  if (!previewToken.value || (response.status !== 410 && response.status !== 404)) return;
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  if (code && ENDS.includes(code)) previewEnd.value = code as PreviewEnd;
}

/** Back to what everybody sees. */
export function leavePreview(): void {
  keptToken.clear();
  previewToken.value = null;
}

/** The token with which the admin opened /preview. */
function handedOver(): string | null {
  const { pathname, search } = window.location;
  return /^\/(?:\w\w\/)?preview\/?$/.test(pathname) ? new URLSearchParams(search).get("token") : null;
}
