"""Markdown about roles, keys and the words that values can be."""

from __future__ import annotations

from stagewright.dialects.choragen.roles import Role
from stagewright.dialects.choragen.shapes import Key, Kind, Need, Value
from stagewright.foreign import code, markdown, one_line, quotation

_QUOTED_LINES = 8
_MOST = 2000  # characters of a description


def role_card(role: Role) -> str:
    """What a role is: its description, model, tools, and how its prompt begins."""
    name = f" · {markdown(one_line(role.name))}" if role.name else ""
    facts = []
    if role.model:
        facts.append(f"- Model {code(str(role.model))}")
    if role.temperature is not None:
        facts.append(f"- Temperature {role.temperature:g}")
    if role.tool_ids:
        facts.append(f"- Tools {', '.join(map(code, role.tool_ids))}")
    paragraphs = [
        f"**{code(role.id)}**{name}",
        markdown((role.description or "")[:_MOST]),
        "\n".join(facts),
    ]
    if role.system_prompt:
        paragraphs.append(quotation(role.system_prompt[:_MOST], _QUOTED_LINES))
    return "\n\n".join(filter(None, paragraphs))


def key_card(key: Key, type_value: str | None) -> str:
    """What a key means, whether it is needed, and which words its value can be."""
    need = {
        Need.REQUIRED: "required",
        Need.EXPECTED: "recommended",
    }.get(key.needed_for(type_value), "")
    only = f"only for {', '.join(map(code, key.only_for))}" if key.only_for else ""
    head = " · ".join(filter(None, (f"**{code(key.name)}**", key.shape.noun, need, only)))
    shape = key.shape.items or key.shape
    documented = [value for value in shape.values if shape.kind is not Kind.BOOLEAN]
    words = "\n".join(f"- {code(value.name)}: {value.doc}" for value in documented)
    return "\n\n".join(filter(None, (head, key.doc, words)))


def value_card(value: Value, key: Key) -> str:
    """What one of the words that a key's value can be means."""
    return f"**{code(value.name)}** · {key.name}\n\n{value.doc}"
