"""Gift cards and store credit as staff work on them."""
