"""The settings in effect: which source decides, and what of all of them together cannot be used.

No file inside a workspace is read for settings; what an editor sends is the editor's to vouch for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_args

from stagewright.catalog.model import ModelReference
from stagewright.catalog.nearest import nearest
from stagewright.dialects.dialect import Dialect, builtin_names
from stagewright.files import exists
from stagewright.folders import CONFIG_VARIABLE, config_file
from stagewright.mask import looks_like_a_key
from stagewright.pasted import clean, endpoint_problem, origin_problem
from stagewright.settings.model import (
    PROVIDER_IDS,
    BrokenProvider,
    DialectSettings,
    Ignored,
    Kind,
    OwnDialect,
    ProviderSettings,
    Section,
    Settings,
    SettingsProblem,
    camel,
)
from stagewright.settings.sources import (
    Layer,
    checked,
    did_you_mean,
    environment,
    own_dialects,
    read_file,
    without_defaults,
)

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def load(
    editor: Mapping[str, Any] | None,
    environ: Mapping[str, str],
    config_path: Path | None = None,
    command_line: Mapping[str, Any] | None = None,
) -> tuple[Settings, list[SettingsProblem]]:
    """The settings in effect: command line before editor before environment before `config.toml`.

    `editor` and `command_line` are nested by key, as an editor's section `stagewright` is. An
    editor's value that equals the built-in one says nothing: editors send their defaults for what
    nobody set. Never raises: what cannot be used is left out and reported.
    """
    problems: list[SettingsProblem] = []
    config = config_path or config_file(environ)
    if config_path is None and environ.get(CONFIG_VARIABLE) and not exists(config):
        said = (
            f"{CONFIG_VARIABLE} names this file, but it does not exist. Create it, or unset the "
            "variable."
        )
        problems.append(SettingsProblem(said, "", str(config)))
    read = read_file(config, problems)
    named = (_providers_of(values) for values in (read.values, editor, command_line))
    file, own = own_dialects(read, problems, {name for one in named for name in one})
    layers = [
        checked(Layer("Command line", command_line or {}), problems),
        checked(Layer("Editor settings", without_defaults(editor or {})), problems),
        *environment(environ),
        checked(file, problems),
    ]
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged = _over(layer.values, merged)
    providers = {}
    for name in {**merged.get("providers", {}), **{n: 0 for one in layers for n in one.broken}}:
        providers[name] = _provider(name, merged, layers, environ, problems)
    found = _filled(Settings(), merged)
    ignored = merged.get("diagnostics", {}).get("ignore", ())
    ignore = (_filled(Ignored(()), one) for one in ignored)
    return replace(
        found,
        providers=providers,
        diagnostics=replace(found.diagnostics, ignore=tuple(ignore)),
        chat=replace(found.chat, default_model=_default_model(merged, layers, problems)),
        dialects=_dialects(merged.get("dialects", {}), own, layers, problems),
    ), problems


def _providers_of(values: Mapping[str, Any] | None) -> Iterable[str]:
    """The ids of the providers that a source configures."""
    said = (values or {}).get("providers")
    return said if isinstance(said, Mapping) else ()


def _dialects(
    said: Mapping[str, Any],
    own: Mapping[str, tuple[Dialect, ...]],
    layers: Sequence[Layer],
    problems: list[SettingsProblem],
) -> dict[str, DialectSettings]:
    """The switches of dialects, and the user's own ones."""
    found: dict[str, DialectSettings] = {}
    known = (*builtin_names(), *own)
    for name in {**said, **own}:
        enabled = said.get(name, {}).get("enabled", True)
        if name in own:
            found[name] = OwnDialect(enabled, own[name])
        elif name in known:
            found[name] = DialectSettings(enabled)
        else:
            path = ("dialects", name)
            message = f"unknown dialect{did_you_mean(name, known)}"
            problems.append(_source(layers, path).problem(path, message))
    return found


