"""What only Choragen's files have: schema, stages, roles, and how its own reader differs."""

from stagewright.dialects.dialect import builtin

TEMPLATE = builtin("choragen-template")
ROLES = builtin("choragen-roles")
TRANSCRIPT = builtin("choragen-transcript")

FOLDER = ".choragen"
"""The folder of a workspace in which all of Choragen's files lie."""

(ROLES_FILE,) = ROLES.files
TEMPLATES_FOLDER = TEMPLATE.files[0].rpartition("/")[0]
WORKFLOWS_FOLDER = TRANSCRIPT.files[0].rpartition("/")[0]

NAMED = frozenset({TEMPLATE, ROLES})
"""Those in which stages and roles have their names."""
