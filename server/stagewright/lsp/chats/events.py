"""What happens to answers, as the client is told of it."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.documents import uri_of
from stagewright.lsp.editor import Editor
from stagewright.lsp.notifications import CHAT_DELTA, CHAT_FAILED, CHAT_FINISHED, CHAT_STARTED
from stagewright.lsp.shapes import JsonObject
from stagewright.workflows.run import (
    ChatDelta,
    ChatFailed,
    ChatFinished,
    ChatStarted,
    ChatUnsaved,
    RunEvent,
)
from stagewright.workflows.sending import Said


def tell(editor: Editor, event: RunEvent) -> None:
    """Tell the client what happened to an answer."""
    told: JsonObject = {
        "runId": event.run_id,
        "workflowId": event.workflow_id,
        "root": uri_of(event.root),
        "messageId": event.message_id,
    }
    notify = editor.notify
    match event:
        case ChatStarted(model=model, origin=origin, said=said):
            who = {"model": model.to_json(), "origin": origin.value}
            notify(CHAT_STARTED, told | who | {"said": said and said_json(said)})
        case ChatDelta(text=text):
            notify(CHAT_DELTA, told | {"text": text})
        case ChatUnsaved(message=trouble):
            editor.tell(types.MessageType.Warning, trouble)
        case ChatFinished(message=message, ended=ended, reason=reason):
            end = {"ended": ended, "reason": reason, "partial": event.partial}
            notify(CHAT_FINISHED, told | {"message": message.to_json(), **end})
        case ChatFailed(code=code, message=message, retryable=retryable):
            notify(CHAT_FAILED, told | {"code": code, "message": message, "retryable": retryable})


def said_json(said: Said) -> JsonObject:
    """A message that was just said, with what a view says of its workflow from then on."""
    return {
        "message": said.message.to_json(),
        "title": said.title,
        "superseded": sorted(said.superseded),
    }
