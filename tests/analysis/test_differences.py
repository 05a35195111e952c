"""What Choragen's line reader takes otherwise: each rule at its place, and the fix that both read."""
# ruff: noqa: E501 - a mark stands on one line with its message

from pathlib import Path
from textwrap import dedent, indent

import pytest
import yaml
from tests.analysis.support import applied, read_differently, unmarked, with_marks
from tests.dialects.support import templates, with_models

from stagewright.analysis.choragen.fix_differences import difference_fixes
from stagewright.analysis.results import Severity
from stagewright.dialects import choragen
from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at

CODE = "choragen-reads-differently"


def stage(body: str) -> str:
    """A template whose one stage goes on with this body."""
    lines = indent(dedent(body).strip("\n"), "    ")
    return f"name: t\nstages:\n  - name: a\n    type: review\n{lines}\n"


def short(text: str) -> str:
    """Marks without the code, which is always the same."""
    return text.replace(f"{CODE}: ", "")


def assert_marks(text: str) -> Document:
    document = Document(short(unmarked(text.replace("^ ", f"^ {CODE}: "))))
    found = sorted(read_differently(document), key=lambda diagnostic: diagnostic.span)
    assert short(with_marks(document, found)) == text
    assert {diagnostic.severity for diagnostic in found} <= {Severity.WARNING}
    return document


def after_fixes(document: Document) -> tuple[str, list[str]]:
    """The text after each diagnostic's fix in turn, and what is left."""
    for _ in range(20):
        for diagnostic in read_differently(document):
            if fixes := difference_fixes(document, diagnostic):
                document = Document(applied(document, fixes[0].edits))
                break
        else:
            break
    return document.text, [diagnostic.message for diagnostic in read_differently(document)]


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            """\
name: t
stages:
    - name: a
    ^ Choragen finds no stages here: it expects their dashes in column 3.
      # about the gate
      gate:
          type: verification_pass
          ^^^^ Choragen finds nothing here: it expects these keys in column 9.
          commands:
          - make

      initPrompt: |
                  ^ Choragen reads only `|` here, and the lines below as keys.
        # no comment
        text
    - name: b
version: 1
""",
            """\
name: t
stages:
  - name: a
    # about the gate
    gate:
      type: verification_pass
      commands:
        - make

    initPrompt: "# no comment\\ntext\\n"
  - name: b
version: 1
""",
        ),
        (
            """\
stages:
- name: a
^ Choragen finds no stages here: it expects their dashes in column 3.
  type: review
-   name: b
    ^^^^ Choragen finds nothing here: it expects these keys in column 3.
    type: review
""",
            """\
stages:
  - name: a
    type: review
  - name: b
    type: review
""",
        ),
        (
            """\
stages:
  - name: a
    gate:
        type: auto
        ^^^^ Choragen finds nothing here: it expects these keys in column 7.
    defaultModel:
     provider: p
     model: m
  - name: b
    gate:
      commands:
      - make
      ^ Choragen finds no items here: it expects dashes from column 9 on.
""",
            """\
stages:
  - name: a
    gate:
      type: auto
    defaultModel:
      provider: p
      model: m
  - name: b
    gate:
      commands:
        - make
""",
        ),
    ],
)
def test_columns(before: str, after: str) -> None:
    assert after_fixes(assert_marks(before)) == (after, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            """\
stages: [{name: a, gate: {type: auto}}, # one
        ^ Choragen does not support flow style: it reads the text `[{name: a, gate: {type: auto}}, # one`.
         {name: b, initPrompt: ""}]
""",
            """\
# one
stages:
  - name: a
    gate:
      type: auto
  - name: b
    initPrompt: ""
""",
        ),
        (
            """\
{"name": "t",
^ Choragen does not support flow style: it reads the text `{"name": "t",`.
 "version": 1, "stages": [
  {"name": "a", "type": "review",
   "hooks": {"onExit": [{"type": "command", "command": "echo \\"x\\": 1"}]}}]}
""",
            """\
name: t
version: 1
stages:
  - name: a
    type: review
    hooks:
      onExit:
        - type: command
          command: "echo \\"x\\": 1"
""",
        ),
        (
            """\
name: t
stages:
  - {name: a, # c
    ^ Choragen does not support flow style: it reads the text `{name: a, # c`.
     type: review}
  - name: b
    gate: {type: auto}
          ^^^^^^^^^^^^ Choragen does not support flow style: it reads the text `{type: auto}`.
""",
            """\
name: t
stages:
  # c
  - name: a
    type: review
  - name: b
    gate:
      type: auto
""",
        ),
    ],
)
def test_files_in_flow_style(before: str, after: str) -> None:
    document = assert_marks(before)
    assert after_fixes(document) == (after, [])
    assert yaml.safe_load(after) == yaml.safe_load(document.text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\ufeffname: t\nstages:\n  - name: a\n", "name: t\nstages:\n  - name: a\n"),
        ("stages:\n  -\n    name: a\n", "stages:\n  - name: a\n"),
        ("stages:\n  - # c\n    # d\n    name: a\n", "stages:\n  # c\n  # d\n  - name: a\n"),
        ("description: >\n  a\n  b\nname: t\n", 'description: "a b\\n"\nname: t\n'),
        ("'name': t # c\n", "# c\nname: t\n"),
        ("stages:\n  - name: a\n    hooks: {}\n", "stages:\n  - name: a\n    hooks:\n"),
        ("name: t\r\nstages:\r\n  - {name: a, type: b}\r\n", "name: t\r\nstages:\r\n  - name: a\r\n    type: b\r\n"),
    ],
)  # fmt: skip
def test_the_rest_of_a_file(before: str, after: str) -> None:
    assert after_fixes(Document(before)) == (after, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: [x, y]\nstages:\n  - name: a\n", "a:\n  - x\n  - y\nstages:\n  - name: a\n"),
        ("a: &a [x]\nb: [*a]\nstages:\n  - name: a\n", "a: &a [x]\nb:\n  - *a\nstages:\n  - name: a\n"),
    ],
)  # fmt: skip
def test_lists_beside_the_stages_keep_their_own_items(before: str, after: str) -> None:
    assert after_fixes(Document(before))[0] == after
    assert yaml.safe_load(after) == yaml.safe_load(before)


