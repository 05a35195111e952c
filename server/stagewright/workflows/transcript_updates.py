"""The edits that bring an open transcript up to date, as few lines as can be."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from stagewright.catalog.effective import Effective
from stagewright.settings import ContextMode
from stagewright.text.buffer import Buffer, Edit, span_at
from stagewright.workflows.state import Message, Workflow
from stagewright.workflows.transcript import rebuild
from stagewright.workflows.transcript_reading import read, text_of
from stagewright.workflows.transcript_writing import heading, is_partial, text_below


def updates(
    workflow: Workflow,
    effective: Effective,
    text: str,
    *,
    answer: Message | None = None,
    growing: bool = False,
    context: ContextMode = "answers",
) -> tuple[Edit, ...]:
    """The edits that make `rebuild` of `text`, as few lines as can be; they do not overlap.

    `answer` is the one that the document follows, as far as it has come, and `growing` says that
    more of it will: what is new of it is appended.
    """
    following = answer.id if answer and growing else None
    new = rebuild(workflow, effective, text, growing=following, context=context)
    more = appended(text, answer) if answer else None
    if more is not None and (others := _around(more, text, new)) is not None:
        return (*others, more)
    return differences(text, new)


def appended(text: str, message: Message) -> Edit | None:
    """The insertion that shows as much of an answer as has come; nothing is ever replaced.

    None when the document shows it already, or when its section was edited by hand: `rebuild` puts
    that right when the answer has ended.
    """
    document = read(text)
    wanted = text_below(message)
    section = document.section(message.id)
    if section is None:
        end = len(document.lines) if document.write is None else document.write
        start = f"\n\n{heading(message, growing=is_partial(message))}"
        return _insert(document.lines, 0, end, f"{start}\n\n{wanted}" if wanted else start)
    shown = text_of(document, section)
    if not wanted.startswith(shown) or wanted == shown:
        return None
    new = wanted.removeprefix(shown)
    return _insert(document.lines, section.text - 1, section.end, new if shown else f"\n\n{new}")


def differences(old: str, new: str) -> tuple[Edit, ...]:
    """The edits of whole lines that make `new` of `old`, in their order."""
    before, after = Buffer(old).lines, Buffer(new).lines
    return tuple(
        _replaced(before, start, end, after[first:last])
        for tag, start, end, first, last in SequenceMatcher(None, before, after).get_opcodes()
        if tag != "equal"
    )


def _replaced(before: Sequence[str], start: int, end: int, lines: Sequence[str]) -> Edit:
    """The edit that puts `lines` in the place of those from `start` up to `end`."""
    if end < len(before):  # whole lines, each with its line end
        return Edit(span_at(start, 0, end, 0), "".join(f"{line}\n" for line in lines))
    last = len(before) - 1
    if start:  # the last lines: with the line end before them
        span = span_at(start - 1, len(before[start - 1]), last, len(before[last]))
        return Edit(span, "".join(f"\n{line}" for line in lines))
    return Edit(span_at(0, 0, last, len(before[last])), "\n".join(lines))


def _around(edit: Edit, text: str, new: str) -> tuple[Edit, ...] | None:
    """The edits that, beside an insertion, make `new` of `text`; None where they touch it."""
    buffer = Buffer(text)
    first, removed, added = buffer.splice(edit.span, edit.text)
    found = []
    for other in differences(buffer.text, new):
        if other.span.end.line <= first:
            found.append(other)
        elif other.span.start.line >= first + added:
            found.append(Edit(other.span.shifted(removed - added), other.text))
        else:
            return None
    return tuple(found)


def _insert(lines: Sequence[str], first: int, end: int, text: str) -> Edit:
    """Insert behind the last text of the lines from `first` up to `end`."""
    last = end - 1
    while last > first and not lines[last].strip():
        last -= 1
    column = len(lines[last].rstrip())
    return Edit(span_at(last, column, last, column), text)
