"""What the first completion does not need is imported when it is first used: here, nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")

_loaded: set[str] = set()


def load(module: str) -> Any:
    """A module that is quickly imported."""
    return import_module(module)


async def load_beside(*modules: str) -> Any:
    """The last of the modules; those that take long to import are so beside the event loop."""
    for module in modules:
        if module not in _loaded:  # while a thread imports it, it is half there for others
            await asyncio.to_thread(import_module, module)
            _loaded.add(module)
    return import_module(modules[-1])


class Later(Generic[Made]):
    """A part of the server that is made, and its module imported, when it is first needed."""

    def __init__(self, module: str, make: Callable[[ModuleType], Made]) -> None:
        self.made: Made | None = None
        self._module = module
        self._make = make

    async def get(self) -> Made:
        """The part, there from now on."""
        if self.made is None:
            module = await load_beside(self._module)
            if self.made is None:  # somebody else may have waited too
                self.made = self._make(module)
        return self.made
