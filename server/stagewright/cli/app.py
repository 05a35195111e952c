"""The commands and their help; each lives in a module of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from stagewright import __version__
from stagewright.cli.chat import chat
from stagewright.cli.check import check_command
from stagewright.cli.models import models_command

app = typer.Typer(
    name="stagewright",
    help="Knows which models your workflow templates can use, and runs their stages as chats.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stagewright {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """Options before any command."""


@app.command()
def server(
    stdio: Annotated[  # noqa: ARG001 - the default, named by editors that say so
        bool, typer.Option("--stdio", help="Speak on stdin and stdout.")
    ] = True,
    tcp: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Listen there instead, on loopback only.")
    ] = "",
) -> None:
    """The language server, for editors to start."""
    from stagewright.cli.server import loopback_address, serve

    try:
        address = loopback_address(tcp) if tcp else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--tcp") from error
    serve(address)


@app.command()
def demo() -> None:
    """The main job on sample templates, with no key and no network."""
    from stagewright.cli.demo import run_demo

    run_demo()


app.command("chat")(chat)
app.command("check")(check_command)
app.command("models")(models_command)
