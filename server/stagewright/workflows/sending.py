"""What goes out for a message, and what is refused before it does."""

from __future__ import annotations

from dataclasses import dataclass

from stagewright.catalog.catalog import Catalog, turned_off
from stagewright.catalog.model import Model, ModelReference, Source
from stagewright.providers.base import ChatRequest, Provider, Turn
from stagewright.workflows.context import Context, superseded
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.index import title_of
from stagewright.workflows.state import Message, Workflow
from stagewright.workflows.turns import Sent, TurnMaterial, compose

BYTES_PER_TOKEN = 6
"""Of UTF-8, blanks collapsed. More than any language or code really has, so that what seems too
long is too long."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that can go out, and to whom."""

    provider: Provider
    request: ChatRequest
    context: Context


@dataclass(frozen=True, slots=True)
class Said:
    """What the user said, as saved, and what is otherwise than before in its workflow."""

    message: Message
    title: str
    superseded: frozenset[str]  # the ids of messages that count no more


def outgoing(
    reference: ModelReference | None,
    provider: Provider | None,
    material: TurnMaterial,
    turns: tuple[Turn, ...],
    catalog: Catalog,
) -> Outgoing:
    """What the model's provider is asked; None for `provider` says that there is no such one.

    Raises WorkflowError where it is clear beforehand that it cannot succeed.
    """
    if reference is None:
        raise WorkflowError(
            "no-model",
            f"No model is set for stage `{material.stage_name}`. Choose one for this chat, or "
            "set the stage's defaultModel or the setting chat.defaultModel.",
        )
    if not turns or turns[-1].role != "user":
        raise WorkflowError("message-empty", "Nothing to answer: write a message.")
    if provider is None:
        raise not_configured(catalog, reference)
    facts = catalog.model(reference)
    sent = compose(material, turns, facts)
    _check_length(reference, facts, material.system, sent.turns)
    request = ChatRequest(
        reference.model,
        sent.turns,
        system=material.system,
        temperature=material.temperature,
        max_tokens=material.max_tokens,
        output_limit=facts.max_output if facts else None,
    )
    return Outgoing(provider, request, sent.context)


def turns_to_answer(material: TurnMaterial, content: str | None) -> tuple[Turn, ...]:
    """The stage's turns up to what is to be answered: `content`, or what was said last."""
    turns = material.turns
    if content is not None:
        return (*turns, Turn("user", content))
    while turns and turns[-1].role == "assistant":
        turns = turns[:-1]  # the answer that is to be given once more
    return turns


def said_already(material: TurnMaterial, content: str | None) -> Message | None:
    """The message that is sent again because it was not answered."""
    last = material.said[-1] if material.said else None
    if last is None or content is None or last.role != "human":
        return None
    return last if last.content.strip() == content.strip() else None


def just_said(workflow: Workflow, message: Message, material: TurnMaterial) -> Said:
    """A message that has just been saved in `workflow`; `material` is from before it."""
    return Said(message, title_of(workflow, material.request_title), superseded(workflow))


def answered(material: TurnMaterial) -> str | None:
    """The id of the answer that is to be given once more."""
    found = None
    for message in reversed(material.said):
        if message.role == "human":
            break
        found = message.id
    return found


def preview(
    material: TurnMaterial, catalog: Catalog, model: ModelReference | None, content: str | None
) -> Sent:
    """What goes out with `content`, or what would be sent ahead of what is said next."""
    turns = material.turns if content is None else turns_to_answer(material, content)
    return compose(material, turns, catalog.model(model) if model else None)


def check_provider(catalog: Catalog, reference: ModelReference | None) -> None:
    """Refuse a model of a provider that does not exist. Raises WorkflowError."""
    if reference is not None and catalog.provider(reference.provider) is None:
        raise not_configured(catalog, reference)


def not_configured(catalog: Catalog, reference: ModelReference) -> WorkflowError:
    """Why a model's provider cannot be asked: there is none, or it has no key."""
    known = catalog.provider(reference.provider)
    if known is None:
        near = catalog.nearest_providers(reference.provider)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        absent = f"Unknown provider `{reference.provider}`.{hint}"
        return WorkflowError("provider-unknown", turned_off(reference.provider) or absent)
    if known.error:  # more than a key is wanting, or the key is no key
        return WorkflowError("not-configured", f"{known.error} Or choose another model.")
    if known.key_variable:
        todo = f"Set {known.key_variable} in the environment and restart Stagewright"
    else:
        todo = f"Configure it in the settings under providers.{known.id}"
    return WorkflowError(
        "not-configured", f"{known.name} is not configured. {todo}, or choose another model."
    )


def _check_length(
    reference: ModelReference, facts: Model | None, system: str | None, turns: tuple[Turn, ...]
) -> None:
    """Refuse what is clearly longer than the model's context window; the rest the provider judges.

    Raises WorkflowError `context-too-long`.
    """
    if facts is None or facts.context_window is None:
        return
    texts = (system or "", *(turn.text for turn in turns))
    sizes = (len(" ".join(text.split()).encode("utf-8", "surrogatepass")) for text in texts)
    tokens = sum(sizes) // BYTES_PER_TOKEN
    said_live = facts.source is Source.LIVE and "context_window" not in facts.offline_facts
    # What is only known offline may be out of date: windows grow.
    if tokens > facts.context_window * (1 if said_live else 2):
        raise WorkflowError(
            "context-too-long",
            f"This stage's conversation has more than {tokens:,} tokens; {reference} takes "
            f"{facts.context_window:,}. Shorten the message, choose a model with a larger context "
            "window, or go on in a new stage.",
        )
