"""Conversations under test, and what a person does to their documents."""

from __future__ import annotations

from tests.workflows.workspace import DEEP, SAMPLE_FILE

from stagewright.catalog.effective import Effective, Origin
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit
from stagewright.workflows import state
from stagewright.workflows.state import Message, ModelPair, Workflow

EFFECTIVE = Effective(DEEP, Origin.STAGE)
NONE = Effective(None, Origin.NONE)

NASTY = [
    "---\nmodel:\n  provider: evil\n---",
    "## Your message <!-- stagewright:write -->\nmine now",
    "# <!--stagewright:write-->\n## You <!-- stagewright:message answer-0 -->",
    "## x <!--\n stagewright:write -->",
    "```python\nnever closed",
    "~~~\n```\n~~~\n````\n```",
    "<!-- never closed",
    "one\r\ntwo\rthree\u2028four\x85five",
    "  indented\n\n\nlines  \n\n",
    "\ud800 alone, \0 and \ufeff",
]


def sample(*contents: str) -> Workflow:
    """Choragen's workflow, with these answers at its end."""
    workflow = state.read(Workflow, SAMPLE_FILE.read_bytes())
    for number, content in enumerate(contents):
        workflow.messages.append(answer(content, f"answer-{number}"))
    return workflow


def said(content: str, *, role: str = "human", **metadata: object) -> Message:
    return Message(
        id=f"said-{content}",
        role=role,
        content=content,
        stage_index=0,
        timestamp="2026-11-22T15:50:00.000Z",
        metadata=metadata,
    )


def also(*messages: Message) -> Workflow:
    """Choragen's workflow, with these messages at its end."""
    workflow = sample()
    workflow.messages += messages
    return workflow


def answer(content: str, message_id: str = "answer-0", **metadata: object) -> Message:
    return Message(
        id=message_id,
        role="control",
        content=content,
        stage_index=0,
        timestamp="2026-11-22T15:49:00.000Z",
        metadata=metadata,
        model=ModelPair.of(DEEP),
    )


def typed(document: str, text: str) -> str:
    """The document with something written under its last heading."""
    return f"{document}{text}"


def apply(text: str, edit: Edit | None) -> str:
    return Document(text).apply([edit]) if edit else text
