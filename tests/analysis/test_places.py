"""What is offered, said and put where each kind of place names a model."""

from dataclasses import replace

import pytest
from tests.analysis.support import CATALOG, OPTIONS, catalog, provider
from tests.analysis.test_sites import at, retired
from tests.dialects.marking import dialect, place

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import set_site
from stagewright.analysis.fixes.actions import fixes, preferred_fixes
from stagewright.analysis.hover import hover
from stagewright.catalog.model import ModelReference
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document, in_order, site_at

ARGS = place("""
    at = ["$.steps[*].with.args"]
    written = "model"
    provider = "anthropic"
    extract = { options = ["--model", "--fallback-model"] }
    when = [{ at = "@^.uses", is = ["claude@*"] }]
    [places.aliases]
    sonnet = "The newest Sonnet."
""")
PAIRS = place("""
    at = ["$.models[*].model"]
    written = "model"
    provider = { from = ["@.provider"] }
    [places.providers]
    anthropic = "anthropic"
    oai = "openai"
    azure = "unverifiable"
    [places.aliases]
    AUTODETECT = "All that there are."
""")
LOCAL = dialect("""
    [defines]
    models = ["$.models.*"]
    providers = ["$.own.*"]
    [[places]]
    at = ["$.use"]
    written = "local"
    [[places]]
    at = ["$.agents.*.model"]
    written = "provider/model"
    local = true
    extract = { split = "," }
""")


def labels(marked: str, said: Dialect) -> list[str]:
    return [item.label for item in complete(*at(marked, said), CATALOG, OPTIONS).items]


def taken(marked: str, label: str, said: Dialect) -> str:
    document, position = at(marked, said)
    found = complete(document, position, CATALOG, OPTIONS).items
    (item,) = [one for one in found if one.label == label]
    return document.apply([item.edit, *item.also])


def put(text: str, reference: str, said: Dialect, number: int = 0) -> str | None:
    """The text after the model of a site was set; None where that is refused."""
    document = Document(text, said)
    index, number = in_order(document)[number]
    edits = set_site(document, index, number, ModelReference.parse(reference))
    return document.apply(edits) if edits else None


def step(args: str, uses: str = "claude@v1") -> str:
    return f"steps:\n  - uses: {uses}\n    with:\n      args: {args}\n"


@pytest.mark.parametrize(
    ("args", "label", "after"),
    [
        ("--model $0", "claude-opus-4-5", "--model claude-opus-4-5"),
        ("--model cla$0 --max 3", "claude-opus-4-5", "--model claude-opus-4-5 --max 3"),
        ("--model=$0", "claude-opus-4-5", "--model=claude-opus-4-5"),
        ("--model=cla$0", "claude-opus-4-5", "--model=claude-opus-4-5"),
        ("'--model cla$0'", "claude-opus-4-5", "'--model claude-opus-4-5'"),
        ("""'--model "cla$0"'""", "claude-opus-4-5", """'--model "claude-opus-4-5"'"""),
        ("--x --fallback-model son$0", "sonnet", "--x --fallback-model sonnet"),
        ("--model a --fallback-model $0", "sonnet", "--model a --fallback-model sonnet"),
        (
            "|\n        --x\n        --model cla$0\n        -y",
            "claude-opus-4-5",
            "|\n        --x\n        --model claude-opus-4-5\n        -y",
        ),
        (
            ">-\n        --x --model $0\n        -y",
            "sonnet",
            ">-\n        --x --model sonnet\n        -y",
        ),
    ],
)
def test_models_are_offered_behind_an_option(args: str, label: str, after: str) -> None:
    assert taken(step(args), label, ARGS) == step(after)


