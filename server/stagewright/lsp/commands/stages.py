"""The command that tells a template's stages to clients that do not read YAML themselves."""

from __future__ import annotations

from stagewright.analysis.features import features
from stagewright.lsp.convert import range_json
from stagewright.lsp.files import read_template
from stagewright.lsp.session import Session
from stagewright.lsp.shapes import JsonObject
from stagewright.text.nodes import ScalarNode


async def template_stages(session: Session, uri: str) -> JsonObject:
    """The stages in order, each with its place and its model."""
    document, path = await read_template(session, uri)
    root = session.roots.of(path)
    if session.roles_of(root) is None:
        await session.read_roles(root)
    more = features(document.dialect)
    models = more.models_in_effect(document, session.options(uri)) if more else ()
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
                "model": own and own.to_json(),
                "effective": in_effect.to_json(),
            }
        )
    return {"name": name.value if isinstance(name, ScalarNode) else None, "stages": stages}
