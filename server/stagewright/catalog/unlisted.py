"""Models that a list covers without naming them: by patterns, and by suffixes of a request."""

from __future__ import annotations

from collections.abc import Iterable

VARIANTS = (":nitro", ":floor", ":online", ":exacto")
"""OpenRouter's routing variants: they go with any model and are listed with none. Others, such as
`:free` and `:thinking`, are models of their own, and listed. Source: OpenRouter's documentation of
model variants."""

PRESET = "@preset/"
"""What OpenRouter takes behind a model's id, or in place of it: a preset of the account's own."""


def covered(model_id: str, patterns: Iterable[str]) -> str | None:
    """The first pattern that fits the whole id; `*` stands for any text. Linear in the id."""
    return next((one for one in patterns if _fits(one, model_id)), None)


def _fits(pattern: str, text: str) -> bool:
    first, *others = pattern.split("*")
    if not others:
        return pattern == text
    *between, last = others
    at = len(first)
    if not text.startswith(first) or not text.endswith(last) or len(text) < at + len(last):
        return False
    end = len(text) - len(last)
    for part in between:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def split_variant(model_id: str, router: str) -> tuple[str, str]:
    """A router's id and what is said at its end about the request: `x:nitro` is `x`.

    At Hugging Face that is who is to answer, or by what to choose (`x:groq`, `x:cheapest`). A
    preset of OpenRouter's that stands for itself (`@preset/mine`) has an empty id.
    """
    if router == "huggingface":
        base, colon, variant = model_id.rpartition(":")
        return (base, colon + variant) if base else (model_id, "")
    base = model_id.partition(PRESET)[0]
    while variant := next((one for one in VARIANTS if base != one and base.endswith(one)), ""):
        base = base.removesuffix(variant)
    return base, model_id[len(base) :]
