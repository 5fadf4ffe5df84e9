"""Zones, methods and rules of shipping at the desk, and a box to try them."""
