"""What only Choragen's files have: schema, stages, roles, and how its own reader differs."""
