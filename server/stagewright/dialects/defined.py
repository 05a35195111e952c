"""What files declare: names of models, providers of their user's own, and what governs others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stagewright.dialects.around import Around, holds, look
from stagewright.dialects.dialect import Defines, NamesAt, SettingsFiles
from stagewright.dialects.governed import NOTHING, UNGOVERNED, Defined, Governed
from stagewright.dialects.key_path import KEY, RelativePath, Step, beyond, values_at
from stagewright.dialects.place import Condition
from stagewright.text.nodes import AliasNode, MappingNode, Node, NodePath, ScalarNode
from stagewright.text.syntaxes import SyntaxName, syntax


def defined_in(node: Node | None, defines: Defines, path: NodePath = ()) -> Defined:
    """What is declared in a node, which stands at this path of its file."""
    if node is None or not (defines.models or defines.providers):
        return NOTHING
    models = frozenset(_names(node, defines.models, path))
    providers = frozenset(_names(node, defines.providers, path))
    others = (
        any("*" in name for name in models)
        or any(_may_hold(one, node, path) for one in defines.elsewhere)
        or any(
            _is_hidden(node, steps)
            for one in (*defines.models, *defines.providers)
            if (steps := beyond(one.at.steps, path)) is not None
        )
    )
    return Defined(models, providers, others)


def _names(node: Node, places: Iterable[NamesAt], path: NodePath) -> Iterator[str]:
    return (name for name, _ in declared(node, places, path))


def declared(
    node: Node, places: Iterable[NamesAt], path: NodePath
) -> Iterator[tuple[str, ScalarNode | None]]:
    """Each name that is declared in a node, and the text that declares it: None where that is the
    key of a mapping around the node."""
    for place in places:
        every = place.at.steps
        keys = every[-1:] == (KEY,)
        if keys and len(path) >= len(every) and beyond(every, path[: len(every)]) is not None:
            # The node is the value of such a key, or stands in one: then what else does is unknown.
            if len(path) > len(every) or _has(place, node):
                yield str(path[len(every) - 1]), None
            continue
        steps = beyond(every, path)
        for found in values_at(node, steps) if steps is not None else ():
            named = found.key if keys else found.value
            if isinstance(named, ScalarNode) and named.value and _has(place, found.value):
                before = named.value.partition(place.before)[0] if place.before else named.value
                yield before.strip(), named


def _has(place: NamesAt, node: Node) -> bool:
    around = Around((), node)
    return not place.has or any(look(one, around).there is not False for one in place.has)


def _may_hold(condition: Condition, node: Node, path: NodePath) -> bool:
    steps = beyond(condition.at.steps, path)
    if steps is None or not isinstance(node, MappingNode):
        return False
    here = Condition(RelativePath("$", steps), condition.values)
    return holds(here, Around((node,)), ()) is not False


def _is_hidden(node: Node, steps: tuple[Step, ...]) -> bool:
    """Whether an alias or a merge key stands for something on the way."""
    if isinstance(node, AliasNode):
        return True
    if not steps:
        return False
    if isinstance(node, MappingNode) and any(
        isinstance(key, ScalarNode) and key.value == "<<" for key, _ in node.pairs
    ):
        return True
    return any(_is_hidden(found.value, steps[1:]) for found in values_at(node, steps[:1]))


def governed_by(settings: SettingsFiles, name: str, text: str) -> Governed:
    """What the text of a settings file of this name says of those that it governs. One that is
    broken is read as far as it can be."""
    word = _SYNTAXES.get(name.rpartition(".")[2].lower(), "yaml")
    node = syntax(word).read(text.splitlines()).node
    if not isinstance(node, MappingNode):
        return UNGOVERNED
    redirected = any(holds(one, Around((node,)), ()) is not False for one in settings.redirects)
    return Governed(redirected, defined_in(node, settings.defines))


_SYNTAXES: Mapping[str, SyntaxName] = {"json": "json", "jsonc": "json", "toml": "toml"}
