"""What is said of a model reference: what is the matter, on what evidence, and what to do."""

from __future__ import annotations

from datetime import date, datetime

from stagewright.analysis import phrases
from stagewright.analysis.standing import ends_offline
from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Standing, Verdict, turned_off
from stagewright.catalog.model import Capability, Model
from stagewright.catalog.offered import EDITOR, vendor_of

OFFLINE = "Stagewright's offline knowledge"

OTHERWISE = "Choose another model."
"""What to do where no model comes near."""


def explain(verdict: Verdict, catalog: Catalog, now: datetime, *, elsewhere: bool = False) -> str:
    """One or two sentences for people. `now` is in UTC. `elsewhere`: of a file that may run on
    another machine and with another key than those that were asked."""
    provider, yours = verdict.provider, " for your key" * elsewhere
    if provider is None:
        return _unknown_provider(verdict, catalog)
    model, model_id = verdict.model, verdict.reference.model
    match verdict.standing:
        case Standing.USABLE:
            pattern = None if provider.live(model_id) else provider.covered(model_id)
            if pattern is None:
                return f"It is in {evidence(provider, now)}."
            if provider.split(model_id)[0]:
                return f"{provider.name} accepts every model that matches `{pattern}`."
            return f"A preset of your account at {provider.name}, which no list shows."
        case Standing.PENDING:
            return f"{provider.name} has not answered yet."
        case Standing.UNAVAILABLE if verdict.refused:
            what = f"{provider.name} rejected `{model_id}` in a chat: no such model{yours}."
        case Standing.UNAVAILABLE:
            what = (
                f"{provider.name} has no model `{model_id}`{yours}: it is not in "
                f"{evidence(provider, now)}, and a direct lookup found nothing."
            )
        case Standing.UNLISTED if vendor := vendor_of(provider.id):
            # Not the last word: other programs read these files, and have lists of their own.
            what = f"`{model_id}` is not offered by {EDITOR} on this machine (`{vendor}`)."
            return f"{what} {_did_you_mean(verdict, catalog)}".rstrip()
        case Standing.UNLISTED:
            what = f"`{model_id}` is not in {evidence(provider, now)}{yours}."
        case Standing.NOT_CHAT:
            embeds = model is not None and Capability.EMBEDDING in model.capabilities
            kind = "an embedding model and cannot chat" if embeds else "not a chat model"
            what = f"{provider.name}'s `{model_id}` is {kind}."
        case Standing.UNRECOGNIZED:
            return _unrecognized(verdict, provider, catalog)
        case Standing.RETIRED | Standing.DEPRECATED:
            what = f"{provider.name} {_ending(verdict, now.date())}{_per(model)}."
            return f"{what} {_replacement(verdict, catalog) or OTHERWISE}"
        case Standing.NOT_CONFIGURED:
            return not_configured(provider)
        case Standing.UNVERIFIED | Standing.UNKNOWN_PROVIDER:
            return unverified(provider, now)
    return f"{what} {_did_you_mean(verdict, catalog) or OTHERWISE}"


def not_configured(provider: ProviderSnapshot) -> str:
    """Of a provider without a key: which variable to set; else what keeps it from being asked."""
    variable = provider.key_variable
    if provider.error:
        return f"{provider.error}{_nevertheless(provider)}"
    what = f"{provider.name} has no key, so its models cannot be checked or used"
    advice = f". Set the environment variable {variable}." if variable else "."
    return f"{what}{advice}{_nevertheless(provider)}"


def _nevertheless(provider: ProviderSnapshot) -> str:
    """What is known of a provider that cannot be asked."""
    count = len(provider.knowledge.current)
    if not count:
        return ""
    models = "1 of its models is" if count == 1 else f"{count} of its models are"
    return f" {models} known offline, as of {provider.knowledge.day}."


def unverified(provider: ProviderSnapshot, now: datetime) -> str:
    """Of a provider whose list could not be had: why, and how old the last good one is."""
    if not provider.askable:
        what = f"{provider.name}'s models cannot be listed or used from here."
        return f"{what}{_nevertheless(provider)}"
    why = provider.error or f"{phrases.status(provider)[0].upper()}{phrases.status(provider)[1:]}."
    age = phrases.moment(now, provider.checked_at) if provider.checked_at else None
    last = f"The last good list is from {age}." if age else ""
    what = f"Could not check {provider.name}'s models."
    return " ".join(filter(None, (what, why, last)))


def evidence(provider: ProviderSnapshot, now: datetime) -> str:
    """The list that speaks: "OpenAI's model list (checked 14:02 UTC)"."""
    checked = (
        f" (checked {phrases.moment(now, provider.checked_at)})" if provider.checked_at else ""
    )
    return f"{provider.name}'s model list{checked}"


def _unknown_provider(verdict: Verdict, catalog: Catalog) -> str:
    near = catalog.nearest_providers(verdict.reference.provider)
    hint = (
        f"Did you mean {phrases.either(near)}?"
        if near
        else "Add your own in the settings, under `providers`."
    )
    name = verdict.reference.provider
    return turned_off(name) or f"Unknown provider `{name}`. {hint}"


def _unrecognized(verdict: Verdict, provider: ProviderSnapshot, catalog: Catalog) -> str:
    near = phrases.either([one.model for one in catalog.meant(verdict.reference)])
    known = f"known offline (as of {provider.knowledge.day})"
    name = verdict.reference.model
    return f"No {provider.name} model {known} is called `{name}`. Did you mean {near}?"


def _ending(verdict: Verdict, today: date) -> str:
    """What the provider did, or will do, to the model, and when."""
    end = verdict.model.retires_at if verdict.model else None
    name = f"`{verdict.reference.model}`"
    on = "about" if verdict.model and verdict.model.retires_about else "on"
    if verdict.standing is Standing.RETIRED:
        return f"retired {name} {on} {end}" if end else f"retired {name}"
    if end is None:
        return f"deprecated {name}"
    if end < today:
        return f"planned to retire {name} {on} {end}: it may stop any day"
    return f"retires {name} {on} {end}, {phrases.in_days((end - today).days)}"


def _per(model: Model | None) -> str:
    """Who says so, where it is not the provider itself."""
    if model is None or not ends_offline(model):
        return ""
    day = f" of {model.known_on}" if model.known_on else ""
    return f" (offline knowledge{day})"


def _replacement(verdict: Verdict, catalog: Catalog) -> str:
    successor = catalog.successor(verdict.reference)
    if successor:
        return f"Its successor is `{successor.model}`."
    return _did_you_mean(verdict, catalog, "The nearest that can be used is {}.")


def _did_you_mean(verdict: Verdict, catalog: Catalog, sentence: str = "Did you mean {}?") -> str:
    near = catalog.nearest(verdict.reference, limit=2)
    return sentence.format(phrases.either([one.model for one in near])) if near else ""
