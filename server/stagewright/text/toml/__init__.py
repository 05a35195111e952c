"""TOML, read though half-typed: statement by statement, nothing refused."""
