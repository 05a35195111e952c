"""Every key of a place: which models are named by it, and what only looks as if."""

import json
from typing import Any

import pytest
import yaml
from tests.dialects.marking import assert_sites, dialect, place

from stagewright.dialects.document import Document, in_order, sites, where

ACTION = """
    at = ["$.jobs.*.steps[*].with.model"]
    written = "model"
    provider = "anthropic"
    opaque = ["${{"]
    when = [{ at = "@^.uses", is = ["anthropics/claude-code-action@*"] }]
    unless = [{ at = "@.use_bedrock", is = ["true"] }]
    redirects = ["@^*.env.ANTHROPIC_BASE_URL", { at = "@.use_vertex", is = ["true"] }]
"""


def test_the_same_key_means_different_things_by_what_stands_above_it() -> None:
    assert_sites(
        place(ACTION),
        """
        jobs:
          one:
            steps:
              - uses: anthropics/claude-code-action@v1
                with:
                  model: claude-a
                         ^^^^^^^^ anthropic/claude-a
              - uses: Anthropics/Claude-Code-Action@beta
                with: {model: claude-a}
                              ^^^^^^^^ anthropic/claude-a
              - uses: openai/codex-action@v1
                with:
                  model: gpt-5
              - uses: anthropics/claude-code-action-other@v1
                with: {model: claude-a}
              - uses: ${{ inputs.action }}
                with: {model: claude-a}
              - with: {model: claude-a}
              - uses: *action
                with: {model: claude-a}
              - uses: [anthropics/claude-code-action@v1]
                with: {model: claude-a}
        """,
    )


@pytest.mark.parametrize(
    ("value", "is_named"),
    [
        ("true", False),
        ("'True'", False),
        ("${{ inputs.bedrock }}", False),
        ("*other", False),
        ("false", True),
        ("", True),
        ("'no'", True),
    ],
)
def test_none_of_unless_may_hold(value: str, is_named: bool) -> None:
    mark = "\n                         ^^^^^^^^ anthropic/claude-a" * is_named
    assert_sites(
        place(ACTION),
        f"""
        jobs:
          one:
            steps:
              - uses: anthropics/claude-code-action@v1
                with:
                  use_bedrock: {value}
                  model: claude-a{mark}
        """,
    )


@pytest.mark.parametrize(
    ("top", "job", "step", "with_"),
    [
        ("env: {ANTHROPIC_BASE_URL: x}", "", "", ""),
        ("", "env: {ANTHROPIC_BASE_URL: x}", "", ""),
        ("", "", "env: {ANTHROPIC_BASE_URL: x}", ""),
        ("env: '{{ all }}'", "", "", ""),
        ("", "env: *e", "", ""),
        ("", "", "<<: *e", ""),
        ("", "", "", "use_vertex: true"),
        ("", "", "", "use_vertex: ${{ x }}"),
    ],
)
def test_what_sends_elsewhere_makes_silent(top: str, job: str, step: str, with_: str) -> None:
    assert_sites(
        place(ACTION),
        f"""
        {top or "x: 1"}
        jobs:
          one:
            {job or "x: 1"}
            steps:
              - uses: anthropics/claude-code-action@v1
                {step or "x: 1"}
                with:
                  {with_ or "x: 1"}
                  model: claude-a
                         ^^^^^^^^ opaque
        """,
    )


@pytest.mark.parametrize(
    ("top", "other", "with_"),
    [
        ("env: {OPENAI_BASE_URL: x}", "", ""),
        ("ANTHROPIC_BASE_URL: x", "", ""),
        ("", "env: {ANTHROPIC_BASE_URL: x}", ""),
        ("env:", "", ""),
        ("", "", "use_vertex: false"),
    ],
)
def test_what_stands_elsewhere_sends_nothing_elsewhere(top: str, other: str, with_: str) -> None:
    assert_sites(
        place(ACTION),
        f"""
        {top or "x: 1"}
        jobs:
          other:
            {other or "x: 1"}
          one:
            steps:
              - uses: anthropics/claude-code-action@v1
                with:
                  {with_ or "x: 1"}
                  model: claude-a
                         ^^^^^^^^ anthropic/claude-a
        """,
    )


