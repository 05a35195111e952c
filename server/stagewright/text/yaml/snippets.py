"""Snippets: keys and list items with what they require below them, in the file's own layout."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

TO_DO = "TODO"
"""What stands where only a person knows the value, and nothing can be left empty."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where something is to be filled in: one of `words`, or anything instead of `given`."""

    words: tuple[str, ...] = ()
    given: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list of one item."""

    item: Content


Pairs = tuple[tuple[str, "Content"], ...]
Content = str | Placeholder | Items | Pairs
"""What a snippet writes: a fixed text, a place, a list, or a mapping."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written where the snippet goes. Columns count from the line's beginning."""

    column: int  # of the key or dash that the snippet begins with
    child: int = 2  # by how much keys below a key are indented
    dash: int = 2  # by how much the dashes of a list below a key are
    flow: bool = False


def as_written(content: Content) -> Content:
    """The content for an edit, without places: with the first word, or what is to be filled in."""
    match content:
        case Placeholder():
            text = next(iter(content.words), content.given) or TO_DO
            return f'"{text}"' if content.quoted else text
        case Items():
            return Items(as_written(content.item))
        case str():
            return content
    return tuple((name, as_written(value)) for name, value in content)


def write_key(name: str, content: Content, layout: Layout) -> str:
    """The snippet for a key with its value; further lines begin with their whole indentation."""
    return _key(name, content, layout, count(1))


def write_item(content: Content, layout: Layout, *, dash: bool) -> str:
    """The snippet for a list item, with or without its dash, which stands at `layout.column`."""
    text = _item(content, layout, count(1))
    return text if dash else text.removeprefix("- ")


def _key(name: str, content: Content, layout: Layout, numbers: count[int]) -> str:
    if isinstance(content, str | Placeholder):
        return f"{name}: {_scalar(content, numbers)}"
    if layout.flow:
        return f"{name}: {_in_flow(content, numbers)}"
    if isinstance(content, Items):
        inner = _at(layout, layout.column + layout.dash)
        below = _item(content.item, inner, numbers)
    else:
        inner = _at(layout, layout.column + layout.child)
        below = _pairs(content, inner, numbers)
    return f"{name}:\n{' ' * inner.column}{below}"


def _pairs(pairs: Pairs, layout: Layout, numbers: count[int]) -> str:
    joint = f"\n{' ' * layout.column}"
    return joint.join(_key(name, content, layout, numbers) for name, content in pairs)


def _item(content: Content, layout: Layout, numbers: count[int]) -> str:
    if isinstance(content, str | Placeholder):
        return f"- {_scalar(content, numbers)}"
    if isinstance(content, Items):
        return f"- {_in_flow(content, numbers)}"
    return f"- {_pairs(content, _at(layout, layout.column + 2), numbers)}"


def _at(layout: Layout, column: int) -> Layout:
    return Layout(column, layout.child, layout.dash, layout.flow)


def _in_flow(content: Content, numbers: count[int]) -> str:
    if isinstance(content, str | Placeholder):
        return _scalar(content, numbers)
    if isinstance(content, Items):
        return f"[{_in_flow(content.item, numbers)}]"
    return "{" + ", ".join(f"{name}: {_in_flow(one, numbers)}" for name, one in content) + "}"


def _scalar(content: str | Placeholder, numbers: count[int]) -> str:
    if isinstance(content, str):
        return content
    number = next(numbers)
    if content.words:
        return f"${{{number}|{','.join(content.words)}|}}"
    place = f"${{{number}:{content.given}}}" if content.given else f"${number}"
    return f'"{place}"' if content.quoted else place
