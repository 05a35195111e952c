"""A provider somewhere on the network: its address, its key, and who it is in messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from stagewright.mask import Mask
from stagewright.providers.identity import identity
from stagewright.providers.presets import Plan


@dataclass(frozen=True, slots=True)
class Remote:
    """What every provider on the network has; how each API is asked stands in its own module."""

    plan: Plan
    timeout: float = 5.0  # seconds for a whole list

    @property
    def id(self) -> str:
        return self.plan.id

    @property
    def name(self) -> str:
        """For people."""
        return self.plan.name

    @property
    def origin(self) -> str:
        """Scheme, host and port that requests go to."""
        return self.plan.origin

    @property
    def key(self) -> str | None:
        return self.plan.key

    @property
    def mask(self) -> Mask:
        """Hides the keys of all providers in what this one says."""
        return self.plan.mask

    @property
    def key_variable(self) -> str | None:
        """The environment variable that holds the key, or should."""
        return self.plan.key_variable

    @property
    def key_fingerprint(self) -> str:
        """A digest that tells two accounts apart and does not lead back to the key."""
        return self.plan.key_fingerprint

    @property
    def asks_single(self) -> bool:
        """Whether `get_model` can tell "does not exist" from "cannot say"."""
        return self.plan.asks_single

    @property
    def chat_base_url(self) -> str:
        """What the chat SDK takes as its base URL."""
        return self.plan.base_url

    @property
    def headers(self) -> Mapping[str, str]:
        """What lists and single models are asked with. Only ever sent to `origin`."""
        return identity("openai", self.plan.base_url, self.key)

    @property
    def chat_headers(self) -> Mapping[str, str]:
        """What identifies us in a chat. Only ever sent to `origin`."""
        return self.headers


def path_segment(model_id: str) -> str | None:
    """A model id as one segment of a URL's path; None for what no provider has as an id."""
    if (
        not model_id.isprintable()
        or len(model_id) > 256
        or model_id.strip(". ") != model_id.strip()
    ):
        return None
    return quote(model_id, safe=":@") if model_id.strip() else None