@pytest.mark.parametrize(
    "value", ["gate: &a {type: auto}", "gate: {type: &a auto}", "chainId: &a null", "chainId: &a |\n  x"]
)  # fmt: skip
def test_what_an_alias_stands_for_keeps_its_anchor(value: str) -> None:
    document = Document(stage(f"{value}\nsessionId: *a\n"))
    assert after_fixes(document)[0] == document.text


@pytest.mark.parametrize(
    "text",
    [
        "--- {name: t, stages: [{name: a}]}\n",
        "{name: t, stages: [{name: a, gate: &g {type: auto}}, {name: b, gate: *g}]}\n",
    ],
)
def test_a_file_in_flow_style_that_no_block_can_replace(text: str) -> None:
    assert after_fixes(Document(text))[0] == text


def test_a_byte_order_mark_is_no_indentation() -> None:
    (diagnostic,) = read_differently(Document("\ufeffname: t\nstages:\n  - name: a\n"))
    assert diagnostic.message.startswith("The file begins with a byte order mark")


def test_further_documents() -> None:
    document = assert_marks(
        """\
---
name: t
stages:
  - name: a
---
^^^ Choragen does not support several documents: it ignores this line and reads on.
name: u
"""
    )
    assert after_fixes(document)[0] == document.text


def test_the_role_index_is_read_by_a_real_parser() -> None:
    text = "roles:\n- {id: a, systemPrompt: 'it''s', name: ~} # c\n"
    assert read_differently(Document(text, choragen.ROLES)) == []


def test_unknown_keys_of_any_style_are_harmless() -> None:
    assert_marks(stage("owner: me\nsatisfied: yes\n"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.stem)
def test_what_choragen_wrote_it_reads_alike(path: Path) -> None:
    for text in (path.read_text(), with_models(path.read_text())):
        assert read_differently(Document(text)) == []


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
