import { afterEach, describe, expect, it, vi } from "vitest";

import { fetchDestination, forgetRemembered } from "@/api/catalogue";
import { sizeOf } from "@/files";

import { problem, shopAnswers } from "./shop-answers";

afterEach(() => {
  forgetRemembered();
  vi.unstubAllGlobals();
});

describe("what is gone from an address", () => {
  it("is looked for where the shop says that it is now", async () => {
    const asked = shopAnswers({ status: 200, body: { path: "/p/new", permanent: true } });
    expect(await fetchDestination("/p/old")).toBe("/p/new");
    expect(asked.map(({ path, query }) => path + query)).toEqual(["/api/v1/redirects/?path=%2Fp%2Fold"]);
  });

  it("is missing where the shop knows of nothing that moved", async () => {
    shopAnswers(problem(404, "redirect_not_found"));
    expect(await fetchDestination("/p/old")).toBeNull();
  });
});

describe("the size of a paper", () => {
  it("is told as people say it, and not at all where nobody knows", () => {
    expect([null, 4, 94_000, 2_340_000].map(sizeOf)).toEqual(["", "1 kB", "94 kB", "2.3 MB"]);
  });
});
