"""Answers a question with claude-2.1, or whatever is set below."""

from anthropic import Anthropic

client = Anthropic()
answer = client.messages.create(model="claude-3-opus-20240229", max_tokens=100, messages=[])
