import { afterEach, describe, expect, it, vi } from "vitest";

import { listenToAdmin, takeOverPlace } from "@/preview/frame";
import { ADMIN_ORIGIN } from "@/settings";

const told = vi.fn();

function say(type: string, more: object = {}, origin: string = ADMIN_ORIGIN): void {
  window.dispatchEvent(new MessageEvent("message", { data: { wagtail: { type, ...more } }, origin }));
}

afterEach(() => {
  told.mockReset();
  vi.unstubAllGlobals();
});

describe("the editor's frame", () => {
  it("asks the admin for the place of the old draft, and tells its own to the next", () => {
    vi.spyOn(window, "parent", "get").mockReturnValue({ postMessage: told } as unknown as Window);
    const stop = listenToAdmin();
    takeOverPlace();
    say("w-preview:get-scroll-position");
    stop();
    const origin = window.location.origin;
    expect(told.mock.calls).toEqual([
      [{ wagtail: { type: "w-preview:request-scroll", origin } }, ADMIN_ORIGIN],
      [{ wagtail: { type: "w-preview:set-scroll-position", x: 0, y: 0, origin } }, ADMIN_ORIGIN],
    ]);
  });

  it("scrolls to where the old draft was, and listens to nobody but the admin", () => {
    const scroll = vi.spyOn(window, "scrollTo").mockReturnValue();
    const stop = listenToAdmin();
    say("w-preview:set-scroll-position", { x: 0, y: 700 }, "https://elsewhere.example");
    window.dispatchEvent(new MessageEvent("message", { data: null, origin: ADMIN_ORIGIN }));
    expect(scroll).not.toHaveBeenCalled();
    say("w-preview:set-scroll-position", { x: 0, y: 700 });
    stop();
    expect(scroll.mock.calls).toEqual([[{ left: 0, top: 700, behavior: "instant" }]]);
  });
});
