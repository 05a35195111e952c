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
from urllib.parse import quote, unquote

HIDDEN = "…"
"""Stands where a secret stood."""

_RUN = 12
"""Characters in a row, of any form of a key, that are enough to be hidden. Shorter keys are hidden
where they stand as a word: as parts of words they would be no more than letters."""

_SHORTEST = 3
_PLACEHOLDERS = frozenset(
    {
        "none", "null", "empty", "dummy", "test", "local", "localhost", "default", "key", "api-key",
        "apikey", "not-needed", "no-key", "anything", "unused", "ollama", "lm-studio", "lmstudio",
        "llama", "llamacpp", "vllm", "litellm", "openai", "xxx",
    }
)  # fmt: skip
"""What servers that want no key are given for one: no secret, and part of many names."""

_TAIL = 64  # characters, of which the last visible ones are looked at
_HELD = 4096  # characters that are held back at most
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
        """The text without configured secrets."""
        text = self.hide_long(text)
        return self._words.sub(HIDDEN, text) if self._words else text

    def hide_long(self, text: str, skip: int = 0) -> str:
        """The text without those that no text holds by chance: for answers, which are content.

        Without its first `skip` characters, which only tell what the others belong to.
        """
        pieces: list[str] = []
        for start, stop in self._runs(text):
            if stop > skip:
                pieces += (text[skip:start], HIDDEN)
                skip = stop
        return "".join((*pieces, text[skip:]))

    def line(self, text: str, limit: int = 300) -> str:
        """The same as `mask(text)` on one line of at most `limit` characters, to be quoted."""
        # What goes beyond is not even looked at: it may be megabytes.
        shown = self(text[: 20 * limit])
        line = " ".join("".join(c if c.isprintable() else " " for c in shown).split())
        return line if len(line) <= limit else line[: limit - 1] + "…"

    def finds(self, text: str) -> bool:
        """Whether `hide_long` would hide anything."""
        return next(self._runs(text), None) is not None

    def unfinished(self, text: str) -> int:
        """Where a secret begins that may go on behind the text; its length where none does."""
        if _INVISIBLE.sub("", text[-_TAIL:])[-_ANCHOR:] not in self._anchors:
            return len(text)
        visible = [at for at, char in enumerate(text) if "!" <= char <= "~"]
        for start, stop in self._runs(text):
            if stop > visible[-1]:
                return start
        squeezed = _INVISIBLE.sub("", text)
        for length in range(min(_RUN - 1, len(squeezed)), _ANCHOR - 1, -1):
            if any(squeezed[-length:] in form for form in self._forms):
                return visible[-length]
        return len(text)

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
        secret = (
            one for one in short if len(one) >= _SHORTEST and one.lower() not in _PLACEHOLDERS
        )
        words = sorted(secret, key=len, reverse=True)
        if not words:
            return None
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])")


class Hiding:
    """Hides configured secrets in a text that comes in pieces, such as a streamed answer.

    What may be the beginning of one is held back until more has come. Its first letters can get
    through where pieces are that short.
    """

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._told = ""  # the last that was told
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be told by now."""
        whole = self._told + self._held + text
        end = len(whole)
        if end <= _HELD:
            end = max(len(self._told), self._mask.unfinished(whole))
        return self._tell(whole, end)

    def end(self) -> str:
        """What was held back."""
        whole = self._told + self._held
        return self._tell(whole, len(whole))

    def _tell(self, whole: str, end: int) -> str:
        told = self._mask.hide_long(whole[:end], len(self._told))
        self._told, self._held = whole[max(0, end - _TAIL) : end], whole[end:]
        return told


def _forms(secret: str) -> Iterator[str]:
    """How a server may write a secret that it was sent: without blanks, at least `_RUN` long."""
    data = secret.encode("utf-8", "surrogateescape")
    escaped = quote(data, safe="")
    every = "".join(f"%{byte:02X}" for byte in data)
    hexadecimal = data.hex()
    lower = re.sub("%..", lambda escape: escape[0].lower(), escaped)
    forms = [secret, escaped, every, hexadecimal, hexadecimal.upper()]
    forms += [lower, every.lower(), repr(secret)[1:-1]]
    for offset, affected in ((0, 0), (1, 2), (2, 3)):  # what stands before it moves its bits
        base64 = b64encode(bytes(offset) + data).decode()[affected : (offset + len(data)) * 8 // 6]
        forms += [base64, base64.replace("+", "-").replace("/", "_")]
    return (form for form in (_INVISIBLE.sub("", one) for one in forms) if len(form) >= _RUN)


def userinfo_secrets(url: str) -> Iterator[str]:
    """What must not be shown of a URL's user and password; nothing where it has none.

    A user alone may be a token. Takes any text: what is no URL may still hold an `@`.
    """
    authority = url.partition("://")[2] or url
    userinfo, at, _ = re.split(r"[/?#]", authority, maxsplit=1)[0].rpartition("@")
    if not at:
        return
    user, colon, password = userinfo.partition(":")
    for form in (str, unquote):
        yield form(f"{user}:{password}" if colon else user)  # as "Basic" encodes it
        if colon:
            yield form(password)


def looks_like_a_key(text: str) -> bool:
    """Whether a text is rather a key than the name of something, as of a variable."""
    if _LOOKALIKES.match(text):
        return True
    mixed = re.search(r"\d", text) and re.search(r"[a-z]", text)
    return len(text) >= 20 and mixed is not None


def is_secret(text: str) -> bool:
    """Whether a text that stands where the name of a model belongs is rather a secret: it begins as
    keys do, holds user and password of a URL, or a long word of random letters and digits."""
    return _SECRET.search(text) is not None


def starred(line: str, column: int) -> str:
    """A line of a file with stars for what looks like a secret near a column: columns stay."""
    begin, end = max(0, column - _SHOWN), column + _SHOWN
    near = _SECRET.sub(lambda found: "*" * len(found[0]), line[begin:end])
    return f"{line[:begin]}{near}{line[end:]}"


_SHOWN = 2000
"""Characters on each side that are looked at: of a longer line less is shown."""

_SECRET = re.compile(
    r"://[^/\s]*@"
    r"|(?<![A-Za-z0-9])(?:"
    r"(?:sk|gsk|csk|gh[opsu]|github_pat|glpat|xox[abp]|nvapi|pplx|hf|r8|xai|tgp)[-_]"
    r"(?=[\w-]*\d)[\w-]{20,}"
    r"|sk-[\w*.-]{6,}"
    r"|(?:AIza|AKIA|ya29\.|eyJ)[\w.-]{12,}"
    # No name has so long a word without a hyphen, a dot or a slash, of all three kinds of signs.
    r"|(?=[A-Za-z]*[0-9])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])[A-Za-z0-9]{32,}(?![A-Za-z0-9])"
    r"|[0-9a-f]{32,}(?![A-Za-z0-9])"
    r")"
)

NO_SECRETS = Mask()
