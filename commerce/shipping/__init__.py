"""How goods get to the shopper and what that costs."""
