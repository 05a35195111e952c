"""The server listens on this machine alone."""

import pytest

from stagewright.cli.server import loopback_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:2087", ("127.0.0.1", 2087)),
        ("localhost:1", ("localhost", 1)),
        ("[::1]:2087", ("::1", 2087)),
        (":2087", ("127.0.0.1", 2087)),
    ],
)
def test_loopback_addresses(text: str, address: tuple[str, int]) -> None:
    assert loopback_address(text) == address


@pytest.mark.parametrize("text", ["0.0.0.0:1", "10.0.0.1:1", "example.org:1", "[::]:1"])
def test_other_machines_addresses_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not this machine"):
        loopback_address(text)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000"])
def test_what_is_no_address_says_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="write HOST:PORT"):
        loopback_address(text)
