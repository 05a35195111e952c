"""One source of settings: its values, checked, and the place of each for messages."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stagewright import globs
from stagewright.catalog.catalog import PROVIDER_ALIASES
from stagewright.catalog.nearest import nearest
from stagewright.codes import CODES
from stagewright.dialects.dialect import Dialect, builtin_names
from stagewright.files import UnreadableFile, read_bytes
from stagewright.settings.model import (
    ORIGIN_VARIABLES,
    PROVIDER_IDS,
    Ignored,
    ProviderSettings,
    Section,
    Settings,
    SettingsProblem,
    camel,
)
from stagewright.text.nodes import MappingNode, Node, SequenceNode

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MAX_BYTES = 1024 * 1024
_OLLAMA_PORT = 11434
_SHOWN = 60  # characters of a glob
_KEYS_NAME = r"(api[-_]?)?(key|token|secret|password)"
_INCLUDE, _EXCLUDE, _IGNORE = (
    ("templates", "include"),
    ("code", "exclude"),
    ("diagnostics", "ignore"),
)


@dataclass(frozen=True, slots=True)
class Layer:
    """The values of one source, nested by key."""

    name: str  # for people: "/home/me/.config/stagewright/config.toml", "Editor settings"
    values: Mapping[str, Any]
    text: str = ""  # of a file, to find lines in
    broken: Mapping[str, str] = field(default_factory=dict)  # provider: what is wrong with it

    def problem(self, path: Sequence[str | int], message: str) -> SettingsProblem:
        """What is wrong at `path`, with the line where the source has lines."""
        line = self.line(path)
        where = f"{self.name}, line {line}" if line else self.name
        dotted = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
        return SettingsProblem(message, dotted.removeprefix("."), where)

    def line(self, path: Sequence[str | int]) -> int:
        """The 1-based line that sets `path`, or what it lies in; 0 of a source without lines."""
        if not self.text:
            return 0
        # Only what is wrong is looked for.
        from stagewright.text.yaml.editing import find_pair

        node, line = _nodes(self.text), 1
        for part in map(str, path):
            if isinstance(node, SequenceNode) and part.isdecimal() and int(part) < len(node.items):
                node = node.items[int(part)]
                line = node.span.start.line + 1
            elif isinstance(node, MappingNode) and (pair := find_pair(node, part)):
                key, node = pair
                line = key.span.start.line + 1
            else:
                break
        return line

    def holds(self, path: Iterable[str]) -> bool:
        """Whether this source sets `path`."""
        values: Any = self.values
        for key in path:
            if isinstance(values, list) and key.isdecimal() and int(key) < len(values):
                values = values[int(key)]
            elif isinstance(values, Mapping) and key in values:
                values = values[key]
            else:
                return False
        return True


def read_file(path: Path, problems: list[SettingsProblem]) -> Layer:
    """The settings of a TOML file; of none where it is absent, cannot be read or is not TOML."""
    name = str(path)
    try:
        data = read_bytes(path, _MAX_BYTES)
    except UnreadableFile as error:
        if not error.absent:
            problems.append(SettingsProblem(f"{error.why}. {error.advice}".strip(), "", name))
        return Layer(name, {})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(SettingsProblem("is not UTF-8 text.", "", f"{name}, line {line}"))
        return Layer(name, {})
    import tomllib  # most people have no such file

    try:
        return Layer(name, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        said = re.fullmatch(r"(.*?) \(at line (\d+), column \d+\)", str(error))
        line = int(said[2]) if said else text.count("\n") + 1
        reason = said[1] if said else str(error).partition(" (at")[0]
        problems.append(SettingsProblem(f"invalid TOML: {reason}.", "", f"{name}, line {line}"))
    except RecursionError:
        problems.append(SettingsProblem("is nested too deeply.", "", name))
    return Layer(name, {})


def environment(environ: Mapping[str, str]) -> Iterator[Layer]:
    """What environment variables say, each a source of its own."""
    for variable, provider in ORIGIN_VARIABLES.items():
        if not (value := environ.get(variable, "").strip()):
            continue
        if provider == "rehearsal":
            said: dict[str, Any] = {"enabled": value not in ("0", "false", "no", "off")}
        else:
            said = {"baseUrl": ollama_origin(value) if provider == "ollama" else value}
        yield Layer(f"Environment variable {variable}", {"providers": {provider: said}})


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


def without_defaults(values: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an editor's settings that differs from the built-in ones."""
    return _different(values, _written(Settings()))


