"""Names of roles and stages under the cursor: found and renamed wherever they are used."""

from __future__ import annotations

import pytest
import yaml
from tests.analysis.support import applied, document_at

from stagewright.analysis.choragen.navigation import name_at, names, rename
from stagewright.analysis.results import NameKind
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document

NAMED = """\
name: team
stages:
  - name: design
    type: design
    roleId: "designer"
    hooks:
      onEnter:
        - type: spawn_agent
          role: designer
        - type: emit_event
          role: designer
  - {name: build, roleId: designer}
"""
INDEX = "roles:\n  - id: designer\n    name: designer\n  - id: other\n"


@pytest.mark.parametrize(
    ("before", "kind", "text", "defines"),
    [
        ("  - name: des", NameKind.STAGE, "design", True),
        ('roleId: "desi', NameKind.ROLE, "designer", False),
        ("name: ", NameKind.TEMPLATE, "team", True),
        ("type: spawn_agent\n          role: ", NameKind.ROLE, "designer", False),
        ("{name: build, roleId: ", NameKind.ROLE, "designer", False),
    ],
)
def test_the_name_under_the_cursor(before: str, kind: NameKind, text: str, defines: bool) -> None:
    found = name_at(*document_at(NAMED.replace(before, f"{before}$0", 1)))
    assert found is not None
    assert (found.kind, found.text, found.defines) == (kind, text, defines)


@pytest.mark.parametrize("marked", ["stages:\n  - type: des$0ign", "$0", "stages:\n  - name: $0"])
def test_other_words_are_no_names(marked: str) -> None:
    assert name_at(*document_at(marked)) is None


def test_names_in_flow_style_are_told_apart() -> None:
    marked = "stages: [{name: a, roleId: x}, {name: $0b, roleId: x}]"
    document, position = document_at(marked)
    found = name_at(document, position)
    assert found is not None
    assert found.text == "b"
    assert len(names(document, NameKind.ROLE, "x")) == 2


def renamed(text: str, kind: NameKind, old: str, new: str, of: Dialect = choragen.TEMPLATE) -> str:
    document = Document(text, of)
    found = names(document, kind, old)
    return applied(document, rename(document, found[0], new))


def test_a_role_is_renamed_in_the_index_and_wherever_it_is_used() -> None:
    assert renamed(INDEX, NameKind.ROLE, "designer", "architect", choragen.ROLES) == (
        INDEX.replace("id: designer", "id: architect")
    )
    assert renamed(NAMED, NameKind.ROLE, "designer", "architect") == (
        NAMED.replace('"designer"', '"architect"')
        .replace("spawn_agent\n          role: designer", "spawn_agent\n          role: architect")
        .replace("roleId: designer}", "roleId: architect}")
    )


@pytest.mark.parametrize(
    ("written", "obstacle"),
    [
        ("old role", ""),
        ("'old role'", ""),
        ('"ol\\x64 role"', ""),
        ("\n      old role # why", ""),
        ("&r old role", "has an anchor"),
        ("&r\n      old role", "has an anchor"),
        ("*r", "is an alias"),
        ("old\n      role", "spans several lines"),
        ('"ol\\\n      d role"', "spans several lines"),
        (">- # why\n      old\n      role", "spans several lines"),
    ],
)
def test_every_way_to_write_a_name_is_found(written: str, obstacle: str) -> None:
    text = f"x-role: &r old role\nstages:\n  - name: a\n    roleId: {written}\n"
    document = Document(text)
    (found,) = names(document, NameKind.ROLE, "old role")
    assert (found.defines, found.obstacle) == (False, obstacle)
    assert name_at(document, found.span.start) == found
    if not obstacle:
        new = yaml.safe_load(applied(document, rename(document, found, "it's")))
        assert new["stages"] == [{"name": "a", "roleId": "it's"}]


def test_an_alias_stands_for_the_value_that_was_marked_last_above_it() -> None:
    stages = ["{name: &r a, roleId: *r}", "{name: &r b, roleId: *r}", "{name: c, roleId: *gone}"]
    for text in ("stages:\n- " + "\n- ".join(stages), f"{{stages: [{', '.join(stages)}]}}"):
        used = {name: len(names(Document(text), NameKind.ROLE, name)) for name in "abc"}
        assert used == {"a": 1, "b": 1, "c": 0}


def test_a_stage_is_renamed_where_it_stands() -> None:
    assert renamed(NAMED, NameKind.STAGE, "design", "a: b") == (
        NAMED.replace("name: design\n", 'name: "a: b"\n')
    )
    twice = NAMED.replace("name: build", "name: design")
    assert renamed(twice, NameKind.STAGE, "design", "draw") == (
        twice.replace("name: design\n", "name: draw\n")
    )
    assert renamed(NAMED, NameKind.STAGE, "design", "design") == NAMED


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "cannot be empty"),
        (" ", "cannot be empty"),
        (" a", "cannot start or end"),
        ("a\nb", "one line"),
        ("a\ufeffb", "one line"),
    ],
)
def test_what_can_be_no_name_is_refused(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        renamed(NAMED, NameKind.STAGE, "design", name)