PAIR = """
    at = ["$.models[*].model"]
    written = "model"
    opaque = ["{"]
    [places.provider]
    from = ["@.provider", "$.provider"]
    ids = { "gpt-*" = "openai", "claude-*" = "unverifiable" }
    default = "groq"
    [places.providers]
    google = "gemini"
    oai = "openai"
    azure = "unverifiable"
"""


def test_the_provider_of_a_model_stands_beside_it_or_at_the_top() -> None:
    assert_sites(
        place(PAIR),
        """
        models:
          - {model: a, provider: google}
                    ^ gemini/a
          - {model: a, provider: azure}
                    ^ opaque
          - {model: a, provider: anthropic}
                    ^ opaque
          - {model: a, provider: "{env}"}
                    ^ opaque
          - {model: a, provider: *p}
                    ^ opaque
          - {model: gpt-x, provider: google}
                    ^^^^^ gemini/gpt-x
          - {model: gpt-x, provider: }
                    ^^^^^ openai/gpt-x
          - {model: GPT-x}
                    ^^^^^ openai/GPT-x
          - {model: claude-x}
                    ^^^^^^^^ opaque
          - {model: x-gpt-x}
                    ^^^^^^^ groq/x-gpt-x
        """,
    )
    assert_sites(
        place(PAIR),
        """
        provider: oai
        models:
          - {model: a}
                    ^ openai/a
          - {model: a, provider: google}
                    ^ gemini/a
        """,
    )


def test_a_bare_id_has_the_provider_that_its_pattern_says() -> None:
    said = place("""
        provider = { ids = { "gpt-*" = "openai", "claude-*" = "anthropic" } }
        [places.providers]
        openai = "openai"
        together_ai = "together"
    """)
    for value, what in (
        ("gpt-5", "openai/gpt-5"),
        ("claude-a-b", "anthropic/claude-a-b"),
        ("together_ai/a/b", "together/a/b"),
        ("together/a", "opaque"),
        ("other", "opaque"),
        ("xgpt-5", "opaque"),
    ):
        assert_sites(said, f"model: {value}\n       {'^' * len(value)} {what}")


def test_a_name_may_stand_in_a_key() -> None:
    assert_sites(
        place("""
            at = ["$.providers[*].*"]
            in = "key"
            written = "provider:model"
            unless = [{ at = "@.id" }]
            redirects = ["@=.config.apiHost"]
        """),
        """
        providers:
          - openai:gpt-4o: {config: {x: 1}}
            ^^^^^^^^^^^^^ openai/gpt-4o
          - openai:gpt-4o: {config: {apiHost: h}}
            ^^^^^^^^^^^^^ opaque
          - openai:gpt-4o: {config: *c}
            ^^^^^^^^^^^^^ opaque
          - "openai:gpt-4o": {apiHost: h}
            ^^^^^^^^^^^^^^^ openai/gpt-4o
          - {id: x, "openai:gpt-4o": y}
          - openai:gpt-4o
        """,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("${{ vars.X || 'openai/gpt-5' }}", "openai/gpt-5"),
        ("'${{ vars.X || ''openai/gpt-5'' }}'", "openai/gpt-5"),
        ("${MODEL:-openai/gpt-5}", "openai/gpt-5"),
        ("\"${{ a || 'openai/gpt-5' }}\"", "openai/gpt-5"),
    ],
)
def test_the_default_of_an_interpolation_is_a_name(value: str, expected: str) -> None:
    said = place("opaque = ['${']\ndefault = [[\"|| '\", \"'\"], [':-', '}']]")
    start = value.find("openai")
    assert_sites(said, f"model: {value}\n{' ' * (start + 7)}{'^' * 12} {expected}")


@pytest.mark.parametrize(
    "value",
    [
        "${{ vars.X }}",
        "openai/${{ vars.X || 'gpt-5' }}",
        "${{ vars.X || 'openai/gpt' }}-5",
        "${{ vars.X || '${Y}' }}",
        "${{ vars.X || 'openai/gpt-5 }}",
        "${{ vars.X || '' }}",
        "${MODEL}",
        "${MODEL:-${OTHER}}",
    ],
)
def test_an_interpolation_without_a_default_is_opaque(value: str) -> None:
    said = place("opaque = ['${']\ndefault = [[\"|| '\", \"'\"], [':-', '}']]")
    assert_sites(said, f"model: {value}\n       {'^' * len(value)} opaque")


