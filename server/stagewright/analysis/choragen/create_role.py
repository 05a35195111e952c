"""Creating a role that a stage names: what is written into the role index."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from stagewright.analysis.choragen.contents import item_contents
from stagewright.analysis.results import Diagnostic, FixElsewhere
from stagewright.dialects.choragen import ROLES_FILE
from stagewright.dialects.choragen.schema import ROLE
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Span
from stagewright.text.yaml.editing import end_of_line
from stagewright.text.yaml.insertion import layout_at
from stagewright.text.yaml.scan import is_blank
from stagewright.text.yaml.snippets import Layout, as_written, write_item
from stagewright.text.yaml.writing import scalar


def fix_elsewhere(document: Document, diagnostic: Diagnostic, now: datetime) -> FixElsewhere | None:
    """Creating the role that a stage names and that there is not."""
    if diagnostic.code != "role-unknown" or diagnostic.entry is None:
        return None
    role = document.entry(diagnostic.entry).role_id
    if role is None:
        return None
    title = f"Create the role `{role.value}` in {ROLES_FILE}"
    edits = partial(add_role, role=role.value, now=now)
    return FixElsewhere(title, ROLES_FILE, new_index(role.value, now), edits)


def new_index(role: str, now: datetime) -> str:
    """The text of a role index that holds this role alone."""
    return f"roles:\n  {_item(role, now, Layout(2))}\n"


def add_role(index: Document, role: str, now: datetime) -> tuple[Edit, ...]:
    """An edit that puts the role behind the last one.

    Empty where the index is written in flow style or cannot be read; the role is then for a person
    to write.
    """
    chunks, lines = index.chunks, index.lines
    if chunks is not None and not index.problems():
        line = chunks.end - 1
        while is_blank(lines[line]):
            line -= 1
        at = end_of_line(index, line)
        layout = layout_at(index, line, chunks.indent)
        text = f"\n{' ' * chunks.indent}{_item(role, now, layout)}"
        return (Edit(Span(at, at), text.replace("\n", index.newline)),)
    if all(map(is_blank, lines)):
        at = index.end()
        return (Edit(Span(at, at), ("\n" if lines[-1] else "") + new_index(role, now)),)
    return ()


def _item(role: str, now: datetime, layout: Layout) -> str:
    """A role with what a role nearly always has, to be filled in."""
    ((_, _, content),) = item_contents(ROLE, now)
    written = as_written(content)
    assert isinstance(written, tuple)  # a mapping
    known = {"id": scalar(role, typed=True), "name": scalar(role, typed=True)}
    pairs = tuple((key, known.get(key, value)) for key, value in written)
    return write_item(pairs, layout, dash=True)
