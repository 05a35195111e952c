"""Stages that break each rule of the schema, and stages that break none."""
# ruff: noqa: E501 - a mark stands on one line with its message

from __future__ import annotations

from textwrap import dedent

ERRORS = [
    """
    stages:
      - type: review
        ^^^^ template-structure: Missing `name` in this stage.
        gate: {type: auto}
    """,
    """
    stages:
      - name: a
              ^ template-structure: Missing `type` in this stage.
        gate: {type: auto}
    """,
    """
    stages:
      - roleId: r
        ^^^^^^ template-structure: Missing `name` and `type` in this stage.
        gate: {type: auto}
    """,
    """
    stages:
      - name: ""
              ^^ template-structure: `name` is empty.
        type:
        ^^^^ template-structure: `type` is empty.
        gate: {type: auto}
    """,
    """
    stages:
      - name: a
        type: reveiw
              ^^^^^^ template-structure: `reveiw` is not a stage type. Did you mean `review`?
        gate: {type: auto}
    """,
    """
    stages:
      - name: a
        type: "coding"
              ^^^^^^^^ template-structure: `coding` is not a stage type. Expected `request`, `design`, `review`, `implementation`, `verification`, `ideation` or `reflection`.
        gate: {type: auto}
    """,
    """
    stages:
      - name: a
        type: [review]
              ^^^^^^^^ template-structure: `type` must be a stage type, not a list.
        gate: {type: auto}
    """,
    """
    stages:
      - name: {first: a}
              ^^^^^^^^^^ template-structure: `name` must be a string, not a mapping.
        type: review
        gate: {type: auto}
    """,
    """
    stages:
      - name: a
        type: review
        name: b
        ^^^^ template-structure: Duplicate key `name` in this stage. Remove one of them.
        gate: {type: auto}
    """,
    """
    stages:
      - name: a
        type: review
        gate: auto
              ^^^^ template-structure: `gate` must be a mapping, not a string. Write its keys on lines of their own below.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: manual
                ^^^^^^ template-structure: `manual` is not a gate type. Expected `auto`, `human_approval`, `chain_complete`, `verification_pass`, `post_commit` or `session_handoff`.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
        ^^^^ template-structure: Missing `commands` in this gate.
          type: verification_pass
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: verification_pass
          commands: []
                    ^^ template-structure: `commands` is empty: it needs at least one item.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: verification_pass
          commands:
          ^^^^^^^^ template-structure: `commands` is empty: it needs at least one item.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: verification_pass
          commands: make test
                    ^^^^^^^^^ template-structure: `commands` must be a list, not a string. Write each item on a line of its own below, after a dash.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: verification_pass
          commands:
            - make: test
              ^^^^^^^^^^ template-structure: This item of `commands` must be a string, not a mapping.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: human_approval
          satisfied: later
                     ^^^^^ template-structure: `satisfied` must be true or false.
          agentTriggered: 1
                          ^ template-structure: `agentTriggered` must be true or false.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: human_approval
          options:
            - label: Go on
              ^^^^^ template-structure: Missing `action` in this option.
            - action: discard
              ^^^^^^ template-structure: Missing `label` in this option.
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: human_approval
          options:
            - Go on
              ^^^^^ template-structure: This item of `options` must be a mapping, not a string. Write its keys on lines of their own below.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        hooks:
          onEnter:
            - blocking: true
              ^^^^^^^^ template-structure: Missing `type` in this action.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        hooks:
          onEnter:
            - type: validation
                    ^^^^^^^^^^ template-structure: Actions of type `validation` are not allowed in templates.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        hooks:
          onEnter:
            - type: command
              ^^^^ template-structure: Missing `command` in this action.
            - type: task_transition
              ^^^^ template-structure: Missing `taskTransition` in this action.
            - type: file_move
              ^^^^ template-structure: Missing `fileMove` in this action.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        hooks:
          onExit:
            - type: task_transition
              taskTransition: finish
                              ^^^^^^ template-structure: `finish` is not a task transition. Expected `start`, `complete` or `approve`.
            - type: file_move
              fileMove:
              ^^^^^^^^ template-structure: Missing `to` in this file move.
                from: a
            - type: file_move
              fileMove:
              ^^^^^^^^ template-structure: Missing `from` and `to` in this file move.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        hooks: make
               ^^^^ template-structure: `hooks` must be a mapping, not a string. Write its keys on lines of their own below.
    """,
    """
    stages:
      - just text
        ^^^^^^^^^ template-structure: This stage must be a mapping. Write its keys here, each with its value.
    """,
    """
    stages:
      -
      ^ template-structure: This stage is empty.
    """,
]

