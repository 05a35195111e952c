"""The user's settings: their shapes, bounds and defaults.

API keys are no settings: they come from environment variables alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from stagewright.catalog.model import ModelReference
from stagewright.codes import CODES
from stagewright.dialects.dialect import Dialect

PROVIDER_IDS = (
    "anthropic", "openai", "gemini", "ollama",
    "openrouter", "mistral", "groq", "deepseek", "xai", "together",
    "cerebras", "fireworks", "nvidia", "moonshot", "huggingface", "cohere",
    "litellm", "lmstudio", "vllm", "llamacpp",
    "rehearsal",
)  # fmt: skip
"""The providers that are known without any settings, in the order in which they are offered."""

ORIGIN_VARIABLES = {
    "ANTHROPIC_BASE_URL": "anthropic",  # without /v1, as Anthropic's SDK reads it
    "OPENAI_BASE_URL": "openai",  # with /v1, as OpenAI's SDK reads it
    "GEMINI_BASE_URL": "gemini",  # without /v1beta
    "OLLAMA_HOST": "ollama",  # a host, a port, or a URL, as Ollama reads it
    "STAGEWRIGHT_REHEARSAL": "rehearsal",  # 1: the built-in provider is listed
}
"""Environment variables that say where a provider is, or that it is wanted."""

Kind = Literal["anthropic", "openai", "gemini", "ollama", "openai-compatible"]

ContextMode = Literal["answers", "stage", "workflow"]

SeverityName = Literal["error", "warning", "information", "hint", "off"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a number; pydantic reads them where it validates or makes the schema."""

    least: float
    most: float

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {**handler(source), "ge": self.least, "le": self.most}


@dataclass(frozen=True, slots=True)
class OneOf:
    """The words that a text can be; for pydantic as well."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {"type": "literal", "expected": list(self.words)}


DiagnosticCode = Annotated[str, OneOf(tuple(CODES))]


def camel(name: str) -> str:
    """The key of a field in files and editors: `base_url` is `baseUrl`."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


@dataclass(frozen=True)
class Section:
    """What all sections have in common; for pydantic."""

    __pydantic_config__: ClassVar[Any] = {
        "alias_generator": camel,
        "extra": "forbid",
        "use_attribute_docstrings": True,
    }


@dataclass(frozen=True)
class ProviderSettings(Section):
    """One provider. Its API key is never a setting: it comes from an environment variable."""

    kind: Kind | None = None
    """The API that it speaks; for providers of your own, `openai-compatible` if left out."""

    base_url: str | None = None
    """Where it is, with `http://` or `https://`: for `openai` and `openai-compatible` with the
    API's path (`https://api.example.com/v1`), for the others without."""

    api_key_env: str | None = None
    """The name of the environment variable that holds its API key."""

    enabled: bool | None = None
    """Whether it is asked at all. If left out, it is when its key is set or when it is configured
    here; local ones also when they run on their usual port."""


@dataclass(frozen=True)
class BrokenProvider(ProviderSettings):
    """A provider whose settings cannot be used: it is shown, with the reason, and not asked."""

    problem: str = ""  # one sentence for people


@dataclass(frozen=True)
class ModelsSettings(Section):
    """The lists of models."""

    cache_seconds: Annotated[float, Bounds(0, 604_800)] = 300
    """How long a list counts as fresh, in seconds. Longer ones save requests, shorter ones notice
    changes earlier."""

    timeout_seconds: Annotated[float, Bounds(0.1, 600)] = 5
    """How long one provider's list may take, in seconds."""


@dataclass(frozen=True)
class TemplatesSettings(Section):
    """The workflow templates."""

    include: tuple[str, ...] = (".choragen/workflow-templates/*.{yaml,yml}",)
    """Globs of the files that are templates, relative to the workspace folder."""


@dataclass(frozen=True)
class Ignored(Section):
    """Diagnostics that are not reported in some files."""

    files: tuple[str, ...]
    """Globs of the files; one that fits a folder means all in it."""

    codes: tuple[DiagnosticCode, ...] = ()
    """The codes of the diagnostics; all of them if left out."""


@dataclass(frozen=True)
class DiagnosticsSettings(Section):
    """What is reported, and how severely."""

    severity: Mapping[DiagnosticCode, SeverityName] = field(default_factory=dict)
    """The severity of each diagnostic by its code; `off` turns it off."""

    retirement_days: Annotated[int, Bounds(0, 3650)] = 90
    """How many days ahead of a model's retirement it is always reported."""

    ignore: tuple[Ignored, ...] = ()
    """What is not reported in some files, such as those that cannot carry a comment:
    `[{"files": ["fixtures"], "codes": ["model-retired"]}]`."""


