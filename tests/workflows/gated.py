"""Workflows that begin at a gate."""

from __future__ import annotations

from pathlib import Path

from tests.workflows.workspace import manager_of, template

from stagewright.workflows.manager import WorkflowManager


def begin(
    root: Path, gate: str, rest: str = "", following: str = ""
) -> tuple[WorkflowManager, str]:
    """A workflow whose first stage has this gate, and a plain second stage behind it."""
    text = f"name: t\nstages:\n  - name: one\n    type: design\n    gate: {gate}\n{rest}"
    text += f"  - name: two\n    type: review\n{following}"
    manager = manager_of(root)
    return manager, manager.create(template(text)).id


APPROVAL = "{type: human_approval, prompt: Good?}"
TRIGGERED = "{type: human_approval, agentTriggered: true, prompt: Now?}"
COMMANDS = "{type: verification_pass, commands: [make, make test]}"
CHAIN = "{type: chain_complete, chainId: CHAIN-9}"