@pytest.mark.parametrize(
    ("args", "uses"),
    [
        ("$0", "claude@v1"),
        ("--mo$0", "claude@v1"),
        ("--model a --max $0", "claude@v1"),
        ("--model $0", "other@v1"),
        ("--models $0", "claude@v1"),
        ("# --model $0", "claude@v1"),
    ],
)
def test_elsewhere_in_a_command_line_nothing_is_offered(args: str, uses: str) -> None:
    assert labels(step(args, uses), ARGS) == []


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("{provider: oai, model: $0}", "gpt-5", "{provider: oai, model: gpt-5}"),
        ("{model: $0}", "gpt-5", "{provider: oai, model: gpt-5}"),
        ("model: $0", "gpt-5", "provider: oai\n    model: gpt-5"),
        ("{model: AUTO$0}", "AUTODETECT", "{model: AUTODETECT}"),
        ("{provider: $0, model: x}", "oai", "{provider: oai, model: x}"),
        ("{provider: o$0, model: x}", "oai", "{provider: oai, model: x}"),
    ],
)
def test_a_model_is_offered_with_its_provider(marked: str, label: str, after: str) -> None:
    head = "models:\n  - "
    assert taken(f"{head}{marked}\n", label, PAIRS) == f"{head}{after}\n"


@pytest.mark.parametrize("provider", ["azure", "nobody", "'{x}'", "*p"])
def test_no_model_is_offered_of_a_provider_that_cannot_be_asked(provider: str) -> None:
    found = labels(f"models:\n  - {{provider: {provider}, model: $0}}\n", PAIRS)
    assert found == ["AUTODETECT"]


def test_providers_are_offered_by_the_formats_names() -> None:
    found = labels("models:\n  - {provider: $0, model: x}\n", PAIRS)
    assert found == ["anthropic", "oai", "azure"]


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("use: $0", "fast", "use: fast"),
        ("use: f$0", "fast", "use: fast"),
        ("agents: {a: {model: $0}}", "fast", "agents: {a: {model: fast}}"),
        (
            'agents: {a: {model: "fast,openai/$0"}}',
            "gpt-5",
            'agents: {a: {model: "fast,openai/gpt-5"}}',
        ),
        ('agents: {a: {model: "fast, sl$0"}}', "slow", 'agents: {a: {model: "fast, slow"}}'),
    ],
)
def test_names_that_the_file_defines_are_offered(marked: str, label: str, after: str) -> None:
    head = "models: {fast: 1, slow: 2}\n"
    assert taken(f"{head}{marked}\n", label, LOCAL) == f"{head}{after}\n"


def test_a_local_place_offers_no_models() -> None:
    assert labels("models: {fast: 1, slow: 2}\nuse: $0\n", LOCAL) == ["fast", "slow"]


@pytest.mark.parametrize(
    ("args", "reference", "after"),
    [
        ("--model claude-a --x", "anthropic/claude-b", "--model claude-b --x"),
        ("--model=claude-a", "anthropic/claude-b", "--model=claude-b"),
        ("'--model=\"claude-a\"'", "anthropic/claude-b", "'--model=\"claude-b\"'"),
        ("\"--model 'claude-a'\"", "anthropic/claude-b", "\"--model 'claude-b'\""),
        ("--model cl\\aude-a", "anthropic/claude-b", "--model claude-b"),
        ("|\n        --x\n        --model claude-a", "anthropic/claude-b", None),
        (">-\n        --x\n        --model claude-a\n        -y", "anthropic/claude-b", None),
        ("--model claude-a", "openai/gpt-5", ""),
        ("--model claude-a", "anthropic/claude b", ""),
    ],
)
def test_a_model_is_set_within_a_command_line(args: str, reference: str, after: str | None) -> None:
    expected = args.replace("claude-a", "claude-b") if after is None else after
    assert put(step(args), reference, ARGS) == (step(expected) if expected else None)


