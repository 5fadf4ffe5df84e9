import { watchEffect } from "vue";

const SHOP = "Magpie";

/** The document's title and description follow what the page shows. */
export function usePageHead(read: () => { title?: string | null; description?: string | null }): void {
  watchEffect(() => {
    const { title, description } = read();
    document.title = title && title !== SHOP ? `${title} · ${SHOP}` : SHOP;
    if (description) document.querySelector('meta[name="description"]')?.setAttribute("content", description);
  });
}
