"""Putting the settings together from their sources, the strongest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from stagewright.catalog.model import ModelReference
from stagewright.catalog.nearest import nearest
from stagewright.mask import looks_like_a_key
from stagewright.pasted import clean, endpoint_problem
from stagewright.settings import (
    ORIGIN_VARIABLES,
    PROVIDER_IDS,
    BrokenProvider,
    ChatSettings,
    DiagnosticsSettings,
    Kind,
    ModelsSettings,
    ProviderSettings,
    Settings,
    SettingsProblem,
    Switch,
    TemplatesSettings,
    camel,
)
from stagewright.settings_sources import Layer, checked, read_file

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OLLAMA_PORT = 11434


def settle(
    command_line: Mapping[str, Any],
    editor: Mapping[str, Any],
    environ: Mapping[str, str],
    config: Path,
) -> tuple[Settings, list[SettingsProblem]]:
    """The settings of all sources together, and what is wrong with them."""
    problems: list[SettingsProblem] = []
    layers = [
        checked(Layer("Command line", command_line), problems),
        checked(Layer("Editor settings", editor), problems),
        *_environment(environ),
        checked(read_file(config, problems), problems),
    ]
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged = _over(layer.values, merged)
    providers = {}
    for name in {**merged.get("providers", {}), **{n: 0 for one in layers for n in one.broken}}:
        providers[name] = _provider(name, merged, layers, environ, problems)
    return Settings(
        providers=providers,
        models=ModelsSettings(**_arguments(ModelsSettings, merged.get("models"))),
        templates=TemplatesSettings(**_arguments(TemplatesSettings, merged.get("templates"))),
        diagnostics=DiagnosticsSettings(
            **_arguments(DiagnosticsSettings, merged.get("diagnostics"))
        ),
        chat=replace(
            ChatSettings(**_arguments(ChatSettings, merged.get("chat"))),
            default_model=_default_model(merged, layers, problems),
        ),
        inlay_hints=Switch(**_arguments(Switch, merged.get("inlayHints"))),
        code_lens=Switch(**_arguments(Switch, merged.get("codeLens"))),
    ), problems


def origin_problem(text: str) -> str | None:
    """Why a text cannot be a provider's address; None where it can."""
    if re.search(r"[\s\x00-\x1f]", text):
        return "must not hold spaces"
    try:
        url = urlsplit(text)
        if url.scheme not in ("http", "https") or not url.hostname:
            return "must be an address that begins with http:// or https://"
        if url.username is not None or url.password is not None:
            return "must hold no user name or password: put the key into an environment variable"
        if url.query or url.fragment:
            return "must end before any ? or #"
        _ = url.port
    except ValueError:  # it quotes what stands in place of a port, which may be a password
        return "is no address: write https://HOST or https://HOST:PORT"
    return None


def ollama_origin(host: str) -> str:
    """What OLLAMA_HOST means, as Ollama itself reads it: a host, a port, both, or a URL."""
    scheme, separator, rest = host.strip().strip("\"'").rpartition("://")
    if "@" in rest:
        return f"{scheme or 'http'}://{rest}"  # reported: addresses hold no user name
    if rest == "ollama.com" and not separator:
        scheme, separator = "https", "://"
    if rest.count(":") > 1 and not re.search(r"[\[\]/]", rest):
        rest = f"[{rest}]"  # IPv6, bare
    usual = {"http": 80, "https": 443}.get(scheme, _OLLAMA_PORT) if separator else _OLLAMA_PORT
    text = f"{scheme or 'http'}://{rest}"
    try:
        url = urlsplit(text)
        port = url.port or usual
    except ValueError:
        return text  # reported as any other bad address
    name = url.hostname or "127.0.0.1"
    # A server that listens on every interface is asked on this machine.
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(name, f"[{name}]" if ":" in name else name)  # noqa: S104
    return f"{url.scheme}://{name}:{port}{url.path.rstrip('/')}"


def _environment(environ: Mapping[str, str]) -> Iterator[Layer]:
    for variable, provider in ORIGIN_VARIABLES.items():
        if not (value := environ.get(variable, "").strip()):
            continue
        if provider == "rehearsal":
            said: dict[str, Any] = {"enabled": value not in ("0", "false", "no", "off")}
        else:
            said = {"baseUrl": ollama_origin(value) if provider == "ollama" else value}
        yield Layer(f"Environment variable {variable}", {"providers": {provider: said}})


def _over(stronger: Mapping[str, Any], weaker: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(weaker)
    for key, value in stronger.items():
        below = merged.get(key)
        # A model is one value: its provider never comes from one source and its id from another.
        if isinstance(value, Mapping) and isinstance(below, Mapping) and key != "defaultModel":
            value = _over(value, below)
        merged[key] = value
    return merged


def _arguments(section: type, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Checked values by field name, as the dataclass takes them."""
    given = values or {}
    found = {
        one.name: given[camel(one.name)] for one in fields(section) if camel(one.name) in given
    }
    return {name: tuple(one) if isinstance(one, list) else one for name, one in found.items()}


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
    settings = ProviderSettings(**_arguments(ProviderSettings, merged["providers"][name]))
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
        hint = f"; did you mean {near[0]}" if near else ""
        yield "baseUrl", f"is needed, as {name} is none of the known providers{hint}"


def _source(layers: Sequence[Layer], path: Sequence[str]) -> Layer:
    """The strongest source that sets `path`, or else what it lies in."""
    for length in range(len(path), 0, -1):
        for layer in layers:
            if layer.holds(path[:length]):
                return layer
    return layers[0]
