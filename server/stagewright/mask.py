"""Hides secrets in text that others wrote: configured keys in any form, and what looks like a key.

One mask knows the keys of all providers. Everything that a provider, a proxy or the environment
says goes through it on its way to people, editors, logs and files.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

HIDDEN = "…"
"""Stands where a secret stood."""

_RUN = 12
"""Characters in a row, of any form of a key, that are enough to be hidden. Shorter keys are hidden
where they stand as a word: as parts of words they would be no more than letters."""

_SHORTEST = 3
_ANCHOR = 4  # every run holds one of these at a multiple of its length
_INVISIBLE = re.compile(r"[^!-~]+")  # blanks, controls, and what no key is made of

_LOOKALIKES = re.compile(
    r"(?<=://)[^/\s]*(?=@)"  # user and password of a URL
    r"|(?<![A-Za-z0-9])(?:"
    r"(?:sk|pk|rk|gsk|csk|hf|r8|fw|tgp|gh[opsu]|github_pat|glpat|xox[abp]|xai|nvapi|pplx)[-_]"
    r"[\w*.\-…]{6,}"
    r"|(?:AIza|AKIA|ya29\.|eyJ)[\w*.\-…]{8,}"
    r"|(?i:bearer|basic)\s+(?=[\w.~+/=*…-]*\d)[\w.~+/=*…-]{8,}"
    r")"
    r"|(?<=[?&])(?i:key|api[-_]?key|token|access_token)=[^&\s]+"
)


@dataclass(frozen=True)
class Mask:
    """Knows secrets. Applying it takes time in proportion to the text, whatever the text."""

    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    def __call__(self, text: str) -> str:
        """The text without configured secrets and without what looks like one."""
        return _LOOKALIKES.sub(HIDDEN, self.hide(text))

    def hide(self, text: str) -> str:
        """The text without configured secrets: for answers, in which lookalikes are content."""
        pieces: list[str] = []
        end = 0
        for start, stop in self._runs(text):
            pieces += (text[end:start], HIDDEN)
            end = stop
        text = "".join((*pieces, text[end:])) if pieces else text
        return self._words.sub(HIDDEN, text) if self._words else text

    def line(self, text: str, limit: int = 300) -> str:
        """The same as `mask(text)` on one line of at most `limit` characters, to be quoted."""
        # What goes beyond is not even looked at: it may be megabytes.
        shown = self(text[: 20 * limit])
        line = " ".join("".join(c if c.isprintable() else " " for c in shown).split())
        return line if len(line) <= limit else line[: limit - 1] + "…"

    def finds(self, text: str) -> bool:
        """Whether `hide` would hide more than a word."""
        return next(self._runs(text), None) is not None

    def _runs(self, text: str) -> Iterator[tuple[int, int]]:
        """Where secrets stand in `text`, in order, as (start, stop), also with blanks in them."""
        if not self._grams or len(text) < _RUN:
            return
        squeezed = _INVISIBLE.sub("", text)
        found = self._squeezed_runs(squeezed)
        first = next(found, None)
        if first is None:
            return
        where = [at for at, char in enumerate(text) if "!" <= char <= "~"]
        for start, stop in (first, *found):
            yield where[start], where[stop - 1] + 1

    def _squeezed_runs(self, text: str) -> Iterator[tuple[int, int]]:
        grams, anchors = self._grams, self._anchors
        start = stop = -1
        for anchor in range(0, len(text) - _ANCHOR + 1, _ANCHOR):
            if text[anchor : anchor + _ANCHOR] not in anchors:
                continue
            for at in range(max(0, anchor - _ANCHOR + 1), anchor + 1):
                if text[at : at + _RUN] not in grams:
                    continue
                if at > stop:
                    if stop > 0:
                        yield start, stop
                    start = at
                stop = at + _RUN
        if stop > 0:
            yield start, stop

    @cached_property
    def _forms(self) -> frozenset[str]:
        return frozenset(form for secret in self.secrets for form in _forms(secret))

    @cached_property
    def _grams(self) -> frozenset[str]:
        return frozenset(
            form[at : at + _RUN] for form in self._forms for at in range(len(form) - _RUN + 1)
        )

    @cached_property
    def _anchors(self) -> frozenset[str]:
        return frozenset(
            gram[at : at + _ANCHOR] for gram in self._grams for at in range(_RUN - _ANCHOR + 1)
        )

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        short = {one for one in self.secrets if len(_INVISIBLE.sub("", one)) < _RUN}
        words = sorted((one for one in short if len(one) >= _SHORTEST), key=len, reverse=True)
        if not words:
            return None
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])")


def _forms(secret: str) -> Iterator[str]:
    """How a server may write a secret that it was sent: without blanks, at least `_RUN` long."""
    data = secret.encode("utf-8", "surrogateescape")
    escaped = quote(data, safe="")
    every = "".join(f"%{byte:02X}" for byte in data)
    hexadecimal = data.hex()
    forms = [secret, escaped, every, hexadecimal, hexadecimal.upper()]
    forms += [_lower_escapes(escaped), every.lower(), repr(secret)[1:-1]]
    for offset, affected in ((0, 0), (1, 2), (2, 3)):  # what stands before it moves its bits
        base64 = b64encode(bytes(offset) + data).decode()[affected : (offset + len(data)) * 8 // 6]
        forms += [base64, base64.replace("+", "-").replace("/", "_")]
    return (form for form in (_INVISIBLE.sub("", one) for one in forms) if len(form) >= _RUN)


def _lower_escapes(text: str) -> str:
    return re.sub("%..", lambda escape: escape[0].lower(), text)


def userinfo_secrets(url: str) -> Iterator[str]:
    """What must not be shown of a URL's user and password; nothing where it has none.

    A user alone may be a token. Takes any text: what is no URL may still hold an `@`.
    """
    authority = url.partition("://")[2] or url
    userinfo, at, _ = re.split(r"[/?#]", authority, maxsplit=1)[0].rpartition("@")
    if not at:
        return
    from urllib.parse import unquote

    user, colon, password = userinfo.partition(":")
    for form in (str, unquote):
        yield form(f"{user}:{password}" if colon else user)  # as "Basic" encodes it
        if colon:
            yield form(password)


def without_userinfo(url: str) -> str:
    """A URL, or what was meant as one, without user and password."""
    return re.sub(r"^((?:[^/?#]*?://)?)[^/?#]*@", r"\1", url)


def looks_like_a_key(text: str) -> bool:
    """Whether a text is rather a key than the name of something, as of a variable."""
    if _LOOKALIKES.match(text):
        return True
    mixed = re.search(r"\d", text) and re.search(r"[a-z]", text)
    return len(text) >= 20 and mixed is not None


NO_SECRETS = Mask()