@pytest.mark.parametrize(
    ("item", "reference", "after"),
    [
        ("{provider: oai, model: gpt-4}", "openai/gpt-5", "{provider: oai, model: gpt-5}"),
        ("{provider: oai, model: x}", "anthropic/c", "{provider: anthropic, model: c}"),
        ("{provider: 'oai', model: x}", "anthropic/c", "{provider: 'anthropic', model: c}"),
        ("{provider: oai, model: x}", "groq/c", None),
        ("{model: x}", "openai/gpt-5", None),
        ("{provider: *p, model: x}", "openai/gpt-5", None),
    ],
)
def test_a_provider_beside_is_set_with_the_model(
    item: str, reference: str, after: str | None
) -> None:
    text = "models:\n  - {}\n"
    assert put(text.format(item), reference, PAIRS) == (after and text.format(after))


@pytest.mark.parametrize(
    ("value", "reference", "after"),
    [
        ("${{ vars.X || 'openai/gpt-4' }}", "openai/gpt-5", "${{ vars.X || 'openai/gpt-5' }}"),
        ("${{ vars.X || 'openai/gpt-4' }}", "groq/a", "${{ vars.X || 'groq/a' }}"),
        ("'${{ a || ''openai/x'' }}'", "openai/y", "'${{ a || ''openai/y'' }}'"),
        ("openai/gpt-4[1m]", "openai/gpt-5", "openai/gpt-5[1m]"),
        ("openai/gpt-4[1m]", "groq/a", "groq/a"),
        ("&a openai/gpt-4", "openai/gpt-5", "&a openai/gpt-5"),
        ('"openai/\\u0067pt-4"', "openai/gpt-5", '"openai/gpt-5"'),
    ],
)
def test_a_model_is_set_in_a_text(value: str, reference: str, after: str) -> None:
    said = place("""
        opaque = ["${{"]
        default = [["|| '", "'"]]
        suffix = ["[1m]"]
    """)
    assert put(f"model: {value} # c\n", reference, said) == f"model: {after} # c\n"


def test_json_in_a_text() -> None:
    said = place("at = ['$.env.m']\nextract = {json = ['$[*]', '$.a']}")
    text = """env: {m: '["openai/gpt-4", "groq/a"]'}\n"""
    after = """env: {m: '["openai/gpt-4", "groq/b"]'}\n"""
    assert put(text, "groq/b", said, 1) == after
    block = 'env:\n  m: |\n    [\n      "openai/gpt-4",\n      "groq/a"\n    ]\n'
    assert put(block, "groq/b", said, 1) == block.replace("groq/a", "groq/b")
    assert in_order(Document("env: {m: not json}\n", said)) == []


def test_a_name_behind_a_mark() -> None:
    said = place("at = ['$.alias[*]']\nextract = {after = ':'}")
    text = 'alias: ["fast: openai/gpt-4", none]\n'
    assert put(text, "openai/gpt-5", said) == 'alias: ["fast: openai/gpt-5", none]\n'
    assert len(in_order(Document(text, said))) == 1


def test_a_retired_model_in_a_command_line() -> None:
    known = catalog(provider("anthropic", retired("claude-2", "claude-3"), "claude-3"))
    document = Document(step("--x --model claude-2"), ARGS)
    (found,) = diagnose(document, known, OPTIONS)
    assert document.text_of(found.span) == "claude-2"
    ((_, fix),) = preferred_fixes(document, [found], known, OPTIONS)
    assert document.apply(fix.edits) == step("--x --model claude-3")
    said = hover(document, found.span.start, known, OPTIONS)
    assert said is not None
    assert "claude-2" in said.markdown
    assert site_at(document, found.span.start) is not None


def test_fixes_name_no_provider_that_another_key_names() -> None:
    known = catalog(
        replace(provider("openai", retired("gpt-3", "gpt-5"), "gpt-5")), provider("groq", "gpt-3")
    )
    document = Document("models:\n  - {provider: oai, model: gpt-3}\n", PAIRS)
    (found,) = diagnose(document, known, OPTIONS)
    after = {
        document.apply(fix.edits)
        for fix in fixes(document, found, known, OPTIONS)
        if not fix.silences
    }
    assert after == {"models:\n  - {provider: oai, model: gpt-5}\n"}


