"""Which models exist: data and rules. Pure."""