WARNINGS = [
    """
    stages:
      - name: a
              ^ template-structure: Missing `gate` in this stage: Choragen assumes one of type `auto`.
        type: review
    """,
    """
    stages:
      - name: a
        type: review
        gate:
        ^^^^ template-structure: Missing `type` in this gate: Choragen assumes `auto`.
          satisfied: false
    """,
    """
    stages:
      - name: a
        type: review
        gate:
        ^^^^ template-structure: Missing `type` in this gate: Choragen assumes `auto`.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        hooks:
          onExit:
            - type: custom
              ^^^^ template-structure: Missing `handler` in this action: it fails when the stage runs.
            - type: spawn_agent
              ^^^^ template-structure: Missing `role` in this action: it fails when the stage runs.
            - type: post_message
              ^^^^ template-structure: Missing `target` and `content` in this action: it fails when the stage runs.
            - type: emit_event
              ^^^^ template-structure: Missing `eventType` in this action: it fails when the stage runs.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        defualtModel: {provider: p, model: m}
        ^^^^^^^^^^^^ key-unknown: Unknown key `defualtModel` in this stage. Did you mean `defaultModel`?
    """,
    """
    stages:
      - name: a
        type: review
        gate:
          type: auto
          owner: me
          ^^^^^ key-unknown: Unknown key `owner` in this gate. Choragen ignores it. Remove it.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
        defaultModel:
          provider: p
          model: m
          temprature: 1
          ^^^^^^^^^^ key-unknown: Unknown key `temprature` in this model reference. Choragen ignores it. Remove it.
    """,
    """
    stages:
      - name: a
        type: review
        gate: {type: auto}
      - name: b
        type: review
        gate: {type: auto}
      - name: "a"
              ^^^ stage-duplicate: Duplicate stage name `a`, as in line 3. Rename one.
        type: review
        gate: {type: auto}
    """,
]

OF_REFERENCES = [
    "stages:\n  - name: a\n    type: review\n    gate: {type: auto}\n    defaultModel: nothing said of it here\n",
    "stages:\n  - name: a\n    type: review\n    gate: {type: auto}\n    defaultModel: {provider: p, provider: q}\n",
    "stages:\n  - name: a\n    type: review\n    gate: {type: auto}\n    defaultModel: {provider: '', model: }\n",
    "stages:\n  - name: a\n    type: review\n    gate: {type: auto}\n    defaultModel: {provider: [p], model: {}}\n",
]  # fmt: skip
"""What is judged as a whole, and not as structure."""

FINE = [
    "stages:\n  - name: 4\n    type: review\n    gate:\n      type: auto\n      satisfied: 'true'\n      agentTriggered: No\n",
    "stages:\n  - name: a\n    type: review\n    x-owner: me\n    gate: {type: post_commit, auditEnabled: true}\n",
    "stages:\n  - <<: *base\n    name: a\n",
    "stages:\n  - *base\n",
    "stages:\n  - name: a\n    type: review\n    roleId:\n    chainId: ~\n    gate: {type: auto, options: [], commands: []}\n",
    "stages:\n  - name: a\n    type: review\n    gate: {type: human_approval, options: [{label: x, action: anything}]}\n",
    "stages:\n  - name: a\n    type: review\n    gate: {type: auto}\n    hooks:\n      onEnter:\n      onExit: []\n",
    "stages:\n  - name: a\n    type: review\n    gate: {type: auto}\n    hooks:\n      onExit:\n        - {type: post_message, target: t, content: c, metadata: {any: [thing]}}\n        - {type: spawn_agent, role: r, context: {}}\n",
    *OF_REFERENCES,
]  # fmt: skip


def named(text: str) -> str:
    """With a template's name: what concerns the file as a whole is tested apart."""
    return f"name: t\n{dedent(text).lstrip()}"
