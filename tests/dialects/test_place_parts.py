"""Places in long files, which are read in parts, are those in short ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from tests.dialects.marking import dialect

from stagewright.dialects.document import Document, in_order, where

FAR = """
    [defines]
    providers = ["$.provider.*"]
    models = ["$.local.*"]
    [[places]]
    at = ["$.model", "$.agents.*.model", "$.agents.*.sub.*.model"]
    written = "provider/model"
    local = true
    redirects = [
        "$.env.URL", "@^.url", "@^*.base", "@^*['*_other']",
        { at = "@^.*.note", says = ["send it away"] },
    ]
    [[places]]
    at = ["$.p.*.m"]
    written = "model"
    provider = { from = ["@.prov", "$.prov", "@^.prov"], default = "groq" }
"""


def as_toml(said: dict[str, Any], above: str = "") -> str:
    text = "".join(f"{k} = {json.dumps(v)}\n" for k, v in said.items() if not isinstance(v, dict))
    for key, value in said.items():
        if isinstance(value, dict):
            text += f"[{above}{key}]\n{as_toml(value, f'{above}{key}.')}"
    return text


WRITE = {
    "json": lambda said: json.dumps(said, indent=2),
    "yaml": lambda said: yaml.safe_dump(said, sort_keys=False),
    "toml": as_toml,
}


@pytest.mark.parametrize("syntax", WRITE)
@pytest.mark.parametrize(
    "said",
    [
        {"model": "openai/a", "env": {"URL": "x"}, "agents": {"a": {"model": "openai/b"}}},
        {
            "model": "omni/a",
            "prov": "openai",
            "provider": {"omni": {"x": 1}},
            "local": {"fast": 1},
            "agents": {"a": {"model": "fast"}, "b": {"sub": {"c": {"model": "slow"}}}},
            "p": {"x": {"m": "q"}, "y": {"m": "q", "prov": "xai"}},
        },
        {
            "agents": {
                "a": {"model": "openai/b", "base": 1},
                "b": {"base": 1, "sub": {"c": {"model": "openai/slow"}}},
                "url": {"model": "openai/x"},
            }
        },
        {
            "agents": {"url": "x", "a": {"model": "openai/b"}},
            "p": {"prov": "openai", "x": {"m": "q"}},
        },
        {"agents": {"base": "x", "a": {"model": "openai/b"}}},
        {"agents": {"MY_OTHER": "x", "a": {"model": "openai/b"}}},
        {"my_other": "x", "agents": {"a": {"model": "openai/b"}}},
        {"agents": {"a": {"model": "openai/b"}, "c": {"note": "Do send it away!"}}},
        {"agents": {"a": {"model": "openai/b"}, "c": {"note": "Send it, {env:X}"}}},
        {"base": "x", "agents": {"a": {"model": "openai/b"}}},
        {"agents": {"b": {"sub": {"base": 1, "c": {"model": "openai/slow"}}}}},
        {"agents": {"b": {"sub": {"c": {"model": "openai/fast", "base": {}}}, "base2": 1}}},
    ],
)
def test_a_long_file_says_the_same_as_a_short_one(syntax: str, said: dict[str, Any]) -> None:
    """It is read in parts, and what stands around a model may stand in another."""
    filler = {f"k{number}": {"x": number} for number in range(60)}
    more = {**said, "agents": {**said["agents"], **filler}}
    short, *long = (
        Document(WRITE[syntax](one), dialect(FAR, syntax))
        for one in (said, {**said, "filler": filler}, more)
    )
    assert len(short.parts()) == 1
    for one in long:
        assert len(one.parts()) > 20
        assert told(one) == told(short)


def told(document: Document) -> list[tuple[str, str, bool]]:
    found = []
    for index, number in in_order(document):
        site = document.sites(index)[number]
        what = str(site.reference or site.standing_word)
        found.append((where(document, index, site), what, site.is_undefined))
    return found
