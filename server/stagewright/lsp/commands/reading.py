"""Reading the arguments of commands: strictly, with refusals that name the command and the key."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Any, Literal, Never, Union, get_args, get_origin

from stagewright.catalog.model import ModelReference
from stagewright.lsp.commands.asking import Ask
from stagewright.lsp.errors import INVALID_PARAMS, failure
from stagewright.settings import camel

_SCALARS = {str: "a string", int: "a whole number", bool: "true or false", NoneType: "null"}
"""What JSON calls values of these classes."""


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
        _refuse(command, "the argument must be an object")
    problems: list[str] = []
    told = _read_keys(_parameters(handler)[1:], value, "", problems)
    if problems:
        _refuse(command, "; ".join(problems))
    return told


def _refuse(command: str, what: str) -> Never:
    refusal = failure("bad-argument", f"{command}: {what}.")
    refusal.code = INVALID_PARAMS
    raise refusal


@cache
def _parameters(taker: Callable[..., Any]) -> tuple[Parameter, ...]:
    return tuple(signature(taker, eval_str=True).parameters.values())


def _key(parameter: Parameter) -> str:
    """Its key; `from_` stands for a word of Python's own."""
    return camel(parameter.name.rstrip("_"))


def _read_keys(
    parameters: tuple[Parameter, ...], value: dict[str, Any], before: str, problems: list[str]
) -> dict[str, Any]:
    """The values of an object by parameter; `before` is put before each key in `problems`."""
    left, told = dict(value), {}
    for one in parameters:
        key = _key(one)
        if key in left:
            told[one.name] = _read(one.annotation, left.pop(key), f"{before}{key}", problems)
        elif one.default is Parameter.empty:
            problems.append(f"{before}{key} is missing")
    problems += (f"unknown key {before}{key}" for key in sorted(left))
    return told


def _read(kind: Any, value: Any, at: str, problems: list[str]) -> Any:
    """A value of the kind that an annotation tells; what is wrong with it goes to `problems`."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    fitting = next((one for one in kinds if _fits(one, value)), None)
    if fitting is None:
        *some, last = [word for one in kinds for word in _words(one)]
        expected = f"{', '.join(some)} or {last}" if some else last
        problems.append(f"{at} must be {expected}")
        return None
    if fitting is ModelReference:
        return ModelReference(value["provider"], value["model"])
    if get_origin(fitting) is list:
        [each] = get_args(fitting)
        return [_read(each, one, f"{at}[{index}]", problems) for index, one in enumerate(value)]
    if isinstance(value, dict):
        known = len(problems)
        told = _read_keys(_parameters(fitting), value, f"{at}.", problems)
        return fitting(**told) if len(problems) == known else None
    return value


def _fits(kind: Any, value: Any) -> bool:
    """Whether a value is of this kind; what is in a list or an object is not looked at, but for
    that of a model."""
    if kind is Ask:  # what stands where nothing is told
        return False
    if kind is ModelReference:
        match value:
            case {"provider": str(provider), "model": str(model)}:
                return bool(provider and model)
        return False
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) is list:
        return isinstance(value, list)
    return type(value) is kind if kind in _SCALARS else isinstance(value, dict)


def _words(kind: Any) -> tuple[str, ...]:
    """What a value of this kind is called in a refusal."""
    if kind is Ask:
        return ()
    if kind is ModelReference:
        return ("an object {provider, model} of non-empty strings",)
    if get_origin(kind) is Literal:
        return get_args(kind)
    if get_origin(kind) is list:
        return ("a list",)
    if kind in _SCALARS:
        return (_SCALARS[kind],)
    return (f"an object {{{', '.join(map(_key, _parameters(kind)))}}}",)
