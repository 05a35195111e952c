"""The shape of a dialect's file, for pydantic: whoever writes one is told each key that is wrong.

Not imported at start: built-in dialects are checked by a test, a user's own when settings are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from stagewright.dialects.dialect import Dialect, DialectError, dialects_from
from stagewright.dialects.place import Written
from stagewright.text.syntaxes import SyntaxName

T = TypeVar("T")

_ID = re.compile(r"(?!choragen-)[A-Za-z0-9][A-Za-z0-9_-]{0,60}")

Text = Annotated[str, Field(min_length=1, max_length=300)]
Words = Annotated[list[Text], Field(max_length=300)]
Few = Annotated[list[T], Field(max_length=100)]
_Day = date | Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", max_length=10)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Condition(_Shape):
    """A key that is there, or says one of these."""

    at: Text
    """A key path from `$`, the top, or `@`, the mapping around the value; `@^` is the one around
    that, `@^*` any of them, `@=` the value of the key that names the model."""

    is_: Words | None = Field(None, alias="is")
    """Texts, in any case; `*` in them is any text. Left out, it is enough that the key is there."""

    says: Words | None = None
    """Or words that stand somewhere in it as it is written; interpolations do not count."""


class Names(_Shape):
    """Where names are declared."""

    at: Text
    """A key path to the names; to keys, where it ends in `.*`."""

    before: Text | None = None
    """The name is what stands before the first of these."""

    has: Words = []
    """Only names with one of these below them count: `@=.options.baseURL`."""


class Defines(_Shape):
    """What a file itself declares."""

    models: Few[Text | Names] = []
    """Names that `local` places refer to."""

    providers: Few[Text | Names] = []
    """Names of providers of the file's own: nothing is said of models that are named with them."""

    elsewhere: Few[Text | Condition] = []
    """Where one of these may hold, other files declare models too, and no name is missing."""


class Detect(_Shape):
    """A claim by what a file holds."""

    files: Words
    """Globs below the workspace folder."""

    keys: Words = []
    """One of these keys stands at the top."""

    text: Words = []
    """Or one of these texts in a comment or as `$schema` near the top."""

    beside: Words = []
    """Or one of these files lies in the folder in which the glob, less its `**/`, begins."""


class SettingsFiles(_Shape):
    """Files beside that say where models are sent."""

    folder: Text
    """The name of a folder around the file; the nearest one counts, and those further out."""

    files: Words
    """The files in that folder."""

    redirects: Few[Text | Condition] = []
    """Where one of these may hold in them, nothing is said of models. Values are never told."""

    defines: Defines = Defines()
    """What they declare."""


class Provider(_Shape):
    """Whose model a text without a provider names; tried in this order."""

    from_: Few[Text] = Field([], alias="from")
    """Key paths; the first that is there names the provider, in the format's own words."""

    ids: dict[Text, Text] = {}
    """Patterns of the model's id, `*` any text, and the provider in our words."""

    default: Text | None = None
    """The provider in our words, where nothing else says one."""


class Extract(_Shape):
    """Which parts of a text are names; one of these."""

    options: Words | None = None
    """What stands behind these options of a command line; with `split`, several."""

    json_: Words | None = Field(None, alias="json")
    """The texts at these key paths of a text that is JSON."""

    split: Text | None = None
    """All that stand between these."""

    after: Text | None = None
    """What stands behind the first of these."""


