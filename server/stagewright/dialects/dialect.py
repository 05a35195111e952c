"""What a dialect says: which files it means, and where in them, and how, a model is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

from stagewright.dialects.key_path import KeyPath, RelativePath, parse_path, parse_relative
from stagewright.dialects.place import Condition, Extract, Place, ProviderRule, Written
from stagewright.text.document import Layout
from stagewright.text.syntaxes import SyntaxName

SHARED = Path(__file__).parent / "shared"
"""Where the files lie that several places use."""


class Detect(NamedTuple):
    """A claim by what a file holds, for names that others use too."""

    files: tuple[str, ...]  # globs below the workspace folder
    keys: tuple[str, ...]  # one of these stands at the top
    text: tuple[str, ...]  # or one of these in a comment or as `$schema`, near the top
    beside: tuple[str, ...] = ()  # or one of these files lies where the glob begins, less `**/`


class NamesAt(NamedTuple):
    """Where a file declares names: values, or the keys of a mapping where the path ends in `.*`."""

    at: KeyPath
    before: str = ""  # the name is what stands before the first of these
    has: tuple[RelativePath, ...] = ()  # a key counts only with one of these below it


class Defines(NamedTuple):
    """What a file itself declares."""

    models: tuple[NamesAt, ...] = ()
    providers: tuple[NamesAt, ...] = ()
    elsewhere: tuple[Condition, ...] = ()  # what says that other files declare models as well


NO_NAMES = Defines()


class SettingsFiles(NamedTuple):
    """Files beside those of a dialect that say where their models are sent."""

    folder: str  # the name of a folder around: the nearest one counts
    files: tuple[str, ...]  # below it
    redirects: tuple[Condition, ...]
    defines: Defines


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """A kind of files that name models, of one syntax. There is one object of each built-in one:
    they are told apart by it."""

    id: str
    name: str  # for people
    url: str  # where the format says how it names models
    files: tuple[str, ...]  # globs below the workspace folder
    places: tuple[Place, ...]
    layout: Layout
    syntax: SyntaxName = "yaml"
    exclude: tuple[str, ...] = ()
    detect: tuple[Detect, ...] = ()
    defines: Defines = NO_NAMES
    settings: tuple[SettingsFiles, ...] = ()
    after: str = ""  # what has to be run when a model was changed
    service_ended: str = ""  # the day on which nothing was left that reads these files
    unverified: str = ""  # a sentence on what cannot be verified here, and why
    entry: str = "file"  # what an entry of the layout is called
    entry_name: str = ""  # the key of its name
    before: tuple[str, ...] = ()  # the keys of an entry behind which a new reference is put
    typed: bool = True
    """Whether a YAML parser reads it, to which `4` is no text, `{}` a mapping and an alias what it
    stands for; not a reader of single lines."""
    optional: bool = False  # an entry may do without its model
    begins_workflow: bool = False  # workflows can be begun with what it says
    follows_workflow: bool = False  # it is made anew as its workflow goes on
    runs_here: bool = False  # its models are asked by this program: all that is known is told
    features: str = ""  # the package of `analysis` that knows more of its files than their models

    @property
    def in_literals(self) -> bool:
        """Whether a model may be in any literal of a line, not at keys: then comments are those of
        the file's language, and lines that are too long are passed over."""
        return self.syntax == "code"

    @property
    def presumes(self) -> bool:
        """Whether what reads like a model's name is taken for one, so that it may be something
        else: no provider is asked about it, and what a list lacks is not told."""
        return self.syntax == "code"

    @property
    def only_advises(self) -> bool:
        """Whether a check fails on none of its warnings but that a model has ended, and fixes a
        file only where somebody names it."""
        return self.syntax == "code"

    @property
    def takes_the_rest(self) -> bool:
        """Whether it means only files that no other dialect claims, until one does."""
        return self.syntax == "code"

    def __reduce__(self) -> tuple[Any, ...]:
        said = tuple(getattr(self, field.name) for field in fields(self))
        return _unpickled, said  # another process has its own of the built-in ones

    @property
    def reference_key(self) -> str:
        """The key below which each entry has its model; empty where they stand at many places."""
        steps = self.places[0].at[0].steps
        return steps[-1] if self.places[0].written == "pair" and isinstance(steps[-1], str) else ""


class DialectError(ValueError):
    """A dialect's file says what it may not: `key` says where, `why` is a sentence for people."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key, self.why = key, why


def builtin(name: str) -> Dialect:
    """A dialect that comes with the program; of one of several syntaxes the first.

    Raises FileNotFoundError for a name that none has.
    """
    return builtins(name)[0]


@cache
def builtins(name: str) -> tuple[Dialect, ...]:
    """The same, one for each syntax."""
    return dialects_from(name, _read(Path(__file__).parent / f"{name}.toml"))


@cache
def builtin_names() -> tuple[str, ...]:
    """The ids of all that come with the program for other programs' files. Reads none of them."""
    names = (file.stem for file in Path(__file__).parent.glob("*.toml"))
    return tuple(sorted(name for name in names if not name.startswith("choragen-")))


