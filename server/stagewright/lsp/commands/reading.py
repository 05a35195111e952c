"""Reading the arguments of commands: strictly, with refusals that name the command and the key."""

from __future__ import annotations

from typing import Any, Never, TypeVar, get_args

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override
from cattrs.v import transform_error

from stagewright.catalog.model import ModelReference
from stagewright.lsp.commands.arguments import Ask
from stagewright.lsp.errors import INVALID_PARAMS, failure
from stagewright.settings import ContextMode

Argument = TypeVar("Argument")


def read_argument(command: str, arguments: tuple[Any, ...], shape: type[Argument]) -> Argument:
    """A command's one object as `shape`.

    Raises JsonRpcException (invalid params) whose message names the command and the key.
    """
    if len(arguments) > 1:
        _refuse(command, f"expected one object, got {len(arguments)} arguments")
    value = arguments[0] if arguments else {}
    if not isinstance(value, dict):
        _refuse(command, f"expected one object, got {type(value).__name__}")
    try:
        return _converter.structure(value, shape)
    except BaseValidationError as error:
        problems = transform_error(error, path="", format_exception=_in_words)
        _refuse(command, "; ".join(_key_first(problem) for problem in problems))


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
    key = ".".join(_camel_case(part) for part in path.split(".") if part)
    return f"{key} {what}".strip()


def _camel_case(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)


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


def _make_converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind in (str, bool, int):
        converter.register_structure_hook(kind, _strict(kind))
    converter.register_structure_hook(str | int, _strict_stage)
    converter.register_structure_hook(ModelReference, _structure_model)
    converter.register_structure_hook(ContextMode | None, _structure_context)
    converter.register_structure_hook(ModelReference | Ask, _structure_model)
    for optional in (ModelReference | None, ModelReference | None | Ask):
        converter.register_structure_hook(
            optional, lambda value, _: None if value is None else _structure_model(value, _)
        )
    converter.register_structure_hook(
        str | int | None, lambda value, _: None if value is None else _strict_stage(value, _)
    )
    converter.register_structure_hook_factory(
        attrs.has,
        lambda shape: make_dict_structure_fn(shape, converter, **_camel_case_keys(shape)),
    )
    return converter


def _camel_case_keys(shape: type) -> dict[str, Any]:
    return {field.name: override(rename=_camel_case(field.name)) for field in attrs.fields(shape)}


def _strict_stage(value: Any, _: Any) -> str | int:
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError("must be a stage's name or index")


_converter = _make_converter()