@pytest.mark.parametrize(
    ("value", "model"),
    [
        ("anthropic/claude-a[1m]", "claude-a"),
        ("anthropic/claude-a [1M]", "claude-a"),
        ("anthropic/claude-a?effort=high", "claude-a"),
        ("anthropic/claude-a?a?b", "claude-a"),
        ("anthropic/Claude A (fast) (Preview) (copilot)", "Claude A"),
        ("anthropic/Claude (a) b", "Claude (a) b"),
        ("anthropic/[1m] claude", "[1m] claude"),
        ("anthropic/İ[1m]", "İ"),
    ],
)
def test_endings_are_left_out_of_the_model(value: str, model: str) -> None:
    said = place("suffix = ['[1m]', '?*', ' (*)']")
    assert_sites(said, f"model: '{value}'\n       {'^' * (len(value) + 2)} anthropic/{model}")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("sonnet", "alias"),
        ("SONNET[1m]", "alias"),
        ("auto-7", "alias"),
        ("sonnets", "opaque"),
        ("us.anthropic.x", "opaque"),
    ],
)
def test_aliases_are_always_right(value: str, what: str) -> None:
    said = place("""
        suffix = ["[1m]"]
        opaque = ["us.anthropic"]
        [places.aliases]
        sonnet = "One."
        "auto-*" = "Another."
    """)
    assert_sites(said, f"model: {value}\n       {'^' * len(value)} {what}")


@pytest.mark.parametrize(
    "value",
    [
        "sk-proj-Ab3dEf6hIj9l",
        "openai/sk-ant-api03-abcdefghijklmnop",
        "https://me:secret@example.com/v1",
        "AIzaSyA-1234567890abcdef",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "a9F3kLq8ZmN2xR7tYw4Vb6Hs1Jd5Pc0Ge",
        "0123456789abcdef0123456789abcdef",
        "[a]",
        "{a: b}",
        "",
        "~",
        "' '",
        "*alias",
    ],
)
def test_a_secret_and_what_is_no_text_is_no_site(value: str) -> None:
    assert_sites(place(""), f"model: {value}")


@pytest.mark.parametrize(
    "value",
    [
        "anthropic/claude-3-5-sonnet-20241022",
        "fireworks/accounts/fireworks/models/llama-v3p1-405b-instruct",
        "huggingface/Qwen/Qwen2.5-Coder-32B-Instruct-GPTQ-Int4",
        "openrouter/nousresearch/hermes-3-llama-3.1-405b:free",
        "ollama/hf.co/bartowski/DeepSeek-R1-Distill-Qwen-32B-GGUF:Q4_K_M",
        "perplexity/pplx-70b-online",
        "openai/ft:gpt-4o-2024-08-06:my-org:custom:9AbCdEf1",
    ],
)
def test_a_long_id_is_no_secret(value: str) -> None:
    assert_sites(place(""), f"model: {value}\n       {'^' * len(value)} {value}")


LOCAL = """
    list = "model_list"
    [defines]
    models = ["$.model_list[*].model_name", {at = "$.alias[*]", before = ":"}]
    providers = ["$.own.*"]
    [[places]]
    at = ["$.model_list[*].params.model"]
    written = "provider/model"
    [[places]]
    at = ["$.router.fallbacks[*]"]
    written = "local"
    [[places]]
    at = ["$.agents.*.model"]
    written = "provider/model"
    local = true
    extract = {split = ","}
"""


def test_names_that_the_file_defines() -> None:
    document = assert_sites(
        dialect(LOCAL),
        """
        own: {mine: {url: x}}
        router:
          fallbacks: [fast, slow, quick, "fast"]
                      ^^^^ local
                            ^^^^ local?
                                  ^^^^^ local
                                         ^^^^^^ local
        alias: ["quick:openai/gpt-5", broken]
        model_list:
          - model_name: fast
            params: {model: openai/gpt-5}
                            ^^^^^^^^^^^^ openai/gpt-5
          - model_name: big
            params: {model: mine/gpt-5}
                            ^^^^^^^^^^ local
        agents:
          a: {model: "fast, openai/gpt-5,nobody"}
                      ^^^^ local
                            ^^^^^^^^^^^^ openai/gpt-5
                                         ^^^^^^ local?
          b: {model: mine/x}
                     ^^^^^^ local
        """,
    )
    assert document.defined.models == {"fast", "big", "quick", "broken"}


