import { NetworkFailure, Problem } from "./problems";

const TRIES_WHILE_IN_FLIGHT = 4;

/**
 * Runs requests under Idempotency-Keys, one key per thing the shopper wants done.
 *
 * The key outlives a try whose outcome is unknown (no answer, a 5xx), so that the next try of the same thing is
 * recognised by the server instead of being carried out twice. Any clear answer ends it.
 */
export function createAttempts(wait: (milliseconds: number) => Promise<void> = sleep) {
  const keys = new Map<string, string>();

  return async function attempt<T>(what: string, send: (key: string) => Promise<T>): Promise<T> {
    const key = keys.get(what) ?? newKey();
    keys.set(what, key);
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await send(key);
        keys.delete(what);
        return result;
      } catch (error) {
        const inFlight = error instanceof Problem && error.is("idempotency_key_in_flight");
        if (inFlight && tries < TRIES_WHILE_IN_FLIGHT) {
          await wait(1000 * (error.retryAfter ?? 1));
          continue;
        }
        if (!inFlight && !isOutcomeUnknown(error)) keys.delete(what);
        throw error;
      }
    }
  };
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof NetworkFailure || (error instanceof Problem && error.status >= 500);
}

/** `randomUUID` exists on secure origins only; a shop opened by its LAN address over http is none. */
function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
