"""What Choragen's line reader takes otherwise in a stage: each rule at its place, and its fix."""
# ruff: noqa: E501 - a mark stands on one line with its message

from __future__ import annotations

import pytest
import yaml
from tests.analysis.differences import after_fixes, assert_marks, stage
from tests.analysis.support import read_differently

from stagewright.analysis.choragen.fix_differences import difference_fixes
from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at

FIXED = [
    # comments
    (
        """
        defaultModel:
          provider: openai # which
                           ^^^^^^^ Choragen does not support comments after a value, and reads it as part of the text.
          model: "gpt-5"  # fast
                          ^^^^^^ Choragen does not support comments after a value, and reads it as part of the text.
        """,
        """
        defaultModel:
          # which
          provider: openai
          # fast
          model: "gpt-5"
        """,
    ),
    (
        """
        gate: # no harm here
          type: verification_pass
          commands: # these
                    ^^^^^^^ Choragen does not support comments after a value, and reads nothing below it.
            - make # first
                   ^^^^^^^ Choragen does not support comments after a value, and reads it as part of the text.
            # a line of its own is fine
            - "make test"
        hooks:
          onExit: # at last
                  ^^^^^^^^^ Choragen does not support comments after a value, and reads nothing below it.
            - type: custom
              handler: x
        """,
        """
        gate: # no harm here
          type: verification_pass
          # these
          commands:
            # first
            - make
            # a line of its own is fine
            - "make test"
        hooks:
          # at last
          onExit:
            - type: custom
              handler: x
        """,
    ),
    # flow style
    (
        """
        defaultModel: {provider: openai, model: "gpt-5"} # why
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Choragen does not support flow style: it reads the text `{provider: openai, model: "gpt-5"}`.
        gate: {type: verification_pass,
              ^ Choragen does not support flow style: it reads the text `{type: verification_pass,`.
          commands: [make, "a, b"], # the checks
          satisfied: false}
        hooks:
          onExit:
            - {type: command, command: make}
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Choragen does not support flow style: it reads the text `{type: command, command: make}`.
        """,
        """
        # why
        defaultModel:
          provider: openai
          model: gpt-5
        # the checks
        gate:
          type: verification_pass
          commands:
            - make
            - a, b
          satisfied: false
        hooks:
          onExit:
            - type: command
              command: make
        """,
    ),
    # texts of several lines
    (
        """
        initPrompt: | # what to do
                    ^ Choragen reads only `|` here, and the lines below as keys.
          Say "hello".

          Then go.
        roleId: r
        """,
        """
        # what to do
        initPrompt: "Say \\"hello\\".\\n\\nThen go.\\n"
        roleId: r
        """,
    ),
    (
        """
        initPrompt: >-
                    ^^ Choragen reads only `>-` here, and the lines below as keys.
          one
          two
        chainId: one
                 ^^^ Choragen reads only this line of the text, and those below as keys.
          two
        sessionId: "one
                   ^^^^ Choragen reads only this line of the text, and those below as keys.
          two"
        """,
        """
        initPrompt: one two
        chainId: one two
        sessionId: one two
        """,
    ),
    (
        """
        roleId: # whose
          designer # mine
          ^^^^^^^^ Choragen expects this text on the line of its key, not below it.
        gate:
          type:
            auto
            ^^^^ Choragen expects this text on the line of its key, not below it.
        """,
        """
        # whose
        # mine
        roleId: designer
        gate:
          type: auto
        """,
    ),
    # quotes and escapes
    (
        """
        "roleId": r
        ^^^^^^^^ Choragen does not support quoted keys: it ignores `roleId`.
        initPrompt: 'it''s'
                       ^^ Choragen does not support doubled quotes: it reads both.
        chainId: "a\\tb\\u00e9\\n\\"\\\\"
                   ^^ Choragen does not support this escape: it reads `\\t`.
        """,
        """
        roleId: r
        initPrompt: it's
        chainId: "a\tbé\\n\\"\\\\"
        """,
    ),
    # words
    (
        """
        roleId: null
                ^^^^ Choragen reads the text `null` here.
        chainId: ~
                 ^ Choragen reads the text `~` here.
        gate:
          type: human_approval
          satisfied: No
                     ^^ Choragen knows only `true` and `false`, and reads `No` as neither.
          agentTriggered: yes
                          ^^^ Choragen knows only `true` and `false`, and reads `yes` as neither.
        """,
        """
        roleId:
        chainId:
        gate:
          type: human_approval
          satisfied: false
          agentTriggered: true
        """,
    ),
    # properties
    (
        """
        defaultModel: &base
                      ^^^^^ Choragen reads `&base` as part of the text.
          provider: !!str openai
                    ^^^^^ Choragen reads `!!str` as part of the text.
          model: gpt-5
        """,
        """
        defaultModel:
          provider: openai
          model: gpt-5
        """,
    ),
    # dashes
    (
        """
        gate:
          type: human_approval
          options:
            - # first
            ^ Choragen reads this dash as an empty item: its keys must start on the same line.
              label: a
              action: b
          satisfied: false
        """,
        """
        gate:
          type: human_approval
          options:
            # first
            - label: a
              action: b
          satisfied: false
        """,
    ),
    # order
    (
        """
        hooks:
          onExit:
            - type: file_move
              fileMove:
                from: a
                to: b
              blocking: true
              ^^^^^^^^ Choragen ignores this key, because it follows `fileMove`.
            - type: custom
              handler: x
        """,
        """
        hooks:
          onExit:
            - type: file_move
              blocking: true
              fileMove:
                from: a
                to: b
            - type: custom
              handler: x
        """,
    ),
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_a_fix_changes_nothing_but_what_choragen_sees(before: str, after: str) -> None:
    document = assert_marks(stage(before))
    assert after_fixes(document) == (stage(after), [])
    assert yaml.safe_load(stage(after)) == yaml.safe_load(document.text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            """
            gate:
              type: human_approval
              options:
                - label: a
                  action: b
            hooks:
            ^^^^^ Choragen ignores these hooks: they follow a gate that ends in `options`.
              onExit:
                - type: custom
                  handler: x
            """,
            """
            gate:
              type: human_approval
              options:
                - label: a
                  action: b
              satisfied: false
            hooks:
              onExit:
                - type: custom
                  handler: x
            """,
        ),
        (
            """
            gate:
              satisfied: true
              options:
                - label: a
                  action: b
            hooks:
            ^^^^^ Choragen ignores these hooks: they follow a gate that ends in `options`.
              onExit:
                - type: custom
                  handler: x
            """,
            """
            gate:
              options:
                - label: a
                  action: b
              satisfied: true
            hooks:
              onExit:
                - type: custom
                  handler: x
            """,
        ),
    ],
)
def test_a_gate_before_hooks_ends_in_satisfied(before: str, after: str) -> None:
    assert after_fixes(assert_marks(stage(before))) == (stage(after), [])