JSON_PAIRS = place(
    """
    at = ["$.models.*.modelId"]
    written = "model"
    provider = { from = ["@.provider"] }
    [places.providers]
    anthropic = "anthropic"
    oai = "openai"
    """,
    "json",
)
TOML_ROOT = place(
    """
    at = ["$.model", "$.profiles.*.model"]
    written = "model"
    provider = { from = ["@.model_provider", "$.model_provider"], default = "openai" }
    """,
    "toml",
)


@pytest.mark.parametrize(
    ("marked", "label", "after", "said"),
    [
        (
            '{"models": {"main": {"provider": "oai", "modelId": "$0"}}}',
            "gpt-5",
            '{"models": {"main": {"provider": "oai", "modelId": "gpt-5"}}}',
            JSON_PAIRS,
        ),
        (
            '{"models": {"main": {"provider": "$0", "modelId": "x"}}}',
            "oai",
            '{"models": {"main": {"provider": "oai", "modelId": "x"}}}',
            JSON_PAIRS,
        ),
        ('model = "$0"\n', "gpt-5", 'model = "gpt-5"\n', TOML_ROOT),
        (
            'model_provider = "anthropic"\n[profiles.a]\nmodel = "$0"\n',
            "claude-opus-4-5",
            'model_provider = "anthropic"\n[profiles.a]\nmodel = "claude-opus-4-5"\n',
            TOML_ROOT,
        ),
        (
            "model_provider = 'x'\n[profiles.a]\nmodel_provider = 'openai'\nmodel = '$0'\n",
            "gpt-5",
            "model_provider = 'x'\n[profiles.a]\nmodel_provider = 'openai'\nmodel = 'gpt-5'\n",
            TOML_ROOT,
        ),
    ],
)
def test_in_json_and_toml_too(marked: str, label: str, after: str, said: Dialect) -> None:
    assert taken(marked, label, said) == after


@pytest.mark.parametrize(
    ("text", "reference", "after", "said"),
    [
        (
            '{"models": {"main": {"provider": "oai", "modelId": "x"}}}',
            "anthropic/c",
            '{"models": {"main": {"provider": "anthropic", "modelId": "c"}}}',
            JSON_PAIRS,
        ),
        ("model = 'x' # c\n", "openai/y", "model = 'y' # c\n", TOML_ROOT),
        ("model = 'x'\n", "anthropic/y", None, TOML_ROOT),
        (
            "model_provider = 'openai'\nmodel = 'x'\n",
            "anthropic/y",
            "model_provider = 'anthropic'\nmodel = 'y'\n",
            TOML_ROOT,
        ),
    ],
)
def test_set_in_json_and_toml_too(
    text: str, reference: str, after: str | None, said: Dialect
) -> None:
    assert put(text, reference, said) == after


ROUTER = dialect("""
    [defines]
    models = ["$.models.*"]
    [[places]]
    at = ["$.use"]
    written = "local"
    [[places]]
    at = ["$.model"]
    written = "provider/model"
    [places.providers]
    anthropic = "anthropic"
    open_ai = "openai"
    mistral = "mistral"
    bedrock = "unverifiable"
""")


def said_of(text: str, said: Dialect) -> list[tuple[str, str, str, str]]:
    document = Document(text, said)
    return [
        (one.code, one.severity.value, document.text_of(one.span), one.message)
        for one in diagnose(document, CATALOG, OPTIONS)
    ]


def fixed(text: str, said: Dialect) -> list[str]:
    document = Document(text, said)
    (found,) = diagnose(document, CATALOG, OPTIONS)
    return [
        document.apply(fix.edits)
        for fix in fixes(document, found, CATALOG, OPTIONS)
        if not fix.silences
    ]


