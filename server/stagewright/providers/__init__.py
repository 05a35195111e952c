"""Talking to providers: all network I/O."""
