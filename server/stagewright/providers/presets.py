"""The providers that are known by name, and how settings and environment configure each.

Light on purpose: the server needs this before its first completion, without any HTTP client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from stagewright.mask import NO_SECRETS, Mask, userinfo_secrets
from stagewright.pasted import base_url, clean, key_problem
from stagewright.settings import (
    ORIGIN_VARIABLES,
    PROVIDER_IDS,
    BrokenProvider,
    Kind,
    ProviderSettings,
    Settings,
)

OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
"""The names of this machine."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider's usual address and the environment variables that may hold its key."""

    name: str  # for people
    kind: Kind
    base_url: str
    variables: tuple[str, ...]
    needs_key: bool = True
    probed: bool = False  # looked for on its own port, which nothing else uses
    asks_single: bool = True  # whether it can be asked about one model


def _cloud(name: str, base_url: str, *variables: str, asks_single: bool = False) -> Preset:
    return Preset(name, "openai-compatible", base_url, variables, asks_single=asks_single)


def _here(name: str, port: int, variable: str) -> Preset:
    base_url = f"http://127.0.0.1:{port}/v1"
    return Preset(
        name, "openai-compatible", base_url, (variable,), needs_key=False, asks_single=False
    )


PRESETS: Mapping[str, Preset] = {
    "anthropic": Preset(
        "Anthropic", "anthropic", "https://api.anthropic.com", ("ANTHROPIC_API_KEY",)
    ),
    "openai": Preset("OpenAI", "openai", "https://api.openai.com/v1", ("OPENAI_API_KEY",)),
    "gemini": Preset(
        "Google Gemini",
        "gemini",
        "https://generativelanguage.googleapis.com",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    ),
    "ollama": Preset(
        "Ollama",
        "ollama",
        "http://127.0.0.1:11434",
        ("OLLAMA_API_KEY",),
        needs_key=False,
        probed=True,
    ),
    "openrouter": _cloud("OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "mistral": _cloud("Mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", asks_single=True),
    "groq": _cloud("Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", asks_single=True),
    "deepseek": _cloud("DeepSeek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    "xai": _cloud("xAI", "https://api.x.ai/v1", "XAI_API_KEY", asks_single=True),
    "together": _cloud("Together AI", "https://api.together.xyz/v1", "TOGETHER_API_KEY"),
    # https://inference-docs.cerebras.ai/api-reference/models
    "cerebras": _cloud(
        "Cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY", asks_single=True
    ),
    # https://docs.fireworks.ai/tools-sdks/openai-compatibility
    "fireworks": _cloud(
        "Fireworks AI", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"
    ),
    # https://docs.api.nvidia.com/nim/reference/llm-apis; lists embedding models among the others
    "nvidia": _cloud("NVIDIA", "https://integrate.api.nvidia.com/v1", "NVIDIA_API_KEY"),
    # https://platform.moonshot.ai/docs/api/list-models; in China https://api.moonshot.cn/v1, whose
    # keys are others
    "moonshot": _cloud("Moonshot AI", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
    # https://huggingface.co/docs/inference-providers; ids may end in the provider that is to answer
    "huggingface": _cloud("Hugging Face", "https://router.huggingface.co/v1", "HF_TOKEN"),
    # https://docs.cohere.com/docs/compatibility-api and /reference/list-models; its SDK reads
    # CO_API_KEY, most other tools COHERE_API_KEY
    "cohere": _cloud(
        "Cohere", "https://api.cohere.ai/compatibility/v1", "CO_API_KEY", "COHERE_API_KEY"
    ),
    "litellm": _here("LiteLLM", 4000, "LITELLM_API_KEY"),
    "lmstudio": _here("LM Studio", 1234, "LM_API_TOKEN"),
    "vllm": _here("vLLM", 8000, "VLLM_API_KEY"),
    "llamacpp": _here("llama.cpp", 8080, "LLAMA_API_KEY"),
}

REHEARSAL = "rehearsal"

_ROUTERS = {"openrouter.ai": "openrouter", "router.huggingface.co": "huggingface"}


class Readiness(StrEnum):
    """Whether a provider can be asked."""

    READY = "ready"
    PROBED = "probed"  # not configured, but perhaps running here: asked if its port answers at once
    NO_KEY = "no-key"
    OFF = "off"
    BROKEN = "broken"  # its settings cannot be used


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """One provider as settings and environment configure it."""

    id: str
    name: str  # for people
    kind: Kind | None  # None: built in, without a network
    base_url: str = ""  # without a slash at the end
    key: str | None = field(default=None, repr=False)
    key_variable: str | None = None  # the variable that holds the key, or should
    readiness: Readiness = Readiness.READY
    asks_single: bool = False  # whether it can be asked about one model
    problem: str | None = None  # why it is not asked, for people; none where a key is all it lacks
    mask: Mask = field(default=NO_SECRETS, repr=False, compare=False)  # hides all providers' keys

    @property
    def askable(self) -> bool:
        """Whether it can be asked over the network."""
        return self.kind is not None and self.readiness in (Readiness.READY, Readiness.PROBED)

    @property
    def origin(self) -> str:
        """Scheme, host and port of its address."""
        url = urlsplit(self.base_url)
        return f"{url.scheme}://{url.netloc}"

    @property
    def key_fingerprint(self) -> str:
        """A digest that tells two accounts apart and does not lead back to the key."""
        return sha256(f"stagewright\0{self.key or ''}".encode()).hexdigest()[:16]

    @property
    def at_usual_address(self) -> bool:
        """Whether it is where its preset says, rather than a gateway or a server of one's own."""
        preset = PRESETS.get(self.id)
        if preset is None or self.id == "litellm":
            return False
        here, usual = urlsplit(self.base_url), urlsplit(preset.base_url)
        default = {"http": 80, "https": 443}.get(here.scheme)
        return (here.hostname, here.port or default) == (usual.hostname, usual.port or default)

    @property
    def router(self) -> str:
        """Whose ids may say something about the request at their end; empty for most."""
        return _ROUTERS.get(urlsplit(self.base_url).hostname or "") or (
            self.id if self.id in _ROUTERS.values() else ""
        )

    @property
    def is_local(self) -> bool:
        """Whether its address is on this machine."""
        return urlsplit(self.base_url).hostname in OWN_HOSTS


def configs(settings: Settings, environ: Mapping[str, str]) -> tuple[ProviderConfig, ...]:
    """Every known provider, in the order in which they are offered; the user's own come last.

    The rehearsal provider is among them only where it is enabled.
    """
    return tuple(_configs(settings, environ))


def secrets(settings: Settings, environ: Mapping[str, str]) -> Mask:
    """What hides every configured key, and user and password of every address and proxy."""
    own = (one.api_key_env for one in settings.providers.values())
    names = {*own, *(name for preset in PRESETS.values() for name in preset.variables)}
    values = [environ.get(name, "") for name in names if name]
    # A key that is not sent, as something was copied with it, is a secret all the same.
    found = {part for value in values for part in (value.strip(), clean(value), *value.split())}
    proxies = (name for name in environ if name.lower() in _PROXY_VARIABLES)
    addresses = [environ.get(name, "") for name in (*ORIGIN_VARIABLES, *proxies)]
    addresses += [one.base_url or "" for one in settings.providers.values()]
    found.update(secret for one in addresses for secret in userinfo_secrets(one))
    return Mask(frozenset(filter(None, found)))


_PROXY_VARIABLES = frozenset({"http_proxy", "https_proxy", "all_proxy"})


def _configs(settings: Settings, environ: Mapping[str, str]) -> Iterator[ProviderConfig]:
    mask = secrets(settings, environ)
    own = [name for name in settings.providers if name not in PROVIDER_IDS]
    for provider_id in (*PRESETS, *own):
        given = settings.providers.get(provider_id)
        preset = PRESETS.get(provider_id) or Preset(
            provider_id, "openai-compatible", "", (), needs_key=False, asks_single=False
        )
        yield _config(provider_id, preset, given, environ, mask)
    rehearsal = settings.providers.get(REHEARSAL)
    if rehearsal is not None and rehearsal.enabled:
        yield ProviderConfig(REHEARSAL, "Rehearsal (built in)", None, asks_single=True, mask=mask)


def _config(
    provider_id: str,
    preset: Preset,
    given: ProviderSettings | None,
    environ: Mapping[str, str],
    mask: Mask,
) -> ProviderConfig:
    settings = given or ProviderSettings()
    kind = settings.kind or preset.kind
    named = settings.api_key_env
    variables = (named,) if named else preset.variables
    held = next((name for name in variables if clean(environ.get(name, ""))), None)
    key = clean(environ[held]) if held else None
    variable = held or (variables[0] if preset.needs_key or named else None)
    readiness, problem = Readiness.READY, None
    if isinstance(given, BrokenProvider):
        readiness, problem = Readiness.BROKEN, given.problem
    elif settings.enabled is False:
        readiness, problem = Readiness.OFF, f"{preset.name} is turned off in the settings."
        variable = None  # no key would change that
    elif key is not None and (wrong := key_problem(key)):
        readiness, problem = Readiness.BROKEN, f"The key in {held} {wrong}. Set it again."
    elif key is None and (preset.needs_key or named):
        readiness = Readiness.NO_KEY
    elif key is None and given is None:
        readiness = Readiness.PROBED if preset.probed else Readiness.OFF
        problem = f"{preset.name} is not set up. Set its `enabled` or `baseUrl` to have it asked."
    return ProviderConfig(
        id=provider_id,
        name=preset.name,
        kind=kind,
        base_url=base_url(kind, settings.base_url or preset.base_url),
        key=key,
        key_variable=variable,
        readiness=readiness,
        asks_single=preset.asks_single or kind != "openai-compatible",
        problem=problem,
        mask=mask,
    )
