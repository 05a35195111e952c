"""Workflows, their chats and their transcripts: imported when one is first asked for."""
