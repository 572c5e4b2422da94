"""Where the server listens, and to whom."""

import os
import socket
import stat
from pathlib import Path

import grpc
import pytest

from tashika_server.transport.listen import (
    ListenError,
    TcpAddress,
    UnixAddress,
    parse_address,
    prepare_socket,
)
from tashika_server.transport.server import GrpcServer, ServerOptions
from tests.transport.echo import Echo, World, serving


@pytest.mark.parametrize(
    ("text", "address", "local"),
    [
        ("127.0.0.1:50051", TcpAddress("127.0.0.1", 50051), True),
        ("127.9.9.9:0", TcpAddress("127.9.9.9", 0), True),
        ("[::1]:50051", TcpAddress("::1", 50051), True),
        ("localhost:1", TcpAddress("localhost", 1), True),
        ("0.0.0.0:50051", TcpAddress("0.0.0.0", 50051), False),
        ("[::]:50051", TcpAddress("::", 50051), False),
        ("192.0.2.1:65535", TcpAddress("192.0.2.1", 65535), False),
        ("register.example.jp:443", TcpAddress("register.example.jp", 443), False),
        ("localhost.example.jp:443", TcpAddress("localhost.example.jp", 443), False),
        ("unix:/run/tashika.sock", UnixAddress(Path("/run/tashika.sock")), True),
    ],
)
def test_an_address_is_read(text: str, address: object, local: bool) -> None:
    found = parse_address(text)
    assert found == address
    assert found.local is local


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "host",
        "host:",
        ":50051",
        "::1:50051",
        "[::1]",
        "a:65536",
        "a:-1",
        "a:１",
        "unix:",
        "unix:\0",
        "a:b:1",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ListenError):
        parse_address(text)


def test_a_socket_path_has_at_most_107_bytes() -> None:
    longest = "/" + "a" * 106
    assert parse_address(f"unix:{longest}") == UnixAddress(Path(longest))
    with pytest.raises(ListenError, match="108 bytes"):
        parse_address(f"unix:{longest}a")
    with pytest.raises(ListenError, match="bytes"):
        parse_address("unix:/" + "証" * 36)


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "[::]:0", "register.example.jp:443"])
def test_no_server_starts_without_tls_where_others_can_reach_it(listen: str) -> None:
    with pytest.raises(ListenError, match="TLS"):
        GrpcServer(ServerOptions(listen), World().pipeline())


async def test_the_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        async with serving(World(), tmp_path / "made"):
            folder, file = tmp_path / "made", tmp_path / "made" / "echo.sock"
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert stat.S_ISSOCK(file.stat().st_mode)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


async def test_a_second_server_does_not_take_the_firsts_place(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        second = GrpcServer(ServerOptions(f"unix:{tmp_path / 'echo.sock'}"), World().pipeline())
        with pytest.raises(ListenError, match="another server"):
            await second.start()
        assert (await client.get(Echo(name="n"))).name == "nobody"


async def test_what_a_killed_server_left_is_cleared_away(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "echo.sock"))
    async with serving(World(), tmp_path) as client:
        assert (await client.get(Echo(name="n"))).name == "nobody"


def test_a_file_that_is_no_socket_stays(tmp_path: Path) -> None:
    (tmp_path / "echo.sock").write_text("precious")
    with pytest.raises(ListenError, match="no socket"):
        prepare_socket(UnixAddress(tmp_path / "echo.sock"))
    assert (tmp_path / "echo.sock").read_text() == "precious"


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(ListenError, match="others may write"):
        prepare_socket(UnixAddress(tmp_path / "echo.sock"))
    tmp_path.chmod(0o1777)
    prepare_socket(UnixAddress(tmp_path / "echo.sock"))
    tmp_path.chmod(0o700)


async def test_two_servers_do_not_share_a_port() -> None:
    first = GrpcServer(ServerOptions("127.0.0.1:0", drain_seconds=0), World().pipeline())
    address = await first.start()
    try:
        assert address != "127.0.0.1:0"
        second = GrpcServer(ServerOptions(address), World().pipeline())
        with pytest.raises(ListenError, match="another program"):
            await second.start()
        async with grpc.aio.insecure_channel(address) as channel:
            await channel.unary_unary("/tashika.test.EchoService/Get")(Echo(name="n").SerializeToString())
    finally:
        await first.drain()
