"""Who buys: addresses, and who wants to hear from the shop."""
