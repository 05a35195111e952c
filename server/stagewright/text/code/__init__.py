"""Source code and loose configuration: its literals and comments, line by line. Pure."""
