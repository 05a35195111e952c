"""Places of many kinds at which a file names models."""

from __future__ import annotations

from tests.dialects.marking import dialect, place

from stagewright.analysis.edits import set_site
from stagewright.catalog.model import ModelReference
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document, in_order

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


def put(text: str, reference: str, said: Dialect, number: int = 0) -> str | None:
    """The text after the model of a site was set; None where that is refused."""
    document = Document(text, said)
    index, number = in_order(document)[number]
    edits = set_site(document, index, number, ModelReference.parse(reference))
    return document.apply(edits) if edits else None


def step(args: str, uses: str = "claude@v1") -> str:
    return f"steps:\n  - uses: {uses}\n    with:\n      args: {args}\n"


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
