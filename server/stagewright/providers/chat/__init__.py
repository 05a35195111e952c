"""Streamed chats: from a request to the events of one answer, over each API."""
