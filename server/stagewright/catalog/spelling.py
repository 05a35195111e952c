"""Ids that files write otherwise than lists do: with a resource's path, a profile, or a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

PROFILES = r"(?:us|us-gov|eu|apac|au|ca|in|jp|global)\."
"""Bedrock's inference profiles: what stands before an id to say in which regions it may run."""

_FORMS: Mapping[str, re.Pattern[str]] = {
    # https://ai.google.dev/api/models: the resource's name
    "gemini": re.compile(r"(?P<lead>models/)(?P<id>.+)"),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html, and
    # ARNs; a context window may follow: `:200k`
    "bedrock": re.compile(
        r"(?P<lead>(?:arn:aws[^/]*:(?:foundation-model|inference-profile)/)?"
        rf"(?:{PROFILES})?)(?P<id>[a-z0-9]+\.[^/]+?)(?::\d+k)?"
    ),
    # https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude: the version is a
    # day; and the names of resources
    "vertex": re.compile(
        r"(?P<lead>(?:(?:projects/[^/]+/locations/[^/]+/)?publishers/[^/]+/models/|models/"
        r"|google/(?=gemini))?)(?P<id>.+?)(?:@(?:\d{8}|default|latest))?"
    ),
}
"""By provider: what may lead an id, and the id."""


class Spelled(NamedTuple):
    """An id with what stands before it; `id` is shorter than what was written."""

    lead: str
    id: str


def plain(provider: str, written: str) -> Spelled | None:
    """The id that lists have in the place of the written one; None where it is as lists have it."""
    form = _FORMS.get(provider)
    found = form.fullmatch(written) if form else None
    if found is None or found["id"] == written:
        return None
    return Spelled(found["lead"], found["id"])
