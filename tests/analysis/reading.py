"""A template and a role index, as they are read."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from tests.analysis.support import OPTIONS

from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import read_roles
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span

ROLES = read_roles(
    Document(
        "roles:\n  - id: designer\n    model: {provider: anthropic, model: claude-opus-4-1}\n",
        choragen.ROLES,
    )
)
TEMPLATE = Document(
    dedent(
        """\
        name: team
        stages:
          - name: "plan"
            type: request
          - name: design
            type: design
            roleId: designer
          - name: build
            type: implementation
            defaultModel:
              provider: openai
              model: gpt-5
          - name: check
            type: verification
        """
    )
)
WHOLE = Span(Position(0, 0), TEMPLATE.end())
OPTIONS_HERE = replace(OPTIONS, roles=ROLES, setting=ModelReference("openai", "gpt-4o"))
