"""A long text that is read part by part says what it says as a whole, however it was edited."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagewright.dialects.dialect import Dialect, all_builtin
from stagewright.dialects.document import HEAD, Document, in_order
from stagewright.text.buffer import Position, Span
from stagewright.text.cursor_at import cursor_at
from stagewright.text.nodes import (
    DEPTH_LIMIT,
    MappingNode,
    Node,
    NodePath,
    ScalarNode,
    SequenceNode,
    move,
)
from stagewright.text.parts import LONG, Part
from stagewright.text.syntaxes import SyntaxName, syntax

_WORDS = ["model", "a", "b", "openai/gpt-5", "x: y", "it's", "", "- z", "🎭", "[t]"]


def small(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.randrange(6 if depth < 3 else 4)
    if kind < 4:
        return chance.choice([*_WORDS, 1, None, True])
    if kind == 4:
        return [small(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(_WORDS): small(chance, depth + 1) for _ in range(chance.randrange(4))}


def long(chance: random.Random) -> Any:
    count = chance.choice([2, LONG + 5])
    if chance.random() < 0.5:
        return [small(chance) for _ in range(count)]
    return {f"k{number}": small(chance) for number in range(count)}


def file(chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in chance.sample(["list", "jobs", "env", "model", "on"], chance.randrange(1, 5)):
        if chance.random() < 0.5:
            found[key] = long(chance)
        else:
            keys = chance.sample(["x", "steps", "env"], chance.randrange(1, 4))
            found[key] = {inner: long(chance) for inner in keys}
    return found


def yaml_text(value: Any, indent: bool) -> str:
    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, indentless and not indent)

    Dumper.ignore_aliases = lambda *_: True  # type: ignore[assignment,method-assign]
    return str(yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True))


def toml_text(value: dict[str, Any], _: bool) -> str:
    """Tables of the mappings in it, and lists of tables of the lists of mappings."""

    def inline(one: Any) -> str:
        if isinstance(one, dict):
            return "{ " + ", ".join(f"{json.dumps(k)} = {inline(v)}" for k, v in one.items()) + " }"
        if isinstance(one, list):
            return "[\n" + "".join(f"  {inline(item)},\n" for item in one) + "]"
        return json.dumps("" if one is None else one, ensure_ascii=False)

    def lines(one: dict[str, Any], path: str) -> str:
        text = "".join(
            f"{json.dumps(k)} = {inline(v)}\n" for k, v in one.items() if not isinstance(v, dict)
        )
        for key, inner in one.items():
            if isinstance(inner, dict):
                here = f"{path}.{json.dumps(key)}".removeprefix(".")
                text += f"\n[{here}]  # {key}\n{lines(inner, here)}"
        return text

    return lines(value, "")


def json_text(value: Any, indent: bool) -> str:
    return json.dumps(value, indent=2 if indent else "\t", ensure_ascii=False)


WRITE = {"yaml": yaml_text, "json": json_text, "toml": toml_text}


def at(node: Node | None, path: NodePath) -> Node | None:
    for step in path:
        if isinstance(node, SequenceNode):
            node = node.items[int(step)]
        elif isinstance(node, MappingNode):
            node = next(v for k, v in node.pairs if isinstance(k, ScalarNode) and k.value == step)
    return node


def said(node: Node | None) -> Any:
    """What a node says, without its places."""
    match node:
        case MappingNode():
            return [(said(key), said(value)) for key, value in node.pairs]
        case SequenceNode():
            return [said(item) for item in node.items]
        case ScalarNode():
            return node.value, node.style
    return None


def emptied(node: Node | None, paths: set[NodePath], here: NodePath = ()) -> Any:
    """What a node says where these paths are left out, and what is empty without them."""
    match node:
        case MappingNode():
            found = []
            for key, value in node.pairs:
                assert isinstance(key, ScalarNode)
                path = (*here, key.value)
                if path not in paths:
                    kept = emptied(value, paths, path)
                    found.append((key.value, None if kept in ([], ("", "")) else kept))
            return found
        case SequenceNode():
            items = enumerate(node.items)
            return [emptied(one, paths, (*here, n)) for n, one in items if (*here, n) not in paths]
    return said(node)


@pytest.mark.parametrize("name", ["yaml", "json", "toml"])
@pytest.mark.parametrize("seed", range(25))
def test_the_parts_say_what_the_whole_says(name: SyntaxName, seed: int) -> None:
    chance, ours = random.Random(seed), syntax(name)
    lines = WRITE[name](file(chance), chance.random() < 0.5).split("\n")
    whole, parts = ours.read(lines), ours.divide(lines)
    assert not whole.problems
    assert (len(lines) > LONG) or not parts
    after = 0
    for part in parts:
        assert after <= part.first < part.after <= len(lines)
        after = part.after
        read = ours.read_part([*lines[part.first : part.after], ""], part)
        assert not read.problems
        if name == "toml":  # whose tables below a table are parts of their own
            table = said(at(whole.node, part.path))
            assert all(pair in table for pair in said(read.node))
        else:
            assert read.node is not None
            assert move(read.node, part.first) == at(whole.node, part.path)
    if parts and name != "toml":
        rest = ours.read_rest(lines, parts)
        assert not rest.problems
        paths = {part.path for part in parts}
        assert emptied(rest.node, set()) == emptied(whole.node, paths)


@pytest.mark.parametrize("name", ["yaml", "json"])
def test_most_of_a_long_text_is_divided(name: SyntaxName) -> None:
    steps = [{"uses": "x", "with": {"model": f"m{n}"}} for n in range(40)]
    value = {"on": "push", "jobs": {"a": {"env": {"b": 1}, "steps": steps}, "c": {"steps": steps}}}
    lines = WRITE[name](value, True).split("\n")
    parts = syntax(name).divide(lines)
    assert ("jobs", "a", "steps", 39) in [part.path for part in parts]
    assert sum(part.after - part.first for part in parts) > 0.9 * len(lines)


def test_tables_of_lists_are_counted() -> None:
    lines = ("[[a]]\nx = 1\n[a.b]\ny = 1\n" * 20).split("\n")
    found = syntax("toml").divide(lines)
    assert found[-1] == Part(("a", 19, "b"), 78, 81)


DIALECTS = [
    (one.id, one.syntax) for one in all_builtin() if one.layout.has_parts and one.id in
    ("promptfoo", "litellm", "github-actions", "opencode", "codex", "gh-aw", "continue")
]  # fmt: skip

SEEDS: dict[SyntaxName, list[str]] = {
    "yaml": [
        "env:\n  A: 1\nproviders:\n" + "  - openai:gpt-5\n  - id: anthropic:claude-x\n" * 35,
        "model_list:\n" + "- model_name: a\n  litellm_params:\n    model: openai/gpt-5\n" * 25,
        "on: push\njobs:\n" + "".join(
            f"  j{n}:\n    env: {{A: b}}\n    steps:\n"
            + "      - uses: anthropics/claude-code-action@v1\n        with:\n"
            "          claude_args: |\n            --model claude-x\n" * 20
            for n in range(3)
        ),
    ],
    "json": [
        json.dumps({"model": "openai/gpt-5", "agent": {
            f"a{n}": {"model": "anthropic/claude-x", "tools": {"a": [1]}} for n in range(12)},
            "provider": {"x": {"models": {}}}}, indent=2),
        json.dumps({"models": [{"provider": "openai", "model": "gpt-5"}] * 20}, indent="\t"),
    ],
    "toml": [
        'model = "gpt-5"\n' + '\n[profiles.a]\nmodel = "gpt-5"\nx = [\n  "a",\n]\n' * 12,
        "[[a]]\nmodel = '''\nx\n'''\n[a.b]\nmodel = 'y'\n" * 14,
    ],
    "front-matter": [
        "---\nengine:\n  id: claude\n  model: claude-x\nsteps:\n"
        + "  - name: a\n    run: |\n      b\n" * 22 + "---\nprose\nmodel: no\n",
    ],
}  # fmt: skip
_PIECES = ["\n", "","", "x", '"', "'", "  ", "- ", "model: z", ",", "{", "}", "[", "]", "\n\n", "#",
           "}\n",
           "---\n", '"""', "[t]\n", "  - a\n", "\t", "🎭"]  # fmt: skip


