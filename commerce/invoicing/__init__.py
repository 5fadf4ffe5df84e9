"""Invoices and credit notes: numbered without gaps, never changed, printed from what they froze."""
