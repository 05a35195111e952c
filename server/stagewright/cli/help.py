"""Help as other command lines print it: plain, as wide as the terminal, without Python's types."""

from __future__ import annotations

import shutil
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from stagewright import garbage

NARROW = 60
"""Columns below which a description stands under what it describes."""


def width() -> int:
    """Columns for help."""
    return max(min(shutil.get_terminal_size().columns, 100) - 2, 16)


PREFIX = "Value error, "
"""What pydantic puts before the reason why a value was refused."""


class Command(TyperCommand):
    """A command whose help and refusals show arguments without Python's types."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments. Raises typer.BadParameter in plain words."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix(PREFIX)
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run, with nearly all imported."""
        garbage.keep()
        return super().invoke(ctx)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options."""
        write_parameters(self.get_params(ctx), ctx, formatter)


class Group(TyperGroup):
    """The commands, each with its first sentence whole."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options and the commands."""
        write_parameters(self.get_params(ctx), ctx, formatter)
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        shown = [
            (name, " ".join((one.help or "").split("\n\n")[0].split()))
            for name, one in found
            if one is not None and not one.hidden
        ]
        with formatter.section("Commands"):
            write(formatter, shown)


def write_parameters(parameters: Any, ctx: Any, formatter: Any) -> None:
    """Write arguments and options, each with what it is for."""
    arguments, options = [], []
    for parameter in parameters:
        record = parameter.get_help_record(ctx)
        if record is None:
            continue
        name, meaning = record
        if parameter.param_type_name == "argument":
            arguments.append((name.partition(" <")[0], meaning))
        else:
            options.append((name, meaning))
    for title, records in (("Arguments", arguments), ("Options", options)):
        if records:
            with formatter.section(title):
                write(formatter, records)


def write(formatter: Any, records: list[tuple[str, str]]) -> None:
    """Write names and meanings in two columns, or one below the other where there is no room."""
    if formatter.width >= NARROW:
        formatter.write_dl(records)
        return
    for name, meaning in records:
        formatter.write_text(name)
        formatter.indent()
        formatter.write_text(meaning)
        formatter.dedent()
