"""What every provider offers: its list, one model, and a streamed chat; and how each can fail."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from stagewright.catalog.catalog import Status
from stagewright.catalog.model import Model
from stagewright.mask import Mask

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class ModelList:
    """A provider's answer: the models of every page that came, and whether that was all of them."""

    models: tuple[Model, ...]
    complete: bool = True  # a model that is not in it is not listed
    status: Status = Status.OK  # INCOMPLETE when a later page failed
    error: str | None = None  # why it is not complete, for people
    retry_after: float | None = None  # seconds, when the provider said so with a later page
    patterns: tuple[str, ...] = ()  # `claude-*`: what fits one is passed on without being listed


class ProviderError(Exception):
    """A request failed. `status` is the contract's name for how; the message is for people."""

    def __init__(self, status: Status, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after  # seconds, when the provider said
        self.failing = False  # whether it would answer no other request either


@dataclass(frozen=True, slots=True)
class Turn:
    """One plain-text turn of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One answer to be had: which model, and the conversation so far, ending in the user's turn."""

    model: str
    turns: tuple[Turn, ...]
    system: str | None = None
    temperature: float | None = None  # sent only when set: reasoning models refuse it
    max_tokens: int | None = None  # of the answer, as asked for
    output_limit: int | None = None  # the most the model can give, where known; in tokens


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The model id that the API says answers."""

    model: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, as the API counts them."""

    input_tokens: int | None
    output_tokens: int | None


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the thinking that came with the answer and is no part of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The provider ended the answer: it is `whole`, or `cut` short. A stream without it broke off.

    `reason` is the API's own word; none where the protocol's end came without one.
    """

    how: Literal["whole", "cut"]
    reason: str | None


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The provider failed before any text came and is asked once more: reasoning so far is void."""


ChatEvent = TextDelta | ReasoningDelta | Resolved | Usage | Ended | AskedAgain

ChatErrorCode = Literal[
    "auth-failed",
    "forbidden",
    "model-unavailable",  # "no such model": marks the model as refused
    "rate-limited",
    "overloaded",
    "context-too-long",
    "bad-request",
    "unreachable",
    "bad-answer",
    "interrupted",  # the stream broke after it began
]


class ChatError(Exception):
    """A chat call failed. The message is for people: what happened, what to do, no secrets."""

    def __init__(
        self,
        code: ChatErrorCode,
        message: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code: ChatErrorCode = code
        self.retryable = retryable  # the same request may succeed later
        self.retry_after = retry_after  # seconds, when the provider said


class Provider(Protocol):
    """A configured provider: it has all it needs to be asked."""

    @property
    def mask(self) -> Mask:
        """Hides the keys of all providers in what this one says."""

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """Every page of the list. Raises ProviderError when not even one page came."""

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model asked for alone; None when the provider says that there is no such model.

        Raises ProviderError when it cannot be told.
        """

    async def prepare_chat(self) -> None:
        """Load what `stream_chat` needs, so that the first words come sooner. Asks nobody."""

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer, streamed. Closing the iterator closes the connection. Raises ChatError.

        The provider's SDK is imported when the first event is asked for, off the event loop.
        """
