"""Mails to shoppers and staff: one for each fact, sent by the worker, kept in a ledger."""
