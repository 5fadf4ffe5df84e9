"""Stripe behind the gateway protocol, and the sandbox that stands in for it."""