def test_a_name_that_the_file_does_not_define() -> None:
    text = "models: {gpt-fast: 1, slow: 2}\nuse: gpt-fats # c\n"
    assert said_of(text, ROUTER) == [
        (
            "model-reference",
            "warning",
            "gpt-fats",
            "This file defines no model called `gpt-fats`. Did you mean `gpt-fast`?",
        )
    ]
    assert fixed(text, ROUTER) == [text.replace("gpt-fats", "gpt-fast")]
    silenced = text.replace("use:", "# stagewright: ignore[model-reference]\nuse:")
    assert said_of(silenced, ROUTER) == []


@pytest.mark.parametrize(
    ("model", "meant"),
    [
        ("anthropc/claude-opus-4-5", "anthropic/claude-opus-4-5"),
        ("openai/gpt-5", "open_ai/gpt-5"),
        ("Anthropic/x", "anthropic/x"),
        ("'bedrok/a/b'", "'bedrock/a/b'"),
    ],
)
def test_a_slip_in_a_providers_name_is_told(model: str, meant: str) -> None:
    ((code, severity, marked, message),) = said_of(f"model: {model}\n", ROUTER)
    assert (code, severity) == ("provider-unknown", "information")
    assert marked == model.strip("'").partition("/")[0]
    assert message.startswith(f"Mine has no provider `{marked}`. Did you mean `")
    assert fixed(f"model: {model}\n", ROUTER) == [f"model: {meant}\n"]


@pytest.mark.parametrize(
    "model",
    ["mistralai/x", "vertex/x", "groq/x", "gpt-5", "bedrock/x", "xai/y", "anthropic-eu/z", "{x}/y"],
)
def test_another_provider_is_no_slip(model: str) -> None:
    assert said_of(f"model: '{model}'\n", ROUTER) == []


def test_a_slip_in_a_provider_beside_is_told_there() -> None:
    text = "models:\n  - {provider: anthropc, model: claude-opus-4-5}\n"
    ((code, _, marked, _),) = said_of(text, PAIRS)
    assert (code, marked) == ("provider-unknown", "anthropc")
    assert fixed(text, PAIRS) == [text.replace("anthropc", "anthropic")]


@pytest.mark.parametrize(("most", "severity"), [("warning", "warning"), ("information",) * 2])
def test_nothing_is_graver_than_its_place_allows(most: str, severity: str) -> None:
    said = place(f"most = '{most}'\n[places.providers]\nanthropic = 'anthropic'")
    known = catalog(provider("anthropic", retired("claude-2", "claude-3"), "claude-3"))
    (found,) = diagnose(Document("model: anthropic/claude-2\n", said), known, OPTIONS)
    assert (found.code, found.severity) == ("model-retired", severity)


@pytest.mark.parametrize("asks_single", [True, False])
def test_what_a_list_lacks_is_said_of_your_key(asks_single: bool) -> None:
    absent = frozenset({"gpt-9"} if asks_single else {})
    asked = provider("openai", "gpt-5", asks_single=asks_single, absent=absent)
    (found,) = diagnose(Document("model: openai/gpt-9\n", place("")), catalog(asked), OPTIONS)
    assert found.code in ("model-unavailable", "model-unlisted")
    assert "for your key" in found.message


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        ("models: {fast: 1}\nuse: fa$0st\n", ROUTER, "defined in this file"),
        ("model: bedrock/a$0b\n", ROUTER, "Models of `bedrock` cannot be checked"),
        ("model: gp$0t-5\n", ROUTER, "says whose model"),
        ("model: openai/$0${{ x }}\n", place("opaque = ['${{']"), "where the file is used"),
        (
            "env: {URL: https://secret.example}\nmodel: openai/g$0pt\n",
            place("redirects = ['$.env.URL']"),
            "another address",
        ),
    ],
)
def test_hover_says_why_nothing_is_said(text: str, said: Dialect, words: str) -> None:
    answer = hover(*at(text, said), CATALOG, OPTIONS)
    assert answer is not None
    assert words in answer.markdown
    assert "secret" not in answer.markdown
