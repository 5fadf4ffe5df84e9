"""What a storefront shows: cards and details, resolved for a market, a language and an instant."""
