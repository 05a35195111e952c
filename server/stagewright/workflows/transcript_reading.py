"""What a transcript says: its model, where its messages lie, what is not sent, what can be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote
from zlib import crc32

from stagewright.catalog.model import ModelReference
from stagewright.dialects.choragen import TRANSCRIPT
from stagewright.dialects.entry import Entry, read_entry
from stagewright.dialects.sites import is_null
from stagewright.text.buffer import Buffer, Span, span_at
from stagewright.text.front_matter import MARK, front_matter_end
from stagewright.text.nodes import MappingNode, ScalarNode
from stagewright.text.yaml import recovery
from stagewright.workflows.endings import outcome
from stagewright.workflows.lifecycle import RESUMABLE
from stagewright.workflows.state import Workflow
from stagewright.workflows.turns import last_answer

_MARK = re.compile(MARK + r"(stage|message|write)(?: (\S+))? -->\s*$")
"""At the end of a heading; a message's stands on a line of its own below it. Documents of earlier
versions have it in the heading, which is read as well."""
_SATISFIED_BY_ADVANCING = ("auto", "post_commit", "session_handoff")


@dataclass(frozen=True, slots=True)
class Section:
    """One message in a document. Lines are 0-based."""

    message_id: str
    heading: int  # its line
    text: int  # the first line below the heading and its comment
    end: int  # the line behind its last


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a document says."""

    lines: Sequence[str]
    workflow_id: str | None
    front: Entry | None  # the front matter; `front.model` is its model, with absolute spans
    sections: tuple[Section, ...]
    write: int | None  # the line of the last heading
    rendered_model: ModelReference | None  # the front matter's, before a person touched it
    request: str  # what the front matter says that the work is about
    rendered_request: str = ""  # the digest of what it said before a person touched it

    @property
    def model(self) -> ModelReference | None:
        """The model that the front matter names."""
        return self.front.model.reference if self.front and self.front.model else None

    @property
    def chosen(self) -> ModelReference | None:
        """The model that a person wrote into the front matter, for the next message."""
        return self.model if self.model != self.rendered_model else None

    @property
    def edited_model_lines(self) -> Sequence[str]:
        """The front matter's model as a person left it, finished or not; none if not touched."""
        if self.front is None or self.front.model is None or self.model == self.rendered_model:
            return ()
        field = self.front.model
        return self.lines[field.key_span.start.line : field.span.end.line + 1]

    @property
    def unsent(self) -> str:
        """What stands below the last heading, without the blank lines around it."""
        return self.below.strip("\n").rstrip()

    @property
    def below(self) -> str:
        """All that stands below the last heading."""
        return "" if self.write is None else "\n".join(self.lines[self.write + 1 :])

    def section(self, message_id: str) -> Section | None:
        """Where a message stands."""
        return next((s for s in self.sections if s.message_id == message_id), None)