def _over(stronger: Mapping[str, Any], weaker: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(weaker)
    for key, value in stronger.items():
        below = merged.get(key)
        # A model is one value: its provider never comes from one source and its id from another.
        if isinstance(value, Mapping) and isinstance(below, Mapping) and key != "defaultModel":
            value = _over(value, below)
        merged[key] = value
    return merged


S = TypeVar("S", bound=Section)


def _filled(default: S, values: Mapping[str, Any]) -> S:
    """A section with its checked values, which stand under their keys in files; sections in it
    too."""
    given: dict[str, Any] = {}
    for one in fields(default):
        if camel(one.name) not in values:
            continue
        value, usual = values[camel(one.name)], getattr(default, one.name)
        if isinstance(usual, Section):
            value = _filled(usual, value)
        given[one.name] = tuple(value) if isinstance(value, list) else value
    return replace(default, **given)


def _default_model(
    merged: Mapping[str, Any], layers: Sequence[Layer], problems: list[SettingsProblem]
) -> ModelReference | None:
    path = ("chat", "defaultModel")
    written = merged.get("chat", {}).get("defaultModel")
    if written is None:
        return None
    if not written["provider"] or not written["model"]:
        problems.append(_source(layers, path).problem(path, "needs both `provider` and `model`."))
        return None
    return ModelReference(written["provider"], written["model"])


def _provider(
    name: str,
    merged: Mapping[str, Any],
    layers: Sequence[Layer],
    environ: Mapping[str, str],
    problems: list[SettingsProblem],
) -> ProviderSettings:
    """One provider's settings. What makes it unusable is kept with it, so that it can be shown."""
    path = ("providers", name)
    if said := next((layer.broken[name] for layer in layers if name in layer.broken), None):
        return BrokenProvider(problem=said)
    settings = _filled(ProviderSettings(), merged["providers"][name])
    if settings.base_url is not None:
        settings = replace(settings, base_url=clean(settings.base_url))
    for key, message in _faults(name, settings):
        place = (*path, key) if key else path
        problems.append(_source(layers, place).problem(place, f"{message}."))
        problem = f"Its settings cannot be used: {'.'.join(place)} {message}."
        # Its key, if it has one, still is a secret.
        variable = None if key == "apiKeyEnv" else settings.api_key_env
        return BrokenProvider(api_key_env=variable, problem=problem)
    variable = settings.api_key_env
    if variable and not environ.get(variable) and settings.enabled is not False:
        message = (
            f"the environment variable {variable} is not set: set it, and restart Stagewright."
        )
        place = (*path, "apiKeyEnv")
        problems.append(_source(layers, place).problem(place, message))
    return settings


def _faults(name: str, settings: ProviderSettings) -> Iterator[tuple[str, str]]:
    """What makes a provider's settings unusable: the key it stands under, and why."""
    if not name or not name.isprintable() or re.search(r"[\s/]", name):
        yield "", "a provider's id holds no spaces and no slash"
    named = settings.api_key_env
    if named is not None and (not _VARIABLE.fullmatch(named) or looks_like_a_key(named)):
        yield "apiKeyEnv", "must be the name of an environment variable, not the key itself"
    if settings.base_url is not None:
        kind = settings.kind or (name if name in get_args(Kind) else "openai-compatible")
        address = settings.base_url
        if fault := origin_problem(address) or endpoint_problem(kind, address):
            yield "baseUrl", fault
    elif name not in PROVIDER_IDS:
        near = nearest(name, PROVIDER_IDS, 1, name=str)
        hint = f" (did you mean `{near[0]}`?)" if near else ""
        yield "baseUrl", f"is required: `{name}` is not a built-in provider{hint}"


def _source(layers: Sequence[Layer], path: Sequence[str]) -> Layer:
    """The strongest source that sets `path`, or else what it lies in."""
    for length in range(len(path), 0, -1):
        for layer in layers:
            if layer.holds(path[:length]):
                return layer
    return layers[0]
