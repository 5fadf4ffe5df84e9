/**
 * In the editor's frame a new draft takes the place of the old one, scrolled as that was.
 * Wagtail's admin shows the new one when it has asked for the place of the old one, and after ten seconds if it never does.
 */
import { ADMIN_ORIGIN } from "@/settings";

interface Message {
  type: string;
  x?: number;
  y?: number;
  origin?: string;
}

/** Answers the admin; returns how to stop it. */
export function listenToAdmin(): () => void {
  window.addEventListener("message", answer);
  return () => window.removeEventListener("message", answer);
}

/** To be called when the draft is there: before, nothing can be scrolled. */
export function takeOverPlace(): void {
  const ask = (): void => tell({ type: "w-preview:request-scroll" });
  if (document.readyState === "complete") ask();
  else window.addEventListener("load", () => setTimeout(ask), { once: true });
}

function answer(event: MessageEvent<{ wagtail?: Message } | null>): void {
  const message = event.origin === ADMIN_ORIGIN ? event.data?.wagtail : undefined;
  if (message?.type === "w-preview:get-scroll-position") {
    tell({ type: "w-preview:set-scroll-position", x: window.scrollX, y: window.scrollY });
  }
  if (message?.type === "w-preview:set-scroll-position") {
    window.scrollTo({ left: message.x ?? 0, top: message.y ?? 0, behavior: "instant" });
  }
}

function tell(message: Message): void {
  if (window.parent === window) return;
  window.parent.postMessage({ wagtail: { ...message, origin: window.location.origin } }, ADMIN_ORIGIN);
}