def answers(document: Document) -> Any:
    """All that is read of a document, to be compared."""
    sites = [
        (document.path_of(entry), document.entry_line(entry), document.sites(entry)[number])
        for entry, number in in_order(document)
    ]
    entries = [
        (
            document.path_of(i),
            document.entry_line(i),
            document.entry(i).node,
            document.entry(i).span,
        )
        for i in range(document.count())
    ]
    head = document.entry(HEAD).node if document.has_parts else document.head()
    return sites, entries, head, document.problems()


@pytest.mark.parametrize(("name", "syntax_name"), DIALECTS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_an_edited_text_is_its_text_read_anew(
    name: str, syntax_name: SyntaxName, chance: random.Random, count: int
) -> None:
    dialect = _dialect(name, syntax_name)
    document = Document(chance.choice(SEEDS[syntax_name]), dialect)
    for _ in range(count):
        if chance.random() < 0.8:
            answers(document)
        line = chance.randrange(len(document.lines))
        column = chance.randrange(len(document.lines[line]) + 1)
        end = line + (chance.randrange(4) if chance.random() < 0.4 else 0)
        last = column if end == line else chance.randrange(20)
        if chance.random() < 0.3 and end == line:
            last = column + 2
        document.edit(Span(Position(line, column), Position(end, last)), chance.choice(_PIECES))
    fresh = Document(document.text, dialect)
    assert answers(document) == answers(fresh)
    place = Position(chance.randrange(len(document.lines)), chance.randrange(20))
    assert cursor_at(document, place, in_texts=True) == cursor_at(fresh, place, in_texts=True)


def _dialect(name: str, syntax_name: SyntaxName) -> Dialect:
    return next(one for one in all_builtin() if (one.id, one.syntax) == (name, syntax_name))


@pytest.mark.parametrize("syntax_name", list(SEEDS))
def test_an_untouched_part_is_not_read_again(syntax_name: SyntaxName) -> None:
    dialect = next(_dialect(*one) for one in DIALECTS if one[1] == syntax_name)
    for text in SEEDS[syntax_name]:
        document = Document(text, dialect)
        before = [document.entry(index) for index in range(document.count())]
        assert len(before) > 10
        middle = len(before) // 2
        line = document.entry_line(middle)
        document.edit(Span(Position(line, 0), Position(line, 0)), "\n")
        after = [document.entry(index) for index in range(document.count())]
        same = [one is other for one, other in zip(before, after, strict=True)]
        assert same.count(False) <= 2
        assert document.entry_line(len(before) - 1) > line


@pytest.mark.parametrize(
    ("syntax_name", "seed", "line", "column", "path"),
    [
        ("json", 0, 4, 20, ("agent", "a0", "model")),
        ("json", 0, 84, 20, ("agent", "a10", "model")),
        ("json", 0, 1, 15, ("model",)),
        ("json", 1, 71, 16, ("models", 17, "provider")),
        ("toml", 0, 0, 11, ("model",)),
        ("toml", 0, 69, 11, ("profiles", "a", "model")),
        ("toml", 1, 77, 9, ("a", 12, "b", "model")),
        ("yaml", 1, 72, 14, ("model_list", 23, "litellm_params", "model")),
        ("front-matter", 0, 3, 10, ("engine", "model")),
    ],
)
def test_a_cursor_in_a_long_text(
    syntax_name: SyntaxName, seed: int, line: int, column: int, path: NodePath
) -> None:
    name = next(name for name, its in DIALECTS if its == syntax_name)
    text = SEEDS[syntax_name][seed]
    found = cursor_at(Document(text, _dialect(name, syntax_name)), Position(line, column))
    assert found is not None, text.split("\n")[line]
    assert found.path == path


def test_the_end_of_its_last_line_belongs_to_a_part() -> None:
    dialect = _dialect("github-actions", "yaml")
    step = "      - run: |\n          echo {}\n"
    text = "jobs:\n  a:\n    steps:\n" + "".join(map(step.format, range(40)))
    document = Document(text + step.format("x").rstrip("\n"), dialect)
    answers(document)
    line = len(document.lines) - 2
    document.edit(Span(Position(line - 1, 99), Position(line + 1, 99)), "")
    assert answers(document) == answers(Document(document.text, dialect))


MUCH = 30_000
HOSTILE: list[tuple[SyntaxName, str]] = [
    ("json", "["),
    ("json", '{"a":'),
    ("json", '{"a": 1},\n'),
    ("json", '"\\'),
    ("json", '["'),
    ("json", "\0"),
    ("json", "\ud800"),
    ("json", "}\n"),
    ("json", "/*"),
    ("json", '",'),
    ("toml", "a = ["),
    ("toml", "a = [\n"),
    ("toml", "[a]\n"),
    ("toml", "[["),
    ("toml", 'a = """\n'),
    ("toml", "a."),
    ("toml", "a = {"),
    ("toml", 'a = ",'),
    ("toml", "\0"),
    ("toml", "\ud800"),
    ("yaml", "a:\n"),
    ("yaml", "- "),
    ("yaml", "\0"),
    ("yaml", "a: [\n"),
    ("front-matter", "---\n"),
    ("front-matter", "---\na: {"),
]


@pytest.mark.parametrize(("syntax_name", "piece"), HOSTILE)
def test_much_of_anything_is_read_to_an_end(syntax_name: SyntaxName, piece: str) -> None:
    dialect = next(_dialect(*one) for one in DIALECTS if one[1] == syntax_name)
    for text in (piece * (MUCH // len(piece)), "a" + piece * 300, '{"a": ' + piece * 300 + "\nx"):
        document = Document(text, dialect)
        in_order(document)
        document.edit(Span(Position(0, 1), Position(0, 1)), "x")
        in_order(document)
        place = Position(len(document.lines) // 2, 2)
        cursor_at(document, place, in_texts=True)
        assert document.text == text[:1] + "x" + text[1:]


@pytest.mark.parametrize("syntax_name", list(SEEDS))
def test_half_a_file_is_read_as_far_as_it_goes(syntax_name: SyntaxName) -> None:
    dialect = next(_dialect(*one) for one in DIALECTS if one[1] == syntax_name)
    for text in SEEDS[syntax_name]:
        for length in range(0, len(text), len(text) // 40):
            document = Document(text[:length], dialect)
            whole = Document(text, dialect)
            assert len(in_order(document)) <= len(in_order(whole)) + 1


@pytest.mark.parametrize("step", [" ", "   "])
@pytest.mark.parametrize("end", ["", "b", "- b"])
def test_yaml_is_divided_however_deep_it_nests(step: str, end: str) -> None:
    lines = [f"{step * depth}a:" for depth in range(1_200)] + [step * 1_200 + end]
    (part,) = syntax("yaml").divide(lines)
    assert len(part.path) <= DEPTH_LIMIT + 1
