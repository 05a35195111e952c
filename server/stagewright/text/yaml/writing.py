"""Writing YAML into somebody's file: scalars, quoted only where needed."""

from __future__ import annotations

import re

from stagewright.text.nodes import ScalarNode

_PLAIN = re.compile(
    # No indicator first, but for a `-` that something solid follows; then anything but `: ` and
    # ` #`; no space at the end.
    r"""(?:[^\s\-?:,\[\]{}#&*!|>'"%@`=<]|-(?=[^\s,\[\]{}]))"""
    r"(?:[^\s:#]|:(?=\S)|(?<=\S)#|[ ](?=[^ #]))*"
)
_PRINTABLE = re.compile(
    "[\x20-\x7e\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_OTHER_TYPES = re.compile(r"null|true|false|yes|no|on|off|[yn~]|---.*|\.\.\..*", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\.?\d[\d_,.:a-fox+-]*|[-+]?\.(?:inf|nan)", re.IGNORECASE)
_FLOW_INDICATORS = frozenset(",[]{}?")


def scalar(text: str, *, typed: bool = False, flow: bool = False) -> str:
    """`text` as a YAML scalar, plain where every reader takes the plain form for this very text.

    A number must be quoted to stay text where a YAML parser reads the file, which `typed` says;
    Choragen's template reader takes any value for text. The quotes are double ones, because that
    reader does not know `''`.
    """
    plain = (
        _PLAIN.fullmatch(text) is not None
        and _PRINTABLE.fullmatch(text) is not None
        and _OTHER_TYPES.fullmatch(text) is None
        and not (flow and _FLOW_INDICATORS.intersection(text))
        and not (typed and _NUMBER.fullmatch(text))
    )
    return text if plain else f'"{_escaped(text)}"'


def within(text: str, quote: str, *, typed: bool = False, flow: bool = False) -> str:
    """`text` to stand between quotes that are there, or as a `scalar` where there are none."""
    if quote == "'":
        return text.replace("'", "''")
    return _escaped(text) if quote else scalar(text, typed=typed, flow=flow)


def quoted_like(text: str, quote: str, *, typed: bool, flow: bool) -> str:
    """`text` as a scalar in the style of the one whose place it takes."""
    if quote == "'" and "'" in text:
        quote = '"'
    return f"{quote}{within(text, quote, typed=typed, flow=flow)}{quote}"


def inside(value: ScalarNode, text: str, *, flow: bool) -> str | None:
    """`text` as a part of a scalar, in its style; None where it cannot stand there."""
    if value.style in ("'", '"'):
        return within(text, value.style)
    plain = not value.style and (
        ": " in text or " #" in text or (flow and set(text) & set(",[]{}"))
    )
    return None if plain or not is_printable(text) else text


def is_printable(text: str) -> bool:
    """Whether `text` stands in one line as it is: Choragen's template reader knows few escapes."""
    return text.isprintable() and _PRINTABLE.fullmatch(text) is not None


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return text if _PRINTABLE.fullmatch(text) else "".join(map(_escaped_character, text))


def _escaped_character(character: str) -> str:
    if _PRINTABLE.fullmatch(character):
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"
