"""The order in which models are offered: callable ones first, the newest of them first."""

from __future__ import annotations

import re

from stagewright.catalog.model import Lifecycle, Model

# "4-5" in claude-opus-4-5, "2.5" in gemini-2.5-pro, "3" in llama3:8b; sizes (8b, 8x7b, 32k) and
# dates are no versions.
_VERSION = re.compile(r"(?<!\d)(\d{1,3})(?![\dbkx])(?:[.\-_](\d{1,2})(?![\dbkx]))?", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)20(\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)(2\d)([01]\d)(?!\d)")  # mistral-small-2506
_UNSTABLE = re.compile(
    r"(?<![a-z])(preview|exp|experimental|alpha|beta|rc|nightly)(?![a-z])", re.IGNORECASE
)
_MOVING = 999_999
_STANDING = {Lifecycle.DEPRECATED: 1, Lifecycle.RETIRED: 2}
_NOT_CHAT = 3

Rank = tuple[int, int, int, int, bool, int, int, str]


def best_first(model: Model) -> Rank:
    """Sort key: active, then deprecated, then retired, then not chat; in each the newest first.

    The release day decides where the provider gives it, then the version that the id tells; of one
    version, stable before preview, and a moving name before its snapshots, newer ones first.
    """
    name = tail(model.id)
    major, minor = version(name)
    return (
        _STANDING.get(model.lifecycle, 0) if model.chat else _NOT_CHAT,
        -model.created.toordinal() if model.created else 0,
        -major,
        -minor,
        _UNSTABLE.search(name) is not None,
        -snapshot(name),
        len(model.id),
        model.id,
    )


def tail(model_id: str) -> str:
    """The id without the vendor that aggregators put before it: `gpt-5` of `openai/gpt-5`."""
    return model_id.rpartition("/")[2]


def version(model_id: str) -> tuple[int, int]:
    """The version that an id's naming tells, as (major, minor); (-1, 0) where it tells none."""
    match = _VERSION.search(model_id)
    return (int(match[1]), int(match[2] or 0)) if match else (-1, 0)


def snapshot(model_id: str) -> int:
    """The day of a dated snapshot as YYMMDD; above all days for a moving name."""
    if day := _DAY.search(model_id):
        return int(day[1] + day[2] + day[3])
    if month := _MONTH.search(model_id):
        return int(month[1] + month[2] + "00")
    return _MOVING
