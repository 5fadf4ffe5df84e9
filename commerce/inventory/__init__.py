"""What is where: stock levels, the movement ledger, reservations. Knows no carts or orders."""
