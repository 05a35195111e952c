"""What each dialect finds in real files, and how a reference is read and written as one text."""

from pathlib import Path

import pytest

from stagewright.catalog.model import ModelReference
from stagewright.dialects.choragen.schema import DOCUMENTS
from stagewright.dialects.dialect import DialectError, all_builtin, builtin, builtins, dialects_from
from stagewright.dialects.document import Document, site_at, sites
from stagewright.dialects.key_path import in_words, parse_path, parse_relative
from stagewright.dialects.notation import read, written
from stagewright.dialects.registry import Dialects
from stagewright.text.buffer import Position
from stagewright.workspace import claim, search

FORMATS = Path(__file__).parents[1] / "data" / "formats"
CLAUDE, PROMPTFOO = builtin("claude-code"), builtin("promptfoo")


def found(document: Document) -> list[tuple[str, str, str | None]]:
    """Where each model is named, by its path and its own text; and what it names."""
    return [
        (in_words(site.path), _text(document, site.span), site.reference and str(site.reference))
        for _, site in sites(document)
    ]


def _text(document: Document, span: object) -> str:
    (line, start), (_, end) = span  # type: ignore[misc]
    return document.lines[line][start:end]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("claude-code/code-reviewer.md", [("model", "sonnet", None)]),
        ("claude-code/fable__team-lead.md", [("model", "fable", None)]),
        ("claude-code/haiku__c4-code.md", [("model", "haiku", None)]),
        ("claude-code/inherit__context-manager.md", [("model", "inherit", None)]),
        ("claude-code/opus__team-debugger.md", [("model", "opus", None)]),
        (
            "promptfoo/agentic-blackmail__promptfooconfig.yaml",
            [
                ("providers[0]", "openai:gpt-4o-mini", "openai/gpt-4o-mini"),
                (
                    "providers[1]",
                    "anthropic:claude-3-5-sonnet-20241022",
                    "anthropic/claude-3-5-sonnet-20241022",
                ),
            ],
        ),
        (
            "promptfoo/promptfooconfig.inference-profiles-simple.yaml",
            [
                (
                    "providers[0].id",
                    "bedrock:arn:aws:bedrock:us-east-1:YOUR_ACCOUNT_ID:"
                    "application-inference-profile/prod-claude-ha",
                    None,
                ),
                ("providers[1].id", "bedrock:us.anthropic.claude-sonnet-5", None),
                (
                    "defaultTest.options.provider.id",
                    "bedrock:arn:aws:bedrock:us-east-1:YOUR_ACCOUNT_ID:"
                    "application-inference-profile/grading-claude",
                    None,
                ),
            ],
        ),
    ],
)
def test_the_models_of_a_real_file(name: str, expected: list[tuple[str, str, str | None]]) -> None:
    dialect = builtin(name.partition("/")[0])
    assert found(Document((FORMATS / name).read_text("utf-8"), dialect)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openai:gpt-4o", "openai/gpt-4o"),
        ("openai:chat:gpt-4o", "openai/gpt-4o"),
        ("anthropic:messages:claude-x", "anthropic/claude-x"),
        ("google:gemini-2.5-pro", "gemini/gemini-2.5-pro"),
        ("ollama:chat:llama3:8b", "ollama/llama3:8b"),
        ("openrouter:z-ai/glm-5.1", "openrouter/z-ai/glm-5.1"),
        ("togetherai:a/b", "together/a/b"),
        ("openai:chat", None),
        ("openai:", None),
        ("openai", None),
        ("bedrock:anthropic.claude-x", None),
        ("python:provider.py", None),
        ("file://provider.js", None),
        ("https://example.org/v1", None),
        ("openai:{{env.MODEL}}", None),
        ("openai:$MODEL", None),
        ("exec:./run.sh", None),
        ("openai:realtime:gpt-4o-realtime-preview", "openai/gpt-4o-realtime-preview"),
        ("openai:realtime", None),
        ("openai:codex", None),
        ("openai:codex-sdk:gpt-5", "openai/gpt-5"),
        ("openai:codex-mini-latest", "openai/codex-mini-latest"),
        ("openai:assistant:asst_1", None),
        ("openai:agents:mine", None),
        ("openai:chatkit:wf_1", None),
        ("openai:image:dall-e-3", None),
        ("openai:video", None),
        ("google:live:gemini-x", None),
        ("google:gemini-x-image", "gemini/gemini-x-image"),
        ("google:gemini-live-x", "gemini/gemini-live-x"),
        ("xai:voice", None),
        ("anthropic:claude-agent-sdk", None),
        (":", None),
        ("", None),
    ],
)
def test_a_promptfoo_provider_is_read(text: str, expected: str | None) -> None:
    reference = read(PROMPTFOO.places[0], text).reference
    assert (reference and str(reference)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claude-opus-4-1", "claude-opus-4-1"),
        ("claude-opus-4-1[1m]", "claude-opus-4-1"),
        ("sonnet", None),
        ("claude-opus-4-1 [1M]", "claude-opus-4-1"),
        (" claude-opus-4-1 ", "claude-opus-4-1"),
        ("sonnet[1m]", None),
        ("haiku[1m]", None),
        ("Sonnet", None),
        (" INHERIT ", None),
        ("<model>", None),
        ("us.anthropic.claude-x-v1:0", None),
        ("claude-x@20250101", None),
        ("${MODEL}", None),
    ],
)
def test_a_model_alone_is_read(text: str, expected: str | None) -> None:
    reference = read(CLAUDE.places[0], text).reference
    assert (reference and reference.model) == expected


