"""Whether there is more than an answer holds, and where, in whichever way its API says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from stagewright.providers.lists import fields
from stagewright.providers.lists.fields import JsonObject

_LINKS = ("next", "next_url", "nextUrl", "next_page_url", "nextLink", "@odata.nextLink")
_TOKENS = {  # what an answer calls the token: what the next request calls it
    "nextPageToken": "pageToken",
    "next_page_token": "page_token",
    "next_cursor": "cursor",
    "nextCursor": "cursor",
    "next_page": "page",
    "nextPage": "page",
}
_FLAGS = (
    "has_more", "hasMore", "has_next_page", "hasNextPage", "has_next", "hasNext", "more",
    "truncated", "is_truncated", "isTruncated",
)  # fmt: skip
_SECTIONS = ("links", "_links", "paging", "pagination", "meta", "page_info")
_COUNTS = ("total", "total_count", "totalCount", "count")
_PAGES = ("total_pages", "totalPages", "page_count", "num_pages")
_LONGEST = 4096
_HEADER_LINK = re.compile(r"<([^<>]{1,4096})>[^<>,]{0,200}?\brel=\"?next\b")


@dataclass(frozen=True, slots=True)
class More:
    """What an answer says of further ones."""

    url: str | None = None  # of the next page
    astray: str | None = None  # why one cannot be had, for people: what follows the list's name
    total: int = 0  # models in all, where it is told


def more(body: object, headers: Mapping[str, str], url: str, cursor: str) -> More:
    """What the answer from `url` says of further pages.

    `cursor` is the parameter that the API takes the last id in, where an answer says no more than
    that there is more.
    """
    whole = fields.mapping(body)
    sections = [whole, *(fields.mapping(whole.get(name)) for name in _SECTIONS)]
    total = max(fields.count(one.get(name)) or 0 for one in sections for name in _COUNTS)
    for following in _following(whole, sections, headers, url, cursor):
        if following is None:
            return More(None, "says that there are more models, but not where", total)
        if not _same_origin(following, url):
            return More(None, "goes on at an address that is not its own", total)
        return More(following, total=total)
    return More(total=total)


def _following(
    whole: JsonObject, sections: list[JsonObject], headers: Mapping[str, str], url: str, cursor: str
) -> Iterator[str | None]:
    """Every sign of a next page: its URL, or None where it cannot be told."""
    for section in sections:
        for name in _LINKS:
            value = section.get(name)
            target = value.get("href", value) if isinstance(value, Mapping) else value
            if _says(target):
                yield _link(target, url)
    if linked := _HEADER_LINK.search(headers.get("link", "")[: 4 * _LONGEST]):
        yield _link(linked[1], url)
    for section in sections:
        for name, parameter in _TOKENS.items():
            token = section.get(name)
            if _says(token):
                yield _link(token, url) if _is_link(token) else _with(url, parameter, token)
    for section in sections:
        if any(_says(section.get(name)) for name in _FLAGS):
            last = fields.text(whole.get("last_id"), _LONGEST) or _last_id(whole)
            yield _with(url, cursor, last)
        pages = max(fields.count(section.get(name)) or 0 for name in _PAGES)
        page = fields.count(section.get("page", section.get("current_page"))) or 1
        if page < pages:
            yield _with(url, "page", page + 1)


def _says(value: object) -> bool:
    """Whether a field means anything: not absent, empty, false or zero."""
    return value not in (None, False, 0, "", "false", "null", [], {})


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://", "/", "?"))


def _link(value: object, url: str) -> str | None:
    if not isinstance(value, str) or len(value) > _LONGEST or not _is_link(value):
        return None
    try:
        return urljoin(url, value)
    except ValueError:
        return value  # no address, and so none of this origin


def _last_id(whole: JsonObject) -> str | None:
    entries = whole.get("data")
    last = entries[-1] if isinstance(entries, list) and entries else None
    return fields.text(fields.mapping(last).get("id"), _LONGEST)


def _with(url: str, parameter: str, value: Any) -> str | None:
    """The URL with a parameter in its query, in place of one of that name."""
    if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) > _LONGEST:
        return None
    parts = urlsplit(url)
    query = [(name, old) for name, old in parse_qsl(parts.query, True) if name != parameter]
    return urlunsplit(parts._replace(query=urlencode([*query, (parameter, str(value))])))


def _same_origin(one: str, other: str) -> bool:
    """Whether a key that is sent to one may be sent to the other."""
    try:
        return _origin(one) == _origin(other)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual
