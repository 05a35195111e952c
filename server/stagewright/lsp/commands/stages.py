"""The command that tells a template's stages to clients that do not read YAML themselves."""

from __future__ import annotations

from stagewright.analysis.choragen.stage_models import stage_models
from stagewright.dialects import choragen
from stagewright.lsp.commands import arguments
from stagewright.lsp.convert import range_json
from stagewright.lsp.documents import path_of
from stagewright.lsp.errors import failure
from stagewright.lsp.files import read_file
from stagewright.lsp.session import Session
from stagewright.lsp.shapes import JsonObject, effective_json, model_json
from stagewright.text.yaml.syntax import ScalarNode


async def template_stages(session: Session, argument: arguments.Template) -> JsonObject:
    """The stages in order, each with its place and its model."""
    file = await read_file(session, argument.uri)
    path = path_of(argument.uri)
    if file is None or path is None or file.document.dialect is not choragen.TEMPLATE:
        raise failure("template-unknown", f"{argument.uri} is no template that can be read.")
    root = session.roots.of(path)
    if session.roles_of(root) is None:
        await session.read_roles(root)
    document = file.document
    models = stage_models(document, session.roles_of(root), session.settings.chat.default_model)
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
                    session.client.encoding,
                ),
                "model": model_json(own) if own else None,
                "effective": effective_json(in_effect),
            }
        )
    return {"name": name.value if isinstance(name, ScalarNode) else None, "stages": stages}


COMMANDS: dict[str, arguments.Command] = {
    "stagewright.template.stages": (arguments.Template, template_stages),
}
