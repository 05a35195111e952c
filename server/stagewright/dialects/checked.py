"""The shape of a dialect's file, for pydantic: whoever writes one is told each key that is wrong.

Not imported at start: built-in dialects are checked by a test, a user's own when settings are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from stagewright.dialects.dialect import Dialect, DialectError, dialects_from
from stagewright.dialects.place import Written
from stagewright.text.syntaxes import SyntaxName

T = TypeVar("T")

Text = Annotated[str, Field(min_length=1, max_length=300)]
Words = Annotated[list[Text], Field(max_length=300)]
Few = Annotated[list[T], Field(max_length=100)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Condition(_Shape):
    """A key that is there, or says one of these."""

    at: Text
    is_: Words | None = Field(None, alias="is")


class Names(_Shape):
    """Where names are declared."""

    at: Text
    before: Text | None = None
    has: Words = []


class Defines(_Shape):
    """What a file itself declares."""

    models: Few[Text | Names] = []
    providers: Few[Text | Names] = []
    elsewhere: Few[Text | Condition] = []


class Detect(_Shape):
    """A claim by what a file holds."""

    files: Words
    keys: Words = []
    text: Words = []


class Settings(_Shape):
    """Files beside that say where models are sent."""

    folder: Text
    files: Words
    redirects: Few[Text | Condition] = []
    defines: Defines | None = None


class Provider(_Shape):
    """Whose model a text without a provider names."""

    from_: Few[Text] = Field([], alias="from")
    ids: dict[Text, Text] = {}
    default: Text | None = None


class Extract(_Shape):
    """Which parts of a text are names."""

    options: Words | None = None
    json_: Words | None = Field(None, alias="json")
    split: Text | None = None
    after: Text | None = None


class SharedPlace(_Shape):
    """What several places may have in common."""

    use: Text | None = None
    written: Written | None = None
    in_: Literal["value", "key"] | None = Field(None, alias="in")
    when: Few[Text | Condition] = []
    unless: Few[Text | Condition] = []
    redirects: Few[Text | Condition] = []
    local: bool = False
    provider: Text | Provider | None = None
    providers: dict[Text, Text] = {}
    aliases: dict[Text, Text] = {}
    suffix: Few[Text] = []
    drop: Words = []
    other_kinds: Words = []
    opaque: Words = []
    default: Few[Annotated[list[Text], Field(min_length=2, max_length=2)]] = []
    extract: Extract | None = None
    kind: Literal["chat", "any"] | None = None
    most: Literal["error", "warning", "information"] | None = None


class Place(SharedPlace):
    """Where models are named."""

    at: Words


class DialectFile(_Shape):
    """A dialect, as its file says it."""

    name: Text
    url: Text = ""
    files: Words = []
    exclude: Words = []
    syntax: SyntaxName | dict[Text, SyntaxName] = "yaml"
    list_: Text | None = Field(None, alias="list")
    text_lists: Words = []
    after: Text | None = None
    service_ended: date | Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    unverified: Text | None = None
    detect: Few[Detect] = []
    defines: Defines = Defines()
    settings: Few[Settings] = []
    places: Annotated[list[Place], Field(min_length=1, max_length=100)]


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
            return "there is no such key"
        case "missing":
            return "is missing"
        case _:
            return message[0].lower() + message[1:]
