"""Invoices at the desk: who sells in each market, and all that was issued."""
