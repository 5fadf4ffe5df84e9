"""Moves Money for an opaque reference through a gateway; knows no orders."""
