import createClient from "openapi-fetch";

import { API_ORIGIN } from "@/settings";

import { NetworkFailure, problemFrom } from "./problems";
import type { paths } from "./schema";

const LONGEST_WAIT = 20_000;

/** `fetch` with a deadline; every way of getting no answer becomes a NetworkFailure. */
export async function fetchFromShop(request: Request | string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(request, { ...init, signal: AbortSignal.timeout(LONGEST_WAIT) });
  } catch (cause) {
    throw new NetworkFailure(cause);
  }
}

export const client = createClient<paths>({
  baseUrl: API_ORIGIN,
  credentials: "omit",
  referrerPolicy: "no-referrer",
  fetch: (request) => fetchFromShop(request),
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a successful answer; anything else is thrown as a Problem. */
export async function bodyOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok || data === undefined) throw problemFrom(response, error);
  return data;
}
