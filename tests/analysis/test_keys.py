"""Offers of keys, whole items and words, wherever the schema has some."""

import re
from collections.abc import Iterator

import pytest
from tests.analysis.support import (
    CATALOG,
    NOW,
    OPTIONS,
    applied,
    catalog,
    document_at,
    provider,
    without_key,
)

from stagewright.analysis.choragen.model_choices import model_choices
from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.hover import hover
from stagewright.analysis.results import CompletionItem
from stagewright.catalog.model import Model
from stagewright.dialects import choragen
from stagewright.dialects.choragen.schema import DOCUMENTS, NodePath, shape_at
from stagewright.dialects.choragen.shapes import Kind, Need, Shape
from stagewright.dialects.document import Dialect, Document

HEAD = "name: x\nstages:\n"
STAGE = f"{HEAD}  - name: a\n"


def items(marked: str, kind: Dialect = choragen.TEMPLATE) -> list[CompletionItem]:
    document, position = document_at(marked, kind)
    answer = complete(document, position, CATALOG, OPTIONS)
    return sorted(answer.items, key=lambda item: item.sort_text)


def labels(marked: str, kind: Dialect = choragen.TEMPLATE) -> list[str]:
    return [item.label for item in items(marked, kind)]


def filled(snippet: str) -> str:
    """A snippet with its first choices taken and something typed in its empty places."""
    text = re.sub(r"\$\{\d+\|([^,|]*)[^}]*\|\}", r"\1", snippet)
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text)
    return re.sub(r"\$\d+", "x", text)


def taken(marked: str, label: str, kind: Dialect = choragen.TEMPLATE) -> str:
    document, position = document_at(marked, kind)
    answer = complete(document, position, CATALOG, OPTIONS)
    edit = next(item.edit for item in answer.items if item.label == label)
    text = applied(document, [edit])
    return text.replace(edit.text, filled(edit.text))


def test_needed_keys_come_first_and_none_twice() -> None:
    assert labels(f"{STAGE}    $0\n    roleId: b\n") == [
        "type",
        "gate",
        "initPrompt",
        "defaultModel",
        "chainId",
        "sessionId",
        "hooks",
    ]
    details = {item.label: item.detail for item in items(f"{STAGE}    $0\n")}
    assert (details["type"], details["gate"], details["hooks"]) == (
        "required",
        "recommended",
        "",
    )


def test_keys_of_the_whole_template() -> None:
    assert labels("$0")[:2] == ["name", "stages"]
    assert labels("name: x\ndis$0\nstages: []\n") == ["displayName"]


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("auto", ["prompt", "auditEnabled", "satisfied", "satisfiedBy", "satisfiedAt"]),
        ("verification_pass", ["commands", "prompt", "auditEnabled"]),
        ("chain_complete", ["prompt", "auditEnabled", "chainId"]),
        ("human_approval", ["prompt", "agentTriggered", "auditEnabled", "options"]),
    ],
)
def test_keys_of_a_gate_follow_its_type(gate: str, expected: list[str]) -> None:
    found = labels(f"{STAGE}    gate:\n      type: {gate}\n      $0\n")
    assert found[: len(expected)] == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("command", ["command", "blocking"]),
        ("task_transition", ["taskTransition", "blocking"]),
        ("file_move", ["fileMove", "blocking"]),
        ("custom", ["handler", "blocking"]),
        ("spawn_agent", ["role", "blocking", "context"]),
        ("post_message", ["target", "content", "blocking", "metadata"]),
        ("emit_event", ["eventType", "blocking", "payload"]),
    ],
)
def test_keys_of_an_action_follow_its_type(action: str, expected: list[str]) -> None:
    hooks = f"{STAGE}    hooks:\n      onExit:\n        - type: {action}\n          $0\n"
    assert labels(hooks) == expected


