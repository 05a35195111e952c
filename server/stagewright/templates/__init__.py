"""What a file says: text to typed templates. Pure: no I/O, no clock, no LSP types."""
