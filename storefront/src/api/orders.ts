/** An order opens for whoever holds its signature, which every request carries as `access`. */
import { API_ORIGIN } from "@/settings";

import { createAttempts } from "./attempts";
import { bodyOf, client } from "./client";
import type { AwaitedPayment, Invoice, Order, OrderReturn, Reordered, WantedReturn } from "./types";

const attempt = createAttempts();

const of = (id: string, access: string) => ({ path: { order_id: id }, query: { access } });

export function fetchOrder(id: string, access: string): Promise<Order> {
  return bodyOf(client.GET("/api/v1/orders/{order_id}/", { params: of(id, access) }));
}

/** What is to be paid online, open to be paid; after paying, how the order stands. */
export function awaitedPayment(id: string, access: string): Promise<AwaitedPayment> {
  return bodyOf(client.POST("/api/v1/orders/{order_id}/payment/", { params: of(id, access) }));
}

/** Invoices and credit notes, oldest first. */
export async function fetchInvoices(id: string, access: string): Promise<Invoice[]> {
  const found = await bodyOf(client.GET("/api/v1/orders/{order_id}/invoices/", { params: of(id, access) }));
  return found.results;
}

/** Where a browser gets the PDF. */
export function addressOf(invoice: Invoice, access: string): string {
  return `${API_ORIGIN}${invoice.pdf}?${new URLSearchParams({ access })}`;
}

export function cancelOrder(id: string, access: string, reason: string): Promise<Order> {
  return attempt(`cancel ${id}`, (key) =>
    bodyOf(
      client.POST("/api/v1/orders/{order_id}/cancel/", {
        params: { ...of(id, access), header: { "Idempotency-Key": key } },
        body: { reason },
      }),
    ),
  );
}

export function requestReturn(id: string, access: string, wanted: WantedReturn): Promise<OrderReturn> {
  return attempt(`return ${id} ${JSON.stringify(wanted)}`, (key) =>
    bodyOf(
      client.POST("/api/v1/orders/{order_id}/returns/", {
        params: { ...of(id, access), header: { "Idempotency-Key": key } },
        body: wanted,
      }),
    ),
  );
}

/** Puts what the order bought into a cart again: the one given, else a new one. */
export function reorder(id: string, access: string, cart: string | null): Promise<Reordered> {
  return attempt(`reorder ${id} ${cart}`, (key) =>
    bodyOf(
      client.POST("/api/v1/orders/{order_id}/reorder/", {
        params: { ...of(id, access), header: { "Idempotency-Key": key } },
        body: cart ? { cart } : {},
      }),
    ),
  );
}
