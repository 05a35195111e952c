"""Names and providers that a file defines itself."""

from __future__ import annotations

import pytest
from tests.dialects.marking import assert_sites, dialect

from stagewright.dialects.document import Document, sites

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
