"""Carts: what a shopper means to buy."""
