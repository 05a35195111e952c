"""What only Choragen's files have: schema, stages, roles, and how its own reader differs."""

from stagewright.dialects.dialect import builtin

TEMPLATE = builtin("choragen-template")
ROLES = builtin("choragen-roles")
TRANSCRIPT = builtin("choragen-transcript")

NAMED = frozenset({TEMPLATE, ROLES})
"""Those in which stages and roles have their names."""
