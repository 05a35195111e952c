"""What stands in a file: text to positions, nodes and paths; pure, and never raises on any text."""
