"""Fixes of structural diagnostics: each from a text with a diagnostic to a text without it."""

from dataclasses import replace
from textwrap import dedent

import pytest
from tests.analysis.support import CATALOG, OPTIONS, applied, structural

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.fixes.actions import fix_all, fixes
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.choragen.violations import SchemaViolation
from stagewright.dialects.document import Dialect, Document

ROLES = RoleIndex(
    read_roles(Document("roles:\n  - id: designer\n  - id: tester\n", choragen.ROLES)).roles
)
HERE = replace(OPTIONS, roles=ROLES)
GATE = "    gate: {type: auto}\n"


def fixed(text: str, kind: Dialect = choragen.TEMPLATE) -> tuple[list[str], str, int]:
    """The titles of the first one's fixes, the text after the best, and its diagnostics then.

    A title ends in ` !` where its fix is the preferred one.
    """
    document = Document(dedent(text).lstrip("\n"), kind)
    first = min(structural(document, ROLES), key=lambda diagnostic: diagnostic.span)
    found = [fix for fix in fixes(document, first, CATALOG, HERE) if not fix.silences]
    assert sum(fix.preferred for fix in found) <= 1
    after = applied(document, found[0].edits)
    left = list(structural(Document(after, kind), ROLES))
    return [f"{fix.title}{' !' * fix.preferred}" for fix in found], after, len(left)


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        (
            "    defualtModel: {provider: p, model: m}\n",
            "Rename to `defaultModel`",  # and then its value is judged
            "    defaultModel: {provider: p, model: m}\n",
        ),
        ('    "rolId": tester # why\n', "Rename to `roleId` !", '    "roleId": tester # why\n'),
        ("    roleId: 'desginer'\n", "Use `designer` !", "    roleId: 'designer'\n"),
        (
            "    roleId: tester\n    roleId: tester\n",
            "Remove this `roleId` !",
            "    roleId: tester\n",
        ),
        (
            "    roleId: tester # one\n    # two\n    roleId: designer # three\n",
            "Remove this `roleId`",
            "    roleId: tester # one\n    # two\n    # three\n",
        ),
    ],
)
def test_in_a_stage(before: str, title: str, after: str) -> None:
    text = "name: t\nstages:\n  - name: a\n    type: review\n{}" + GATE
    text = text.replace("{}", "%s", 1)
    assert fixed(text % before) == ([title], text % after, 0)


WORDS = ["request", "design", "review", "implementation", "verification", "ideation", "reflection"]


