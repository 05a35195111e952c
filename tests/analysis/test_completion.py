"""What is offered for providers and models, where, in which order, and how it is written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.analysis.support import (
    CATALOG,
    OLD_OPUS,
    OPTIONS,
    OPUS,
    applied,
    catalog,
    document_at,
    provider,
    retiring,
    without_key,
)

from stagewright.analysis.completion.complete import complete, documentation
from stagewright.analysis.missing_key import MissingKey
from stagewright.analysis.results import Completion, CompletionItem
from stagewright.catalog.catalog import Catalog, Status
from stagewright.catalog.model import Lifecycle, Model
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document

STAGE = "stages:\n  - name: a\n    defaultModel:\n"


def completion(
    marked: str, known: Catalog = CATALOG, kind: Dialect = choragen.TEMPLATE
) -> tuple[Document, Completion]:
    document, position = document_at(marked, kind)
    return document, complete(document, position, known, OPTIONS)


def labels(marked: str, known: Catalog = CATALOG, kind: Dialect = choragen.TEMPLATE) -> list[str]:
    """The labels in the order in which every client shows them."""
    _, answer = completion(marked, known, kind)
    return [item.label for item in sorted(answer.items, key=lambda item: item.sort_text)]


def taken(
    marked: str, label: str, known: Catalog = CATALOG, kind: Dialect = choragen.TEMPLATE
) -> str:
    """The text after the offer of that label was taken."""
    document, answer = completion(marked, known, kind)
    item = next(item for item in answer.items if item.label == label)
    return applied(document, [item.edit, *item.also])


def model_of(provider_id: str, rest: str) -> str:
    return f"{STAGE}      provider: {provider_id}\n      {rest}\n"


CLAUDES = ["claude-opus-4-5", "claude-sonnet-4-5", "claude-opus-4-1"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("model: $0", CLAUDES),
        ("model:$0", CLAUDES),
        ("model:  $0", CLAUDES),
        ('model: "$0"', CLAUDES),
        ("model: '$0", CLAUDES),
        ("model: cla$0", CLAUDES),
        ("model: $0claude-opus-4-1", CLAUDES),
        ("model: claude-op$0us-4-1", ["claude-opus-4-5", "claude-opus-4-1"]),
        ("model: claude-opus-4-1$0", ["claude-opus-4-1", "claude-opus-4-5", "claude-sonnet-4-5"]),
        ("model: sonnet$0", ["claude-sonnet-4-5"]),
        ("model: SONNET$0", ["claude-sonnet-4-5"]),
        ("model: Opus 4.1$0", ["claude-opus-4-1"]),  # by its name
        ("model: son45$0", ["claude-sonnet-4-5"]),  # by its letters in order
        ("model: gpt-4-turbo$0", CLAUDES),  # a wrong value is to be replaced
        ("model: $0 # fast", CLAUDES),
        ("model: claude # $0", []),
        ("# model: $0", []),
        ("notes: |\n        model: $0", []),
    ],
)
def test_models_of_the_provider_newest_and_active_first(line: str, expected: list[str]) -> None:
    assert labels(model_of("anthropic", line)) == expected


def test_of_a_mistyped_value_the_nearest_comes_first() -> None:
    assert labels(model_of("openai", "model: gpt-5-mimi$0"))[0] == "gpt-5-mini"


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("model: $0", "model: claude-opus-4-5"),
        ("model:$0", "model: claude-opus-4-5"),
        ('model: "cl$0"', 'model: "claude-opus-4-5"'),
        ("model: 'cl$0", "model: 'claude-opus-4-5'"),
        ("model: wr$0ong  # fast", "model: claude-opus-4-5  # fast"),
        ("model: $0 # fast", "model: claude-opus-4-5 # fast"),
    ],
)
def test_an_offer_replaces_the_value_and_nothing_else(line: str, written: str) -> None:
    assert taken(model_of("anthropic", line), "claude-opus-4-5") == model_of("anthropic", written)


@pytest.mark.parametrize(
    ("model_id", "plain", "in_flow"),
    [
        ("llama3:8b", "llama3:8b", "llama3:8b"),
        ("meta/llama:free", "meta/llama:free", "meta/llama:free"),
        ("4", "4", "4"),
        ("@cf/meta/llama", '"@cf/meta/llama"', '"@cf/meta/llama"'),
        ("*", '"*"', '"*"'),
        ("a: b #c", '"a: b #c"', '"a: b #c"'),
        ("x[1,2]", "x[1,2]", '"x[1,2]"'),
        ("null", '"null"', '"null"'),
        ('say "hi"\\', 'say "hi"\\', 'say "hi"\\'),
    ],
)
def test_ids_are_quoted_where_they_must_be(model_id: str, plain: str, in_flow: str) -> None:
    known = catalog(provider("openai", model_id))
    block = model_of("openai", "model: $0")
    assert taken(block, model_id, known) == block.replace("$0", plain)
    flow = "stages:\n  - name: a\n    defaultModel: {provider: openai, model: $0}\n"
    assert taken(flow, model_id, known) == flow.replace("$0", in_flow)
    for written in (taken(block, model_id, known), taken(flow, model_id, known)):
        reference = Document(written).entries()[0].model
        assert reference is not None
        assert reference.reference is not None
        assert reference.reference.model == model_id


def test_detail_shows_name_context_window_and_lifecycle() -> None:
    _, answer = completion(model_of("anthropic", "model: $0"))
    details = {item.label: (item.detail, item.deprecated) for item in answer.items}
    assert details == {
        "claude-opus-4-5": ("Claude Opus 4.5 · 200K", False),
        "claude-sonnet-4-5": ("Claude Sonnet 4.5", False),
        "claude-opus-4-1": ("Claude Opus 4.1 · 200K · retires 2026-11-30", True),
    }
    shown = documentation(answer.items[0], CATALOG, OPTIONS)
    assert "Context window 200K" in shown


def test_offline_knowledge_is_labelled() -> None:
    _, answer = completion(model_of("mistral", "model: $0"))
    assert [item.detail for item in answer.items[1:]] == ["Mistral · no key · offline knowledge"]


def test_a_missing_key_is_told_in_the_first_row_which_inserts_nothing() -> None:
    _, answer = completion(model_of("mistral", "model: $0"))
    first = min(answer.items, key=lambda item: item.sort_text)
    assert (first.label, first.detail) == ("Set MISTRAL_API_KEY", "Mistral has no key")
    assert "environment" in documentation(first, CATALOG, OPTIONS)
    assert first.edit.text == ""
    assert first.key == MissingKey("mistral", "MISTRAL_API_KEY")
    assert all(item.key is None for item in answer.items if item is not first)


@pytest.mark.parametrize(
    ("provider_id", "line"),
    [("mistral", "model: m$0"), ("mistral", "model: mistral-l$0arge"), ("anthropic", "model: $0")],
)
def test_it_is_told_before_anything_is_typed_and_where_a_key_is_missing(
    provider_id: str, line: str
) -> None:
    _, answer = completion(model_of(provider_id, line))
    assert not any(item.label.startswith("Set ") for item in answer.items)


def test_retired_refused_and_other_kinds_of_models_are_not_offered() -> None:
    known = catalog(
        provider(
            "openai",
            "gpt-5",
            "gpt-4o",
            Model("gpt-3", lifecycle=Lifecycle.RETIRED),
            Model("whisper", chat=False),
            refused=frozenset({"gpt-4o"}),
        )
    )
    assert labels(model_of("openai", "model: $0"), known) == ["gpt-5"]


def test_what_an_offline_table_has_ended_is_not_offered() -> None:
    known = catalog(without_key("openai", Model("gpt-5"), retiring("gpt-4", "2026-11-01")))
    assert labels(model_of("openai", "model: $0"), known) == ["Set OPENAI_API_KEY", "gpt-5"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("      model: $0\n", "      provider: openai\n      model: gpt-5\n"),
        ("      provider:\n      model: $0\n", "      provider: openai\n      model: gpt-5\n"),
        ("      provider: \n      model:$0\n", "      provider: openai\n      model: gpt-5\n"),
        (
            '      provider: ""\n      model: "$0"\n',
            '      provider: openai\n      model: "gpt-5"\n',
        ),
        (
            "      model: $0\n      provider: # x\n",
            "      model: gpt-5\n      provider: openai # x\n",
        ),
        (
            "      provider: opnai\n      model: $0\n",
            "      provider: openai\n      model: gpt-5\n",
        ),
    ],
)
def test_a_model_without_a_provider_fills_in_both(text: str, written: str) -> None:
    assert set(labels(STAGE + text)) >= {"gpt-5", "claude-opus-4-5", "mistral-large-latest"}
    assert taken(STAGE + text, "gpt-5") == STAGE + written


def test_both_are_filled_in_in_flow_style_and_with_other_line_ends() -> None:
    flow = "stages: [{name: a, defaultModel: {model: $0}}]"
    assert taken(flow, "gpt-5") == flow.replace("model: $0", "provider: openai, model: gpt-5")
    windows = (STAGE + "      model: $0\n").replace("\n", "\r\n")
    assert taken(windows, "gpt-5").endswith("      provider: openai\r\n      model: gpt-5\r\n")


def test_no_second_provider_is_written_beside_an_alias() -> None:
    text = f"{STAGE}      provider: *p\n      model: $0\n"
    assert taken(text, "gpt-5") == text.replace("$0", "gpt-5")


def test_no_provider_hides_the_others_when_the_list_is_cut() -> None:
    many = [Model(f"m-{number}") for number in range(1_000)]
    known = catalog(provider("openrouter", *many), provider("openai", "gpt-5"))
    _, answer = completion(f"{STAGE}      model: $0\n", known)
    assert answer.incomplete
    assert len(answer.items) <= 200
    assert "gpt-5" in {item.label for item in answer.items}


def test_a_word_for_a_whole_reference_becomes_a_block() -> None:
    text = (
        "stages:\n    - name: a\n      gate:\n          type: auto\n      defaultModel: gpt-5$0\n"
    )
    assert taken(text, "gpt-5") == text.replace(
        " gpt-5$0", "\n          provider: openai\n          model: gpt-5"
    )
    assert labels(text.replace("gpt-5$0", "$0")) == []  # the block goes on below


def test_providers_that_can_be_used_come_first_with_their_status() -> None:
    known = catalog(
        without_key("mistral"),
        provider("groq", status=Status.AUTH_FAILED, complete=False),
        provider("openai", "gpt-5"),
        provider("ollama", status=Status.UNREACHABLE, complete=False, key_variable=None),
    )
    _, answer = completion(f"{STAGE}      provider: $0\n", known)
    assert [(item.label, item.detail) for item in answer.items] == [
        ("openai", "OpenAI · ok"),
        ("groq", "Groq · key refused: check GROQ_API_KEY"),
        ("ollama", "Ollama · unreachable"),
        ("mistral", "Mistral · no key: set MISTRAL_API_KEY"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("provider:$0", ["anthropic", "openai", "mistral"]),
        ("provider: an$0", ["anthropic"]),
        ("provider: wrong$0", ["anthropic", "openai", "mistral"]),
        ("provider: openai$0", ["openai", "anthropic", "mistral"]),
        ("provider: $0openai", ["anthropic", "openai", "mistral"]),
        ("provider: # $0", []),
    ],
)
def test_provider_values(line: str, expected: list[str]) -> None:
    assert labels(f"{STAGE}      {line}\n      model: x\n") == expected


def test_a_provider_is_found_by_its_other_name() -> None:
    known = catalog(provider("gemini", "gemini-3"), provider("openai"))
    assert labels(f"{STAGE}      provider: goog$0\n", known) == ["gemini"]
    assert labels(model_of("google", "model: $0"), known) == ["gemini-3"]


def test_roles_complete_like_stages() -> None:
    role = "roles:\n  - id: a\n    model:\n      provider: openai\n      model: $0\n"
    assert labels(role, kind=choragen.ROLES)[0] == "gpt-5"
    assert labels(role) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        "name: $0",
        "stages:\n  - name: $0",
        "stages:\n  - gate:\n      prompt: $0",
        "stages:\n  - hooks:\n      onEnter:\n        - model: $0",
        "model: $0",
        "stages:\n  - model: $0",
        "stages:\n  - name: a\n    defaultModel:\n      x:\n        model: $0",
    ],
)
def test_nothing_is_offered_for_other_values(elsewhere: str) -> None:
    _, answer = completion(elsewhere)
    assert not [item for item in answer.items if item.kind in ("model", "provider")]


def test_a_cold_catalogue_asks_to_be_asked_again() -> None:
    cold = catalog(replace(without_key("openai", Model("gpt-5")), status=Status.LOADING))
    for line in ("      provider: openai\n      model: $0\n", "      provider: $0\n"):
        _, answer = completion(STAGE + line, cold)
        assert answer.incomplete
        assert answer.items


def fits(item: CompletionItem, typed: str) -> bool:
    """What clients do at least: the letters in order, the first one at a start."""
    rest = iter(item.filter_text.lower())
    return all(letter in rest for letter in typed.lower()) and item.filter_text.startswith(
        typed[:1]
    )


@pytest.mark.parametrize("typed", ["", "cl", "sonnet", "4-5", "nonsense", "Opus", "45"])
def test_clients_keep_what_is_offered(typed: str) -> None:
    _, answer = completion(model_of("anthropic", f"model: {typed}$0"))
    assert answer.items
    assert all(fits(item, typed) for item in answer.items)


def test_of_twenty_thousand_models_a_bounded_part_is_offered() -> None:
    made = datetime(2020, 1, 1, tzinfo=UTC)
    models = [
        Model(f"vendor-{n % 40}/model-{n}", f"Model {n}", created=made + timedelta(hours=n))
        for n in range(20_000)
    ]
    known = catalog(provider("openrouter", *models), provider("anthropic", OPUS, OLD_OPUS))
    for typed in ["", "m", "mo", "model-1", "model-19999", "vendor-7", "999", "xyz", "vm9"]:
        document, position = document_at(model_of("openrouter", f"model: {typed}$0"))
        answer = complete(document, position, known, OPTIONS)
        assert 0 < len(answer.items) <= 200


@pytest.mark.parametrize(
    ("model", "beside"),
    [
        (
            Model("claude-opus-5-5", "Claude Opus 5.5", context_window=1_000_000),
            "Claude Opus 5.5 · 1M",
        ),
        (Model("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", context_window=200_000), "200K"),
        (Model("a-model", "A Name as Long as That of a Small Novel", context_window=8192), "8K"),
        (Model("vendor/an-id-as-long-as-the-whole-row-and-longer", "Long"), "Long"),
        (Model("no-name"), "Anthropic"),
    ],
)
def test_what_stands_beside_an_id_leaves_room_for_it(model: Model, beside: str) -> None:
    _, answer = completion(
        model_of("anthropic", "model: $0"), catalog(provider("anthropic", model))
    )
    (item,) = answer.items
    assert item.description == beside
    assert (model.name or "") in item.detail  # all of it is told where there is room


@pytest.mark.parametrize("half", ["provider: $0", "model: $0"])
def test_providers_without_a_key_are_marked_and_come_last(half: str) -> None:
    known = catalog(
        without_key("aaa", Model("aaa-1")),
        provider("zzz", "zzz-1"),
        without_key("bbb", Model("bbb-1")),
        provider("failing", "failing-1", status=Status.UNREACHABLE),
    )
    _, answer = completion(f"{STAGE}      {half}\n", known)
    ordered = sorted(answer.items, key=lambda item: item.sort_text)
    assert [item.label.partition("-")[0] for item in ordered] == ["zzz", "failing", "aaa", "bbb"]
    marked = ["no key" in f"{item.description} {item.detail}" for item in ordered]
    assert marked == [False, False, True, True]


@pytest.mark.parametrize("key", ["name", "initPrompt", "chainId", "gate:\n      prompt"])
def test_free_texts_are_left_to_those_who_write_them(key: str) -> None:
    assert labels(f"stages:\n  - type: design\n    {key}: $0\n") == []
    assert labels(f"stages:\n  - type: design\n    {key}: prov$0\n") == []
