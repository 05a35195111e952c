"""The one description of templates and roles: every key and word, what it means, what it needs.

Completion, hover, structural diagnostics and the JSON Schemas all come from here. What Choragen
refuses, and what it takes for something else, was read in its sources and seen by running it.
"""

from __future__ import annotations

from stagewright.dialects import choragen
from stagewright.dialects.choragen.shapes import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    Key,
    Kind,
    Need,
    Shape,
    Value,
    list_of,
    mapping,
    text,
)
from stagewright.dialects.dialect import Dialect
from stagewright.text.nodes import NodePath

BUILTIN_TEMPLATES = ("standard", "hotfix", "documentation", "ideation")
"""Templates that Choragen brings along; a file of such a name takes the place of the built-in."""

VARIABLES = (
    Value("requestId", "The id of the request that the workflow works on; `ADHOC` without one."),
    Value("workflowId", "The id of the workflow, such as `WF-20261122-001`."),
    Value("chainId", "The id of the stage's task chain."),
    Value("stageName", "The name of this stage."),
    Value("stageType", "The type of this stage."),
)
"""What `{{...}}` can name in an `initPrompt`. Unknown variables are left as they are."""

STAGE_TYPES = (
    Value("request", "Take in a change or fix request."),
    Value("design", "Decide how it is to be built, and write that down."),
    Value("review", "Look over what was done, and approve it."),
    Value("implementation", "Build it. Answers of this stage are kept under the role `impl`."),
    Value("verification", "Run the checks: build, tests, lint."),
    Value("ideation", "Explore an idea until it is a request, or is dropped."),
    Value("reflection", "Look back: causes, and what to do better."),
)

GATE_TYPES = (
    Value("auto", "Nothing holds the workflow up. Also meant where a gate has no type."),
    Value("human_approval", "Somebody must approve; `prompt` says what is asked."),
    Value("chain_complete", "All tasks of the chain must be done; `chainId` names it."),
    Value("verification_pass", "All of `commands` must succeed."),
    Value("post_commit", "The work must be committed."),
    Value("session_handoff", "The work must be handed over to the next session."),
)

ACTION_TYPES = (
    Value("command", "Run the shell command in `command`."),
    Value("task_transition", "Move the task on, as `taskTransition` says."),
    Value("file_move", "Move files, as `fileMove` says."),
    Value("custom", "Call the handler that `handler` names."),
    Value("spawn_agent", "Start an agent of the role in `role`."),
    Value("post_message", "Post `content` to `target`."),
    Value("emit_event", "Emit an event of the type in `eventType`."),
)

GATE_TYPE = text(*GATE_TYPES, noun="gate type")
ACTION_TYPE = text(*ACTION_TYPES, noun="action type", article="an")

_MODEL_PAIR = (
    Key(
        "provider",
        "Who offers the model: `anthropic`, `openai`, `gemini`, `ollama`, or another provider "
        "that Stagewright knows or that the settings name.",
        TEXT,
        Need.REQUIRED,
    ),
    Key(
        "model",
        "The model's id, exactly as its provider lists it.",
        TEXT,
        Need.REQUIRED,
    ),
)

DEFAULT_MODEL = mapping("model reference", *_MODEL_PAIR)

GATE = mapping(
    "gate",
    Key(
        "type",
        "What must happen before the workflow leaves the stage. Without it, `auto`.",
        GATE_TYPE,
        Need.EXPECTED,
    ),
    Key(
        "prompt",
        "What is asked for approval. Without it: “Approval required to proceed”.",
        TEXT,
    ),
    Key(
        "agentTriggered",
        "Whether approval is asked for only when the agent says so, and not on entering the stage.",
        BOOLEAN,
        only_for=("human_approval",),
    ),
    Key("auditEnabled", "Whether an audit is made at this gate.", BOOLEAN),
    Key(
        "chainId",
        "The id of the chain whose tasks must all be done.",
        TEXT,
        only_for=("chain_complete",),
    ),
    Key(
        "options",
        "The answers that somebody can choose from, instead of plain approval.",
        list_of(
            "list of options",
            mapping(
                "option",
                Key("label", "What people read.", TEXT, Need.REQUIRED),
                Key(
                    "action",
                    "What the answer does.",
                    text(
                        Value("advance", "Satisfy the gate and go on to the next stage."),
                        Value("discard", "Give the workflow up. A reason is asked for."),
                        noun="action",
                        article="an",
                        open=True,
                    ),
                    Need.REQUIRED,
                ),
                article="an",
            ),
        ),
        only_for=("human_approval",),
    ),
    Key(
        "commands",
        "The shell commands that must all succeed. Stagewright shows them and never runs them.",
        list_of("list of commands", TEXT),
        Need.REQUIRED,
        only_for=("verification_pass",),
        filled=True,
    ),
    Key("satisfied", "Whether the gate is open from the start; `false` in a template.", BOOLEAN),
    Key("satisfiedBy", "Who satisfied the gate. Written when a workflow runs.", TEXT),
    Key(
        "satisfiedAt",
        "When the gate was satisfied. Written when a workflow runs.",
        DATE,
        lenient=True,
    ),
)