def read(text: str) -> Transcript:
    """What a document says; of any text at all."""
    lines = Buffer(text).lines
    behind = front_matter_end(lines)
    marks: list[_Mark] = []
    for number in range(behind, len(lines)):
        if mark := _mark(lines, number):
            marks.append(mark)
            if mark.kind == "write":
                break  # all below it is the person's
    ends = [*(mark.heading for mark in marks[1:]), len(lines)]
    sections = tuple(
        Section(_unquoted(mark.what), mark.heading, mark.line + 1, end)
        for mark, end in zip(marks, ends, strict=False)
        if mark.kind == "message"
    )
    write = marks[-1] if marks and marks[-1].kind == "write" else None
    model, _, request = write.what.partition("#") if write else ("", "", "")
    fields = recovery.read(lines[1 : behind - 1], first_line=1)
    node = fields.node if behind and isinstance(fields.node, MappingNode) else None
    return Transcript(
        lines=lines,
        workflow_id=_value(node, "workflow"),
        front=read_entry(node, TRANSCRIPT, fields.problems, fields.broken) if behind else None,
        sections=sections,
        write=write.line if write else None,
        rendered_model=_reference(model),
        request=(_value(node, "request") or "").strip(),
        rendered_request=request,
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """A comment of ours."""

    kind: str
    what: str
    heading: int  # the line of the heading that it is about
    line: int


def _value(node: MappingNode | None, key: str) -> str | None:
    found = node.get(key) if node else None
    return found.value if isinstance(found, ScalarNode) and not is_null(found) else None


def text_of(document: Transcript, section: Section) -> str:
    """What stands in a section, without the blank lines around it."""
    return "\n".join(document.lines[section.text : section.end]).strip("\n").rstrip()


@dataclass(frozen=True, slots=True)
class TranscriptAction:
    """Something that can be done, and the line where it is offered."""

    action: Literal[
        "switch-model",
        "send",
        "retry",
        "continue",
        "stop",
        "approve-gate",
        "advance",
        "preview",
        "context",
        "pause",
        "resume",
    ]
    title: str
    span: Span
    quiet: bool = False  # offered where it is looked for, as a code action, and not shown unasked


def places(
    document: Transcript, workflow: Workflow, *, running: bool
) -> Iterator[TranscriptAction]:
    """What can be done in a document now; `running` says that an answer is coming."""
    stage = workflow.stage
    span = _line(document, document.write) if document.write is not None else None
    if workflow.status in RESUMABLE and span is not None:
        yield TranscriptAction("resume", "Resume", span)
    if workflow.status != "active" or stage is None:
        return
    if document.front is not None and document.front.model is not None:
        yield TranscriptAction("switch-model", "Switch model", document.front.model.key_span)
    if span is None:
        return
    if running:
        yield TranscriptAction("stop", "Stop", span)
    else:
        yield TranscriptAction("send", "Send", span)
        if _is_unanswered(workflow):
            yield TranscriptAction("retry", "Ask again", span)
        answer = last_answer(workflow, workflow.current_stage)
        if answer is not None and outcome(answer).how != "whole":
            yield TranscriptAction("continue", "Continue the answer", span)
    if stage.gate.satisfied or stage.gate.type in _SATISFIED_BY_ADVANCING:
        following = workflow.stages[workflow.current_stage + 1 :]
        title = f"Advance to {following[0].name}" if following else "Complete the workflow"
        yield TranscriptAction("advance", title, span)
    else:
        yield TranscriptAction("approve-gate", "Approve gate", span)
    yield TranscriptAction("preview", "Preview what is sent", span, quiet=True)
    if workflow.current_stage > 0:
        yield TranscriptAction("context", "Send", span, quiet=True)
    yield TranscriptAction("pause", "Pause the workflow", span, quiet=True)


def _line(document: Transcript, line: int) -> Span:
    return span_at(line, 0, line, len(document.lines[line]))


def _is_unanswered(workflow: Workflow) -> bool:
    """Whether the person spoke last in the current stage."""
    spoken = (m for m in reversed(workflow.messages) if m.role != "system")
    last = next((m for m in spoken if m.stage_index == workflow.current_stage), None)
    return last is not None and last.role == "human"


def _mark(lines: Sequence[str], number: int) -> _Mark | None:
    """The comment of ours that stands in a line: at a heading's end, or below the heading."""
    found = _MARK.search(lines[number])
    if found is None:
        return None
    kind, what = found[1], found[2] or ""
    if lines[number].startswith("#"):
        return _Mark(kind, what, number, number)
    if found.start() == 0 and kind == "message":
        headed = number > 0 and lines[number - 1].startswith("#")
        return _Mark(kind, what, number - headed, number)
    return None


def digest(request: str) -> str:
    """What a mark holds of the request that the front matter was made with."""
    return f"{crc32(request.strip().encode('utf-8', 'surrogatepass')):08x}"


def _reference(quoted: str) -> ModelReference | None:
    """The model of a mark, in whose provider a slash is written `%2F`: a template may name any."""
    provider, _, model = map(_unquoted, quoted.partition("/"))
    return ModelReference(provider, model) if provider and model else None


def _unquoted(text: str) -> str:
    return unquote(text, errors="surrogatepass")
