"""What is sent to a model, as a Markdown document for people."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.catalog.effective import Effective
from stagewright.workflows.turns import Sent, TurnMaterial, TurnSource

_TITLES: dict[TurnSource, str] = {
    "request": "The request",
    "context": "From an earlier stage",
    "prompt": "The stage's initial prompt",
}


def render_preview(material: TurnMaterial, sent: Sent, effective: Effective) -> str:
    """The system prompt and every turn, each under where it comes from, and what is left out."""
    return "\n".join(_lines(material, sent, effective))


def _lines(material: TurnMaterial, sent: Sent, effective: Effective) -> Iterator[str]:
    yield f"# What {material.stage_name} sends"
    yield ""
    model = f"{effective.model} ({effective.origin.words})" if effective.model else "none is set"
    yield f"- Workflow: {material.workflow_id}"
    yield f"- Model: {model}"
    yield f"- Context: {sent.context.whose}"
    for note in sent.context.notes:
        yield f"- {note}"
    yield from ("", "## System prompt", "", (material.system or "None.").strip(), "")
    for turn, source in zip(sent.turns, sent.sources, strict=True):
        said = "You" if turn.role == "user" else "Answer"
        yield from (f"## {_TITLES.get(source, said)}", "", turn.text.strip(), "")
    if not sent.turns:
        yield from ("Nothing else is sent before your message.", "")
