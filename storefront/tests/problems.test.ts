import { describe, expect, it, vi } from "vitest";

import { createAttempts } from "@/api/attempts";
import { explain, NetworkFailure, Problem, problemFrom } from "@/api/problems";
import { readConfirmation } from "@/payment/stripe";

describe("a problem document", () => {
  it("keeps its code, words, field messages and the time to wait", () => {
    const response = new Response(null, { status: 503, headers: { "Retry-After": "7" } });
    const body = { code: "invalid", detail: "Please look again.", errors: { email: ["Missing."], city: "Too long." } };
    const problem = problemFrom(response, body);
    expect(problem.is("invalid")).toBe(true);
    expect(problem.message).toBe("Please look again.");
    expect(problem.fields).toEqual({ email: ["Missing."], city: ["Too long."] });
    expect(problem.retryAfter).toBe(7);
  });

  it.each([null, "<h1>Bad gateway</h1>", [1]])("copes with a body that is none: %j", (body) => {
    const problem = problemFrom(new Response(null, { status: 502 }), body);
    expect(problem.status).toBe(502);
    expect(problem.code).toBe("unknown");
    expect(explain(problem)).toMatch(/on our side/);
  });

  it("never shows a programming error to the shopper", () => {
    expect(explain(new TypeError("x is undefined"))).not.toContain("undefined");
  });
});

describe("an attempt", () => {
  it("waits for the first request while that is still running, with the same key", async () => {
    const wait = vi.fn(async () => undefined);
    const attempt = createAttempts(wait);
    const keys: string[] = [];
    const result = await attempt("pay", async (key) => {
      keys.push(key);
      if (keys.length < 3) throw new Problem({ code: "idempotency_key_in_flight" }, 409, 2);
      return "done";
    });
    expect(result).toBe("done");
    expect(new Set(keys).size).toBe(1);
    expect(wait).toHaveBeenCalledWith(2000);
  });

  it("keeps its key after no answer and after a 5xx, and drops it after a refusal", async () => {
    const attempt = createAttempts();
    const keys: string[] = [];
    const outcomes = [new NetworkFailure(), new Problem({}, 502), new Problem({ code: "out_of_stock" }, 409), null];
    for (const outcome of outcomes) {
      await attempt("add", async (key) => {
        keys.push(key);
        if (outcome) throw outcome;
      }).catch(() => undefined);
    }
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).toBe(keys[0]);
    expect(keys[3]).not.toBe(keys[0]);
  });
});

describe("a confirmation", () => {
  it("is given when Stripe reports no error", () => {
    expect(readConfirmation({})).toEqual({ given: true });
  });

  it("is refused in the bank's words", () => {
    const error = { message: "Your card was declined.", payment_intent: { status: "requires_payment_method" } };
    expect(readConfirmation({ error })).toEqual({ given: false, message: "Your card was declined." });
  });

  it("explains a failed 3-D Secure step in plain words", () => {
    const error = { message: "The provided PaymentMethod has failed.", code: "payment_intent_authentication_failure" };
    expect(readConfirmation({ error })).toMatchObject({ given: false, message: expect.stringMatching(/bank/) });
  });

  it("says that the order has changed where the shop called the payment off, and not what Stripe says of it", () => {
    const message = "You cannot confirm this PaymentIntent because it has a status of canceled.";
    expect(readConfirmation({ error: { message, payment_intent: { status: "canceled" } } })).toEqual({
      given: false,
      message: expect.stringMatching(/^Your order has changed/),
      calledOff: true,
    });
  });

  it("counts as given when the intent was already paid, so that nobody pays twice", () => {
    expect(readConfirmation({ error: { message: "Unexpected state", payment_intent: { status: "succeeded" } } })).toEqual({
      given: true,
    });
  });
});
