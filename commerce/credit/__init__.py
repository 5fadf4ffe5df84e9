"""Gift cards and store credit: balances with a ledger of their own, never below zero."""
