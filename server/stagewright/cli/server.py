"""`stagewright server`: the only part of the command line that imports the language server."""

from __future__ import annotations

from ipaddress import ip_address

from stagewright import garbage


def serve(address: tuple[str, int] | None) -> None:
    """Serve one client over stdio, or on a loopback address, until it leaves."""
    garbage.leave()
    from stagewright.lsp.serving import serve  # behind that, and no other command needs it

    serve(address)


def loopback_address(text: str) -> tuple[str, int]:
    """`HOST:PORT` as a pair. Raises ValueError, with a message for people, unless it is loopback.

    The protocol has no passwords: whoever reaches the port reads the user's files.
    """
    host, colon, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"`{text}` is not an address: write HOST:PORT, such as 127.0.0.1:2087")
    if host != "localhost":
        try:
            loopback = ip_address(host).is_loopback
        except ValueError:
            loopback = False
        if not loopback:
            raise ValueError(f"`{host}` is not this machine: only 127.0.0.1, ::1 and localhost are")
    return host, int(port)
