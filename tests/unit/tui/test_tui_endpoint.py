"""Which server is talked to, and how."""

import os
from pathlib import Path

import pytest

from tashika_tui.client.endpoint import Endpoint, default_socket, find_endpoint, parse_endpoint
from tashika_tui.problems import LocalError
from tests.unit.tui.person import Person


@pytest.mark.parametrize(
    ("address", "target", "tls"),
    [
        ("unix:/run/tashika.sock", "unix:/run/tashika.sock", False),
        ("unix:///run/tashika.sock", "unix:/run/tashika.sock", False),
        ("127.0.0.1:50051", "127.0.0.1:50051", False),
        ("127.9.9.9:1", "127.9.9.9:1", False),
        ("localhost:50051", "localhost:50051", False),
        ("[::1]:50051", "[::1]:50051", False),
        ("register.example:443", "register.example:443", True),
        ("192.0.2.1:443", "192.0.2.1:443", True),
        ("[2001:db8::1]:443", "[2001:db8::1]:443", True),
        ("localhost.example:443", "localhost.example:443", True),
        ("0.0.0.0:443", "0.0.0.0:443", True),
    ],
)
def test_what_leaves_this_computer_is_encrypted(address: str, target: str, tls: bool) -> None:
    assert parse_endpoint(address) == Endpoint(target, tls)


def test_authorities_make_the_loopback_encrypted_too() -> None:
    assert parse_endpoint("127.0.0.1:1", Path("ca.pem")).tls


@pytest.mark.parametrize(
    "address",
    ["", "host", "host:", ":1", "host:0", "host:65536", "host:1:2", "ho st:1", "unix:", "http://a:1", "[::1", "a:１",
     "dns:///a:1", "a\n:1", "-a:1", "unix:/a\0b"],
)  # fmt: skip
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(LocalError, match=r"problem\.address_form"):
        parse_endpoint(address)


def test_a_socket_path_longer_than_the_system_takes_is_told(tmp_path: Path) -> None:
    assert parse_endpoint("unix:/" + "a" * 106).local
    for path in ("/" + "a" * 107, "/" + "あ" * 36):
        seen = Person(tmp_path, f"unix:{path}").types("list")
        assert seen.code == 2
        assert "107バイト" in seen.err


def test_the_option_wins_over_the_environment_and_that_over_the_default() -> None:
    environment = {"TASHIKA_SERVER": "127.0.0.1:2", "XDG_RUNTIME_DIR": "/run/user/1"}
    assert find_endpoint("127.0.0.1:1", None, environment).target == "127.0.0.1:1"
    assert find_endpoint(None, None, environment).target == "127.0.0.1:2"
    assert (
        find_endpoint(None, None, {"XDG_RUNTIME_DIR": "/run/user/1"}).target
        == "unix:/run/user/1/tashika.sock"
    )
    assert find_endpoint(None, None, {"TASHIKA_SERVER": "127.0.0.1:2", "TASHIKA_CA": "/ca"}).ca == Path("/ca")


def test_without_a_runtime_folder_the_socket_is_in_a_folder_of_the_user() -> None:
    assert default_socket({}).parts[-2:] == (f"tashika-{os.getuid()}", "tashika.sock")


def test_authorities_that_can_not_be_read_are_told(tmp_path: Path) -> None:
    seen = Person(tmp_path, "register.example:1", answers=["x"]).types(
        "login", "a", "--ca", str(tmp_path / "ca.pem")
    )
    assert seen.code == 2
    assert "ca.pem" in seen.err