@pytest.mark.parametrize(
    ("before", "provider", "model", "after"),
    [
        ("openai:chat:gpt-4o", "openai", "gpt-5", "openai:chat:gpt-5"),
        ("openai:gpt-4o", "openai", "gpt-5", "openai:gpt-5"),
        ("openai:gpt-4o", "gemini", "gemini-x", "google:gemini-x"),
        ("openai:responses:gpt-4o", "anthropic", "c", "anthropic:c"),
        ("openai:gpt-4o", "huggingface", "x", None),
    ],
)
def test_another_model_is_written_as_the_one_before(
    before: str, provider: str, model: str, after: str | None
) -> None:
    assert written(PROMPTFOO.places[0], ModelReference(provider, model), before) == after


@pytest.mark.parametrize(
    ("before", "provider", "after"),
    [
        ("claude-a", "anthropic", "claude-b"),
        ("claude-a[1m]", "anthropic", "claude-b[1m]"),
        ("sonnet[1m]", "anthropic", "claude-b"),
        ("claude-a", "openai", None),
    ],
)
def test_another_model_alone_keeps_its_suffix(
    before: str, provider: str, after: str | None
) -> None:
    assert written(CLAUDE.places[0], ModelReference(provider, "claude-b"), before) == after


@pytest.mark.parametrize(
    "text",
    [
        "providers:\n  - id: openai:gpt-4o\n    config:\n      apiBaseUrl: http://proxy\n",
        "providers:\n  - id: openai:gpt-4o\n    config: {apiHost: proxy}\n",
        "env:\n  OPENAI_BASE_URL: http://proxy\nproviders: [openai:gpt-4o]\n",
        "env:\n  OPENAI_API_HOST: proxy\nproviders: [openai:gpt-4o]\n",
        "providers:\n  - id: openai:gpt-4o\n    env:\n      OPENAI_BASE_URL: http://proxy\n",
        "providers:\n  - id: google:gemini-x\n    config:\n      vertexai: true\n",
        "x: &c {apiHost: proxy}\nproviders:\n  - id: openai:gpt-4o\n    config: *c\n",
        "x: &c {apiHost: proxy}\nproviders:\n  - id: openai:gpt-4o\n    config:\n      <<: *c\n",
        "x: &c {config: {apiHost: h}}\nproviders:\n  - id: openai:gpt-4o\n    <<: *c\n",
        "providers:\n  - id: openai:gpt-4o\n    config: file://config.yaml\n",
        "env: '{{ variables }}'\nproviders: [openai:gpt-4o]\n",
    ],
)
def test_what_a_key_sends_elsewhere_names_no_model(text: str) -> None:
    assert [site.reference for _, site in sites(Document(text, PROMPTFOO))] == [None]


@pytest.mark.parametrize("config", ["", " ~", " {temperature: 0}", " []"])
def test_a_key_that_sends_nowhere_lets_the_model_be_named(config: str) -> None:
    text = f"providers:\n  - id: openai:gpt-4o\n    config:{config}\n"
    expected = ModelReference("openai", "gpt-4o")
    assert [site.reference for _, site in sites(Document(text, PROMPTFOO))] == [expected]


