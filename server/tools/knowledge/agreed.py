"""What a test holds the files against: the last days that at least two sources name, and the ids
for which none names any. Made from what the sources say, not from the files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from server.tools.knowledge.facts import Table
from server.tools.knowledge.read import SOURCES

from stagewright.catalog.spelling import plain


def rows(on: date) -> Iterator[str]:
    """`provider, model, day` in tabs, in order; no day where no source names one."""
    days: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    known: Table = {}
    for source, read in SOURCES.items():
        for provider, model_id, facts in read(known, on):
            said = days[provider, model_id]
            if "end" in facts:
                said[source] = max(facts["end"], said.get(source, ""))
        known = {}
        for provider, model_id in days:
            known.setdefault(provider, set()).add(model_id)
    for (provider, model_id), said in sorted(days.items()):
        counted = Counter(said.values())
        spelled = plain(provider, model_id)
        if not said and not (spelled and days.get((provider, spelled.id))):
            yield f"{provider}\t{model_id}\t"
        for day in sorted(day for day, sources in counted.items() if sources > 1):
            yield f"{provider}\t{model_id}\t{day}"
