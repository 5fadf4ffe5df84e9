"""Orders: what was sold, frozen, with its events. Knows no carts."""
