"""Facts in words: one wording of sizes, prices, ages, lifecycles and statuses for every answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from stagewright.catalog.catalog import ProviderSnapshot, Status, is_retired
from stagewright.catalog.model import Lifecycle, Model, Price


def tokens(count: int) -> str:
    """A number of tokens, short: 200K, 1M, 1.05M."""
    if count >= 999_500:
        return f"{count / 1_000_000:.2f}".rstrip("0").rstrip(".") + "M"
    return f"{round(count / 1000)}K" if count >= 1000 else str(count)


def price(value: Price) -> str:
    """US dollars per million tokens, as far as known: "$3 in, $15 out per million tokens"."""
    sides = [
        f"${amount:g} {side}"
        for amount, side in ((value.input, "in"), (value.output, "out"))
        if amount is not None
    ]
    return f"{', '.join(sides)} per million tokens" if sides else ""


def ago(now: datetime, then: datetime) -> str:
    """How long before `now` something was, roughly: "just now", "5 minutes ago", "3 days ago"."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def moment(now: datetime, then: datetime) -> str:
    """When something was, in words that stay true for a day: "14:02 UTC", else "2026-11-20"."""
    return f"{then:%H:%M} UTC" if then.date() == now.date() else f"{then:%Y-%m-%d}"


def in_days(days: int) -> str:
    """How far ahead a day is: "today", "tomorrow", "in 8 days"."""
    return ("today", "tomorrow")[days] if days < 2 else f"in {days} days"


def lifecycle(model: Model, now: datetime) -> str:
    """Where a model stands, if that matters to somebody who chooses it: "retires 2026-11-30"."""
    end = f"{'about ' if model.retires_about else ''}{model.retires_at}"
    if is_retired(model, now):
        return f"retired {end}" if model.retires_at else "retired"
    if model.retires_at is not None:
        return f"retires {end}" if model.retires_at >= now.date() else f"was to retire {end}"
    return "deprecated" if model.lifecycle is Lifecycle.DEPRECATED else ""


_STATUSES = {
    Status.OK: "ok",
    Status.LOADING: "asking for its models",
    Status.INCOMPLETE: "list incomplete",
    Status.NOT_CONFIGURED: "not configured",
    Status.AUTH_FAILED: "key refused",
    Status.FORBIDDEN: "access refused",
    Status.RATE_LIMITED: "too many requests",
    Status.UNREACHABLE: "unreachable",
    Status.BAD_ANSWER: "no usable answer",
    Status.NO_LIST: "offers no list of models",
}

_ADVICE = {
    Status.NOT_CONFIGURED: "Configure it in the settings to have its models checked.",
    Status.AUTH_FAILED: "Check its key.",
    Status.FORBIDDEN: "Check its key's permissions and region.",
    Status.RATE_LIMITED: "Stagewright will ask again later.",
    Status.UNREACHABLE: "Check the network and its address, or whether it runs.",
    Status.INCOMPLETE: "Refresh the models to ask again.",
    Status.BAD_ANSWER: "Refresh the models to ask again.",
}


def state(provider: ProviderSnapshot) -> str:
    """A provider's status in a few words."""
    return "no key" if _lacks_key(provider) else _STATUSES[provider.status]


def status(provider: ProviderSnapshot) -> str:
    """A provider's status in a few words, with what to do where something is to be done."""
    variable = provider.key_variable
    if _lacks_key(provider):
        return f"{state(provider)}: set {variable}"
    if variable and provider.status is Status.AUTH_FAILED:
        return f"{state(provider)}: check {variable}"
    return state(provider)


def _lacks_key(provider: ProviderSnapshot) -> bool:
    """Whether there is a variable that it takes a key from, and nothing in it."""
    unset = provider.status is Status.NOT_CONFIGURED and not provider.error
    return unset and bool(provider.key_variable)


def advice(provider: ProviderSnapshot) -> str:
    """One sentence on how to get a provider's models; empty where nothing is to be done."""
    variable = provider.key_variable
    if variable and provider.status is Status.NOT_CONFIGURED:
        return f"Set the environment variable {variable} to have its models checked."
    if variable and provider.status is Status.AUTH_FAILED:
        return f"Check the key in {variable}."
    return _ADVICE.get(provider.status, "")


def either(words: Sequence[str]) -> str:
    """Quoted words of which one is meant: 'a', 'b' or 'c'."""
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)
