"""Promotions and coupons as merchandisers work on them."""
