"""Which files name models, and where in them."""
