import { t } from "@/language";

import type { ProblemDocument } from "./types";

/** The shop answered and refused: an RFC 9457 problem with a stable `code`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** Messages by field name, for forms. */
  readonly fields: Readonly<Record<string, string[]>>;
  /** Seconds after which another try makes sense, when the shop said so. */
  readonly retryAfter: number | null;
  /** What else the document says, such as why a cart cannot be shipped. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(document: Partial<ProblemDocument>, status: number, retryAfter: number | null = null) {
    super(document.detail || document.title || t("The shop could not do that."));
    this.name = "Problem";
    this.status = status;
    this.code = document.code || "unknown";
    this.fields = fieldMessages(document.errors);
    this.retryAfter = retryAfter;
    this.facts = { ...document };
  }

  is(...codes: string[]): boolean {
    return codes.includes(this.code);
  }
}

/** No answer came: whether the request was carried out is unknown. */
export class NetworkFailure extends Error {
  constructor(cause?: unknown) {
    super(t("We could not reach the shop. Check your connection and try again."), { cause });
    this.name = "NetworkFailure";
  }
}

/** Turns an error response into a Problem; a body that is no problem document still gets its status. */
export function problemFrom(response: Response, body: unknown): Problem {
  const document = isRecord(body) ? (body as Partial<ProblemDocument>) : {};
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem(document, response.status, Number.isNaN(seconds) ? null : seconds);
}

/** One sentence for the shopper, whatever was thrown. */
export function explain(error: unknown): string {
  if (error instanceof Problem) {
    if (error.status === 429) return t("That was a little fast for us. Please wait a moment and try again.");
    if (error.status >= 500 && error.code === "unknown") return t("Something went wrong on our side. Please try again.");
    if (error.is("invalid") && Object.keys(error.fields).length) return t("Please look at the marked fields again.");
    return error.message;
  }
  if (error instanceof NetworkFailure) return error.message;
  return t("Something went wrong. Please try again.");
}

export function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

function fieldMessages(errors: unknown): Record<string, string[]> {
  if (!isRecord(errors)) return {};
  const entries = Object.entries(errors).map(([field, messages]): [string, string[]] => [
    field,
    (Array.isArray(messages) ? messages : [messages]).map(String),
  ]);
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
