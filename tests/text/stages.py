"""A stage with something wrong in it, of a template that is right around it."""

from __future__ import annotations

from textwrap import dedent, indent


def in_a_stage(lines: str) -> str:
    """A template whose first stage has these lines, above its model."""
    wrong = indent(dedent(lines).strip("\n"), " " * 8)
    return f"""
    stages:
      - name: one
{wrong}
        defaultModel:
          provider: p
          model: m
      - name: two
    """
