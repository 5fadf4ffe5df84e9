"""From a cart to a paid order: quote, reserve, open the payment, complete."""
