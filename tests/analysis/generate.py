"""Random templates as Choragen's writer would write them, and random edits of them."""

from typing import Any

from hypothesis import strategies as st

from stagewright.text.buffer import Position, Span

NAMES = st.from_regex(r"[a-z][a-z-]{0,12}", fullmatch=True)
TEXTS = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x2FFF, exclude_characters='\x7f"\\', codec="utf-8"
    ).filter(lambda char: char.isprintable()),
    max_size=30,
)
TYPES = st.sampled_from(
    ["request", "design", "review", "implementation", "verification", "ideation", "reflection"]
)
REFERENCES = st.fixed_dictionaries(
    {
        "provider": st.sampled_from(["anthropic", "openai", "mistral", "nobody"]),
        "model": st.sampled_from(
            ["claude-opus-4-5", "claude-opus-4-1", "gpt-5", "gpt-9", "text-embedding-3-large"]
        ),
    }
)
BOOLEANS = st.sampled_from(["true", "false"]).map(lambda word: Plain(word))


def _ended(gate: dict[str, Any]) -> dict[str, Any]:
    """With `satisfied` behind options, as Choragen writes it: it overlooks hooks behind those."""
    if "options" not in gate:
        return gate
    satisfied = gate.pop("satisfied", Plain("false"))
    return {**gate, "satisfied": satisfied}


class Plain(str):
    """A value that is written without quotes."""


def gates() -> st.SearchStrategy[dict[str, Any]]:
    kind = st.sampled_from(
        ["auto", "human_approval", "chain_complete", "post_commit", "session_handoff"]
    )
    option = st.fixed_dictionaries(
        {"label": TEXTS.filter(str.strip), "action": st.sampled_from(["advance", "discard"])}
    )
    return st.one_of(
        st.fixed_dictionaries(
            {"type": kind, "satisfied": BOOLEANS},
            optional={
                "prompt": TEXTS.filter(str.strip),
                "options": st.lists(option, min_size=1, max_size=2),
            },
        ).map(_ended),
        st.fixed_dictionaries(
            {
                "type": st.just("verification_pass"),
                "commands": st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3),
            }
        ),
    )


def hooks() -> st.SearchStrategy[dict[str, Any]]:
    action = st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("command"), "command": TEXTS.filter(str.strip)},
            optional={"blocking": BOOLEANS},
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("task_transition"),
                "taskTransition": st.sampled_from(["start", "complete", "approve"]),
            }
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("file_move"),
                "fileMove": st.fixed_dictionaries({"from": NAMES, "to": NAMES}),
            }
        ).map(lambda action: {"type": action.pop("type"), **action}),
    )
    actions = st.lists(action, min_size=1, max_size=2)
    return st.fixed_dictionaries({"onEnter": actions}, optional={"onExit": actions})


def stages() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"name": NAMES, "type": TYPES, "gate": gates()},
        optional={
            "roleId": NAMES,
            "initPrompt": TEXTS,
            "defaultModel": REFERENCES,
            "hooks": hooks(),
        },
    )


def templates() -> st.SearchStrategy[str]:
    """Texts of valid templates."""
    listed = st.lists(stages(), min_size=1, max_size=4, unique_by=lambda stage: stage["name"])
    head = st.fixed_dictionaries(
        {"name": NAMES},
        optional={"displayName": TEXTS, "builtin": BOOLEANS, "version": st.just(Plain("1"))},
    )
    comments = st.lists(st.sampled_from(["# a comment", "", "  # another: one"]), max_size=2)
    return st.builds(
        lambda head, listed, comments: "\n".join(
            [*comments, *_block({**head, "stages": listed}, 0), ""]
        ),
        head,
        listed,
        comments,
    )


ORDER = [
    "name",
    "displayName",
    "description",
    "builtin",
    "version",
    "stages",
    "label",
    "action",
    "type",
    "roleId",
    "initPrompt",
    "defaultModel",
    "provider",
    "model",
    "gate",
    "prompt",
    "options",
    "commands",
    "satisfied",
    "hooks",
    "onEnter",
    "onExit",
    "blocking",
    "command",
    "taskTransition",
    "fileMove",
    "from",
    "to",
]
"""In which Choragen's writer writes keys, and its reader needs some of them."""


def _block(value: dict[str, Any], indent: int) -> list[str]:
    pad, lines = " " * indent, []
    for key, item in sorted(value.items(), key=lambda pair: ORDER.index(pair[0])):
        if isinstance(item, dict):
            lines += [f"{pad}{key}:", *_block(item, indent + 2)]
        elif isinstance(item, list):
            lines.append(f"{pad}{key}:")
            for one in item:
                if isinstance(one, dict):
                    first, *rest = _block(one, indent + 4)
                    lines += [f"{pad}  - {first.strip()}", *rest]
                else:
                    lines.append(f"{pad}  - {_scalar(one)}")
        else:
            lines.append(f"{pad}{key}: {_scalar(item)}")
    return lines


def _scalar(value: str) -> str:
    return value if isinstance(value, Plain) else f'"{value}"'


PIECES = st.one_of(
    st.sampled_from(" :-#\"'{}[],|>\n\r\t\0?😀\u2028\ufeff"),
    st.sampled_from(("\r\n", "  ", ": ", "- ", " # x", "*a", "&a ", "<<: *a", "!!str ", "---\n")),
    st.sampled_from(("defaultModel:", "provider: openai", "model: gpt-9", "stages:", "gate: auto")),
    st.text(max_size=5),
)


@st.composite
def changes(draw: st.DrawFn, lines: list[str]) -> tuple[Span, str]:
    """A place in the text and what shall stand there instead."""
    first = draw(st.integers(0, len(lines) - 1))
    last = draw(st.integers(first, min(first + 2, len(lines) - 1)))
    start = Position(first, draw(st.integers(0, len(lines[first]))))
    end = Position(last, draw(st.integers(0, len(lines[last]))))
    return Span(min(start, end), max(start, end)), draw(PIECES)