ACTION = mapping(
    "action",
    Key("type", "What is done.", ACTION_TYPE, Need.REQUIRED),
    Key(
        "blocking",
        "Whether the workflow stops when the action fails. `true` where it is not given.",
        BOOLEAN,
    ),
    Key("command", "The shell command.", TEXT, Need.REQUIRED, only_for=("command",)),
    Key(
        "taskTransition",
        "What happens to the task.",
        text(
            Value("start", "It is begun."),
            Value("complete", "It is done."),
            Value("approve", "It is approved."),
            noun="task transition",
        ),
        Need.REQUIRED,
        only_for=("task_transition",),
    ),
    Key(
        "fileMove",
        "Which files are moved, and where to.",
        mapping(
            "file move",
            Key("from", "The files: a path; `*` in it stands for any name.", TEXT, Need.REQUIRED),
            Key("to", "The path or folder they are moved to.", TEXT, Need.REQUIRED),
        ),
        Need.REQUIRED,
        only_for=("file_move",),
    ),
    Key("handler", "The name of the handler.", TEXT, Need.EXPECTED, only_for=("custom",)),
    Key(
        "role",
        "The role of the agent that is started.",
        TEXT,
        Need.EXPECTED,
        only_for=("spawn_agent",),
        refers_to="role",
    ),
    Key("context", "What the agent is given to know.", ANY, only_for=("spawn_agent",)),
    Key("target", "Where the message goes.", TEXT, Need.EXPECTED, only_for=("post_message",)),
    Key("content", "The message.", TEXT, Need.EXPECTED, only_for=("post_message",)),
    Key("metadata", "More about the message.", ANY, only_for=("post_message",)),
    Key("eventType", "The type of the event.", TEXT, Need.EXPECTED, only_for=("emit_event",)),
    Key("payload", "What the event carries.", ANY, only_for=("emit_event",)),
    article="an",
)

_ACTIONS = list_of("list of actions", ACTION)

STAGE = mapping(
    "stage",
    Key("name", "The stage's name: what people, lenses and chats call it.", TEXT, Need.REQUIRED),
    Key("type", "What kind of work it is.", text(*STAGE_TYPES, noun="stage type"), Need.REQUIRED),
    Key(
        "roleId",
        "The role that works on the stage: an id from `.choragen/roles/index.yaml`. It brings the "
        "system prompt, and a model where the stage names none.",
        TEXT,
        refers_to="role",
    ),
    Key(
        "initPrompt",
        "The first thing that the model is told in this stage. Replaced in it: "
        + ", ".join(f"`{{{{{variable.name}}}}}`" for variable in VARIABLES)
        + ".",
        TEXT,
        variables=True,
    ),
    Key(
        "defaultModel",
        "The model that this stage uses unless a chat switches to another. Without it: that of "
        "the stage's role, else that of the nearest earlier stage, else the setting "
        "`chat.defaultModel`.",
        DEFAULT_MODEL,
    ),
    Key("chainId", "The id of the task chain that belongs to the stage.", TEXT),
    Key("sessionId", "The id of the session that belongs to the stage.", TEXT),
    Key(
        "gate",
        "What must happen before the workflow goes on. Without it, `auto`: nothing.",
        GATE,
        Need.EXPECTED,
    ),
    Key(
        "hooks",
        "What is done on entering and on leaving the stage. Stagewright shows hooks and never runs "
        "them.",
        mapping(
            "hooks",
            Key("onEnter", "Done when the stage begins, in this order.", _ACTIONS),
            Key("onExit", "Done when the stage ends, in this order.", _ACTIONS),
        ),
    ),
)