@pytest.mark.parametrize(
    "body",
    [
        """
        defaultModel: *base
                      ^^^^^ Choragen does not support aliases: it reads the text `*base`.
        gate:
          <<: *gate
          ^^ Choragen does not support merge keys: it misses what they bring in.
              ^^^^^ Choragen does not support aliases: it reads the text `*gate`.
        """,
        """
        hooks:
          onExit:
            - type: spawn_agent
              role: r
              ^^^^ Choragen loses `role`: it does not read it back from a file.
              context: {any: thing}
              ^^^^^^^ Choragen loses `context`: it does not read it back from a file.
            - type: post_message
              target: t
              ^^^^^^ Choragen loses `target`: it does not read it back from a file.
            - type: emit_event
              payload: 1
              ^^^^^^^ Choragen loses `payload`: it does not read it back from a file.
        """,
        """
        initPrompt: "bell \\a"
                          ^^ Choragen does not support this escape: it reads `\\a`.
        """,
        """
        chainId: &used x
                 ^^^^^ Choragen reads `&used` as part of the text.
        sessionId: *used
                   ^^^^^ Choragen does not support aliases: it reads the text `*used`.
        """,
    ],
)
def test_what_no_edit_can_fix(body: str) -> None:
    document = assert_marks(stage(body))
    assert after_fixes(document)[0] == document.text


def test_unknown_keys_of_any_style_are_harmless() -> None:
    assert_marks(stage("owner: me\nsatisfied: yes\n"))


def test_diagnostics_are_remembered_and_move_with_their_stage() -> None:
    document = Document(stage("roleId: r # c"))
    (before,) = read_differently(document)
    document.edit(span_at(0, 0, 0, 0), "# above\n")
    (after,) = read_differently(document)
    assert after.span == before.span.shifted(1)
    assert after.stage == "a"
    assert after.entry == 0


def test_no_fix_for_a_difference_that_is_gone() -> None:
    document = Document(stage("roleId: r # c"))
    (diagnostic,) = read_differently(document)
    document.edit(diagnostic.span, "")
    assert difference_fixes(document, diagnostic) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stages:\nname: x\nstages: [ {name: a, type: design}, {name: b} ]\nfoo: 1\n", 1),
        ("stages:\n\nstages: [{name: a, type: b}, {name: c}]\n", 1),
        ("stages: []\nstages: [{name: a}, {name: b}]\n", 2),
    ],
)
def test_stages_that_stand_twice(text: str, told: int) -> None:
    """Each list in flow style is told of once, and what it lists not at all."""
    document = Document(text)
    found = [one for one in read_differently(document) if "flow style" in one.message]
    assert len(found) == told
    assert all(document.text_of(one.span).startswith("[") for one in found)
