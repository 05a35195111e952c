"""Models that source code and loose configuration name: which literals, and whose they are."""
