"""Discounts by rule: what a promotion asks, what it gives, and the coupons that unlock it."""
