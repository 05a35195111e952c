"""The shape of a dialect's file, for pydantic: whoever writes one is told each key that is wrong.

Not imported at start: built-in dialects are checked by a test, a user's own when settings are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from stagewright.catalog.nearest import nearest
from stagewright.dialects.dialect import DialectError, shared, shared_names
from stagewright.dialects.key_path import KEY, parse_path, parse_relative
from stagewright.dialects.place import UNVERIFIABLE, Written

T = TypeVar("T")

OURS = "ours"
"""The type of errors whose message is a sentence for people."""

TEXT, TABLE = "<text>", "<table>"
"""What pydantic calls the two halves of what may be either, in the place of an error."""


def _wrong(why: str, likely: str = "") -> PydanticCustomError:
    """An error of ours: a sentence without its full stop, and the name that was likely meant."""
    return PydanticCustomError(OURS, "{why}", {"why": why, "likely": likely})


def meant(name: str, known: tuple[str, ...]) -> str:
    """The one that a name was likely meant to be; nothing if none is like it."""
    return next(iter(nearest(name, known, 1, name=str)), "")


def _parses(parse: Callable[[str], object]) -> AfterValidator:
    def validate(text: str) -> str:
        try:
            parse(text)
        except ValueError as error:
            raise _wrong(str(error)) from None
        return text

    return AfterValidator(validate)


def _is_shared(name: str) -> str:
    try:
        shared(name)
    except DialectError:
        raise _wrong(f"no shared file `{name}`", meant(name, shared_names())) from None
    return name


def _is_provider(name: str, info: ValidationInfo) -> str:
    """Of those in the context; without one any name will do."""
    known = (info.context or {}).get("providers")
    if known is not None and name not in known and name != UNVERIFIABLE:
        raise _wrong(f"unknown provider `{name}`", meant(name, tuple(known)))
    return name


def _is_below_keys(has: list[str], info: ValidationInfo) -> list[str]:
    """Below the names of values there is nothing to look at."""
    if has and parse_path(info.data.get("at", "$.*")).steps[-1:] != (KEY,):
        raise _wrong("counts only for keys: expected `at` to end in `.*`")
    return has


def _is_day(said: object) -> object:
    try:
        return said if isinstance(said, date) else date.fromisoformat(str(said)).isoformat()
    except ValueError:
        raise _wrong("expected a day, such as 2026-07-30") from None


def _half(said: object) -> str | None:
    return (
        TABLE if isinstance(said, Mapping | BaseModel) else TEXT if isinstance(said, str) else None
    )


EITHER = "either"
"""The type of errors where there is neither a text nor a table."""

_Either = Discriminator(_half, custom_error_type=EITHER, custom_error_message="neither")

Text = Annotated[str, Field(min_length=1, max_length=300)]
Texts = Annotated[list[Text], Field(max_length=300)]
Few = Annotated[list[T], Field(max_length=100)]
At = Annotated[Text, _parses(parse_path)]
Relative = Annotated[Text, _parses(parse_relative)]
ProviderName = Annotated[Text, AfterValidator(_is_provider)]
_Day = Annotated[
    date | Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", max_length=10)],
    BeforeValidator(_is_day),
]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Condition(_Shape):
    """A key that is there, or says one of these."""

    at: Relative
    """A key path from `$`, the top, or `@`, the mapping around the value; `@^` is the one around
    that, `@^*` any of them, `@=` the value of the key that names the model."""

    is_: Texts | None = Field(None, alias="is")
    """Texts, in any case; `*` in them is any text. Left out, it is enough that the key is there."""

    says: Texts | None = None
    """Or words that stand somewhere in it as it is written; interpolations do not count."""


ConditionOrPath = Annotated[
    Annotated[Relative, Tag(TEXT)] | Annotated[Condition, Tag(TABLE)], _Either
]


class Names(_Shape):
    """Where names are declared."""

    at: At
    """A key path to the names; to keys, where it ends in `.*`."""

    before: Text | None = None
    """The name is what stands before the first of these."""

    has: Annotated[Few[Relative], AfterValidator(_is_below_keys)] = []
    """Only names with one of these below them count: `@=.options.baseURL`."""


NamesOrPath = Annotated[Annotated[At, Tag(TEXT)] | Annotated[Names, Tag(TABLE)], _Either]


class Defines(_Shape):
    """What a file itself declares."""

    models: Few[NamesOrPath] = []
    """Names that `local` places refer to."""

    providers: Few[NamesOrPath] = []
    """Names of providers of the file's own: nothing is said of models that are named with them."""

    elsewhere: Few[ConditionOrPath] = []
    """Where one of these may hold, other files declare models too, and no name is missing."""


class Detect(_Shape):
    """A claim by what a file holds."""

    files: Texts
    """Globs below the workspace folder."""

    keys: Texts = []
    """One of these keys stands at the top."""

    text: Texts = []
    """Or one of these texts in a comment or as `$schema` near the top."""

    beside: Texts = []
    """Or one of these files lies in the folder in which the glob, less its `**/`, begins."""


