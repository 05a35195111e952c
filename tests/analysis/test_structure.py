"""What the schema says of a document: each rule broken and kept, at the exact place."""
# ruff: noqa: E501 - a mark stands on one line with its message

from __future__ import annotations

from textwrap import dedent

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from tests.analysis.stage_cases import ERRORS, FINE, OF_REFERENCES, WARNINGS, named
from tests.analysis.support import structural, unmarked, with_marks
from tests.dialects.support import DATA, templates, with_models

from stagewright import schemas
from stagewright.analysis.features import read_in_steps
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.choragen.violations import SchemaViolation
from stagewright.dialects.document import Dialect, Document
from stagewright.text.buffer import span_at


def assert_marks(
    text: str, kind: Dialect = choragen.TEMPLATE, roles: RoleIndex | None = None
) -> list[Diagnostic]:
    """Check that the structural diagnostics are those marked in a text, and return them."""
    document = Document(unmarked(text), kind)
    found = sorted(structural(document, roles), key=lambda diagnostic: diagnostic.span)
    assert with_marks(document, found) == dedent(text).lstrip("\n")
    return found


@pytest.mark.parametrize("text", ERRORS)
def test_what_choragen_refuses_is_an_error(text: str) -> None:
    found = assert_marks(named(text))
    assert {diagnostic.severity for diagnostic in found} == {Severity.ERROR}


@pytest.mark.parametrize("text", WARNINGS)
def test_what_it_fixes_or_fails_at_later_is_a_warning(text: str) -> None:
    found = assert_marks(named(text))
    assert {diagnostic.severity for diagnostic in found} == {Severity.WARNING}


@pytest.mark.parametrize("text", FINE)
def test_what_it_takes_is_no_diagnostic(text: str) -> None:
    assert_marks(named(text))


@pytest.mark.parametrize("text", [*ERRORS, *WARNINGS, *FINE])
def test_the_json_schema_refuses_what_is_an_error(text: str) -> None:
    """The diagnostics and the schema file come from one description, and are of one mind."""
    plain = unmarked(named(text))
    if "*base" in plain or plain in map(named, OF_REFERENCES):
        return  # no aliases outside of their document; references are not judged as structure
    value = yaml.safe_load(plain)
    schema = Draft7Validator(schemas.SCHEMAS["workflow-template.schema.json"]())
    errors = [
        found for found in structural(Document(plain), None) if found.severity is Severity.ERROR
    ]
    doubled = [
        found
        for found in errors
        if isinstance(found.cause, SchemaViolation) and found.cause.remedy == "remove"
    ]
    assert schema.is_valid(value) == (len(errors) == len(doubled))


@pytest.mark.parametrize(
    "text",
    [
        """
        name: t
        ^^^^ template-structure: Missing `stages` in this template.
        """,
        """
        stages:
        ^^^^^^ template-structure: Missing `name` in this template.
          - name: a
            type: review
            gate: {type: auto}
        """,
        """
        name: t
        stages:
        ^^^^^^ template-structure: `stages` is empty: it needs at least one item.
        """,
        """
        name: t
        stages: []
                ^^ template-structure: `stages` is empty: it needs at least one item.
        """,
        """
        name: t
        stages: later
                ^^^^^ template-structure: `stages` must be a list, not a string. Write each item on a line of its own below, after a dash.
        """,
        """
        name: t
        name: u
        ^^^^ template-structure: Duplicate key `name` in this template. Remove one of them.
        stages:
          - {name: a, type: review, gate: {type: auto}}
        """,
        """
        - name: a
        ^^^^^^^^^ template-structure: This is not a template yet: it needs `name` and `stages`.
        """,
        """
        # only a comment
        ^^^^^^^^^^^^^^^^ template-structure: This is not a template yet: it needs `name` and `stages`.
        """,
    ],
)
def test_errors_of_the_file(text: str) -> None:
    found = assert_marks(text)
    assert {diagnostic.severity for diagnostic in found} == {Severity.ERROR}
    assert {diagnostic.entry for diagnostic in found} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "name: t\nstages:\n\t- name: a\n",
        "name: t\nstages: [\n",
        "name: t\nstages:\n  - name: a\n    type: review\n"
        "    gate: {type: verification_pass, commands: [\n",
        "name: t\nstages:\n  - name: a\n    type: review\n"
        "    gate:\n      type: verification_pass\n      commands:\n\t- x\n",
    ],
)
def test_nothing_is_empty_that_cannot_be_read(text: str) -> None:
    assert structural(Document(text)) == []


def test_warnings_of_the_file() -> None:
    found = assert_marks(
        """
        name: t
        builtin: maybe
                 ^^^^^ template-structure: `builtin` must be true or false. Choragen ignores this value.
        version: one
                 ^^^ template-structure: `version` must be a number. Choragen ignores this value.
        createdAt: yesterday
                   ^^^^^^^^^ template-structure: `createdAt` must be a date and time, such as 2026-11-22T15:48:46.727Z. Choragen ignores this value.
        updatedAt: [now]
                   ^^^^^ template-structure: `updatedAt` must be a date and time, such as 2026-11-22T15:48:46.727Z, not a list.
        desciption: x
        ^^^^^^^^^^ key-unknown: Unknown key `desciption` in this template. Did you mean `description`?
        stages:
          - name: a
            type: review
            gate:
              type: auto
              satisfiedAt: 2026-11-22
        """
    )
    assert {diagnostic.severity for diagnostic in found} == {Severity.WARNING}


