"""Creating a role: behind the last one, as the index is written, and read again as it was meant."""

import pytest
from tests.analysis.support import CATALOG, NOW, OPTIONS, applied

from stagewright.analysis.choragen.create_role import add_role, new_index
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import read_roles
from stagewright.dialects.document import Document

INDEXES = {
    "one role": "roles:\n  - id: a\n    name: A\n",
    "at the left": "roles:\n- id: a\n- id: b\n",
    "no newline at the end": "roles:\n  - id: a",
    "carriage returns": "roles:\r\n  - id: a\r\n    systemPrompt: |\r\n      hi\r\n",
    "keys below": "roles:\n  - id: a\n\n# about version\nversion: 1\n",
    "a comment below": "roles:\n  - id: a\n  # the end\n",
    "empty": "",
    "only a comment": "# roles",
    "deep": "roles:\n    - id: a\n      model:\n          provider: openai\n          model: x\n",
}


@pytest.mark.parametrize("role", ["writer", "42", "a: b", "true", "ä"])
@pytest.mark.parametrize("text", INDEXES.values(), ids=INDEXES.keys())
def test_a_role_is_added_behind_the_others(text: str, role: str) -> None:
    document = Document(text, choragen.ROLES)
    before = read_roles(document).roles
    changed = Document(applied(document, add_role(document, role, NOW)), choragen.ROLES)
    after = read_roles(changed).roles
    assert list(after) == [*before, role]
    assert [after[one].model for one in before] == [before[one].model for one in before]
    assert not [
        one
        for one in diagnose(changed, CATALOG, OPTIONS)
        if one.severity == "error" and one.code.startswith("template")
    ]


@pytest.mark.parametrize(
    "text", ["roles: [{id: a}]\n", "roles: []\n", "version: 1\n", "roles:\n  - id: a\n]\nx: [\n"]
)
def test_nothing_is_written_where_its_place_is_not_certain(text: str) -> None:
    assert add_role(Document(text, choragen.ROLES), "writer", NOW) == ()


def test_a_new_index() -> None:
    document = Document(new_index("writer", NOW), choragen.ROLES)
    assert list(read_roles(document).roles) == ["writer"]
    assert document.problems() == ()
