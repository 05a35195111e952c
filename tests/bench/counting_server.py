"""Our server with one more request, `soak/objects`: what it keeps, counted after a collection."""

from __future__ import annotations

import gc
from collections import Counter
from typing import Any

from stagewright.lsp import server, serving


async def objects(ls: server.StagewrightServer, _: Any) -> dict[str, Any]:
    """Sizes of the tables that could grow, and of which types there are most objects."""
    gc.collect()
    protocol, publisher, chats = ls.protocol, ls.publisher, await ls.chats.get()
    tables: dict[str, Any] = {
        "requests": protocol._request_futures,
        "result types": protocol._result_types,
        "progress": protocol.progress.tokens,
        "documents": ls.workspace.text_documents,
        "session tasks": ls.session._background._tasks,
        "logged once": ls.session.news._known,
        "roles": ls.session.roles,
        "refreshing": ls.editor._refreshing,
        **{
            name: getattr(publisher, f"_{name}")
            for name in ("following", "efforts", "typed", "names", "held", "pulls", "pushed")
        },
        "runs": running._runs if (running := chats.workflows._chats) else (),
        "followers": chats.transcripts._followers,
    }
    kinds = Counter(type(one).__name__ for one in gc.get_objects())
    return {
        "tables": {name: len(table) for name, table in tables.items()},
        "kinds": dict(kinds.most_common(25)),
        "objects": kinds.total(),
    }


def main() -> None:
    """Serve over stdio."""
    made = server.StagewrightServer.__init__

    def counting(self: server.StagewrightServer) -> None:
        made(self)
        self.feature("soak/objects")(objects)

    server.StagewrightServer.__init__ = counting  # type: ignore[method-assign]
    serving.serve()


if __name__ == "__main__":
    main()