@pytest.mark.parametrize(
    ("before", "titles", "after"),
    [
        ("type: reveiw\n", ["Use `review` !"], "type: review\n"),
        ("type: coding\n", [f"Use `{word}`" for word in WORDS], "type: request\n"),
        ("roleId: tester\n", ["Add `type`"], "type: request\n    roleId: tester\n"),
    ],
)
def test_the_type_of_a_stage(before: str, titles: list[str], after: str) -> None:
    text = "name: t\nstages:\n  - name: a\n    %s" + GATE
    assert fixed(text % before) == (titles, text % after, 0)


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        ("", "Add `gate` !", "gate:\n      type: auto\n"),
        ("hooks: {}\n", "Add `gate` !", "gate:\n      type: auto\n    hooks: {}\n"),
        ("gate:\n", "Add `type` !", "gate:\n      type: auto\n"),
        ("gate: # later\n", "Add `type` !", "# later\n    gate:\n      type: auto\n"),
        ("gate: ~ # later\n", "Add `type` !", "# later\n    gate:\n      type: auto\n"),
        (
            "gate: post_commit # c\n",
            "Write `type: post_commit` below it !",
            "# c\n    gate:\n      type: post_commit\n",
        ),
        (
            "gate: human_aproval\n",
            "Write `type: human_approval` below it",
            "gate:\n      type: human_approval\n",
        ),
        (
            "gate:\n      satisfied: false\n",
            "Add `type` !",
            "gate:\n      type: auto\n      satisfied: false\n",
        ),
        ("gate: {satisfied: false}\n", "Add `type` !", "gate: {type: auto, satisfied: false}\n"),
        (
            "gate: {type: verification_pass}\n",
            "Add `commands`",
            "gate: {type: verification_pass, commands: [TODO]}\n",
        ),
        (
            "gate:\n      type: verification_pass # c\n      satisfied: false\n",
            "Add `commands`",
            "gate:\n      type: verification_pass # c\n      commands:\n        - TODO\n"
            "      satisfied: false\n",
        ),
        (
            "gate:\n      type: human_approval\n      options:\n        - label: Go\n",
            "Add `action`",
            "gate:\n      type: human_approval\n      options:\n        - label: Go\n"
            "          action: advance\n",
        ),
    ],
)
def test_gates(before: str, title: str, after: str) -> None:
    text = "name: t\nstages:\n  - name: a\n    type: review\n"
    before, after = (f"    {part}" if part else "" for part in (before, after))
    assert fixed(text + before) == ([title], text + after, 0)


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        ("type: command", "Add `command`", "type: command\n          command: TODO"),
        ("blocking: true", "Add `type`", "type: command\n          blocking: true"),
        (
            "type: file_move",
            "Add `fileMove`",
            "type: file_move\n          fileMove:\n            from: TODO\n            to: TODO",
        ),
        (
            "type: file_move\n          fileMove:\n            to: x",
            "Add `from`",
            "type: file_move\n          fileMove:\n            from: TODO\n            to: x",
        ),
        (
            "type: task_transition",
            "Add `taskTransition`",
            "type: task_transition\n          taskTransition: start",
        ),
        (
            "type: post_message",
            "Add `target` and `content`",
            "type: post_message\n          target: TODO\n          content: TODO",
        ),
        ("{type: custom}", "Add `handler`", "{type: custom, handler: TODO}"),
        ("{type: emit_event}", "Add `eventType`", "{type: emit_event, eventType: TODO}"),
    ],
)
def test_actions(before: str, title: str, after: str) -> None:
    text = (
        "name: t\nstages:\n  - name: a\n    type: review\n    gate:\n      type: auto\n"
        "    hooks:\n      onExit:\n        - %s\n"
    )
    titles, result, left = fixed(text % before)
    assert (titles, result) == ([title], text % after)
    assert left in (0, 1)  # an action's type may ask for more


STAGE = "  - {name: a, type: review, gate: {type: auto}}\n"


@pytest.mark.parametrize(
    ("before", "title", "after"),
    [
        (
            "name: t\n",
            "Add `stages`",
            "name: t\nstages:\n  - name: TODO\n    type: request\n    gate:\n      type: auto\n",
        ),
        (
            f"version: 1\nstages:\n{STAGE}",
            "Add `name`",
            f"name: TODO\nversion: 1\nstages:\n{STAGE}",
        ),
        (
            "name: t\r\nstages:\r\n  - name: a\r\n    type: review\r\n",
            "Add `gate` !",
            "name: t\r\nstages:\r\n  - name: a\r\n    type: review\r\n"
            "    gate:\r\n      type: auto\r\n",
        ),
    ],
)
def test_in_a_file(before: str, title: str, after: str) -> None:
    assert fixed(before) == ([title], after, 0)


def test_in_the_role_index() -> None:
    titles, after, left = fixed("roles:\n    - name: A\n      toolIds: []\n", choragen.ROLES)
    assert (titles, left) == (["Add `id`"], 0)
    assert after == "roles:\n    - id: TODO\n      name: A\n      toolIds: []\n"


def test_a_fix_that_only_brings_other_diagnostics_is_not_the_obvious_one() -> None:
    text = f"name: t\nstages:\n{STAGE[:-2]}, rolId: [a]}}\n"
    assert fixed(text)[0] == ["Rename to `roleId`"]
    gate = (
        "name: t\nstages:\n  - name: a\n    type: review\n    gate:\n      type: verification_pas\n"
    )
    assert fixed(gate)[0] == ["Use `verification_pass`"]


