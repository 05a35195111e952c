"""JSON with comments and trailing commas, read though half-typed: line by line, nothing refused."""
