"""Rates by country, class and date, and how tax is worked out."""
