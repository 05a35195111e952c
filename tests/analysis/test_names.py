"""Offers and hovers for what the workspace defines: roles, tools, variables in prompts."""

from dataclasses import replace

import pytest
from tests.analysis.support import CATALOG, OPTIONS, applied, document_at

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.hover import hover
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.document import Dialect, Document

INDEX = """\
roles:
  - id: designer
    name: Design Agent
    description: Draws plans
    model: {provider: anthropic, model: claude-opus-4-5, temperature: 0.4}
    systemPrompt: |
      You draw plans.
      You do not build.
    toolIds:
      - read_file
      - chain:status
  - id: reviewer
    toolIds: [read_file]
"""
ROLES = replace(OPTIONS, roles=read_roles(Document(INDEX, choragen.ROLES)))


def labels(marked: str, options=ROLES, kind: Dialect = choragen.TEMPLATE) -> list[str]:  # type: ignore[no-untyped-def]
    document, position = document_at(marked, kind)
    answer = complete(document, position, CATALOG, options)
    return [item.label for item in sorted(answer.items, key=lambda item: item.sort_text)]


def taken(marked: str, label: str, kind: Dialect = choragen.TEMPLATE) -> str:
    document, position = document_at(marked, kind)
    answer = complete(document, position, CATALOG, ROLES)
    return applied(document, [next(one.edit for one in answer.items if one.label == label)])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("roleId: $0", ["designer", "reviewer"]),
        ("roleId: rev$0", ["reviewer"]),
        ("roleId: agent$0", ["designer"]),
        ("roleId: wrong$0", ["designer", "reviewer"]),
        ("role: $0", []),
        (
            "hooks:\n      onEnter:\n        - type: spawn_agent\n          role: $0",
            ["designer", "reviewer"],
        ),
    ],
)
def test_roles_of_the_index(line: str, expected: list[str]) -> None:
    assert labels(f"stages:\n  - name: a\n    {line}\n") == expected


def test_without_an_index_choragens_own_roles() -> None:
    none = replace(OPTIONS, roles=RoleIndex({}, exists=False))
    stage = "stages:\n  - name: a\n    roleId: $0\n"
    assert labels(stage, none) == ["researcher", "implementer", "reviewer", "controller"]
    document, position = document_at(stage)
    assert complete(document, position, CATALOG, OPTIONS).incomplete


def test_tools_of_all_roles() -> None:
    item = f"{INDEX}  - id: new\n    toolIds:\n      - $0\n"
    assert labels(item, kind=choragen.ROLES) == ["chain:status", "read_file"]
    assert taken(item, "chain:status", choragen.ROLES) == item.replace("$0", "chain:status")
    assert labels(INDEX.replace("[read_file]", "[read_file, $0]"), kind=choragen.ROLES) == [
        "chain:status"
    ]


@pytest.mark.parametrize(
    ("prompt", "written"),
    [
        ('"Work on {{$0 now"', '"Work on {{requestId}} now"'),
        ('"Work on {{req$0uest}} now"', '"Work on {{requestId}} now"'),
        ("|\n      Work on {{req$0", "|\n      Work on {{requestId}}"),
        (">-\n      Work\n      on {{$0}}.", ">-\n      Work\n      on {{requestId}}."),
        ("Work on {{$0", "Work on {{requestId}}"),
    ],
)
def test_variables_in_prompts(prompt: str, written: str) -> None:
    text = f"stages:\n  - name: a\n    initPrompt: {prompt}\n    gate: {{}}\n"
    names = ["requestId", "workflowId", "chainId", "stageName", "stageType"]
    assert labels(text) == names
    assert taken(text, "requestId") == text.replace(prompt, written)


@pytest.mark.parametrize(
    "line",
    ["initPrompt: 'a {{x}} $0'", "initPrompt: 'a { $0'", "name: '{{$0'", "# initPrompt: '{{$0'"],
)
def test_no_variables_elsewhere(line: str) -> None:
    assert labels(f"stages:\n  - type: x\n    {line}\n") == []


def test_hover_on_a_role() -> None:
    document, position = document_at("stages:\n  - name: a\n    roleId: des$0igner\n")
    answer = hover(document, position, CATALOG, ROLES)
    assert answer is not None
    assert answer.markdown == (
        "**`designer`** · Design Agent\n\nDraws plans\n\n"
        "- Model `anthropic/claude-opus-4-5`\n- Temperature 0.4\n"
        "- Tools `read_file`, `chain:status`\n\n> You draw plans.\n> You do not build."
    )
    assert hover(*document_at("stages:\n  - roleId: no$0\n"), CATALOG, ROLES) is None
