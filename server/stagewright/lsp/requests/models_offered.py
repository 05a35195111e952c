"""`stagewright/models/offered`: the models that the editor itself offers, by vendor."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from stagewright.catalog.offered import Offered, snapshots
from stagewright.foreign import one_line
from stagewright.lsp.session import Session

MOST_VENDORS, MOST_MODELS, LONGEST = 100, 2_000, 200
"""Vendors, models of one, and characters of a name: whoever offers more is passed over there."""

log = logging.getLogger(__name__)


def models_offered(session: Session, params: Any) -> None:
    """Take what the editor offers in the place of what it offered before; `{}` is nothing."""
    vendors = params.get("vendors") if isinstance(params, Mapping) else None
    if not isinstance(vendors, Mapping):
        log.warning("stagewright/models/offered tells no vendors, and was passed over.")
        return
    offered = {
        vendor: list(islice(_models(models), MOST_MODELS))
        for vendor, models in islice(vendors.items(), MOST_VENDORS)
        if _name(vendor)
    }
    session.offer(snapshots(offered, session.now()))


def _models(told: Any) -> Iterator[Offered]:
    """Those of a vendor that have a name."""
    for one in told if isinstance(told, list) else ():
        if isinstance(one, Mapping) and (name := _name(one.get("name"))):
            yield Offered(_name(one.get("id")), name, _name(one.get("family")))


def _name(told: Any) -> str:
    """A text that somebody can see and write in one line; else nothing."""
    return told if isinstance(told, str) and told == one_line(told, LONGEST) else ""