def test_nothing_is_missing_in_a_text_that_does_not_parse() -> None:
    document = Document("nam\nversion: 1\nstages:\n  - name: 'a\n    gate:\n      type: auto\n")
    assert structural(document, None) == []


ROLES = RoleIndex(
    read_roles(Document("roles:\n  - id: designer\n  - id: tester\n", choragen.ROLES)).roles
)


def test_roles_that_do_not_exist() -> None:
    (found,) = assert_marks(
        """
        name: t
        stages:
          - name: a
            type: review
            roleId: desginer
                    ^^^^^^^^ role-unknown: Unknown role `desginer`: it is not in .choragen/roles/index.yaml. Did you mean `designer`?
            gate: {type: auto}
          - name: b
            type: review
            roleId: tester
            gate: {type: auto}
        """,
        roles=ROLES,
    )
    assert (found.severity, found.stage, found.entry) == (Severity.WARNING, "a", 0)


def test_without_an_index_choragen_has_its_own_roles() -> None:
    text = "name: t\nstages:\n  - {name: a, type: review, gate: {type: auto}, roleId: %s}\n"
    none = RoleIndex({}, exists=False)
    assert structural(Document(text % "researcher"), none) == []
    (found,) = structural(Document(text % "designer"), none)
    assert found.message == (
        "Unknown role `designer`. Without .choragen/roles/index.yaml a role is `researcher`, "
        "`implementer`, `reviewer` or `controller`."
    )
    assert structural(Document(text % "designer"), None) == []  # roles are not known yet


def test_the_role_index() -> None:
    assert_marks(
        """
        roles:
          - name: no id
            ^^^^ template-structure: Missing `id` in this role.
            toolIds: read_file
                     ^^^^^^^^^ template-structure: `toolIds` must be a list, not a string. Write each item on a line of its own below, after a dash.
          - id: a
            model:
              provider: p
              model: m
              temperature: warm
                           ^^^^ template-structure: `temperature` must be a number.
              maxTokns: 4
              ^^^^^^^^ key-unknown: Unknown key `maxTokns` in this model reference. Did you mean `maxTokens`?
              options: {any: thing}
          - id: a
                ^ template-structure: Duplicate role id `a`: the role in line 4 is used. Rename one.
        """,
        choragen.ROLES,
    )


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.stem)
def test_real_files_have_no_structural_diagnostics(path) -> None:
    index = read_roles(Document((DATA / "roles" / "index.yaml").read_text(), choragen.ROLES))
    for text in (path.read_text(), with_models(path.read_text())):
        assert structural(Document(text), index) == []


def test_the_real_role_index_has_none_either() -> None:
    assert (
        structural(Document((DATA / "roles" / "index.yaml").read_text(), choragen.ROLES), None)
        == []
    )


def test_diagnostics_of_an_entry_are_remembered_and_move_with_it() -> None:
    document = Document("name: t\nstages:\n  - name: a\n    type: x\n    gate: {type: auto}\n")
    (before,) = structural(document, None)
    document.edit(span_at(0, 0, 0, 0), "# above\n")
    (after,) = structural(document, None)
    assert after.span == before.span.shifted(1)


def test_checking_a_long_file_in_steps() -> None:
    stages = "".join(f"  - name: s{n}\n    type: x\n" for n in range(120))
    document = Document(f"name: t\nstages:\n{stages}")
    steps = 0
    for _ in read_in_steps(document, 50):
        steps += 1
        document.edit(span_at(0, 0, 0, 0), "#\n")
    assert steps == 3
    assert len(structural(document, None)) == 240


def test_what_others_have_read_is_checked_in_steps_all_the_same() -> None:
    stages = "".join(f"  - name: s{n}\n    type: design\n" for n in range(120))
    document = Document(f"name: t\nstages:\n{stages}")
    document.entries()  # as for its symbols
    assert len(list(read_in_steps(document, 50))) == 3
    assert not list(read_in_steps(document, 50))
    document.edit(span_at(100, 0, 102, 0), "  - name: new\n")
    assert document.entries()[49].span
    assert len(list(read_in_steps(document, 50))) == 1
    document.edit(None, document.text)
    document.entries()
    assert len(list(read_in_steps(document, 50))) == 3


@settings(max_examples=150)
@given(st.data())
def test_random_edits_keep_every_diagnostic_inside_the_text(data: st.DataObject) -> None:
    kind: Dialect = data.draw(st.sampled_from([choragen.TEMPLATE, choragen.ROLES]))
    text = (
        templates()[0].read_text()
        if kind is choragen.TEMPLATE
        else "roles:\n  - id: a\n    model:\n      provider: p\n"
    )
    document = Document(text, kind)
    for _ in range(4):
        line = data.draw(st.integers(0, document.end().line))
        column = data.draw(st.integers(0, len(document.lines[line])))
        new = data.draw(
            st.sampled_from(
                ["x", "\n", ": ", "- ", "[", "{", "'", "#", "gate:", "  ", "\n  - a\n", "null"]
            )
        )
        document.edit(
            span_at(
                line,
                column,
                line,
                min(column + data.draw(st.integers(0, 9)), len(document.lines[line])),
            ),
            new,
        )
        for diagnostic in structural(document, ROLES):
            assert document.clamp(diagnostic.span.start) == diagnostic.span.start
            assert document.clamp(diagnostic.span.end) == diagnostic.span.end
