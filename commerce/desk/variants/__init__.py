"""The grid of a product's variants: what sells, beside the form for what it says."""