@cache
def all_builtin() -> tuple[Dialect, ...]:
    """Every dialect that comes with the program, by its id."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("*.toml"))
    return tuple(one for name in names for one in builtins(name))


def _unpickled(*said: Any) -> Dialect:
    copy = Dialect(*said)
    known = builtins(copy.id) if (Path(__file__).parent / f"{copy.id}.toml").exists() else ()
    return next((one for one in known if one.files == copy.files), copy)


def _read(file: Path) -> dict[str, Any]:
    import tomllib  # settings are loaded without it

    return tomllib.loads(file.read_text("utf-8"))


@cache
def shared_names() -> tuple[str, ...]:
    """The names of the files that `use` can say."""
    return tuple(sorted(file.stem for file in SHARED.glob("*.toml")))


@cache
def shared(name: str) -> Mapping[str, Any]:
    """Keys that several places use, and those that they use in turn. Raises DialectError for a name
    that no such file has."""
    if name not in shared_names():
        raise DialectError("use", f"there is no shared file `{name}`")
    said = _read(SHARED / f"{name}.toml")
    return _merged(said, shared(said.pop("use"))) if "use" in said else said


def dialects_from(name: str, said: Mapping[str, Any]) -> tuple[Dialect, ...]:
    """A dialect as its file says it, one for each of its syntaxes. Raises DialectError."""
    known = dict(said)
    syntax = known.pop("syntax", "yaml")
    list_key, text_lists = known.pop("list", ""), frozenset(known.pop("text_lists", ()))
    for key in ("files", "exclude", "before"):
        known[key] = tuple(known.get(key, ()))
    known["detect"] = tuple(
        Detect(*(tuple(one.get(key, ())) for key in _only(Detect, one, f"detect[{number}]")))
        for number, one in enumerate(known.get("detect", ()))
    )
    known["places"] = tuple(
        _place(one, f"places[{number}]") for number, one in enumerate(known.get("places", ()))
    )
    known["defines"] = _defines(known.get("defines", {}), "defines")
    known["settings"] = (
        tuple(_settings(one, f"settings[{number}]") for number, one in enumerate(known["settings"]))
        if "settings" in known
        else ()
    )
    _only(Dialect, known, "", but=("id", "layout", "syntax"))
    for key in ("name", "places"):
        if not known.get(key):
            raise DialectError(key, "is missing")
    if not known["files"] and not known["detect"]:
        raise DialectError("files", "is missing")
    known.setdefault("url", "")
    known["service_ended"] = str(known.get("service_ended", ""))
    # Where models stand at many places, a long text is divided wherever it can be.
    is_listed = known["places"][0].written == "pair"
    return tuple(
        Dialect(
            **{**known, "files": files, "detect": detect},
            id=name,
            syntax=one,
            layout=Layout(list_key if is_listed else "", one, text_lists, has_parts=not is_listed),
        )
        for one, files, detect in _by_syntax(syntax, known["files"], known["detect"])
    )


def _by_syntax(
    syntax: str | Mapping[str, str], files: tuple[str, ...], detect: tuple[Detect, ...]
) -> Iterator[tuple[SyntaxName, tuple[str, ...], tuple[Detect, ...]]]:
    """Each syntax of a dialect, with the globs and claims of its files."""
    words = [syntax] if isinstance(syntax, str) else dict.fromkeys(syntax.values())
    for word in words:
        if word not in get_args(SyntaxName):
            raise DialectError("syntax", f"unknown syntax `{word}`")
        one = cast("SyntaxName", word)
        if isinstance(syntax, str):
            yield one, files, detect
            continue
        theirs = {extension for extension, other in syntax.items() if other == word}
        claims = (claim._replace(files=_of(theirs, syntax, claim.files)) for claim in detect)
        yield one, _of(theirs, syntax, files), tuple(claim for claim in claims if claim.files)


def _of(theirs: set[str], syntax: Mapping[str, str], globs: tuple[str, ...]) -> tuple[str, ...]:
    """The globs of files with one of these extensions."""
    found = []
    for glob in globs:
        stem, _, _ = glob.rpartition(".")
        if unknown := next((one for one in extensions(glob) if one not in syntax), ""):
            raise DialectError("syntax", f"says nothing of .{unknown}, as in `{glob}`")
        if kept := [one for one in extensions(glob) if one in theirs]:
            found.append(f"{stem}.{kept[0]}" if len(kept) == 1 else f"{stem}.{{{','.join(kept)}}}")
    return tuple(found)


def extensions(glob: str) -> list[str]:
    """The extensions of the files that a glob means, without their dots."""
    _, _, end = glob.rpartition(".")
    return end[1:-1].split(",") if end[:1] == "{" and end[-1:] == "}" else [end]


def _place(said: Mapping[str, Any], key: str) -> Place:
    known = dict(said)
    if use := known.pop("use", ""):
        known = _merged(known, shared(use))
    known["in_key"] = known.pop("in", "value") == "key"
    known["at"] = tuple(_path(one, f"{key}.at") for one in known.get("at", ()))
    for conditions in ("when", "unless", "redirects"):
        known[conditions] = tuple(
            _condition(one, f"{key}.{conditions}") for one in known.get(conditions, ())
        )
    for words in ("suffix", "opaque"):
        known[words] = tuple(known.get(words, ()))
    for words in ("drop", "other_kinds"):
        known[words] = frozenset(known.get(words, ()))
    known["default"] = tuple((begin, end) for begin, end in known.get("default", ()))
    known["provider"] = _provider(known.get("provider", ""), f"{key}.provider")
    known["extract"] = _extract(known["extract"], f"{key}.extract") if "extract" in known else None
    _only(Place, known, key)
    if known.get("written") not in get_args(Written):
        raise DialectError(
            f"{key}.written", f"unknown way `{known.get('written')}` to write a model"
        )
    if not known["at"]:
        raise DialectError(f"{key}.at", "is missing")
    return Place(**known)


def _merged(own: Mapping[str, Any], used: Mapping[str, Any]) -> dict[str, Any]:
    """A place's own keys over those that it uses; tables are joined."""
    joined = {**used, **own}
    for table in ("providers", "aliases"):
        if table in used and table in own:
            joined[table] = _own_first(own[table], used[table])
    mine, theirs = own.get("provider"), used.get("provider")
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping) and "ids" in mine:
        ids = _own_first(mine["ids"], theirs.get("ids", {}))
        joined["provider"] = {**theirs, **mine, "ids": ids}
    return joined


