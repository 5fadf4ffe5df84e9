"""A stand-in for Stripe: its wire format as a state machine, reached in process or over HTTP.

It knows Stripe's objects, states, errors, test cards, idempotency and signed webhooks as far as a shop meets
them, it holds no real money, and it answers no live key. It proves nothing about Stripe itself.
"""
