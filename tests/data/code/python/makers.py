"""Ids that only a cloud has still, in a file that asks their maker."""

import anthropic

client = anthropic.Anthropic()
haiku = client.messages.create(model="claude-3-haiku", max_tokens=9)
others = ["claude-3-opus", "claude-opus-4-1"]
