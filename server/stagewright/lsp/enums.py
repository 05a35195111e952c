"""Values that a client knows and we do not: lists leave them out, elsewhere they count as not
given or, where something must be given, as the first of their kind.

Protocols grow: a word that a newer client says must not cost it all that we do understand.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from types import NoneType
from typing import Any, TypeGuard, Union, get_args, get_origin

from cattrs import Converter
from lsprotocol import types


def forgive_unknown_values(converter: Converter) -> None:
    """Have a converter read every enumeration as said above, wherever a type holds one.

    What reads a type is made once, so that a value which is known costs no more than before.
    """
    for kind in filter(_is_enum, vars(types).values()):  # by class, or they count as numbers
        converter.register_structure_hook(kind, _known_or_first)
    converter.register_structure_hook_func(_is_optional_enum, _known_or_none)
    converter.register_structure_hook_func(_is_list_of_enum, _known_only)


def _is_enum(kind: Any) -> TypeGuard[type[Enum]]:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_optional_enum(kind: Any) -> bool:
    choices = get_args(kind) if get_origin(kind) is Union else ()
    return len(choices) == 2 and choices[1] is NoneType and _is_enum(choices[0])


def _is_list_of_enum(kind: Any) -> bool:
    return get_origin(kind) is Sequence and any(map(_is_enum, _choices(kind)))


def _choices(sequence: Any) -> tuple[Any, ...]:
    """The types of its items: several where the protocol leaves an enumeration open."""
    item = get_args(sequence)[0]
    return get_args(item) if get_origin(item) is Union else (item,)


def _known(value: Any, kind: type[Enum]) -> Enum | None:
    try:
        return kind(value)
    except (ValueError, TypeError):
        return None


def _known_or_first(value: Any, kind: type[Enum]) -> Enum:
    known = _known(value, kind)
    return next(iter(kind)) if known is None else known


def _known_or_none(value: Any, kind: Any) -> Enum | None:
    return _known(value, get_args(kind)[0])


def _known_only(values: Any, kind: Any) -> list[Any]:
    choices = _choices(kind)
    if len(choices) > 1:
        plain = tuple(choice for choice in choices if not _is_enum(choice))
        return [value for value in values if isinstance(value, plain)]
    found = (_known(value, choices[0]) for value in values)
    return [value for value in found if value is not None]