@pytest.mark.parametrize(
    ("marked", "label", "written"),
    [
        ("    $0\n", "gate", "    gate:\n      type: auto\n"),
        ("    ga$0\n", "gate", "    gate:\n      type: auto\n"),
        ("    ga$0:\n", "gate", "    gate:\n"),
        ('    "ga$0": {}\n', "gate", '    "gate": {}\n'),
        (
            "    $0\n",
            "defaultModel",
            "    defaultModel:\n      provider: anthropic\n      model: claude-opus-4-5\n",
        ),
        ("    $0\n", "initPrompt", '    initPrompt: "x"\n'),
        ("    $0\n", "type", "    type: request\n"),
        (
            "    gate:\n      $0\n",
            "options",
            "    gate:\n      options:\n        - label: x\n          action: advance\n",
        ),
        ("    gate:\n      $0\n", "commands", "    gate:\n      commands:\n        - x\n"),
        (
            "    hooks:\n      onEnter:\n        - type: file_move\n          $0\n",
            "fileMove",
            "    hooks:\n      onEnter:\n        - type: file_move\n          fileMove:\n"
            "            from: x\n            to: x\n",
        ),
    ],
)
def test_keys_bring_what_they_require(marked: str, label: str, written: str) -> None:
    assert taken(STAGE + marked, label) == STAGE + written


def test_keys_follow_the_files_own_indentation() -> None:
    four = "stages:\n    -   name: a\n        gate:\n            type: auto\n        $0\n"
    deep = "defaultModel:\n            provider: anthropic\n            model: claude-opus-4-5\n"
    assert taken(four, "defaultModel").endswith(f"        {deep}")
    flush = "stages:\n- name: a\n  gate:\n    $0\n"
    assert taken(flush, "commands").endswith("  gate:\n    commands:\n    - x\n")
    inside = "stages: [{name: a, $0}]"
    assert taken(inside, "defaultModel") == (
        "stages: [{name: a, defaultModel: {provider: anthropic, model: claude-opus-4-5}}]"
    )


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("  $0\n", "  - name: x\n    type: request\n    gate:\n      type: auto\n"),
        ("  - $0\n", "  - name: x\n    type: request\n    gate:\n      type: auto\n"),
        ("  -$0\n", "  - name: x\n    type: request\n    gate:\n      type: auto\n"),
    ],
)
def test_whole_stages(marked: str, written: str) -> None:
    assert taken(HEAD + marked, "stage") == HEAD + written
    assert labels(HEAD + marked)[:4] == [
        "stage",
        "stage with a model",
        "stage with approval",
        "stage with checks",
    ]


@pytest.mark.parametrize(
    "label", ["stage", "stage with a model", "stage with approval", "stage with checks"]
)
def test_whole_stages_are_valid(label: str) -> None:
    text = taken(f"{HEAD}  $0\n", label)
    found = diagnose(Document(text), CATALOG, OPTIONS)
    assert [one.code for one in found if one.code != "provider-unknown"] == []


def test_a_reference_is_filled_in_from_lists_of_what_can_be_used_now() -> None:
    (stage,) = [one for one in items(f"{HEAD}  $0\n") if one.label == "stage with a model"]
    choices = dict(re.findall(r"(provider|model): \$\{\d+\|([^}]*)\|\}", stage.edit.text))
    assert choices["provider"] == "anthropic,openai", "mistral has no key"
    models = choices["model"].split(",")
    assert models[0] == "claude-opus-4-5", "of the first provider"
    assert "gpt-5" in models
    assert not {"mistral-large-latest", "text-embedding-3-large"} & set(models)


@pytest.mark.parametrize(
    ("models", "offered"),
    [
        (["a", "b,c", "d|e", "f: g", "h$i", "42", "j\\k"], 1),
        ([f"m-{number}" for number in range(500)], 60),
        ([], 0),
    ],
)
def test_models_that_a_snippet_can_offer(models: list[str], offered: int) -> None:
    known = catalog(provider("acme", *models), without_key("mistral", Model("x")))
    found = model_choices(known, NOW)
    assert len(found.models) == offered
    assert found.providers == (("acme",) if offered else ())