TEMPLATE = mapping(
    "template",
    Key(
        "name",
        "The template's name. A file that bears the name of a built-in one ("
        + ", ".join(f"`{name}`" for name in BUILTIN_TEMPLATES)
        + ") takes its place.",
        TEXT,
        Need.REQUIRED,
    ),
    Key("displayName", "The name that people read.", TEXT, Need.USUAL),
    Key("description", "What the workflow is for.", TEXT, Need.USUAL),
    Key(
        "builtin",
        "Whether the template is one of Choragen's own: `false` in a file.",
        BOOLEAN,
        lenient=True,
    ),
    Key("version", "The version of the template, a number.", NUMBER, lenient=True),
    Key("createdAt", "When the template was made.", DATE, lenient=True),
    Key("updatedAt", "When the template was last changed.", DATE, lenient=True),
    Key(
        "stages",
        "The stages, in the order they are gone through.",
        list_of("list of stages", STAGE),
        Need.REQUIRED,
        filled=True,
    ),
)

ROLE_MODEL = mapping(
    "model reference",
    *_MODEL_PAIR,
    Key(
        "temperature",
        "How freely the model answers: at 0 nearly the same each time, higher varies more.",
        NUMBER,
        Need.USUAL,
    ),
    Key("maxTokens", "The most tokens that an answer may have.", NUMBER),
    Key("options", "More for the provider.", ANY),
)

ROLE = mapping(
    "role",
    Key("id", "What a stage's `roleId` names it by.", TEXT, Need.REQUIRED),
    Key("name", "The name that people read.", TEXT, Need.USUAL),
    Key("description", "What the role is for.", TEXT, Need.USUAL),
    Key(
        "model",
        "The model that stages of this role use when they name none themselves.",
        ROLE_MODEL,
        Need.USUAL,
    ),
    Key(
        "systemPrompt",
        "What the model is told about its part, as text, or as `file:PATH` of a file in the "
        "workspace.",
        TEXT,
        Need.USUAL,
    ),
    Key(
        "toolIds",
        "The tools that the role may use. Stagewright never calls them.",
        list_of("list of tools", Shape(Kind.TEXT, "tool's id")),
        Need.USUAL,
        refers_to="tool",
    ),
    Key("createdAt", "When the role was made.", DATE, lenient=True),
    Key("updatedAt", "When the role was last changed.", DATE, lenient=True),
)

ROLES = mapping(
    "role index",
    Key("roles", "The roles.", list_of("list of roles", ROLE), Need.REQUIRED),
)

FRONT_MATTER = mapping(
    "transcript's front matter",
    Key("workflow", "The workflow whose conversation this is.", TEXT),
    Key("request", "What the work is about: a request's id or a title. May be empty.", TEXT),
    Key("stage", "The stage that the conversation is in. It changes by advancing.", TEXT),
    Key("model", "The model that answers the next message.", DEFAULT_MODEL),
)

DOCUMENTS: dict[Dialect, Shape] = {
    choragen.TEMPLATE: TEMPLATE,
    choragen.ROLES: ROLES,
    choragen.TRANSCRIPT: FRONT_MATTER,
}

ENTRIES: dict[Dialect, Shape] = {
    choragen.TEMPLATE: STAGE,
    choragen.ROLES: ROLE,
    choragen.TRANSCRIPT: FRONT_MATTER,
}


def shape_at(dialect: Dialect, path: NodePath) -> Shape | None:
    """What belongs at a path such as a Cursor's; None where anything or nothing does."""
    shape = DOCUMENTS.get(dialect)
    for step in path:
        if shape is None:
            return None
        if isinstance(step, int):
            shape = shape.items
        else:
            key = shape.key(step)
            shape = key.shape if key else None
    return shape


def key_at(dialect: Dialect, path: NodePath) -> Key | None:
    """The key that a path to a value ends in; of a list's item, the key of the list."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    shape = shape_at(dialect, path[:-1]) if path else None
    return shape.key(str(path[-1])) if shape is not None else None


def words_at(dialect: Dialect, path: NodePath) -> tuple[Value, ...]:
    """The words that the text at a path can be, or usually is; none where any text is right."""
    shape = shape_at(dialect, path)
    return shape.values if shape is not None else ()
