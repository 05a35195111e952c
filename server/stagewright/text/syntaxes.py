"""The syntaxes by name: how a text of each is read, and written.

What only one of them needs is imported with its first text: most editors never open the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple, Protocol

from stagewright.text import front_matter
from stagewright.text.nodes import Parsed, ScalarNode
from stagewright.text.parts import Part
from stagewright.text.yaml import parts as yaml_parts
from stagewright.text.yaml import recovery
from stagewright.text.yaml import writing as yaml_writing

SyntaxName = Literal["yaml", "json", "toml", "front-matter", "code"]


class Within(Protocol):
    """Writes a text. `typed`: where a YAML parser reads the file; `flow`: in brackets."""

    def __call__(self, text: str, quote: str, /, *, typed: bool, flow: bool) -> str: ...


class Inside(Protocol):
    """Writes a part of a text."""

    def __call__(self, value: ScalarNode, text: str, /, *, flow: bool) -> str | None: ...


class Syntax(NamedTuple):
    """What is asked of a syntax."""

    read: Callable[[Sequence[str]], Parsed]
    """A whole text, as far as it can be read; absolute spans."""
    holds: Callable[[Sequence[str], int], bool]
    """Whether a line belongs to what is read."""
    divide: Callable[[Sequence[str]], Sequence[Part]]
    """The parts of a long text that are read apart; none of a short one."""
    read_part: Callable[[Sequence[str], Part], Parsed]
    """A part, which is all of these lines; spans count from the first of them."""
    read_rest: Callable[[Sequence[str], Sequence[Part]], Parsed]
    """What belongs to no part, as if those were empty; absolute spans."""
    within: Within
    """A text to stand between quotes that are there, or as a value where there are none."""
    quoted_like: Within
    """A text as a value, in the quotes of the one whose place it takes."""
    inside: Inside
    """A text as a part of a scalar, in its style; None where it cannot stand there."""
    comment: str = "#"
    """What a comment begins with that ends with its line."""


@cache
def syntax(name: SyntaxName) -> Syntax:
    """The syntax of this name."""
    return _MAKE[name]()


def _everything(_: Sequence[str], __: int) -> bool:
    return True


def _of(read: Callable[[Sequence[str]], Parsed], parts: Any, writing: Any) -> Syntax:
    """The syntax whose modules these are."""
    return Syntax(
        read,
        _everything,
        parts.divide,
        parts.read_part,
        parts.read_rest,
        writing.within,
        writing.quoted_like,
        writing.inside,
    )


def _yaml() -> Syntax:
    return _of(recovery.read, yaml_parts, yaml_writing)


def _front_matter() -> Syntax:
    return _yaml()._replace(
        read=front_matter.read,
        holds=front_matter.holds,
        divide=front_matter.divide,
        read_rest=front_matter.read_rest,
    )


def _json() -> Syntax:
    from stagewright.text.json import parts, reader, writing

    made = _of(lambda lines: reader.read(tuple(enumerate(lines))), parts, writing)
    return made._replace(comment="//")


def _toml() -> Syntax:
    from stagewright.text.toml import parts, whole, writing

    return _of(whole.read, parts, writing)


def _code() -> Syntax:
    """Code has literals and no nodes; what is put into a literal stands there as it is."""

    def nothing(*_: object) -> Parsed:
        return Parsed(None, (), False)

    def as_it_is(text: str, _: str, /, *, typed: bool, flow: bool) -> str:  # noqa: ARG001
        return text

    return Syntax(
        nothing,
        _everything,
        lambda _: (),
        nothing,
        nothing,
        as_it_is,
        as_it_is,
        lambda _, text, /, *, flow: text,  # noqa: ARG005
    )


_MAKE: dict[SyntaxName, Callable[[], Syntax]] = {
    "yaml": _yaml,
    "json": _json,
    "toml": _toml,
    "front-matter": _front_matter,
    "code": _code,
}
