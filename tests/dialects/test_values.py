"""Templates as plain values."""

from __future__ import annotations

import pytest

from stagewright.dialects.choragen.values import MAX_ALIASED, template_values
from stagewright.dialects.document import Document


def values(text: str) -> dict[str, object]:
    return template_values(Document(text))


def test_scalars_are_texts_and_nothing_is_none() -> None:
    text = """
name: 123
version: 1.5
builtin: yes
description: "null"
displayName: ~
stages:
  - name: a
    type:
    gate: {commands: [make, 'no'], satisfied: true}
    initPrompt: |
      One
      two
"""
    assert values(text) == {
        "name": "123",
        "version": "1.5",
        "builtin": "yes",
        "description": "null",
        "displayName": None,
        "stages": [
            {
                "name": "a",
                "type": None,
                "gate": {"commands": ["make", "no"], "satisfied": "true"},
                "initPrompt": "One\ntwo\n",
            }
        ],
    }


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    assert values("name: a\nname: b\n")["name"] == "b"


def test_styles_make_no_difference() -> None:
    flow = "{name: t, stages: [{name: a, type: design}]}"
    assert values(flow) == values("name: t\nstages:\n- name: a\n  type: design\n")


def test_merged_keys_give_way_to_own_ones_and_later_merges_to_earlier() -> None:
    text = """
x: &x {a: x, b: x}
y: &y {b: y, c: y}
stages:
  - <<: [*x, *y]
    a: own
"""
    assert values(text)["stages"] == [{"a": "own", "b": "x", "c": "y"}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name: 'open", "line 1: "),
        ("name: t\nstages:\n  - name: a\n  - name: [b\n", "line 4: "),
        ("stages:\n  - name: a\n    x: *missing\n", "line 3: nothing is called &missing"),
        ("a: &a [x]\nb: &b [*c]\nc: &c [*b]\n", "line 2: nothing is called &c"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, why: str) -> None:
    with pytest.raises(ValueError) as error:
        values(text)
    assert why in str(error.value)


def test_aliases_stand_for_a_bearable_number_of_values() -> None:
    lines = [f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]" for n in range(8)]
    with pytest.raises(ValueError) as error:
        values("\n".join(["a0: &a0 x", *lines]))
    assert str(error.value) == f"its aliases stand for more than {MAX_ALIASED} values."


def test_a_long_template_has_as_many_values_as_it_has() -> None:
    lines = ["name: t", "stages:"]
    for number in range(MAX_ALIASED // 4):
        lines += [f"  - name: s{number}", "    type: design", "    roleId: a"]
    assert len(values("\n".join(lines))["stages"]) == MAX_ALIASED // 4  # type: ignore[arg-type]


def test_a_long_chain_of_aliases_is_refused() -> None:
    lines = [f"a{n + 1}: &a{n + 1} [*a{n}]" for n in range(5000)]
    with pytest.raises(ValueError) as error:
        values("\n".join(["a0: &a0 x", *lines]))
    assert "aliases" in str(error.value)
