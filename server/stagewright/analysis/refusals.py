"""Why Choragen refuses a template: the errors among what the schema says of it."""

from __future__ import annotations

from stagewright.analysis.flaws import flaws_in, structure_error
from stagewright.analysis.results import Flaw, Severity
from stagewright.dialects import choragen
from stagewright.dialects.choragen.schema import TEMPLATE
from stagewright.dialects.sites import sites_in
from stagewright.text.yaml.syntax import Mapping, Sequence


def refusals(template: Mapping) -> list[Flaw]:
    """The errors in a whole template without aliases (`values.resolved`), in the text's order."""
    anchor = template.pairs[0][0].span if template.pairs else template.span
    flaws = flaws_in(template, TEMPLATE, anchor, broken=False)
    stages = template.get("stages")
    sites = [
        site
        for stage in (stages.items if isinstance(stages, Sequence) else ())
        if isinstance(stage, Mapping)
        for site in sites_in(stage, choragen.TEMPLATE, broken=False)
    ]
    found = [
        *(flaw for flaw in flaws if flaw.severity is Severity.ERROR),
        *(
            structure_error(site.problem, site.problem_span or site.span)
            for site in sites
            if site.problem is not None
        ),
    ]
    return sorted(found, key=lambda flaw: flaw.span)
