"""The commands and their help; each lives in a module of its own."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer

from stagewright import __version__
from stagewright.cli.help import Command, Group, width

_MODULES = ("chat", "workflows", "check", "inventory", "dialects", "models")
"""The commands whose modules are imported when they are asked for: all of them only for help."""


class _Commands(Group):
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as click has it
        return ["server", "demo", *_MODULES]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:  # where there is none, what is meant is told from all
            for name in (cmd_name,) if cmd_name in _MODULES else _MODULES:
                self.commands[name] = _imported(name)
        return super().get_command(ctx, cmd_name)


def _imported(name: str) -> Any:
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    function = getattr(import_module(f"stagewright.cli.{name}"), f"{name}_command")
    alone.command(name, cls=Command)(function)
    return typer.main.get_command(alone)


app = typer.Typer(
    name="stagewright",
    help="Knows which models your files can use, and runs workflow stages as chats.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": width()},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stagewright {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before any command."""


@app.command(cls=Command)
def server(
    stdio: Annotated[  # noqa: ARG001 - the default, named by editors that say so
        bool,
        typer.Option("--stdio", help="Speak on stdin and stdout (default).", show_default=False),
    ] = True,
    tcp: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Listen there instead, on loopback only.")
    ] = "",
) -> None:
    """The language server, for editors to start."""
    # No other command needs the language server.
    from stagewright.cli.server import loopback_address, serve

    try:
        address = loopback_address(tcp) if tcp else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--tcp") from error
    serve(address)


@app.command(cls=Command)
def demo() -> None:
    """The main job on sample templates, with no key and no network."""
    from stagewright.cli.demo import run_demo  # no other command needs it

    run_demo()
