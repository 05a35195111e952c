"""The names of the notifications that we add to LSP."""

MODELS_CHANGED = "stagewright/models/changed"
STATUS = "stagewright/status"
OFFERED = "stagewright/models/offered"
CHAT_STARTED = "stagewright/chat/started"
CHAT_DELTA = "stagewright/chat/delta"
CHAT_FINISHED = "stagewright/chat/finished"
CHAT_FAILED = "stagewright/chat/failed"

NOTIFICATIONS = (
    CHAT_STARTED,
    CHAT_DELTA,
    CHAT_FINISHED,
    CHAT_FAILED,
    MODELS_CHANGED,
    STATUS,
)
"""Those to the client."""

TO_THE_SERVER = (OFFERED,)