def test_whole_items_of_other_lists() -> None:
    hooks = f"{STAGE}    hooks:\n      onEnter:\n        - $0\n"
    assert labels(hooks)[:3] == ["command", "task_transition", "file_move"]
    assert taken(hooks, "task_transition").endswith(
        "        - type: task_transition\n          taskTransition: start\n"
    )
    options = f"{STAGE}    gate:\n      type: human_approval\n      options:\n        $0\n"
    assert taken(options, "option").endswith("        - label: x\n          action: advance\n")
    roles = "roles:\n  - $0\n"
    assert taken(roles, "role", choragen.ROLES).startswith("roles:\n  - id: x\n    name: x\n")


def paths(shape: Shape, path: NodePath = ()) -> Iterator[NodePath]:
    """Every path of a schema to which something belongs."""
    yield path
    for key in shape.keys:
        yield from paths(key.shape, (*path, key.name))
    if shape.items is not None:
        yield from paths(shape.items, (*path, 0))


def lines_to(path: NodePath, last: str) -> str:
    """A document in block style with `last` at the path."""
    text, indent, after_dash = "", 0, False
    for step in path:
        if isinstance(step, int):
            text += f"\n{' ' * indent}-"
            indent += 2
            after_dash = True
        else:
            text += f" {step}:" if after_dash else f"\n{' ' * indent}{step}:"
            indent, after_dash = indent + 2, False
    return text.lstrip("\n"), indent, after_dash  # type: ignore[return-value]


ALL = [(kind, path) for kind, shape in DOCUMENTS.items() for path in paths(shape)]


@pytest.mark.parametrize(("kind", "path"), ALL, ids=lambda part: str(part))
def test_every_key_and_word_of_the_schema_is_offered_and_explained(
    kind: Dialect, path: NodePath
) -> None:
    shape = shape_at(kind, path)
    assert shape is not None
    text, indent, after_dash = lines_to(path, "")
    if shape.kind is Kind.MAPPING:
        lead = " " if after_dash else f"\n{' ' * indent}" if path else ""
        found = {item.label: item for item in items(f"{text}{lead}$0\n", kind)}
        assert {key.name for key in shape.keys} <= set(found)
        for key in shape.keys:
            assert key.doc in found[key.name].documentation
            about = hover(*document_at(f"{text}{lead}{key.name}$0: x\n", kind), CATALOG, OPTIONS)
            assert about is not None
            assert key.doc in about.markdown
            if key.need is Need.REQUIRED and not key.only_for:
                assert found[key.name].detail == "required"
    if shape.values:
        assert labels(f"{text} $0\n", kind) == [value.name for value in shape.values]
        assert labels(f"{text} wrong$0\n", kind) == [value.name for value in shape.values]
        for value in shape.values if shape.kind is Kind.TEXT else ():
            about = hover(*document_at(f"{text} {value.name}$0\n", kind), CATALOG, OPTIONS)
            assert about is not None
            assert value.doc in about.markdown


def test_words_of_other_types_are_not_quoted() -> None:
    assert taken("builtin: $0", "true") == "builtin: true"
    assert taken("builtin:$0", "false") == "builtin: false"
    assert taken('builtin: "t$0"', "true") == 'builtin: "true"'
    assert taken("createdAt: $0", "2026-11-22T14:30:00.000Z").endswith("2026-11-22T14:30:00.000Z")


@pytest.mark.parametrize(
    "marked",
    [
        "# na$0",
        "name: x # typ$0",
        f"{STAGE}    initPrompt: |\n      ty$0",
        f"{STAGE}    initPrompt: |\n      $0",
        f"{STAGE}    initPrompt: 'several\n      lines $0'",
        f"{STAGE}    unknown:\n      $0",
        "name: $0",
        f"{STAGE}    chainId: $0",
    ],
)
def test_nothing_where_nothing_is_known(marked: str) -> None:
    assert labels(marked) == []


def test_hover_on_a_key_says_what_it_takes() -> None:
    about = hover(*document_at(f"{STAGE}    ga$0te: {{}}\n"), CATALOG, OPTIONS)
    assert about is not None
    assert about.markdown.startswith("**`gate`** · gate · recommended\n\n")
    assert hover(*document_at(f"{STAGE}    nonsense$0: 1\n"), CATALOG, OPTIONS) is None
