"""Where the shop sells."""
