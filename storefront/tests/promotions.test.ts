import { describe, expect, it } from "vitest";

import { NetworkFailure, Problem } from "@/api/problems";
import { couponRefusal, couponStates, creditRefusal, namedDiscounts, promotionsWithinReach } from "@/shopping/promotions";

import { discount, explainedQuote, money, promotion, quoteLine, quoteWith } from "./shop-answers";

describe("a coupon in the cart", () => {
  it("says what it saves", () => {
    const applied = promotion({ coupon: "WELCOME10", name: "Welcome", applied: true, saved: money(250) });
    const [state] = couponStates(["WELCOME10"], explainedQuote([applied]));
    expect(state).toEqual({ code: "WELCOME10", name: "Welcome", applied: true, words: "Saves €2.50." });
  });

  it("says how much is missing", () => {
    const facts = { needed: money(5000), present: money(3750), missing: money(1250) };
    const waiting = promotion({ coupon: "NEST", reason: "value_too_low", facts });
    const [state] = couponStates(["NEST"], explainedQuote([waiting]));
    expect(state?.words).toBe("Spend €12.50 more to use it.");
  });

  it("names the offer that it cannot be combined with", () => {
    const quote = explainedQuote([
      promotion({ promotion: "lamps", name: "Lamp week", applied: true, saved: money(100) }),
      promotion({ coupon: "NEST", reason: "not_beside_others", facts: { applied: ["lamps"] } }),
    ]);
    expect(couponStates(["NEST"], quote)[0]?.words).toBe("It cannot be combined with “Lamp week”.");
  });

  it("has words for a code that went bad, which belongs to no promotion", () => {
    const expired = promotion({ promotion: "", name: "", coupon: "OLD", reason: "coupon_expired" });
    expect(couponStates(["OLD"], explainedQuote([expired]))[0]?.words).toBe("The code has expired.");
  });

  it("has words for a reason that it does not know yet", () => {
    const strange = promotion({ coupon: "NEST", reason: "moon_not_full" });
    expect(couponStates(["NEST"], explainedQuote([strange]))[0]?.words).toMatch(/does not apply/);
  });

  it("does not apply where the shop keeps quiet about its offer", () => {
    expect(couponStates(["STAFF"], explainedQuote())[0]?.words).toMatch(/does not apply/);
    expect(couponStates(["STAFF"], explainedQuote(), { isCurrent: false })[0]?.words).toBe("");
  });

  it("is silent while there is no quote", () => {
    expect(couponStates(["NEST"], null)).toEqual([{ code: "NEST", name: "", applied: false, words: "" }]);
  });
});

describe("promotions within reach", () => {
  const facts = { needed: money(5000), present: money(3750), missing: money(1250) };

  it("are those that miss by value or pieces, and no others", () => {
    const quote = explainedQuote([
      promotion({ reason: "value_too_low", facts }),
      promotion({ promotion: "abroad", name: "Abroad", reason: "other_country" }),
      promotion({ promotion: "code", coupon: "X", reason: "value_too_low", facts }),
    ]);
    expect(promotionsWithinReach(quote)).toEqual([{ name: "Big nest", words: "Spend €12.50 more to use it." }]);
  });

  it("leave out a value that is far away", () => {
    const far = { needed: money(30000), present: money(12900), missing: money(17100) };
    const quote = explainedQuote([promotion({ reason: "value_too_low", facts: far })]);
    expect(promotionsWithinReach(quote)).toEqual([]);
  });

  it("leave out what the cart has nothing of", () => {
    const none = promotion({ reason: "too_few_bought", facts: { buy: 2, get: 1, present: 0 } });
    const some = promotion({ reason: "too_few_bought", facts: { buy: 2, get: 1, present: 2 } });
    expect(promotionsWithinReach(explainedQuote([none]))).toEqual([]);
    expect(promotionsWithinReach(explainedQuote([some]))[0]?.words).toBe("Add 1 piece more to use it.");
  });
});

describe("discounts", () => {
  it("are summed by promotion over all lines", () => {
    const lines = [
      quoteLine({ discounts: [discount("Lamp week", 200), discount("Welcome", 80, "WELCOME10")] }),
      quoteLine({ variant: "variant-2", discounts: [discount("Welcome", 20, "WELCOME10")] }),
    ];
    expect(namedDiscounts(quoteWith({ lines }))).toEqual([
      { name: "Lamp week", coupon: null, amount: { minor: 200, currency: "EUR" } },
      { name: "Welcome", coupon: "WELCOME10", amount: { minor: 100, currency: "EUR" } },
    ]);
  });
});

describe("a refused code", () => {
  it("is named with the reason", () => {
    expect(couponRefusal(new Problem({ code: "coupon_unknown" }, 404), "HELO")).toMatch(/“HELO”/);
    expect(couponRefusal(new Problem({ code: "coupon_expired" }, 409), "OLD")).toBe("“OLD” has expired.");
    expect(creditRefusal(new Problem({ code: "credit_empty" }, 409))).toBe("Nothing is left on this gift card.");
  });

  it("keeps the shop's own words where it has no others", () => {
    const problem = new Problem({ code: "too_many_coupons", detail: "A cart takes up to 5 coupons" }, 409);
    expect(couponRefusal(problem, "X")).toBe("A cart takes up to 5 coupons");
    expect(couponRefusal(new NetworkFailure(), "X")).toMatch(/could not reach/);
  });
});
