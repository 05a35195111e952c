"""What went wrong when a provider was asked for models, in sentences without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx2

from stagewright.catalog.snapshot import Status
from stagewright.providers.base import ProviderError
from stagewright.providers.chat.errors import says
from stagewright.providers.chat.fault import Fault, classify, error_within, read_fault
from stagewright.providers.lists.exchange import Unfit, parsed
from stagewright.providers.network import caused, why_unreachable
from stagewright.providers.presets import ProviderConfig

_WRONG_KEY = (b"API_KEY_INVALID", b'"no_db_connection"')
"""What Gemini says, and what LiteLLM does of a key that it would have to look up."""


def error(
    config: ProviderConfig, status: Status, message: str, retry_after: float | None = None
) -> ProviderError:
    """An error whose message may hold words of the provider's: bounded, without any key."""
    return ProviderError(status, config.mask.line(message, 1000), retry_after)


def not_understood(config: ProviderConfig) -> ProviderError:
    """The error for an answer that is not what the API promises."""
    return error(
        config,
        Status.BAD_ANSWER,
        f"{config.name} answered at {config.base_url} with something that is not a list of "
        "models. Check the provider's base URL.",
    )


def unfit(config: ProviderConfig, problem: object) -> ProviderError:
    """The error for an answer of which nothing can be made."""
    return error(config, Status.BAD_ANSWER, f"{config.name} {problem}")


def late(config: ProviderConfig, seconds: float) -> ProviderError:
    """The error for an answer that did not come in time."""
    message = f"{config.name} did not answer within {seconds:g} seconds."
    return error(config, Status.UNREACHABLE, message)


def refusal(
    config: ProviderConfig, status: int, headers: Mapping[str, str], data: bytes | bytearray
) -> ProviderError:
    """The error for an answer that is an error: what its status means, and the server's own words.

    `data` is the body, bounded and unpacked. A status that a gateway puts into it counts.
    """
    return _refusal(config, read_fault(status, _body(data), headers), data)


def no_list(
    config: ProviderConfig, body: Mapping[str, object], headers: Mapping[str, str]
) -> ProviderError:
    """The error for an answer with status 200 that holds no list, but often an error."""
    if error_within(body) is None:
        return not_understood(config)
    return _refusal(config, read_fault(200, body, headers), b"")


def _refusal(config: ProviderConfig, fault: Fault, data: bytes | bytearray) -> ProviderError:
    name, variable = config.name, config.key_variable
    key = f"the key in {variable}" if variable else "the key"
    said = says(name, config.mask, fault)
    code = fault.status or 200
    status = f" ({code})" if code != 200 else ""
    retry_after = fault.retry_after
    meaning, _ = classify(fault)
    denied = meaning == "forbidden"
    wrong_key = meaning == "auth-failed" or any(sign in data for sign in _WRONG_KEY)
    if (code == 401 and not denied) or (code in (200, 400) and wrong_key):
        if config.key is None:
            hint = f" Set {variable}." if variable else " Name its variable in `apiKeyEnv`."
            message = f"{name} requires an API key{status}.{hint}{said}"
            return error(config, Status.AUTH_FAILED, message)
        message = f"{name} refused {key}{status}. Check that it is complete and current.{said}"
        return error(config, Status.AUTH_FAILED, message)
    if code in (401, 402, 403):
        why = said or " It is a matter of permission, region or credit."
        message = f"{name} does not let {key} list models{status}.{why}"
        return error(config, Status.FORBIDDEN, message)
    if code in (404, 405, 501):
        bare = config.kind in ("openai", "openai-compatible") and not urlsplit(config.base_url).path
        hint = "Check the base URL, which often ends in /v1" if bare else "Check the base URL"
        message = (
            f"{name} offers no list of models at {config.base_url}{status}. {hint}; if it is "
            f"right, its models cannot be checked.{said}"
        )
        return error(config, Status.NO_LIST, message)
    if code == 429:
        message = f"Rate limit reached{status} at {name}.{said}"
        return error(config, Status.RATE_LIMITED, message, retry_after)
    if code == 529:
        message = f"{name} is overloaded{status}.{said}"
        return error(config, Status.RATE_LIMITED, message, retry_after)
    if code >= 500 or code == 408:
        message = f"{name} is failing{status}.{said}"
        failure = error(config, Status.BAD_ANSWER, message, retry_after)  # the network brought it
        failure.failing = True
        return failure
    hint = said or " Check the provider's base URL."
    return error(config, Status.BAD_ANSWER, f"{name} refused to list its models{status}.{hint}")


def _body(data: bytes | bytearray) -> object:
    """What an error's body says: JSON, or text."""
    try:
        return parsed(data)
    except Unfit:
        return bytes(data).decode("utf-8", "replace")


def connection_error(config: ProviderConfig, problem: Exception) -> ProviderError:
    """The error for a connection that did not come about or did not last."""
    origin = config.origin
    if why := why_unreachable(config.name, origin, problem, is_local=config.is_local):
        message = why
    elif caused(problem, httpx2.UnsupportedProtocol, httpx2.InvalidURL):
        message = f"{origin} is not a valid address. Check the provider's base URL."
    else:
        message = f"{origin} closed the connection without an answer."
    return error(config, Status.UNREACHABLE, message)
