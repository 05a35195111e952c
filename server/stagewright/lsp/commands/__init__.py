"""The commands, in families."""
