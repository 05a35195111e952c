"""Source code under test: its documents, the sites in them, and the models that these name."""

from __future__ import annotations

from tests.analysis.support import catalog, provider, without_key
from tests.catalog.knowing import known

from stagewright.catalog.catalog import Catalog
from stagewright.dialects.code.document import CodeDocument, CodeSite
from stagewright.dialects.dialect import builtin
from stagewright.dialects.document import sites
from stagewright.dialects.opening import open_document

CODE = builtin("code")
KNOWN = catalog(
    without_key(
        "openai",
        knowledge=known(
            {key: {"a": {}} for key in ["gpt-4o", "gpt-4o-mini", "o3", "ada", "gpt-5"]}
        ),
    ),
    without_key(
        "anthropic", knowledge=known({key: {"a": {}} for key in ["claude-2.1", "claude-opus-4-5"]})
    ),
    without_key("gemini", knowledge=known({"gemini-2.5-pro": {"a": {}}})),
    without_key("vertex", knowledge=known({"gemini-2.5-pro": {"a": {}}})),
    without_key("cohere", knowledge=known({"command": {"a": {}}, "command-r": {"a": {}}})),
    without_key("azure", knowledge=known({"gpt-4o": {"a": {}}})),
    without_key("bedrock", knowledge=known({"anthropic.claude-v2:1": {"a": {}}})),
    without_key(
        "openrouter",
        knowledge=known({key: {"a": {}} for key in ["openai/gpt-4o", "anthropic/claude-2.1"]}),
    ),
    without_key("together", knowledge=known({"meta-llama/Llama-3-70b": {"a": {}}})),
    provider("groq", "llama-3.1-8b-instant"),
    provider("ollama", "phi3:3.8b", "gpt-oss:20b"),
)


def opened(text: str, name: str = "a.py", known_as: Catalog = KNOWN) -> CodeDocument:
    """A source file in which the models of a catalogue are recognised."""
    document = open_document(text, CODE, name=name)
    assert isinstance(document, CodeDocument)
    document.recognize(known_as)
    return document


def found(text: str, name: str = "a.py") -> list[CodeSite]:
    """Its sites."""
    return [one for _, one in sites(opened(text, name)) if isinstance(one, CodeSite)]


def named(text: str, name: str = "a.py") -> list[str]:
    """`provider/model` of each, with `?` where its file does not show whose it is, and `-` where it
    is sent elsewhere."""
    return [
        "-" if one.reference is None else f"{one.reference}{'' if one.is_shown else '?'}"
        for one in found(text, name)
    ]


def lines_and_sites(document: CodeDocument) -> list[tuple[int, CodeSite]]:
    return [
        (document.entry_line(index), site)
        for index in document.parts()
        for site in document.sites(index)
    ]
