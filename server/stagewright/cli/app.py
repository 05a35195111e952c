"""The commands and their help; each lives in a module of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from stagewright import __version__
from stagewright.cli.chat import chat
from stagewright.cli.check import check_command
from stagewright.cli.dialects import dialects_command
from stagewright.cli.help import Command, Group, width
from stagewright.cli.inventory import inventory_command
from stagewright.cli.models import models_command
from stagewright.cli.workflows import workflows_command

app = typer.Typer(
    name="stagewright",
    help="Knows which models your files can use, and runs workflow stages as chats.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    cls=Group,
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


app.command("chat", cls=Command)(chat)
app.command("workflows", cls=Command)(workflows_command)
app.command("check", cls=Command)(check_command)
app.command("inventory", cls=Command)(inventory_command)
app.command("dialects", cls=Command)(dialects_command)
app.command("models", cls=Command)(models_command)
