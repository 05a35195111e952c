"""The inventory: every place where a model is named, and what is known of the model."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest
from tests.analysis.support import CATALOG, OPTIONS, catalog, provider, retiring, without_key

from stagewright.analysis.inventory import Inventory, Row, groups, row_json, rows, to_json
from stagewright.analysis.named import Named, named_in
from stagewright.catalog.catalog import Catalog, Status
from stagewright.catalog.model import Lifecycle, Model, Source
from stagewright.dialects.dialect import builtin
from stagewright.dialects.document import Document

ENDED = Model("old", lifecycle=Lifecycle.RETIRED, successors=("older", "gpt-5"))
KNOWN = Catalog(
    {
        **CATALOG.providers,
        **catalog(
            provider("xai", ENDED, "gpt-5", absent=frozenset({"denied"})),
            provider("groq", "a", asks_single=False),
            provider("deepseek", "a", status=Status.UNREACHABLE, complete=False),
            without_key("cohere", retiring("soon", "2026-12-01"), retiring("late", "2027-12-01")),
        ).providers,
    }
)


def named(text: str, dialect: str) -> list[Named]:
    return list(named_in(Document(dedent(text).lstrip("\n"), builtin(dialect))))


def template(provider: str, model: str) -> str:
    return dedent(
        f"""\
        name: t
        stages:
          - name: design
            type: design
            defaultModel:
              provider: {provider}
              model: {model}
        """
    )


def told(reference: str, known: Catalog = KNOWN) -> dict[str, Any]:
    """What is said of a model that a template names."""
    [row] = rows(
        [("t", one) for one in named(template(*reference.split("/")), "choragen-template")],
        known,
        OPTIONS,
    )
    return row_json(row)


@pytest.mark.parametrize(
    ("reference", "standing", "end", "source"),
    [
        ("openai/gpt-5", "usable", None, "live"),
        ("anthropic/claude-opus-4-1", "deprecated", "2026-11-30", "live"),
        ("cohere/soon", "deprecated", "2026-12-01", "offline"),
        ("cohere/late", "deprecated", "2027-12-01", "offline"),
        ("xai/old", "retired", None, "live"),
        ("xai/denied", "unavailable", None, "live"),
        ("groq/b", "unlisted", None, "live"),
        ("openai/text-embedding-3-large", "not-chat", None, "live"),
        ("xai/new", "unverified", None, None),  # not asked yet
        ("deepseek/b", "unverified", None, None),
        ("mistral/mistral-large-latest", "unverified", None, "offline"),
        ("mistral/x", "unverified", None, None),
        ("opanai/gpt-5", "unknown", None, None),
    ],
)
def test_standings(reference: str, standing: str, end: str | None, source: str | None) -> None:
    said = told(reference)
    assert (said["standing"], said.get("retiresAt"), said["source"]) == (standing, end, source)
    assert (said["provider"], said["model"]) == tuple(reference.split("/"))


def test_what_may_be_any_model_is_usable_without_chatting() -> None:
    text = """
        model_list:
          - model_name: e
            litellm_params:
              model: openai/text-embedding-3-large
        """
    [one] = named(text, "litellm")
    assert rows([("c.yaml", one)], KNOWN, OPTIONS)[0].standing == "usable"
    offline = catalog(
        without_key("openai", Model("text-embedding-3-large", chat=False, source=Source.OFFLINE))
    )
    [row] = rows([("c.yaml", one)], offline, OPTIONS)
    assert (row.standing, row.source) == ("unverified", "offline")


@pytest.mark.parametrize(
    ("text", "dialect", "name", "standing"),
    [
        ("providers: ['antropic:messages:x']\n", "promptfoo", "antropic:messages:x", "unknown"),
        ('{"model": "antropic/x"}\n', "opencode", "antropic/x", "unknown"),
        (
            '{"models": {"main": {"provider": "opneai", "modelId": "x"}}}\n',
            "taskmaster",
            "opneai/x",
            "unknown",
        ),
        (
            '{"models": {"main": {"provider": "perplexity", "modelId": "sonar-pro"}}}\n',
            "taskmaster",
            "perplexity/sonar-pro",
            "opaque",
        ),
        ("providers: ['mycompany:x']\n", "promptfoo", "mycompany:x", "opaque"),
    ],
)
def test_a_misspelt_provider_is_unknown_as_in_diagnostics(
    text: str, dialect: str, name: str, standing: str
) -> None:
    [group] = groups(rows([("f", one) for one in named(text, dialect)], KNOWN, OPTIONS))
    assert (group.name, group.first.standing) == (name, standing)


def test_a_usable_model_that_ends_soon_is_deprecated_as_in_diagnostics() -> None:
    soon = replace(retiring("soon", "2026-12-01"), lifecycle=Lifecycle.ACTIVE)
    known = catalog(provider("openai", soon))
    assert told("openai/soon", known)["standing"] == "deprecated"
    late = replace(retiring("soon", "2027-12-01"), lifecycle=Lifecycle.ACTIVE)
    said = told("openai/soon", catalog(provider("openai", late)))
    assert (said["standing"], said["retiresAt"]) == ("usable", "2027-12-01")


def test_the_successor_that_can_be_used_is_named() -> None:
    assert told("xai/old")["successors"] == ["gpt-5"]
    assert "successors" not in told("openai/gpt-5")


@pytest.mark.parametrize(
    ("models", "successors"),
    [
        (["other-6"], ["other-6"]),  # what follows is not on the list: the nearest, as in messages
        (["other-6", "older"], ["older"]),
        ([], None),
    ],
)
def test_no_successor_is_named_that_the_list_lacks(
    models: list[str], successors: list[str] | None
) -> None:
    old = Model("other-5", lifecycle=Lifecycle.RETIRED, successors=("older", "gone"))
    known = catalog(provider("openai", old, *models, absent=frozenset({"gone"})))
    assert told("openai/other-5", known).get("successors") == successors


def test_a_pair_is_told_at_its_model() -> None:
    [one] = named(template("openai", '"gpt-5" # new'), "choragen-template")
    [row] = rows([("a.yaml", one)], KNOWN, OPTIONS)
    assert row_json(row) == {
        "path": "a.yaml",
        "line": 7,
        "column": 15,
        "endLine": 7,
        "endColumn": 20,
        "dialect": "choragen-template",
        "where": "stages[0].defaultModel",
        "owner": "design",
        "provider": "openai",
        "model": "gpt-5",
        "written": "gpt-5",
        "standing": "usable",
        "source": "live",
    }


@pytest.mark.parametrize(
    "text",
    [
        "stages:\n  - name: a\n    defaultModel: gpt-5\n",  # not a pair
        "stages:\n  - name: a\n    defaultModel:\n      provider: openai\n",
        "stages:\n  - name: a\n    defaultModel:\n      provider: openai\n      model:\n",
        "stages:\n  - name: a\n    defaultModel:\n",
        "stages:\n  - name: a\n    defaultModel: [\n",
        "stages: 4\n",
        "",
        "\0",
    ],
)
def test_what_names_no_model_is_not_listed(text: str) -> None:
    assert named(text, "choragen-template") == []


def test_names_of_which_nothing_can_be_said_are_listed_too() -> None:
    agent = named("---\nmodel: Sonnet[1m]\n---\n", "claude-code")
    bedrock = named("---\nmodel: us.anthropic.claude-opus-4-8\n---\n", "claude-code")
    config = """
    providers:
      - openai:{{env.MODEL}}
      - mycompany:fast
      - google:{{env.GEMINI}}
      - google:gemini-2.5-pro
      - "{{ model }}"
      - "openai:"
      - ''
    """
    found = [("a", one) for one in [*agent, *bedrock, *named(config, "promptfoo")]]
    said = {one.named.written: one for one in rows(found, KNOWN, OPTIONS)}
    assert {
        written: (one.standing, one.named.provider, one.named.model)
        for written, one in said.items()
    } == {
        "Sonnet[1m]": ("alias", None, "Sonnet"),
        "us.anthropic.claude-opus-4-8": ("opaque", None, "us.anthropic.claude-opus-4-8"),
        "openai:{{env.MODEL}}": ("opaque", "openai", "{{env.MODEL}}"),
        "google:{{env.GEMINI}}": ("opaque", "gemini", "{{env.GEMINI}}"),
        "{{ model }}": ("opaque", None, "{{ model }}"),
        "mycompany:fast": ("opaque", "mycompany", "fast"),
        "google:gemini-2.5-pro": ("unknown", "gemini", "gemini-2.5-pro"),
    }


def test_an_alias_of_yaml_leaves_open_which_model_is_named() -> None:
    roles = """
    roles:
      - id: a
        model: &m
          provider: openai
          model: gpt-5
      - id: b
        model: *m
    """
    found = named(roles, "choragen-roles")
    assert [(one.owner, one.written, one.silent) for one in found] == [
        ("a", "gpt-5", ""),
        ("b", "*m", "opaque"),
    ]


def test_a_provider_has_one_name() -> None:
    both = [
        *named(template("google", "gemini-3-pro"), "choragen-template"),
        *named("providers: ['google:gemini-3-pro']\n", "promptfoo"),
    ]
    found = rows([("a", one) for one in both], catalog(provider("gemini", "gemini-3-pro")), OPTIONS)
    [group] = groups(found)
    assert (group.name, group.first.standing) == ("gemini/gemini-3-pro", "usable")


def test_the_soonest_end_comes_first() -> None:
    texts = [
        template(*reference.split("/"))
        for reference in (
            "mistral/mistral-large-latest",
            "openai/gpt-5",
            "cohere/late",
            "xai/old",
            "anthropic/claude-opus-4-1",
            "opanai/x",
            "openai/gpt-5",
        )
    ]
    places = [
        (f"{number}.yaml", one)
        for number, text in enumerate(texts)
        for one in named(text, "choragen-template")
    ]
    places += [("a.md", one) for one in named("---\nmodel: opus\n---\n", "claude-code")]
    found = rows(places, KNOWN, OPTIONS)
    assert [(group.name, len(group.rows)) for group in groups(found)] == [
        ("xai/old", 1),
        ("opanai/x", 1),
        ("anthropic/claude-opus-4-1", 1),
        ("cohere/late", 1),
        ("mistral/mistral-large-latest", 1),
        ("openai/gpt-5", 2),
        ("opus", 1),
    ]
    assert rows(reversed(places), KNOWN, OPTIONS) == found


def test_json_sums_up() -> None:
    places = [
        ("a", one)
        for reference in ("cohere/soon", "openai/gpt-5", "openai/gpt-5")
        for one in named(template(*reference.split("/")), "choragen-template")
    ]
    places += [("b", one) for one in named("---\nmodel: opus\n---\n", "claude-code")]
    made = to_json(Inventory(rows(places, KNOWN, OPTIONS), files=3, warnings=("w",)))
    assert len(made.pop("references")) == 4
    assert made == {
        "version": 1,
        "problems": [],
        "warnings": ["w"],
        "unverified": [],
        "summary": {
            "files": 3,
            "skipped": 0,
            "leftOut": {},
            "references": 4,
            "models": 2,
            "firstEnd": "2026-12-01",
            "standings": {"alias": 1, "deprecated": 1, "usable": 2},
        },
    }


def test_nothing_is_an_inventory_too() -> None:
    empty: tuple[Row, ...] = rows([], KNOWN, OPTIONS)
    assert groups(empty) == []
    summary = to_json(Inventory(empty, files=0))["summary"]
    assert (summary["references"], summary["firstEnd"]) == (0, None)
