"""Why Choragen refuses a template: the errors among what the schema says of it."""

from __future__ import annotations

from stagewright.dialects import choragen
from stagewright.dialects.choragen.schema import TEMPLATE
from stagewright.dialects.choragen.violations import SchemaViolation, structure_error, violations_in
from stagewright.dialects.sites import pair_site
from stagewright.text.nodes import MappingNode, SequenceNode


def refusals(template: MappingNode) -> list[SchemaViolation]:
    """The errors in a whole template without aliases (`values.resolved`), in the text's order."""
    anchor = template.pairs[0][0].span if template.pairs else template.span
    violations = violations_in(template, TEMPLATE, anchor, broken=False)
    stages = template.get("stages")
    sites = [
        site
        for stage in (stages.items if isinstance(stages, SequenceNode) else ())
        if isinstance(stage, MappingNode)
        for site in pair_site(stage, choragen.TEMPLATE, broken=False)
    ]
    found = [
        *(violation for violation in violations if violation.severity == "error"),
        *(
            structure_error(site.problem, site.problem_span or site.span)
            for site in sites
            if site.problem is not None
        ),
    ]
    return sorted(found, key=lambda violation: violation.span)
