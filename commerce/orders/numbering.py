from __future__ import annotations

import secrets

# Crockford's base 32: no I, L, O or U, so that a number can be read out over the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """An order number such as M-4F7K-Q2XD: easy to say, and no guide to the next one (32⁸ ≈ 10¹²)."""
    symbols = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"M-{symbols[:4]}-{symbols[4:]}"