class SettingsFiles(_Shape):
    """Files beside that say where models are sent."""

    folder: Text
    """The name of a folder around the file; the nearest one counts, and those further out."""

    files: Texts
    """The files in that folder."""

    redirects: Few[ConditionOrPath] = []
    """Where one of these may hold in them, nothing is said of models. Values are never told."""

    defines: Defines = Defines()
    """What they declare."""


class Provider(_Shape):
    """Whose model a text without a provider names; tried in this order."""

    from_: Few[Relative] = Field([], alias="from")
    """Key paths; the first that is there names the provider, in the format's own words."""

    ids: dict[Text, ProviderName] = {}
    """Patterns of the model's id, `*` any text, and the provider in our words."""

    default: ProviderName | None = None
    """The provider in our words, where nothing else says one."""


class Extract(_Shape):
    """Which parts of a text are names; one of these."""

    options: Texts | None = None
    """What stands behind these options of a command line; with `split`, several."""

    json_: Few[At] | None = Field(None, alias="json")
    """The texts at these key paths of a text that is JSON."""

    split: Text | None = None
    """All that stand between these."""

    after: Text | None = None
    """What stands behind the first of these."""


WrittenByUsers = Literal["provider/model", "provider:model", "model", "local", "display"]
"""The ways to write a model, but for Choragen's own."""

ProviderOrRule = Annotated[
    Annotated[ProviderName, Tag(TEXT)] | Annotated[Provider, Tag(TABLE)], _Either
]


class SharedPlace(_Shape):
    """What several places may have in common."""

    use: Annotated[Text, AfterValidator(_is_shared)] | None = None
    """The name of a shared file, whose keys count where this place has none."""

    at: Annotated[list[At], Field(max_length=300)] = []
    """Key paths from the top: `$.models[*].model`; `.*` is any key, `[*]` any item."""

    written: WrittenByUsers | None = None
    """How a model is written there."""

    in_: Literal["value", "key"] | None = Field(None, alias="in")
    """Whether the value or the key itself names the model."""

    when: Few[ConditionOrPath] = []
    """All of these must hold, or no model is named there."""

    unless: Few[ConditionOrPath] = []
    """None of these may hold, or no model is named there."""

    redirects: Few[ConditionOrPath] = []
    """Where one of these may hold, the model is asked elsewhere, and nothing is said of it."""

    local: bool = False
    """A text without a provider is a name that the file defines."""

    provider: ProviderOrRule | None = None
    """Whose model a text without a provider names."""

    providers: dict[Text, ProviderName] = {}
    """The format's names of providers, and ours or `unverifiable`. With any, others are unknown."""

    aliases: dict[Text, Text] = {}
    """Names that are always right, and what each means."""

    suffix: Few[Text] = []
    """Endings that are kept in edits and left out of look-ups; `*` is any text."""

    drop: Texts = []
    """Words that may stand between provider and model."""

    other_kinds: Texts = []
    """Those of `drop` behind which no chat models are named."""

    opaque: Texts = []
    """Nothing is said of a text that holds one of these."""

    default: Few[Annotated[list[Text], Field(min_length=2, max_length=2)]] = []
    """What stands before and behind a name in such a text that is one after all."""

    extract: Extract | None = None
    """Which parts of a longer text are names."""

    kind: Literal["chat", "any"] | None = None
    """`any` where models that cannot chat are named as well."""

    vendor: Text | None = None
    """Whose a name for people is that says no vendor in brackets, of those that VS Code offers."""

    most: Literal["error", "warning", "information"] | None = None
    """The highest severity of what is said there."""


class Place(SharedPlace):
    """Where models are named."""


Syntax = Literal["yaml", "json", "toml", "front-matter"]

SyntaxOrTable = Annotated[
    Annotated[Syntax, Tag(TEXT)] | Annotated[dict[Text, Syntax], Tag(TABLE)], _Either
]


class DialectFile(_Shape):
    """A dialect, as its file says it."""

    name: Text
    """What people call it."""

    url: Annotated[str, Field(max_length=300)] = ""
    """Where the format documents its model names."""

    files: Texts = []
    """Globs below the workspace folder."""

    exclude: Texts = []
    """Globs of files that are not meant."""

    syntax: SyntaxOrTable = "yaml"
    """The syntax, or one for each extension."""

    list_: Text | None = Field(None, alias="list")
    """The key at the top whose list has its items read apart, for speed."""

    text_lists: Texts = []
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


class OwnPlace(SharedPlace):
    """A place of Choragen's files, where a model may be a mapping of both."""

    written: Written | None = None  # type: ignore[assignment]  # one way more


class OwnDialectFile(DialectFile):
    """Choragen's files, of which more is known, have these keys as well."""

    syntax: SyntaxOrTable | Literal["code"] = "yaml"  # type: ignore[assignment]  # one more
    places: list[OwnPlace]  # type: ignore[assignment]  # one way more

    entry: Text | None = None
    entry_name: Text | None = None
    before: Texts = []
    typed: bool = True
    optional: bool = False
    begins_workflow: bool = False
    follows_workflow: bool = False
    runs_here: bool = False
    features: Text | None = None
