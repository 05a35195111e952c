"""`shutdown`: background work ends before the client goes."""

from __future__ import annotations

from stagewright.lsp.parts import Parts


async def shutdown(parts: Parts, _: None) -> None:
    """Save what has come, and end all other requests."""
    await parts.close()
    parts.session.editor.end_requests()
