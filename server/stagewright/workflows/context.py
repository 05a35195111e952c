"""What a stage's model is told of the stages before: whose words, and how much of them.

Pure. By the mode, the last answer of each earlier stage (`answers`) or all that was said in it
(`workflow`) goes ahead of a stage's own messages, each stage as one user turn under its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stagewright.catalog.model import Model
from stagewright.providers.base import Turn
from stagewright.settings import ContextMode
from stagewright.workflows.state import Message, Workflow

MODES: tuple[ContextMode, ...] = ("answers", "stage", "workflow")

MODE_WORDS: dict[ContextMode, str] = {
    "answers": "the answers of earlier stages",
    "stage": "this stage alone",
    "workflow": "the whole conversation",
}
"""For people; each stands behind "sees"."""

MOST_BYTES = 100_000
"""Of UTF-8, of one stage's contribution; the middle of longer ones is left out."""

LEAST_BYTES = 1_000
"""What would be shortened to less than this is left out as a whole."""

BYTES_PER_TOKEN = 3
"""Of UTF-8. Fewer than most texts have, so that what seems to fit does fit."""

USUAL_WINDOW = 32_768
"""Tokens, for models of which nobody says how much they take."""

USUAL_ANSWER = 4_096
"""Tokens that are kept free for an answer of which nobody says how long it can be."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one earlier stage contributes, before any of it is left out."""

    stage_index: int
    stage_name: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An earlier stage and how much of its words is sent."""

    stage_index: int
    stage_name: str
    characters: int  # of its words
    sent: int  # characters of them that are sent; 0 where it is left out

    def to_json(self) -> dict[str, Any]:
        """As clients see it."""
        return {
            "stage": self.stage_index,
            "stageName": self.stage_name,
            "characters": self.characters,
            "sent": self.sent,
        }


@dataclass(frozen=True, slots=True)
class Context:
    """What goes ahead of a stage's own turns."""

    mode: ContextMode = "stage"
    chosen: bool = False  # in this chat, not by the setting
    turns: tuple[Turn, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def words(self) -> str:
        """For people: that this is seen."""
        return f"sees: {self.whose}"

    @property
    def whose(self) -> str:
        """For people: whose words are seen."""
        names = [one.stage_name for one in self.seen if one.sent]
        if not names:
            return MODE_WORDS["stage"]
        what = "conversation" if self.mode == "workflow" else "answer"
        owners = _listed([f"{name}'s" for name in names])
        return f"{owners} {what}{'s' if len(names) > 1 else ''}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what is not sent."""
        short = [one for one in self.seen if 0 < one.sent < one.characters]
        out = [one.stage_name for one in self.seen if not one.sent]
        what = "conversation" if self.mode == "workflow" else "answer"
        said = [
            f"The {what} of `{one.stage_name}` is sent shortened: {one.sent:,} of its "
            f"{one.characters:,} characters."
            for one in short
        ]
        if out:
            quoted = _listed([f"`{name}`" for name in out])
            said.append(
                f"Not sent, because the model takes no more: the {what}{'s' * (len(out) > 1)} of "
                f"{quoted}."
            )
        return tuple(said)

    def to_json(self) -> dict[str, Any]:
        """As clients see it."""
        return {
            "mode": self.mode,
            "chosen": self.chosen,
            "sees": [one.to_json() for one in self.seen],
            "words": self.words,
            "notes": list(self.notes),
        }


def said_in(workflow: Workflow, stage_index: int) -> list[Message]:
    """What counts of a stage's conversation, in order: without what the system said, what was left
    empty, and what has been said anew since."""
    left = superseded(workflow)
    return [
        message
        for message in workflow.messages
        if message.stage_index == stage_index
        and message.role in ("human", "control", "impl")
        and message.id not in left
        and message.content.strip()
    ]


def superseded(workflow: Workflow) -> frozenset[str]:
    """The ids of messages that are kept and count no more.

    A message whose metadata has `insteadOf`, the id of an earlier one of its stage, stands in the
    place of that one and of what followed it up to this message.
    """
    left: set[str] = set()
    for place, message in enumerate(workflow.messages):
        other = (message.metadata or {}).get("insteadOf")
        if not isinstance(other, str) or (message.role != "human" and not message.content.strip()):
            continue
        stage = [
            one.id
            for one in workflow.messages[:place]
            if one.stage_index == message.stage_index and one.role != "system"
        ]
        if other in stage:
            left.update(stage[stage.index(other) :])
    return frozenset(left)


def mode_of(workflow: Workflow, setting: ContextMode) -> tuple[ContextMode, bool]:
    """The mode of a workflow's chat, and whether it was chosen there: the newest choice counts."""
    for message in reversed(workflow.messages):
        match message.metadata:
            case {"type": "context_switch", "context": "answers" | "stage" | "workflow" as mode}:
                return mode, True
            case {"type": "context_switch"}:
                return setting, False
    return setting, False


def parts(workflow: Workflow, stage_index: int, mode: ContextMode) -> tuple[Part, ...]:
    """What the stages before one contribute, in their order; a skipped stage nothing."""
    return tuple(_parts(workflow, stage_index, mode))


def seen_by(workflow: Workflow, setting: ContextMode) -> str:
    """What the current stage sees of the earlier ones, in words; empty where there are none."""
    if not 0 < workflow.current_stage < len(workflow.stages):
        return ""
    mode, chosen = mode_of(workflow, setting)
    return fit(parts(workflow, workflow.current_stage, mode), mode, chosen).words


def _parts(workflow: Workflow, stage_index: int, mode: ContextMode) -> Iterator[Part]:
    if mode == "stage":
        return
    for index, stage in enumerate(workflow.stages[:stage_index]):
        if stage.status == "skipped":
            continue
        said = said_in(workflow, index)
        if mode == "answers":
            answer = next((one for one in reversed(said) if one.role != "human"), None)
            if answer is not None:
                heading = f'The answer of the earlier stage "{stage.name}":'
                yield Part(index, stage.name, heading, answer.content.strip())
        elif said:
            heading = f'The conversation of the earlier stage "{stage.name}":'
            yield Part(index, stage.name, heading, "\n\n".join(map(_labelled, said)))


def _labelled(message: Message) -> str:
    return f"{'User' if message.role == 'human' else 'Assistant'}: {message.content.strip()}"


def fit(found: Sequence[Part], mode: ContextMode, chosen: bool, room: int | None = None) -> Context:
    """As much of the parts as there is room for, in bytes: the oldest go first.

    The one that fits in part is shortened, if there is anything left of it then.
    """
    turns: list[Turn] = []
    seen: list[Seen] = []
    for part in reversed(found):
        most = MOST_BYTES if room is None else min(MOST_BYTES, room - size(part.heading) - 8)
        text, sent = _within(part.text, most)
        if sent:
            turns.append(Turn("user", f"{part.heading}\n\n{text}"))
        if room is not None:
            # Where this one is not whole for want of room, what is older goes.
            whole = sent == len(part.text) or most == MOST_BYTES
            room = room - size(turns[-1].text) if whole else 0
        seen.append(Seen(part.stage_index, part.stage_name, len(part.text), sent))
    return Context(mode, chosen, tuple(turns[::-1]), tuple(seen[::-1]))


def _within(text: str, most: int) -> tuple[str, int]:
    """A text of at most so many bytes, its middle left out, and how many of its characters stay."""
    data = text.encode("utf-8", "replace")
    if len(data) <= most:
        return text, len(text)
    if most < LEAST_BYTES:
        return "", 0
    most -= 100  # for the words about what is left out
    end = most // 3
    first = data[: most - end].decode("utf-8", "ignore")
    last = data[-end:].decode("utf-8", "ignore")
    sent = len(first) + len(last)
    return f"{first}\n\n[... {len(text) - sent:,} characters left out ...]\n\n{last}", sent


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def room_for(facts: Model | None, others: Sequence[str], max_tokens: int | None) -> int:
    """Bytes that a model takes beside what is sent in any case, with room for its answer."""
    window = (facts.context_window if facts else None) or USUAL_WINDOW
    limit = (facts.max_output if facts else None) or USUAL_ANSWER
    answer = min(max_tokens or limit, window // 4)
    return (window - answer) * BYTES_PER_TOKEN - sum(map(size, others))


def _listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
