"""Who buys: addresses."""
