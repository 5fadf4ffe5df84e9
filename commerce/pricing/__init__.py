"""What things cost: price lists and dated prices, resolved for an instant."""
