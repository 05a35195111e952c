"""The command that tells a template's stages to clients that do not read YAML themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stagewright.analysis.stage_models import stage_models
from stagewright.dialects import choragen
from stagewright.lsp import protocol
from stagewright.lsp.convert import range_json
from stagewright.lsp.documents import path_of
from stagewright.lsp.files import read_file
from stagewright.lsp.protocol import failure
from stagewright.lsp.workflows import Handler, Json, effective_json, model_json
from stagewright.text.yaml.syntax import Scalar

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer


async def template_stages(ls: StagewrightServer, argument: protocol.Template) -> Json:
    """The stages in order, each with its place and its model."""
    file = await read_file(ls, argument.uri)
    path = path_of(argument.uri)
    if file is None or path is None or file.document.dialect is not choragen.TEMPLATE:
        raise failure("template-unknown", f"{argument.uri} is no template that can be read.")
    root = ls.root_of(path)
    if ls.session.roles_of(root) is None:
        await ls.session.read_roles(root)
    document = file.document
    models = stage_models(
        document, ls.session.roles_of(root), ls.session.settings.chat.default_model
    )
    head = document.head()
    name = head.get("name") if head else None
    stages = []
    for index, (entry, in_effect) in enumerate(zip(document.entries(), models, strict=True)):
        own = entry.model.reference if entry.model else None
        stages.append(
            {
                "name": entry.name.value if entry.name else None,
                "type": entry.type.value if entry.type else None,
                "range": range_json(
                    document.lines,
                    entry.span.shifted(document.entry_line(index)),
                    ls.client.encoding,
                ),
                "model": model_json(own) if own else None,
                "effective": effective_json(in_effect),
            }
        )
    return {"name": name.value if isinstance(name, Scalar) else None, "stages": stages}


COMMANDS: dict[str, tuple[type[Any], Handler]] = {
    "stagewright.template.stages": (protocol.Template, template_stages),
}