def test_no_fix_for_a_diagnostic_that_is_gone() -> None:
    document = Document("name: t\nstages:\n  - name: a\n    type: reveiw\n    gate: {type: auto}\n")
    (diagnostic,) = structural(document, None)
    document.edit(diagnostic.span, "review")
    assert [one for one in fixes(document, diagnostic, CATALOG, HERE) if not one.silences] == []
    document.edit(None, "")
    assert [one for one in fixes(document, diagnostic, CATALOG, HERE) if not one.silences] == []


def test_all_obvious_fixes_of_a_file_together() -> None:
    text = dedent(
        """\
        name: t
        stages:
          - name: a # one
            tpye: review # two
            gate: auto # three
          - name: b
            type: desing
            roleId: testr
            # four
        """
    )
    document = Document(text)
    found = diagnose(document, CATALOG, HERE)
    fixed = Document(applied(document, fix_all(document, found, CATALOG, HERE)))
    assert diagnose(fixed, CATALOG, HERE) == []
    assert fixed.text.count("#") == text.count("#")


@pytest.mark.parametrize("flow", ["", "- {name: c, type: design}\n"])
def test_lines_are_not_added_to_a_stage_while_it_moves(flow: str) -> None:
    """A list in the column of its key is what most YAML tools write."""
    document = Document(
        f"name: t\nstages:\n- name: a\n  type: design\n{flow}- name: b\n  type: desing\n"
    )
    while edits := fix_all(document, before := diagnose(document, CATALOG, HERE), CATALOG, HERE):
        document = Document(applied(document, edits))
        after = diagnose(document, CATALOG, HERE)
        assert document.problems() == ()
        assert len(after) < len(before)
    assert diagnose(document, CATALOG, HERE) == []


def test_no_key_is_added_among_keys_that_are_marked_as_such() -> None:
    document = Document("name: t\nstages:\n  - ? name\n    : a\n    ? chainId\n    : {b: c}\n")
    missing = [
        one
        for one in diagnose(document, CATALOG, HERE)
        if isinstance(one.cause, SchemaViolation) and one.cause.remedy == "add"
    ]
    assert [fix for one in missing for fix in fixes(document, one, CATALOG, HERE)] == []
    assert missing


def test_keys_are_added_behind_a_byte_order_mark_and_before_an_anchored_end() -> None:
    added = first_fix("\ufeffstages: # x\n  - &s {}\nx-a: *s\n", "Missing `name` in this template.")
    assert added == "\ufeffname: TODO\nstages: # x\n  - &s {}\nx-a: *s\n"
    missing = "Missing `name` and `type` in this stage."
    added = first_fix("stages:\n  - &s {}\nx-a: *s\n", missing)
    assert added == "stages:\n  - &s {name: TODO, type: request}\nx-a: *s\n"


def first_fix(text: str, message: str) -> str:
    """The text after the first fix of the diagnostic that says so."""
    document = Document(text)
    (diagnostic,) = [one for one in structural(document) if one.message == message]
    return applied(document, fixes(document, diagnostic, CATALOG, OPTIONS)[0].edits)


@pytest.mark.parametrize("written", ["aproval", "approval", "human_aproval", "humanapproval"])
def test_a_part_of_a_word_is_enough_to_tell_it(written: str) -> None:
    text = f"name: t\nstages:\n  - name: a\n    type: review\n    gate:\n      type: {written}\n"
    document = Document(text)
    (diagnostic,) = diagnose(document, CATALOG, OPTIONS)
    assert diagnostic.message.endswith("Did you mean `human_approval`?")
    first = fixes(document, diagnostic, CATALOG, OPTIONS)[0]
    assert applied(document, first.edits) == text.replace(written, "human_approval")