def test_the_halves_of_a_text_have_spans_of_their_own() -> None:
    document = Document("providers:\n  - id: 'openai:chat:gpt-4o'\n", PROMPTFOO)
    site = site_at(document, Position(1, 22))
    assert site is not None
    assert site.site.provider is not None
    assert site.site.model is not None
    assert _text(document, site.site.provider.span) == "openai"
    assert _text(document, site.site.model.span) == "gpt-4o"
    assert site_at(document, Position(0, 3)) is None


def test_the_halves_of_a_text_with_escapes_have_spans_too() -> None:
    document = Document('providers: ["openai:\\u0067pt-4o"]\n', PROMPTFOO)
    ((_, site),) = sites(document)
    assert site.reference == ModelReference("openai", "gpt-4o")
    assert site.model is not None
    assert _text(document, site.model.span) == "\\u0067pt-4o"


def test_a_site_stays_where_its_text_goes() -> None:
    document = Document("description: x\nproviders:\n  - openai:gpt-4o\n", PROMPTFOO)
    document.edit(None, "# more\n" + document.text)
    ((_, site),) = sites(document)
    assert site_at(document, Position(3, 6)) == (0, 0, site, document.entry_line(0))


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("/w/.claude/agents/a.md", CLAUDE),
        ("/w/.claude/agents/team/a.md", CLAUDE),
        ("/w/.claude/commands/a.md", CLAUDE),
        ("/w/.claude/settings.json", builtins("claude-code")[1]),
        ("/w/.claude/settings.yaml", None),
        ("/w/agents/a.md", None),
        ("/w/promptfooconfig.yaml", PROMPTFOO),
        ("/w/evals/promptfooconfig.two.yml", PROMPTFOO),
        ("/w/promptfoo.yaml", None),
    ],
)
def test_a_file_is_claimed_by_its_name(path: str, dialect: object) -> None:
    assert claim(Path(path), Dialects()) is dialect


def test_a_folder_is_searched_for_every_dialect(tmp_path: Path) -> None:
    agent = tmp_path / ".claude" / "agents" / "a.md"
    agent.parent.mkdir(parents=True)
    config = tmp_path / "promptfooconfig.yaml"
    for file in (agent, config, tmp_path / "other.yaml"):
        file.touch()
    assert search(tmp_path, Dialects()).files == {agent: CLAUDE, config: PROMPTFOO}


def test_what_cannot_be_searched_for_other_programs_files_is_not_told(tmp_path: Path) -> None:
    agent = tmp_path / ".claude/agents/a.md"
    agent.parent.mkdir(parents=True)
    agent.write_text("")
    (agent.parent / "around").symlink_to("..")
    (agent.parent / "folder.md").mkdir()
    assert search(tmp_path, Dialects())[:4] == ({agent: CLAUDE}, [], [], [])


def test_every_dialect_says_where_its_models_are_documented() -> None:
    for dialect in all_builtin():
        assert dialect.url.startswith("https://"), dialect.id
        assert dialect.name
        assert dialect.files or dialect.detect
        assert all(place.at for place in dialect.places), dialect.id
        assert dialect.runs_here is (dialect in DOCUMENTS)
        assert dialect.features == ("choragen" if dialect in DOCUMENTS else "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$.a.b", ("a", "b")),
        ("$.a-b[*].c_d", ("a-b", 0, "c_d")),
        ("$['config.model']", ("config.model",)),
        ("$.agents.*.model", ("agents", 1, "model")),
        ("$", ()),
    ],
)
def test_a_key_path_is_read(text: str, words: tuple[object, ...]) -> None:
    assert parse_path(text).steps == words


@pytest.mark.parametrize("text", ["a.b", "$.a[", "$..a", "$.a[0]", "@.a", ""])
def test_what_is_no_key_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key path"):
        parse_path(text)
    if text != "@.a":
        with pytest.raises(ValueError, match="key path"):
            parse_relative(text)


def test_an_unknown_way_of_writing_is_refused() -> None:
    place = {"at": ["$.a"], "written": "model@provider"}
    said = {"name": "x", "files": ["x"], "syntax": "yaml", "places": [place]}
    with pytest.raises(DialectError, match=r"places\[0\].written.*model@provider"):
        dialects_from("x", said)
