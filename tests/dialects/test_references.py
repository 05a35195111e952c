"""Model references: which are whole, and in words why the others are not."""
# ruff: noqa: E501 - a mark stands on one line with its message

from textwrap import dedent, indent

import pytest
from tests.dialects.support import marked, unmarked

from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.document import Document, ModelSite


def reference(document: Document) -> ModelSite | None:
    (entry,) = document.entries()
    return entry.model


@pytest.mark.parametrize(
    ("body", "provider", "model"),
    [
        ("defaultModel:\n  provider: anthropic\n  model: claude", "anthropic", "claude"),
        ("defaultModel: {provider: a, model: b}", "a", "b"),
        ("defaultModel:\n  model: 4\n  provider: true", "true", "4"),  # values are text
        ("defaultModel:\n  provider: a\n  model: 'org/x:7b'\n  more: {}", "a", "org/x:7b"),
        ('"defaultModel":\n  "provider": "a"\n  "model": "b"', "a", "b"),
        ("defaultModel: &m\n  provider: &p a\n  model: !!str b", "a", "b"),
        ("defaultModel:\n  provider:\n    a\n  model: >-\n    b", "a", "b"),
        ("defaultModel:\n  provider: a\n  model: 'null'", "a", "null"),
    ],
)
def test_whole_references(body: str, provider: str, model: str) -> None:
    found = reference(Document("stages:\n  -\n" + indent(body, "    ")))
    assert found is not None
    assert found.reference == ModelReference(provider, model)
    assert found.problem is None


BROKEN = [
    """
    stages:
      - defaultModel:
        ^^^^^^^^^^^^ `defaultModel` is empty: write `provider` and `model` on two lines below it, or remove it.
    """,
    """
    stages:
      - defaultModel: null
                      ^^^^ `defaultModel` is empty: write `provider` and `model` on two lines below it, or remove it.
    """,
    """
    stages:
      - defaultModel: openai/gpt-5
                      ^^^^^^^^^^^^ `defaultModel` must be a mapping, not a string: write `provider` and `model` on two lines below it.
    """,
    """
    stages:
      - defaultModel: "null"
                      ^^^^^^ `defaultModel` must be a mapping, not a string: write `provider` and `model` on two lines below it.
    """,
    """
    stages:
      - defaultModel: [openai, gpt-5]
                      ^^^^^^^^^^^^^^^ `defaultModel` must be a mapping, not a list: write `provider` and `model` on two lines below it.
    """,
    """
    stages:
      - defaultModel:
          - provider: openai
          ^^^^^^^^^^^^^^^^^^ `defaultModel` must be a mapping, not a list: write `provider` and `model` on two lines below it.
    """,
    """
    stages:
      - defaultModel: *standard
                      ^^^^^^^^^ `defaultModel` is an alias, which is not followed here: write `provider` and `model` on two lines below it.
    """,
    """
    stages:
      - defaultModel: {}
        ^^^^^^^^^^^^ Missing `provider` in `defaultModel`.
    """,
    """
    stages:
      - defaultModel:
        ^^^^^^^^^^^^ Missing `provider` in `defaultModel`.
          model: gpt-5
    """,
    """
    stages:
      - defaultModel:
        ^^^^^^^^^^^^ Missing `model` in `defaultModel`.
          provider: openai
    """,
    """
    stages:
      - defaultModel:
        ^^^^^^^^^^^^ Missing `provider` in `defaultModel`: a merge key is not followed here.
          <<: *standard
          model: gpt-5
    """,
    """
    stages:
      - defaultModel:
          provider:
          ^^^^^^^^ `provider` is empty: name one, or remove `defaultModel`.
          model: gpt-5
    """,
    """
    stages:
      - defaultModel:
          provider: openai
          model: ""
                 ^^ `model` is empty: name one, or remove `defaultModel`.
    """,
    """
    stages:
      - defaultModel:
          provider: '  '
                    ^^^^ `provider` is empty: name one, or remove `defaultModel`.
          model: ~
    """,
    """
    stages:
      - defaultModel:
          provider: openai
          model: ~
                 ^ `model` is empty: name one, or remove `defaultModel`.
    """,
    """
    stages:
      - defaultModel:
          provider: [openai]
                    ^^^^^^^^ `provider` must be a string.
          model: gpt-5
    """,
    """
    stages:
      - defaultModel:
          provider: openai
          model: *fast
                 ^^^^^ `model` is an alias, which is not followed here: write it out.
    """,
    """
    stages:
      - defaultModel:
          provider: openai
          model: gpt-5
          model: gpt-4o
          ^^^^^ Duplicate key `model`. Remove one of them.
    """,
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_wrong_with_a_reference(text: str) -> None:
    document = Document(unmarked(text))
    found = reference(document)
    assert found is not None
    assert found.reference is None
    assert found.problem is not None
    assert found.problem_span is not None
    shown = marked(document, [(found.problem_span.shifted(1), found.problem)])
    assert shown == dedent(text).lstrip("\n")


def test_a_stage_without_a_default_has_no_reference() -> None:
    assert reference(Document("stages:\n  - name: a\n")) is None


@pytest.mark.parametrize(
    "model", ["*standard", "\n      <<: *standard", "\n      provider: a\n      model: *m"]
)
def test_aliases_in_the_role_index_are_allowed_and_not_followed(model: str) -> None:
    found = reference(Document(f"roles:\n  - id: a\n    model: {model}\n", choragen.ROLES))
    assert found is not None
    assert found.reference is None
    assert found.problem is None


def test_a_role_with_half_a_model_is_told_so() -> None:
    found = reference(
        Document("roles:\n  - id: a\n    model:\n      provider: x\n", choragen.ROLES)
    )
    assert found is not None
    assert found.problem == "Missing `model` in `model`."


def test_a_reference_that_does_not_parse_is_the_syntax_problem_alone() -> None:
    text = "stages:\n  - name: a\n    defaultModel:\n      provider: p\n      model: 'open\n"
    found = reference(Document(text))
    assert found is not None
    assert found.provider is not None
    assert (found.reference, found.problem) == (None, None)


def test_a_broken_key_elsewhere_leaves_the_reference() -> None:
    text = "stages:\n  - name: 'a\n    defaultModel:\n      provider: p\n      model: m\n"
    found = reference(Document(text))
    assert found is not None
    assert found.reference == ModelReference("p", "m")
