"""Random templates in every style that people and `yaml.dump` write, right and wrong ones."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

Pairs = list[tuple[str, Any]]

_WORDS = (
    "design",
    "a b",
    "it's",
    'say "x"',
    "x: y",
    "a #b",
    "#",
    "null",
    "~",
    "",
    "yes",
    "4",
    "- a",
)
_ODD_WORDS = (
    "\n",
    "one\ntwo\n",
    "a\\b",
    "é",
    "\t",
    "*a",
    "&a",
    "{a}",
    "bell\a",
    "x  ",
    "😀 z",
    "%",
)
_PROVIDERS = ("openai", "opnai", "anthropic", "mistral")
_MODELS = ("gpt-5", "claude-opus-4-1", "gpt-5o", "text-embedding-3-large", "x:7b")
_STAGE_TYPES = ("design", "review", "desing", "verification")
_GATE_TYPES = ("auto", "human_approval", "verification_pass", "atuo")


class Null:
    """Nothing, however that is written."""


class Bare(str):
    """A word that is written as it is: a boolean, a number."""


def templates() -> st.SearchStrategy[str]:
    """Texts that parse, nearly always; each comment in one of them is `# c` and its own number."""
    return st.integers(0, 1 << 32).map(lambda seed: _Writer(Random(seed)).template())


def _stage(rng: Random) -> Pairs:
    pairs: Pairs = [("name", _word(rng)), ("type", rng.choice(_STAGE_TYPES))]
    pairs += rng.sample(
        [
            ("roleId", _word(rng)),
            ("initPrompt", _text(rng)),
            ("defaultModel", _reference(rng)),
            ("gate", _gate(rng)),
            ("hooks", _hooks(rng)),
            ("chainId", _word(rng)),
            ("roleid", _word(rng)),
            ("extra", _anything(rng)),
        ],
        rng.randrange(6),
    )
    return _mixed(rng, pairs)


def _gate(rng: Random) -> Any:
    option: Pairs = [("label", _word(rng)), ("action", rng.choice(("advance", "dicard")))]
    pairs: Pairs = [("type", rng.choice(_GATE_TYPES))]
    pairs += rng.sample(
        [
            ("options", [_mixed(rng, option) for _ in range(rng.randrange(3))]),
            ("commands", [_word(rng) for _ in range(rng.randrange(3))]),
            ("satisfied", _boolean(rng)),
            ("agentTriggered", _boolean(rng)),
            ("satisfed", _boolean(rng)),
            ("prompt", _text(rng)),
        ],
        rng.randrange(4),
    )
    return rng.choice((_mixed(rng, pairs), _mixed(rng, pairs), "auto", Null(), []))


def _hooks(rng: Random) -> Any:
    def action() -> Any:
        pairs: Pairs = rng.choice(
            (
                [("type", "command"), ("command", _text(rng))],
                [("type", "file_move"), ("fileMove", [("from", "a"), ("to", _word(rng))])],
                [("type", "spawn_agent"), ("role", _word(rng)), ("contxt", _anything(rng))],
                [("type", "custom"), ("handlr", _word(rng))],
            )
        )
        if rng.randrange(2):
            pairs = [*pairs, (rng.choice(("blocking", "blockin")), _boolean(rng))]
        return _mixed(rng, pairs)

    keys = rng.sample(("onEnter", "onExit", "onEntr"), rng.randrange(3))
    return [(key, [action() for _ in range(rng.randrange(3))]) for key in keys] or Null()


def _reference(rng: Random) -> Any:
    pairs: Pairs = [("provider", rng.choice(_PROVIDERS)), ("model", rng.choice(_MODELS))]
    return rng.choice((pairs, pairs, _mixed(rng, pairs), pairs[1:], "gpt-5", Null()))


def _anything(rng: Random, depth: int = 0) -> Any:
    kind = rng.randrange(5) if depth < 3 else 0
    if kind == 1:
        return [_anything(rng, depth + 1) for _ in range(rng.randrange(3))]
    if kind == 2:
        keys = rng.sample(("gate", "a b", "type", "x-1", "stages"), rng.randrange(3))
        return [(key, _anything(rng, depth + 1)) for key in keys] or Null()
    if kind == 3:
        return rng.choice((Null(), _boolean(rng), Bare("4.5")))
    return _text(rng)


def _mixed(rng: Random, pairs: Pairs) -> Any:
    """The pairs, sometimes in another order, too few or too many of them."""
    pairs = list(pairs)
    chance = rng.randrange(12)
    if chance == 0:
        rng.shuffle(pairs)
    elif chance == 1 and pairs:
        pairs.append(rng.choice(pairs))
    elif chance == 2:
        return Null()
    elif chance == 3:
        return []
    return pairs


def _word(rng: Random) -> Any:
    return rng.choice(_WORDS) if rng.randrange(3) else rng.choice("abcdef")


def _text(rng: Random) -> Any:
    return rng.choice((*_WORDS, *_ODD_WORDS)) if rng.randrange(8) else Null()


def _boolean(rng: Random) -> Any:
    return Bare(rng.choice(("true", "false", "yes", "No", "off")))


class _Writer:
    """Writes values, each in a style of its own."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.wild = rng.choice((0.02, 0.1, 0.4))  # how often something unusual is written
        self.comments = 0
        self.anchors: list[str] = []

    def template(self) -> str:
        rng = self.rng
        stages = [_stage(rng) for _ in range(rng.randrange(4))]
        pairs: Pairs = [("name", _word(rng)), ("stages", stages)]
        more = [("version", Bare("1")), ("builtin", _boolean(rng)), ("descripton", _text(rng))]
        more += [("description", _text(rng)), ("extra", _anything(rng)), ("x-a", _anything(rng))]
        pairs += rng.sample(more, rng.randrange(4))
        if self.odd():
            rng.shuffle(pairs)
        lines = [*self.notes(0), *self.block(pairs, 0)] if not self.odd() else self.flow_file(pairs)
        if self.odd():
            lines.insert(0, "---")
        if self.odd():
            lines.append(rng.choice(("...", "---\nname: other", "---")))
        end = rng.choice(("\n", "\n", "\r\n"))
        text = "\n".join([*lines, *self.notes(0), ""]).replace("\n", end)
        return ("\ufeff" if self.odd() else "") + (text if rng.randrange(4) else text.rstrip())

    def odd(self) -> bool:
        return self.rng.random() < self.wild

    def comment(self) -> str:
        self.comments += 1
        return (
            f"# c{self.comments}{self.rng.choice(('', ' x: y', chr(9) + 'z', ' &a *b', ' - {'))}."
        )

    def behind(self) -> str:
        """What follows a value on its line."""
        if not self.odd():
            return " " if self.odd() else ""
        return f"{self.rng.choice((' ', '  ', chr(9)))}{self.comment()}"

    def notes(self, column: int) -> list[str]:
        """Lines between others."""
        if not self.odd():
            return []
        at = self.rng.choice((column, column, 0, column + 2))
        return [self.rng.choice(("", f"{' ' * at}{self.comment()}")), *self.notes(column)]

    def flow_file(self, pairs: Pairs) -> list[str]:
        return [self.flow(pairs, 0), *self.notes(0)]

    def properties(self, *, anchors: bool = True) -> str:
        text = ""
        if anchors and self.odd() and self.odd():
            name = self.rng.choice(("a", "id001", "b", f"n{len(self.anchors)}"))
            self.anchors.append(name)
            text = f"&{name} "
        return text

    def alias(self) -> str | None:
        if self.anchors and self.odd():
            return f"*{self.rng.choice(self.anchors)}"
        return None

    def key(self, name: str) -> str:
        if self.odd() and self.odd():
            return self.rng.choice((f'"{name}"', f"'{name}'", f"&k{name[:1]} {name}"))
        return name

    def block(self, value: Any, column: int) -> list[str]:
        """The lines of a collection that is not empty, at a column."""
        lines: list[str] = []
        pad = " " * column
        if _is_mapping(value):
            if self.odd() and (alias := self.alias()):
                lines.append(f"{pad}<<: {alias}{self.behind()}")
            for name, item in value:
                lines += self.notes(column)
                lines += self.value(f"{pad}{self.key(name)}:", item, column)
            return lines
        for item in value:
            lines += self.notes(column)
            lines += self.item(item, column)
        return lines

    def item(self, item: Any, column: int) -> list[str]:
        pad, rng = " " * column, self.rng
        if isinstance(item, list) and item and not self.odd():
            prefix = self.properties() if self.odd() else ""
            width = 1 + rng.choice((1, 1, 1, 1, 3 if self.odd() else 1))
            if prefix or self.odd():
                below = self.block(item, column + width)
                return [f"{pad}- {prefix}{self.behind()}".rstrip(" "), *below]
            first, *rest = self.block(item, column + width)
            while not first.strip() or first.strip().startswith("#"):
                if first.strip():
                    return [f"{pad}-{self.behind()}", first, *rest]
                first, *rest = rest
            return [f"{pad}-{' ' * (width - 1)}{first[column + width :]}", *rest]
        return self.value(f"{pad}-", item, column)

    def value(self, head: str, value: Any, column: int) -> list[str]:
        """A key or dash with its value, which may go on below it."""
        rng = self.rng
        if alias := self.alias():
            return [f"{head} {alias}{self.behind()}"]
        if isinstance(value, list) and value and not self.odd():
            prefix = self.properties()
            deeper = rng.choice((1, 3, 4)) if self.odd() else 2
            if not _is_mapping(value) and not head.endswith("-") and self.odd():
                deeper = 0  # as yaml.dump does
            first = f"{head} {prefix}".rstrip(" ") + self.behind()
            return [first, *self.block(value, column + deeper)]
        if self.odd() and _fits_below(value):
            below = " " * (column + 2)
            if self.odd():
                return [head, f"{below}{self.scalar(value)}{self.behind()}"]
            mark = rng.choice(("|", ">", "|-", ">+"))
            lines = [f"{below}{line}" for line in value.split("\n")]
            return [f"{head} {self.properties()}{mark}{self.behind()}", *lines]
        text = self.flow(value, column + 2)
        first = f"{head} {text}" if text else head
        return [*f"{first}{self.behind()}".split("\n")]

    def flow(self, value: Any, column: int) -> str:
        """A value in flow style, on one line or on several."""
        if not isinstance(value, list):
            return self.scalar(value)
        if self.odd() and (alias := self.alias()):
            return alias
        opened, closed = ("{", "}") if _is_mapping(value) else ("[", "]")
        if not value:
            opened, closed = self.rng.choice(("{}", "[]"))
        parts = []
        prefix = self.properties()
        for item in value:
            if _is_mapping(value):
                text = self.flow(item[1], column)
                parts.append(f"{self.key(item[0])}: {text}".rstrip(" "))
            else:
                parts.append(self.flow(item, column) or "~")
        split = self.odd()
        text = ""
        for part in parts[:-1]:
            text += f"{part},{self.behind()}\n{' ' * column}" if split else f"{part}, "
        return f"{prefix}{opened}{text}{''.join(parts[-1:])}{closed}"

    def scalar(self, value: Any) -> str:
        if isinstance(value, Null):
            return self.rng.choice(("", "", "null", "~"))
        prefix = self.properties()
        if self.odd() and self.odd():
            prefix += "!!str "
        if isinstance(value, Bare):
            return prefix + value
        if value in _SAFE and not self.odd():
            return prefix + value
        if "'" not in value and "\n" not in value and "\a" not in value and self.rng.randrange(2):
            return f"{prefix}'{value}'"
        if value and value.isprintable() and self.odd():
            return "{}'{}'".format(prefix, value.replace("'", "''"))
        for char, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\a", "\\a")):
            value = value.replace(char, escape)
        return f'{prefix}"{value}"'


_SAFE = frozenset(
    (
        *_PROVIDERS, *_MODELS, *_STAGE_TYPES, *_GATE_TYPES, "a b", "it's", "4", "é", "a\\b", "yes",
        *"abcdef", "advance", "dicard", "command", "file_move", "spawn_agent", "custom",
    )
)  # fmt: skip
"""Texts that need no quotes in any place."""


def _fits_below(value: Any) -> bool:
    """Whether it can be written as a text of its own lines."""
    plain = isinstance(value, str) and not isinstance(value, Bare)
    return plain and value[:1] not in ("", " ", "\n", "\t") and not {"\a", "\\"} & set(value)


def _is_mapping(value: Any) -> bool:
    return bool(value) and isinstance(value[0], tuple)