def checked(layer: Layer, problems: list[SettingsProblem]) -> Layer:
    """The layer without what is no setting or has no usable value; each of those is reported."""
    if not layer.values:
        return layer
    # Takes as long as a quarter of the server's start, and most people set nothing.
    from pydantic import TypeAdapter, ValidationError

    values = json.loads(json.dumps(layer.values, default=str))
    broken: dict[str, str] = {}
    try:
        TypeAdapter(Settings).validate_json(json.dumps(values), strict=True)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            path = tuple(str(part) for part in details["loc"] if part != "[key]")
            found = layer.problem(path, _in_words(details, path))
            problems.append(found)
            _remove(values, path)
            if len(path) > 1 and path[0] == "providers" and not _is_unknown(details):
                broken[path[1]] = f"Its settings cannot be used: {found.key} {found.message}"
    _leave_out_bad_globs(layer, values, problems)
    return Layer(layer.name, _with_known_ids(values), layer.text, broken)


def own_dialects(
    layer: Layer, problems: list[SettingsProblem], configured: Collection[str] = ()
) -> tuple[Layer, dict[str, tuple[Dialect, ...]]]:
    """The dialects that a user's file describes, and the layer without them. What is wrong with
    one is reported, and it is left out; the others work. `configured` are providers that they
    may name beside the known ones.
    """
    tables = layer.values.get("dialects")
    if not isinstance(tables, Mapping):
        return layer, {}
    own: dict[str, tuple[Dialect, ...]] = {}
    switches: dict[str, Any] = {}
    for name, said in tables.items():
        if not isinstance(said, Mapping) or set(said) == {"enabled"}:
            switches[name] = said
            continue
        if not said and name in builtin_names():
            continue
        # Few people have a dialect of their own, and its check needs pydantic.
        from stagewright.catalog.knowledge import PROVIDERS
        from stagewright.dialects.faults import DialectFault, globs_of
        from stagewright.dialects.faults import checked as checked_dialect

        described = {key: value for key, value in said.items() if key != "enabled"}
        known = sorted({*PROVIDER_IDS, *PROVIDER_ALIASES, *PROVIDERS, *configured})
        made, faults = checked_dialect(name, described, known)
        for key, glob in globs_of(described):
            for _, why in globs.usable([glob])[1]:
                faults.append(DialectFault(key, f"`{glob[:_SHOWN]}` {why}"))
        found = [(("dialects", name, *fault.key), fault.message) for fault in faults]
        found.sort(key=lambda one: layer.line(one[0]))
        for number, (path, message) in enumerate(found, 1):
            left_out = " The dialect is left out." if number == len(found) else ""
            problems.append(layer.problem(path, f"{message}{left_out}"))
        own[name] = () if faults else made
        if "enabled" in said:
            switches[name] = {"enabled": said["enabled"]}
    return replace(layer, values={**layer.values, "dialects": switches}), own


def _leave_out_bad_globs(
    layer: Layer, values: dict[str, Any], problems: list[SettingsProblem]
) -> None:
    """Report globs that cannot be used; where no templates' are left it is as if none were set."""

    def check(section: dict[str, Any], key: str, path: Sequence[str]) -> None:
        section[key], bad = globs.usable(section[key])
        for glob, why in bad:
            shown = glob if len(glob) <= _SHOWN else f"{glob[:_SHOWN]}…"
            problems.append(layer.problem(path, f"`{shown}` {why}. It is left out."))

    for section, key in (_INCLUDE, _EXCLUDE):
        if key in (said := values.get(section, {})):
            check(said, key, (section, key))
            if key == "include" and not said[key]:
                del said[key]
    section, key = _IGNORE
    for number, one in enumerate(values.get(section, {}).get(key, ())):
        check(one, "files", (section, key, str(number), "files"))