@pytest.mark.parametrize(
    "more",
    [
        "  - model_name: openai/*\n    params: {model: openai/*}",
        "  - *more",
        "  - <<: *more",
        "  - {model_name: *more}",
    ],
)
def test_where_more_may_be_defined_nothing_is_missing(more: str) -> None:
    said = dialect(LOCAL + 'opaque = ["*"]\n')
    text = f"router: {{fallbacks: [slow]}}\nmodel_list:\n{more}\n"
    document = Document(text, said)
    assert document.defined.others
    assert not any(site.is_undefined for _, site in sites(document))


def test_a_file_of_aliases_alone_is_left_to_them() -> None:
    assert_sites(
        dialect("""
            [defines]
            models = ["$.models.*"]
            [[places]]
            at = ["$.use"]
            written = "local"
        """),
        """
        models: {a: 1, <<: *others}
        use: b
             ^ local
        """,
    )


def test_a_mapping_of_providers_by_name_that_the_file_declares() -> None:
    said = dialect("""
        [defines]
        providers = ["$.provider.*"]
        [[places]]
        at = ["$.model", "$.agent.*.model"]
        written = "provider/model"
    """)
    assert_sites(
        said,
        """
        provider: {omni: {options: {baseURL: x}}, openai: {}}
        model: omni/glm/glm-5.2
               ^^^^^^^^^^^^^^^^ local
        agent:
          a: {model: openai/gpt-5}
                     ^^^^^^^^^^^^ local
          b: {model: anthropic/claude-a}
                     ^^^^^^^^^^^^^^^^^^ anthropic/claude-a
        """,
    )


@pytest.mark.parametrize(
    ("top", "is_missing"),
    [
        ("include: [other.yaml]", False),
        ("general: {store: true}", False),
        ("general: *g", False),
        ("general: {store: false}", True),
        ("includes: x", True),
    ],
)
def test_names_may_be_defined_elsewhere(top: str, is_missing: bool) -> None:
    said = dialect("""
        list = "model_list"
        [defines]
        models = ["$.model_list[*].name"]
        elsewhere = ["$.include", { at = "$.general.store", is = ["true"] }]
        [[places]]
        at = ["$.use"]
        written = "local"
    """)
    document = Document(f"{top}\nuse: nobody\nmodel_list:\n  - name: a\n", said)
    assert [site.is_undefined for _, site in sites(document)] == [is_missing]


def test_a_bare_id_may_be_a_name_that_the_file_defines() -> None:
    assert_sites(
        dialect("""
            [defines]
            models = [{ at = "$.alias[*]", before = ":" }]
            [[places]]
            at = ["$.model", "$.weak", "$.other"]
            written = "provider/model"
            local = true
            provider = { ids = { "gpt-*" = "openai" } }
        """),
        """
        alias: ["gpt-fast: openai/gpt-5"]
        model: gpt-fast
               ^^^^^^^^ local
        weak: gpt-5
              ^^^^^ openai/gpt-5
        other: fast
               ^^^^ opaque
        """,
    )


def test_of_two_places_at_one_value_the_first_counts() -> None:
    assert_sites(
        dialect("""
            [[places]]
            at = ["$.model"]
            written = "model"
            provider = "openai"
            when = [{ at = "@.kind", is = ["a"] }]
            [[places]]
            at = ["$.*"]
            written = "model"
            provider = "groq"
        """),
        """
        kind: a
              ^ groq/a
        model: b
               ^ openai/b
        """,
    )


def test_a_provider_counts_only_with_what_sends_it_elsewhere() -> None:
    said = dialect("""
        [defines]
        providers = [{ at = "$.provider.*", has = ["@=.options.baseURL", "@=.npm"] }]
        [[places]]
        at = ["$.models[*]"]
        written = "provider/model"
    """)
    assert_sites(
        said,
        """
        provider:
          anthropic: {options: {timeout: 5}}
          openai: {options: {timeout: 5, baseURL: https://llm.example}}
          groq: {npm: a-package}
          xai: {options: }
          mistral: {options: *shared}
        models:
          - anthropic/a
            ^^^^^^^^^^^ anthropic/a
          - openai/a
            ^^^^^^^^ local
          - groq/a
            ^^^^^^ local
          - xai/a
            ^^^^^ xai/a
          - mistral/a
            ^^^^^^^^^ local
        """,
    )


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
