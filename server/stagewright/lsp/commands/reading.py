"""Reading the arguments of commands: strictly, with refusals that name the command and the key."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, Never, get_args

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override
from cattrs.v import transform_error

from stagewright.catalog.model import ModelReference
from stagewright.lsp.commands.asking import Ask
from stagewright.lsp.errors import INVALID_PARAMS, failure
from stagewright.settings import ContextMode, camel


def read_argument(
    command: str, arguments: tuple[Any, ...], handler: Callable[..., Any]
) -> dict[str, Any]:
    """A command's one object as the parameters of its handler, of which the first is not told.

    Raises JsonRpcException (invalid params) whose message names the command and the key.
    """
    if len(arguments) > 1:
        _refuse(command, f"expected one object, got {len(arguments)} arguments")
    value = arguments[0] if arguments else {}
    if not isinstance(value, dict):
        _refuse(command, f"expected one object, got {type(value).__name__}")
    try:
        return attrs.asdict(_converter.structure(value, _shape(handler)), recurse=False)
    except BaseValidationError as error:
        problems = transform_error(error, path="", format_exception=_in_words)
        _refuse(command, "; ".join(_key_first(problem) for problem in problems))


@cache
def _shape(handler: Callable[..., Any]) -> type[Any]:
    """A class with a field for each parameter but the first."""
    _, *parameters = inspect.signature(handler, eval_str=True).parameters.values()
    fields = {
        one.name: attrs.field(
            type=one.annotation, default=attrs.NOTHING if one.default is one.empty else one.default
        )
        for one in parameters
    }
    return attrs.make_class(handler.__name__, fields, kw_only=True)


def _refuse(command: str, what: str) -> Never:
    refusal = failure("bad-argument", f"{command}: {what}.")
    refusal.code = INVALID_PARAMS
    raise refusal


def _in_words(error: BaseException, _: type | None) -> str:
    if isinstance(error, ForbiddenExtraKeysError):
        return f"unknown key {', '.join(sorted(error.extra_fields))}"
    return "is missing" if isinstance(error, KeyError) else str(error)


def _key_first(problem: str) -> str:
    """cattrs's "what @ .path" as "key what"."""
    what, _, path = problem.rpartition(" @ ")
    key = ".".join(_key(part) for part in path.split(".") if part)
    return f"{key} {what}".strip()


def _key(parameter: str) -> str:
    """A parameter's key; `from_` stands for a word of Python's own."""
    return camel(parameter.rstrip("_"))


def _structure_model(value: Any, _: Any) -> ModelReference:
    match value:
        case {"provider": str(provider), "model": str(model)} if provider and model:
            return ModelReference(provider, model)
    raise ValueError("must be {provider, model}, both non-empty strings")


def _structure_context(value: Any, _: Any) -> ContextMode | None:
    if value is None or value in get_args(ContextMode):
        mode: ContextMode | None = value
        return mode
    raise ValueError(f"must be {', '.join(get_args(ContextMode))} or null")


def _strict(kind: type) -> Any:
    def structure(value: Any, _: type) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"must be a {kind.__name__}, not {type(value).__name__}")
        return value

    return structure


def _or_none(structure: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, kind: None if value is None else structure(value, kind)


def _make_converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind in (str, bool, int):
        converter.register_structure_hook(kind, _strict(kind))
    converter.register_structure_hook(ContextMode | None, _structure_context)
    for union, structure in (
        (str | int, _strict_stage),
        (ModelReference, _structure_model),
        (ModelReference | Ask, _structure_model),
    ):
        converter.register_structure_hook(union, structure)
        converter.register_structure_hook(union | None, _or_none(structure))
    converter.register_structure_hook_factory(
        attrs.has,
        lambda shape: make_dict_structure_fn(shape, converter, **_keys(shape)),
    )
    return converter


def _keys(shape: type) -> dict[str, Any]:
    return {field.name: override(rename=_key(field.name)) for field in attrs.fields(shape)}


def _strict_stage(value: Any, _: Any) -> str | int:
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError("must be a stage's name or index")


_converter = _make_converter()
