"""One model by its id: what its provider says of it, that there is none, or that it cannot say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stagewright.catalog.model import Model
from stagewright.catalog.snapshot import Status
from stagewright.providers import fields
from stagewright.providers.base import ProviderError
from stagewright.providers.fields import Json
from stagewright.providers.http import ask, deadline, not_understood
from stagewright.providers.remote import Remote, path_segment

if TYPE_CHECKING:
    import httpx2


async def look_up(
    http: httpx2.AsyncClient,
    remote: Remote,
    models_url: str,
    model_id: str,
    *,
    read: Callable[[Json], Model | None],
    denies: Callable[[Json], bool],
) -> Model | None:
    """The model at `models_url/ID`; None where the server says that there is none.

    `denies` tells from a 404's JSON whether it speaks of the model. One that does not only says
    that this server has no such path: raises ProviderError, as for every other failure.
    """
    segment = path_segment(model_id)
    if segment is None:
        return None
    url = f"{models_url}/{segment}"
    answer = await ask(http, remote, url, until=deadline(remote), accept=(404,))
    body = fields.mapping(answer.body)
    if answer.status == 404:
        if denies(body):
            return None
        raise ProviderError(Status.NO_LIST, f"{remote.name} cannot be asked about one model.")
    model = read(body)
    if model is None:
        raise not_understood(remote)
    return model