def _own_first(own: Mapping[str, str], used: Mapping[str, str]) -> Mapping[str, str]:
    return {**own, **used, **own}


def _condition(said: str | Mapping[str, Any], key: str) -> Condition:
    if isinstance(said, str):
        said = {"at": said}
    known = {("values" if name == "is" else name): value for name, value in said.items()}
    if says := known.pop("says", ()):
        if "values" in known:
            raise DialectError(key, "says either `is` or `says`")
        known |= {"values": tuple(f"*{one}*" for one in says), "as_written": True}
    _only(Condition, known, key)
    return Condition(
        _relative(known.get("at", ""), key),
        tuple(known.get("values", ())),
        known.get("as_written", False),
    )


def _provider(said: str | Mapping[str, Any], key: str) -> ProviderRule:
    if isinstance(said, str):
        return ProviderRule(default=said)
    known = {("keys" if name == "from" else name): value for name, value in said.items()}
    _only(ProviderRule, known, key)
    keys = tuple(_relative(one, f"{key}.from") for one in known.get("keys", ()))
    return ProviderRule(keys, tuple(known.get("ids", {}).items()), known.get("default", ""))


def _extract(said: Mapping[str, Any], key: str) -> Extract:
    _only(Extract, said, key)
    if len(said) != 1 and set(said) != {"options", "split"}:
        raise DialectError(key, "says one of options, json, split and after")
    paths = tuple(_path(one, f"{key}.json") for one in said.get("json", ()))
    options = tuple(said.get("options", ()))
    return Extract(options, paths, said.get("split", ""), said.get("after", ""))


def _defines(said: Mapping[str, Any], key: str) -> Defines:
    def names(one: str | Mapping[str, Any]) -> NamesAt:
        if isinstance(one, str):
            return NamesAt(_path(one, key))
        _only(NamesAt, one, key)
        has = tuple(_relative(path, f"{key}.has") for path in one.get("has", ()))
        return NamesAt(_path(one.get("at", ""), key), one.get("before", ""), has)

    _only(Defines, said, key)
    elsewhere = (_condition(one, f"{key}.elsewhere") for one in said.get("elsewhere", ()))
    return Defines(
        tuple(map(names, said.get("models", ()))),
        tuple(map(names, said.get("providers", ()))),
        tuple(elsewhere),
    )


def _settings(said: Mapping[str, Any], key: str) -> SettingsFiles:
    _only(SettingsFiles, said, key)
    return SettingsFiles(
        said.get("folder", ""),
        tuple(said.get("files", ())),
        tuple(_condition(one, f"{key}.redirects") for one in said.get("redirects", ())),
        _defines(said.get("defines", {}), f"{key}.defines"),
    )


def _only(
    shape: type, said: Mapping[str, Any], key: str, but: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The names of a shape's fields; nothing else may be said. Raises DialectError."""
    names = getattr(shape, "_fields", None) or tuple(field.name for field in fields(shape))
    for name in said:
        if name not in names or name in but:
            raise DialectError(f"{key}.{name}".lstrip("."), "unknown key")
    return cast("tuple[str, ...]", names)


def _path(text: str, key: str) -> KeyPath:
    try:
        return parse_path(text)
    except ValueError as error:
        raise DialectError(key, str(error)) from None


def _relative(text: str, key: str) -> Any:
    try:
        return parse_relative(text)
    except ValueError as error:
        raise DialectError(key, str(error)) from None
