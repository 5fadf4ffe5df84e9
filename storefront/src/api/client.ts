import createClient from "openapi-fetch";

import { LANGUAGE } from "@/language";
import { amongDrafts, noteEnd } from "@/preview/session";
import { API_ORIGIN } from "@/settings";

import { NetworkFailure, problemFrom } from "./problems";
import type { paths } from "./schema";

const LONGEST_WAIT = 20_000;

/**
 * `fetch` in the language of the page, with a deadline, and among drafts in a preview session. Every way of getting no
 * answer becomes a NetworkFailure.
 */
export async function fetchFromShop(request: Request | string, init: RequestInit = {}): Promise<Response> {
  const asked = new Request(request, init);
  const address = asked.method === "GET" ? amongDrafts(asked.url) : asked.url;
  const sent = address === asked.url ? asked : new Request(address, asked);
  sent.headers.set("Accept-Language", LANGUAGE);
  let response: Response;
  try {
    response = await fetch(sent, { signal: AbortSignal.timeout(LONGEST_WAIT) });
  } catch (cause) {
    throw new NetworkFailure(cause);
  }
  void noteEnd(response.clone());
  return response;
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
