"""Reads each source. A new one is one function and one line in `SOURCES`, which says its weight:
of facts on which they differ the first one's is taken, except for the last day (see the reader).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from server.tools.knowledge import routes
from server.tools.knowledge.facts import Said, Table, day, is_id, without_gaps


def litellm(_known: Table, _day: date) -> Said:
    """Limits, prices, modes and ends of exact ids."""
    entries = _json("litellm", "model_prices_and_context_window_backup.json")
    # The plain key before those with a prefix: of one id several can be listed, by region, say.
    for key in sorted(entries, key=lambda key: (key.count("/"), key)):
        found = routes.of_litellm(key, entries[key].get("litellm_provider"))
        if found is not None and is_id(found.id):
            yield found.provider, found.id, _litellm_facts(found, entries[key])


def _litellm_facts(found: routes.Route, entry: Mapping[str, Any]) -> Any:
    mode = entry.get("mode")
    follower = entry.get("successor_model")
    after = routes.of_litellm(follower, entry["litellm_provider"]) if follower else None
    able = {"tools": "function_calling", "vision": "vision", "thinking": "reasoning"}
    return without_gaps(
        mode="moderation" if _GUARD.search(found.id) else "chat" if mode == "responses" else mode,
        context=_count(entry.get("max_input_tokens")),
        output=_count(entry.get("max_output_tokens")),
        price=_price(entry.get("input_cost_per_token"), entry.get("output_cost_per_token"), 1e6),
        can=[ours for ours, theirs in able.items() if entry.get(f"supports_{theirs}") is True],
        aliases=list(found.aliases),
        end=day(entry.get("deprecation_date")),
        next=ids_in(after.id) if after and after.provider == found.provider else [],
    )


_GUARD = re.compile(r"(prompt|llama)-?guard")
"""Models that say whether a text is harmful, and nothing else: LiteLLM counts them as chat."""


def anthropic(_known: Table, _day: date) -> Said:
    """The ends that Anthropic's SDK warns of."""
    row = re.compile(r'^ +"([^"]+)": "([A-Z][a-z]+ \d+)[a-z]{2}, (\d{4})",$', re.MULTILINE)
    text = _file("anthropic", "_data/deprecated_models.py").read_text("utf-8")
    table = text[text.index("DEPRECATED_MODELS: ") :]
    for model_id, month_and_day, year in row.findall(table[: table.index("}")]):
        said = datetime.strptime(f"{month_and_day} {year}", "%B %d %Y").replace(tzinfo=UTC)
        yield "anthropic", model_id, without_gaps(end=said.date().isoformat())


def model_retire(_known: Table, _day: date) -> Said:
    """Retirements with what follows them; an alias ends with its model."""
    for entry in _json("bydtech-model-retire", "models.json")["models"]:
        provider = routes.MODEL_RETIRE[entry["provider"]]
        aliases = entry.get("aliases", [])
        facts = without_gaps(
            announced=before(entry.get("deprecated_on"), entry.get("retires_on")),
            end=day(entry.get("retires_on")),
            next=ids_in(entry.get("replacement", "")),
            seen=day(entry.get("checked")),
        )
        for model_id in (entry["id"], *aliases):
            others = [name for name in (entry["id"], *aliases) if name != model_id]
            if is_id(model_id):
                own = {"aliases": others} if model_id == entry["id"] and others else {}
                yield provider, model_id, {**facts, **own}  # type: ignore[typeddict-item]


def llm_sunset(_known: Table, _day: date) -> Said:
    """Retirements with what follows them."""
    for entry in _json("llm-sunset", "snapshot.json"):
        if is_id(entry["model_id"]):
            yield (
                routes.LLM_SUNSET[entry["provider"]],
                entry["model_id"],
                without_gaps(
                    announced=before(entry["deprecation_date"], entry["shutdown_date"]),
                    end=day(entry["shutdown_date"]),
                    next=[name for name in entry["replacement_models"] or () if is_id(name)],
                    seen=day(entry["last_observed"]),
                ),
            )


def genai_prices(known: Table, on: date) -> Said:
    """Names, and limits and prices of what no other source knows.

    Its matchers take whole families: they are asked only about ids that another source knows. Of
    its own ids such are taken as it matches exactly, describes fully, and does not call deprecated.
    """
    from genai_prices.data_snapshot import get_snapshot

    then = datetime(on.year, on.month, on.day, tzinfo=UTC)  # some prices change on a day
    for theirs in get_snapshot().providers:
        for provider in routes.of_genai_prices(theirs.id):
            own = [
                model_id
                for info in theirs.models
                if provider in routes.NAMED_BY_GENAI_PRICES
                and info.context_window
                and info.name
                and not info.deprecated
                for model_id in _exactly(info.match)
            ]
            for model_id in dict.fromkeys([*sorted(known.get(provider, ())), *own]):
                info = theirs.find_model(routes.at_genai_prices(provider, model_id))
                if info is None or (info.name is None and info.context_window is None):
                    continue
                prices = info.get_prices(then)
                yield (
                    provider,
                    model_id,
                    without_gaps(
                        name=info.name if info.name != model_id else None,
                        context=info.context_window,
                        price=_price(_dollars(prices.input_mtok), _dollars(prices.output_mtok), 1),
                    ),
                )


SOURCES: Mapping[str, Callable[[Table, date], Said]] = {
    "litellm": litellm,
    "anthropic": anthropic,
    "bydtech-model-retire": model_retire,
    "llm-sunset": llm_sunset,
    "genai-prices": genai_prices,
}
"""By the name of its distribution, the weightiest first."""


def before(announced: Any, end: Any) -> str | None:
    """The day of an announcement; none where it is the end's own day or that of a later reading."""
    said, last = day(announced), day(end)
    return said if last is None or (said and said < last) else None


def ids_in(text: str) -> list[str]:
    """The ids in "a, b (in some mode), or c"; "the models of X" and "Model 4" are none."""
    return [
        one for one in re.split(r", or | or |, ", re.sub(r" \([^)]*\)", "", text)) if is_id(one)
    ]


def _exactly(clause: Any) -> Iterable[str]:
    """The ids that a matcher takes, if it takes no others."""
    parts = getattr(clause, "or_", [clause])
    ids = [getattr(part, "equals", None) for part in parts]
    return [] if None in ids else [one for one in ids if is_id(one)]


def _dollars(price: Any) -> float | None:
    """A price without tiers; of a tiered one, what short prompts cost."""
    base = getattr(price, "base", price)
    return None if base is None else float(base)


def _price(given: Any, asked: Any, times: float) -> list[float | None] | None:
    """Per million tokens, in and out."""
    sides = [
        _short(side * times) if isinstance(side, int | float) and side > 0 else None
        for side in (given, asked)
    ]
    return sides if any(sides) else None


def _short(amount: float) -> float:
    rounded = round(amount, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _count(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float | str) and str(value).isdigit() else None


def _json(package: str, name: str) -> Any:
    return json.loads(_file(package, name).read_text("utf-8"))


def _file(package: str, name: str) -> Path:
    """A file of an installed distribution, by the end of its path."""
    return next(_matching(package, name))


def _matching(package: str, name: str) -> Iterator[Path]:
    for file in distribution(package).files or ():
        if str(file).endswith(f"/{name}"):
            yield Path(str(file.locate()))
    raise SystemExit(f"{package} has no file {name}: its layout changed.")
