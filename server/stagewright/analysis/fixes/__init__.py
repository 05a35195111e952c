"""What fixes a diagnostic, or all of a file."""