class SharedPlace(_Shape):
    """What several places may have in common."""

    use: Text | None = None
    """The name of a shared file, whose keys count where this place has none."""

    at: Words = []
    """Key paths from the top: `$.models[*].model`; `.*` is any key, `[*]` any item."""

    written: Written | None = None
    """How a model is written there."""

    in_: Literal["value", "key"] | None = Field(None, alias="in")
    """Whether the value or the key itself names the model."""

    when: Few[Text | Condition] = []
    """All of these must hold, or no model is named there."""

    unless: Few[Text | Condition] = []
    """None of these may hold, or no model is named there."""

    redirects: Few[Text | Condition] = []
    """Where one of these may hold, the model is asked elsewhere, and nothing is said of it."""

    local: bool = False
    """A text without a provider is a name that the file defines."""

    provider: Text | Provider | None = None
    """Whose model a text without a provider names."""

    providers: dict[Text, Text] = {}
    """The format's names of providers, and ours or `unverifiable`. With any, others are unknown."""

    aliases: dict[Text, Text] = {}
    """Names that are always right, and what each means."""

    suffix: Few[Text] = []
    """Endings that are kept in edits and left out of look-ups; `*` is any text."""

    drop: Words = []
    """Words that may stand between provider and model."""

    other_kinds: Words = []
    """Those of `drop` behind which no chat models are named."""

    opaque: Words = []
    """Nothing is said of a text that holds one of these."""

    default: Few[Annotated[list[Text], Field(min_length=2, max_length=2)]] = []
    """What stands before and behind a name in such a text that is one after all."""

    extract: Extract | None = None
    """Which parts of a longer text are names."""

    kind: Literal["chat", "any"] | None = None
    """`any` where models that cannot chat are named as well."""

    most: Literal["error", "warning", "information"] | None = None
    """The highest severity of what is said there."""


class Place(SharedPlace):
    """Where models are named."""


class DialectFile(_Shape):
    """A dialect, as its file says it."""

    name: Text
    """What people call it."""

    url: Annotated[str, Field(max_length=300)] = ""
    """Where the format documents its model names."""

    files: Words = []
    """Globs below the workspace folder."""

    exclude: Words = []
    """Globs of files that are not meant."""

    syntax: SyntaxName | dict[Text, SyntaxName] = "yaml"
    """The syntax, or one for each extension."""

    list_: Text | None = Field(None, alias="list")
    """The key at the top whose list has its items read apart, for speed."""

    text_lists: Words = []
    """Keys of lists whose items are texts."""

    after: Text | None = None
    """What has to be run when a model was changed."""

    service_ended: _Day | None = None
    """The day on which the service ended that read these files."""

    unverified: Text | None = None
    """What cannot be verified here, and why: one sentence."""

    detect: Few[Detect] = []
    """Claims by what a file holds."""

    defines: Defines = Defines()
    """What a file itself declares."""

    settings: Few[SettingsFiles] = []
    """Files beside that say where models are sent."""

    places: Annotated[list[Place], Field(min_length=1, max_length=100)]
    """Where models are named."""


class OwnDialectFile(DialectFile):
    """Choragen's files, of which more is known, have these keys as well."""

    entry: Text | None = None
    entry_name: Text | None = None
    before: Words = []
    typed: bool = True
    optional: bool = False
    begins_workflow: bool = False
    follows_workflow: bool = False
    runs_here: bool = False
    features: Text | None = None


class Fault(NamedTuple):
    """What is wrong with a dialect: at which of its keys, and a sentence without its subject."""

    key: tuple[str | int, ...]
    why: str


def checked(name: str, said: Mapping[str, Any]) -> tuple[tuple[Dialect, ...], list[Fault]]:
    """A dialect that a user wrote, one for each of its syntaxes; or all that is wrong with it."""
    found = list(faults(said))
    if not _ID.fullmatch(name):
        found.append(Fault((), "a dialect's id is letters, digits and hyphens, and not Choragen's"))
    if found:
        return (), found
    try:
        return dialects_from(name, said), []
    except DialectError as error:
        return (), [
            Fault(tuple(error.key.replace("[", ".").replace("]", "").split(".")), error.why)
        ]


def faults(said: Mapping[str, Any], shape: type[BaseModel] = DialectFile) -> Iterator[Fault]:
    """What pydantic finds wrong, each at its key."""
    try:
        TypeAdapter(shape).validate_python(dict(said))
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            yield Fault(_key(one["loc"], said), _why(one["type"], one["msg"]))


def _key(place: tuple[str | int, ...], said: object) -> tuple[str | int, ...]:
    """The keys of the file on the way to what is wrong, without pydantic's own words for kinds."""
    found: list[str | int] = []
    for part in place:
        try:
            said = said[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            if part is not place[-1] or not isinstance(said, Mapping):
                continue
        found.append(part)
    return tuple(found)


def _why(kind: str, message: str) -> str:
    match kind:
        case "extra_forbidden":
            return "unknown key"
        case "missing":
            return "is missing"
        case _:
            return message[0].lower() + message[1:]