@dataclass(frozen=True)
class CodeSettings(Section):
    """Source code and loose configuration, such as `.env` and Kubernetes' files."""

    enabled: bool = True
    """Whether models are looked for there."""

    exclude: tuple[str, ...] = ()
    """Globs of the files that are left out; one that fits a folder leaves out all in it."""


@dataclass(frozen=True)
class ChatSettings(Section):
    """Chats."""

    default_model: ModelReference | None = None
    """The model of stages for which neither the stage, its role nor an earlier stage names one:
    `{"provider": "anthropic", "model": "claude-opus-4-8"}`."""

    timeout_seconds: Annotated[float, Bounds(1, 86_400)] | None = None
    """How long a chat's provider may send nothing, in seconds, before it is given up. If left out,
    300, and 1800 at addresses of this machine, where a model may first have to be loaded."""

    context: ContextMode = "answers"
    """What a stage's model is sent of the stages before: `answers`, the last answer of each;
    `workflow`, all that was said; `stage`, nothing."""


@dataclass(frozen=True)
class DialectSettings(Section):
    """A kind of files that name models. In `config.toml` it may also be one of your own, with the
    keys of a dialect's file."""

    enabled: bool = True
    """Whether such files are read."""


@dataclass(frozen=True)
class OwnDialect(DialectSettings):
    """A dialect that a user wrote: one object for each of its syntaxes; none where it is wrong."""

    dialects: tuple[Dialect, ...] = ()


@dataclass(frozen=True)
class Switch(Section):
    """A feature that can be turned off."""

    enabled: bool = True
    """Whether it is shown."""


@dataclass(frozen=True)
class Settings(Section):
    """Everything that a user can set; the defaults are the built-in values."""

    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    """Providers by id: those known by name (`anthropic`, `openai`, `gemini`, `ollama`,
    `openrouter`, ...) and any of your own that speak the OpenAI API."""

    models: ModelsSettings = ModelsSettings()
    """The lists of models."""

    templates: TemplatesSettings = TemplatesSettings()
    """The workflow templates."""

    diagnostics: DiagnosticsSettings = DiagnosticsSettings()
    """What is reported, and how severely."""

    code: CodeSettings = CodeSettings()
    """Source code and loose configuration, such as `.env` and Kubernetes' files."""

    chat: ChatSettings = ChatSettings()
    """Chats."""

    dialects: Mapping[str, DialectSettings] = field(default_factory=dict)
    """The kinds of files that name models, by id: `stagewright dialects` lists them."""

    inlay_hints: Switch = Switch()
    """Hints in the text: the model in effect where a stage names none and no code lens says it."""

    code_lens: Switch = Switch()
    """Actions above the stages."""


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """A setting that cannot be used; everything else goes on."""

    message: str  # a sentence that says what is wrong and what to do
    key: str  # "providers.acme.baseUrl"; empty where it is the whole file
    where: str  # "/home/me/.config/stagewright/config.toml, line 3", "the editor's settings", ...

    def __str__(self) -> str:
        place = f"{self.where}, {self.key}" if self.key else self.where
        return f"{place}: {self.message}"


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of `config.toml` and of the editor's section `stagewright`."""
    from pydantic import TypeAdapter  # takes as long as a quarter of the server's start

    schema = TypeAdapter(Settings).json_schema(by_alias=True)
    for described in schema["properties"].values():
        if "$ref" in described:  # a section: its keys have their own defaults
            del described["default"]
    _describe_own_dialects(schema)
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **schema, "title": "Stagewright settings"}


def _describe_own_dialects(schema: dict[str, Any]) -> None:
    """Put the keys of a dialect's file beside the one switch."""
    from stagewright.dialects.checked import DialectFile  # and pydantic

    switch = schema["$defs"]["DialectSettings"]
    own = DialectFile.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    schema["$defs"].update(own.pop("$defs"))
    schema["$defs"]["DialectFile"] = {
        **own,
        "properties": {**switch["properties"], **own["properties"]},
    }
    either = [{"$ref": "#/$defs/DialectSettings"}, {"$ref": "#/$defs/DialectFile"}]
    schema["properties"]["dialects"]["additionalProperties"] = {"anyOf": either}
