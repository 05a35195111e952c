"""One provider at one moment: how its list was had, and the models in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from stagewright.catalog.knowledge import NOTHING, Knowledge
from stagewright.catalog.model import Model, Source
from stagewright.catalog.models import Models
from stagewright.catalog.spelling import plain
from stagewright.catalog.unlisted import covered, split_variant


class Status(StrEnum):
    """How the last attempt to get a provider's list ended. The values are part of the contract."""

    OK = "ok"
    LOADING = "loading"  # the first answer is under way
    INCOMPLETE = "incomplete"  # some pages came, then one failed
    NOT_CONFIGURED = "not-configured"  # no key
    AUTH_FAILED = "auth-failed"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate-limited"
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad-answer"
    NO_LIST = "no-list"  # this provider offers no list of models


_NONE = Models()


@dataclass(frozen=True)
class ProviderSnapshot:
    """One provider at one moment.

    `models` is the last good list, or the pages that came, kept best first. Only a list that is
    `conclusive` can show that a model is missing. Where there is none, `table` shows what is known
    offline, and each model's source says so.
    """

    id: str
    name: str  # for people: "Anthropic"
    status: Status
    models: tuple[Model, ...] = _NONE  # what is passed becomes `Models`, best first
    complete: bool = False  # `models` and `patterns` were the whole list at `checked_at`
    stale: bool = False  # `models` is from an earlier success; the newest attempt failed
    checked_at: datetime | None = None  # UTC, of the list in `models`
    error: str | None = None  # one sentence for people, without secrets
    key_variable: str | None = None  # the environment variable that holds its key
    asks_single: bool = False  # the provider can be asked about one model
    confirmed: Mapping[str, Model] = field(default_factory=dict)  # unlisted, asked for alone: exist
    absent: frozenset[str] = frozenset()  # unlisted, asked for alone: the provider denies them
    refused: frozenset[str] = frozenset()  # chat found no such model since the last refresh
    knowledge: Knowledge = NOTHING  # what is known of its models offline
    askable: bool = True  # False: files name it, but Stagewright can neither ask it nor chat there
    fresh_until: datetime | None = None  # UTC; a list older than this shows no absence
    patterns: tuple[str, ...] = ()  # `claude-*`: what fits one is passed on, and not in `models`
    own_origin: bool = True  # asked at the provider's own address, not at a gateway in its place
    router: str = ""  # whose ways of saying something of the request at an id's end it takes

    def __post_init__(self) -> None:
        if not isinstance(self.models, Models):
            object.__setattr__(self, "models", Models(self.models))

    @property
    def table(self) -> Models:
        """`models` with its look-ups; without a list, what is known offline."""
        assert isinstance(self.models, Models)
        return self.models or self.knowledge.current

    @property
    def listed(self) -> bool:
        """Whether `models` came from the provider, be it long ago or in part."""
        return any(model.source is Source.LIVE for model in self.models)

    @property
    def conclusive(self) -> bool:
        """Whether a model's absence from `models` means anything, while the list is fresh."""
        return self.status is Status.OK and self.complete and not self.stale

    def model(self, model_id: str) -> Model | None:
        """The model of this id: live before offline."""
        return self.live(model_id) or self.offline(model_id)

    def live(self, model_id: str) -> Model | None:
        """The model of this id if the provider named it, in its list or asked alone."""
        assert isinstance(self.models, Models)
        spelled = plain(self.id, model_id)
        names = (model_id, self.split(model_id)[0], *((spelled.id,) if spelled else ()))
        for name in dict.fromkeys(names):
            model = self.models.by_id.get(name) or self.confirmed.get(name)
            if model and model.source is Source.LIVE:
                return model
        return None

    def split(self, model_id: str) -> tuple[str, str]:
        """The id that a list would have, and what is said behind it about the request."""
        assert isinstance(self.models, Models)
        if not self.router or model_id in self.models.by_id or self.knowledge.get(model_id):
            return model_id, ""
        return split_variant(model_id, self.router)

    def covered(self, model_id: str) -> str | None:
        """What passes this model on although no list names it: the pattern that it fits.

        A preset is the account's own, and in no list.
        """
        base, variant = self.split(model_id)
        return covered(base, self.patterns) if base else variant

    def offline(self, model_id: str) -> Model | None:
        """What is known offline of this id."""
        assert isinstance(self.models, Models)
        name = self.split(model_id)[0]
        found = self.models.by_id.get(name)
        return found if found and found.source is Source.OFFLINE else self.knowledge.get(name)

    def usable(self) -> Iterator[Model]:
        """What can be offered, newest and active first, deprecated last. Offline ones say so."""
        return (model for model in self.table.callable if model.id not in self.refused)