@lru_cache(maxsize=1)
def _nodes(text: str) -> Node | None:
    """A TOML text with the places of its keys."""
    from stagewright.text.toml.whole import read  # only where something is wrong

    return read(text.splitlines()).node


def _remove(values: Any, path: Sequence[str]) -> None:
    """Take out the deepest part of `path` that is there; a list goes as a whole."""
    for key, following in zip(path, [*path[1:], None], strict=True):
        if not isinstance(values, dict) or key not in values:
            return
        inside = values[key]
        if following is None or not isinstance(inside, dict) or following not in inside:
            del values[key]
            return
        values = inside


def _with_known_ids(values: dict[str, Any]) -> dict[str, Any]:
    """Providers under the ids that the catalogue has: `google` is `gemini`."""
    if "providers" in values:
        known = {PROVIDER_ALIASES.get(name, name): one for name, one in values["providers"].items()}
        values["providers"] = known
    return values


def _written(value: Any) -> Any:
    if isinstance(value, Section):
        return {camel(one.name): _written(getattr(value, one.name)) for one in fields(value)}
    return list(value) if isinstance(value, tuple) else value


def _different(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in values.items():
        default = defaults.get(key)
        if isinstance(value, Mapping):
            value = _different(value, default if isinstance(default, Mapping) else {})
        if value not in (None, {}, default):
            kept[key] = value
    return kept


def _is_unknown(details: ErrorDetails) -> bool:
    return details["type"] == "unexpected_keyword_argument"


def _in_words(details: ErrorDetails, path: Sequence[str]) -> str:
    """A validation error as a sentence, without the value: it may be a secret."""
    limits = details.get("ctx", {})
    match details["type"]:
        case "unexpected_keyword_argument":
            return _unknown(path)
        case "dataclass_type" if path[-1] == "defaultModel":
            return 'must be a table: { provider = "...", model = "..." }.'
        case "dataclass_type" if path[:-1] == _IGNORE:
            return 'must be a table: { files = ["..."], codes = ["..."] }.'
        case "tuple_type" if path == _IGNORE:
            return "must be a list of tables."
        case "missing" if path[:2] == _IGNORE:
            return "must say which `files`."
        case "missing":
            return "needs both `provider` and `model`."
        case "literal_error" if details["loc"][-1] == "[key]" or path[:2] == _IGNORE:
            path = [str(details["input"])] if path[:2] == _IGNORE else path
            return f"unknown diagnostic{did_you_mean(path[-1], tuple(CODES))}"
        case "literal_error":
            return f"must be {limits['expected']}."
        case "greater_than_equal":
            return f"must be at least {limits['ge']:g}."
        case "less_than_equal":
            return f"must be at most {limits['le']:g}."
        case kind if kind in _WRONG_TYPE:
            return f"must be {_WRONG_TYPE[kind]}."
        case _:
            return f"cannot be used: {details['msg'].lower()}."


_WRONG_TYPE = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list of strings",
    **dict.fromkeys(("dataclass_type", "dict_type", "mapping_type"), "a table of keys"),
}
"""What must stand where pydantic finds something else."""


def _unknown(path: Sequence[str]) -> str:
    if path[0] == "providers" and re.fullmatch(_KEYS_NAME, path[-1].lower()):
        return (
            "keys are not read from settings. Put the key into an environment variable, remove it "
            "here, and name the variable in `apiKeyEnv`."
        )
    if path[0] == "dialects" and len(path) > 2:
        return "is read from `config.toml` alone; here a dialect can only be `enabled` or not."
    section: Any = ProviderSettings if path[0] == "providers" else Settings()
    if path[0] != "providers" and len(path) > 1:
        sections = {camel(one.name): getattr(section, one.name) for one in fields(section)}
        section = Ignored(()) if tuple(path[:2]) == _IGNORE else sections[path[0]]
    known = [camel(one.name) for one in fields(section)]
    return f"unknown setting{did_you_mean(path[-1], known)}"


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a sentence about an unknown name, and the known one that may be meant."""
    near = nearest(name, known, 1, name=str)
    return f". Did you mean `{near[0]}`?" if near else "."
