"""The door of the SSH host: who comes in, who is believed there, and that nobody is believed anywhere else."""

import asyncio
import datetime
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tashika_server.config import SettingsError, load_settings
from tashika_server.host.register import ssh_host_door
from tashika_server.transport.call import Call
from tashika_server.transport.listen import ListenError
from tashika_server.transport.server import GrpcServer, ServerOptions
from tashika_server.transport.ssh_host_door import DoorOptions, SshHostDoor
from tashika_server.transport.tls import TlsFiles
from tests.transport.echo import GET, Echo, World
from tests.transport.server.test_tls import Authority, authority, install

__all__ = ["authority"]

SOMEBODY_ELSE = 54_321
SOURCE = ("tashika-source", "203.0.113.7")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder with a short name: a socket's path has at most 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="tashika-"))
    yield folder
    shutil.rmtree(folder)


async def who(request: Any, call: Call) -> Any:
    """Tell what is believed of the caller."""
    return Echo(text=f"{call.peer[:18]} {call.caller.peer == call.peer}", name=str(call.caller.ssh_host))


@asynccontextmanager
async def open_door(folder: Path, options: DoorOptions) -> AsyncIterator[tuple[str, str]]:
    """A server with a door: its own address, and the door's."""
    door = SshHostDoor(options)
    server = GrpcServer(
        ServerOptions(f"unix:{folder / 'front.sock'}", drain_seconds=0.5),
        World(get=who).pipeline(),
        door=door,
    )
    front = await server.start()
    try:
        yield front, options.listen
    finally:
        await server.drain()


async def ask(
    target: str, metadata: Sequence[tuple[str, str]] = (), credentials: grpc.ChannelCredentials | None = None
) -> tuple[str, str]:
    """Call through a channel of its own, and give what the server believes of the caller."""
    insecure = grpc.aio.insecure_channel
    async with (
        insecure(target) if credentials is None else grpc.aio.secure_channel(target, credentials) as channel
    ):
        call: Any = channel.unary_unary(GET)
        told = Echo.FromString(await call(Echo(name="n").SerializeToString(), metadata=metadata, timeout=5))
    return told.name, told.text


def on_socket(folder: Path, account: int) -> DoorOptions:
    return DoorOptions(f"unix:{folder / 'door.sock'}", account)


async def test_through_the_door_the_source_that_is_told_is_where_the_person_is(tmp_path: Path) -> None:
    async with open_door(tmp_path, on_socket(tmp_path, os.getuid())) as (_, door):
        assert await ask(door, [SOURCE]) == ("True", "203.0.113.7 True")
        assert await ask(door, [("tashika-source", "2001:db8:1:2:3::4")]) == (
            "True",
            "2001:db8:1:2::/64 True",
        )
        assert await ask(door, [("tashika-source", "::ffff:192.0.2.1")]) == ("True", "192.0.2.1 True")


@pytest.mark.parametrize("metadata", [[], [("tashika-source", "")], [("tashika-source", "nowhere; at all")]])
async def test_whoever_is_nowhere_is_counted_with_all_others_who_are(
    tmp_path: Path, metadata: list[tuple[str, str]]
) -> None:
    async with open_door(tmp_path, on_socket(tmp_path, os.getuid())) as (_, door):
        assert await ask(door, metadata) == ("True", "ssh-host True")


async def test_a_person_who_is_signed_in_is_where_the_host_says(tmp_path: Path) -> None:
    async with open_door(tmp_path, on_socket(tmp_path, os.getuid())) as (_, door):
        assert await ask(door, [SOURCE, ("authorization", "Bearer good")]) == ("True", "203.0.113.7 True")


async def test_at_the_front_nobody_is_believed_where_they_are(tmp_path: Path) -> None:
    async with open_door(tmp_path, on_socket(tmp_path, os.getuid())) as (front, _):
        assert await ask(front, [SOURCE]) == ("False", "unix True")


async def test_another_account_of_this_machine_does_not_come_in(tmp_path: Path) -> None:
    async with open_door(tmp_path, on_socket(tmp_path, SOMEBODY_ELSE)) as (front, door):
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await ask(door, [SOURCE])
        assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
        assert await ask(front) == ("False", "unix True")


async def test_anybody_may_knock_but_the_way_in_is_the_servers_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with open_door(tmp_path, on_socket(tmp_path, os.getuid())):
        assert stat.S_IMODE(os.stat(tmp_path / "door.sock").st_mode) == 0o666
        (made,) = [name for name in os.listdir(tmp_path) if name.startswith("tashika-door-")]
        assert stat.S_IMODE(os.stat(tmp_path / made).st_mode) == 0o700
    assert made not in os.listdir(tmp_path)


async def test_a_large_answer_comes_whole_through_a_door_that_is_read_slowly(tmp_path: Path) -> None:
    size = 900_000

    async def long(request: Any, call: Call) -> Any:
        return Echo(data=bytes(size), name="n")

    door = SshHostDoor(on_socket(tmp_path, os.getuid()))
    server = GrpcServer(
        ServerOptions(f"unix:{tmp_path / 'front.sock'}"), World(get=long).pipeline(), door=door
    )
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"unix:{tmp_path / 'door.sock'}") as channel:
            call: Any = channel.unary_unary(GET)
            calls = [call(Echo(name="n").SerializeToString(), timeout=20) for _ in range(8)]
            answers = await asyncio.gather(*calls)
            assert [len(Echo.FromString(each).data) for each in answers] == [size] * 8
    finally:
        await server.drain()


# --- on the network ---


def self_signed(folder: Path, name: str) -> tuple[Path, Path]:
    """Key and certificate of a host that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.key", folder / f"{name}.pem"
    paths[0].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    paths[1].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return paths


def shown(folder: Path, key: Path, certificate: Path) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(
        (folder / "ca.pem").read_bytes(), key.read_bytes(), certificate.read_bytes()
    )


@asynccontextmanager
async def on_network(folder: Path, tls: TlsFiles, certificate: Path) -> AsyncIterator[str]:
    door = SshHostDoor(DoorOptions("127.0.0.1:0", None, certificate, tls))
    server = GrpcServer(ServerOptions(f"unix:{folder / 'front.sock'}"), World(get=who).pipeline(), door=door)
    addresses: list[str] = []
    start = door.start

    async def note(make: Any) -> str:
        addresses.append(await start(make))
        return addresses[-1]

    door.start = note  # type: ignore[method-assign]
    await server.start()
    try:
        yield f"localhost:{addresses[0].rpartition(':')[2]}"
    finally:
        await server.drain()


async def test_on_the_network_the_registered_certificate_is_believed(
    tmp_path: Path, authority: Authority
) -> None:
    tls = install(tmp_path, authority, "server")
    key, certificate = self_signed(tmp_path, "ssh-host")
    async with on_network(tmp_path, tls, certificate) as door:
        told = await ask(door, [SOURCE], shown(tmp_path, key, certificate))
    assert told == ("True", "203.0.113.7 True")


async def test_on_the_network_another_certificate_does_not_come_in(
    tmp_path: Path, authority: Authority
) -> None:
    tls = install(tmp_path, authority, "server")
    _, certificate = self_signed(tmp_path, "ssh-host")
    stranger = self_signed(tmp_path, "stranger")
    ca = (tmp_path / "ca.pem").read_bytes()
    async with on_network(tmp_path, tls, certificate) as door:
        for credentials in (shown(tmp_path, *stranger), grpc.ssl_channel_credentials(ca)):
            with pytest.raises(grpc.aio.AioRpcError) as failed:
                await ask(door, [SOURCE], credentials)
            assert failed.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_sister_of_the_registered_certificate_comes_in_and_is_not_believed(
    tmp_path: Path, authority: Authority
) -> None:
    """Where the file holds an authority as well, whatever that authority signed can connect."""
    tls = install(tmp_path, authority, "server")
    (host_key, host), (other_key, other) = authority.issue("ssh-host"), authority.issue("other")
    (tmp_path / "pinned.pem").write_bytes(host + authority.pem)
    async with on_network(tmp_path, tls, tmp_path / "pinned.pem") as door:
        ca = authority.pem
        right = grpc.ssl_channel_credentials(ca, host_key, host)
        assert await ask(door, [SOURCE], right) == ("True", "203.0.113.7 True")
        sister = grpc.ssl_channel_credentials(ca, other_key, other)
        assert await ask(door, [SOURCE], sister) == ("False", "127.0.0.1 True")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ssh_host_listen": "127.0.0.1:0"}, "needs ssh_host_certificate"),
        ({"ssh_host_listen": "nowhere"}, "no address"),
    ],
)
def test_a_door_that_would_let_in_anybody_is_not_opened(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    given = {f"TASHIKA_{name.upper()}": value for name, value in settings.items()}
    loaded = load_settings({"data": str(tmp_path / "data")}, given)
    with pytest.raises(ListenError, match=told):
        ssh_host_door(loaded)


def test_a_certificate_that_can_not_be_read_is_named(tmp_path: Path, authority: Authority) -> None:
    tls = install(tmp_path, authority, "server")
    with pytest.raises(ListenError, match=r"ca\.txt can't be read as a certificate"):
        SshHostDoor(DoorOptions("127.0.0.1:0", None, tmp_path / "ca.txt", tls))


def test_the_account_is_a_name_or_a_number_and_the_servers_own_where_none_is_given(tmp_path: Path) -> None:
    def account(text: str) -> int:
        environment = {"TASHIKA_SSH_HOST_ACCOUNT": text}
        return load_settings({"data": str(tmp_path / "data")}, environment).ssh_host_account

    own = pwd.getpwuid(os.getuid())
    assert account(own.pw_name) == account(str(own.pw_uid)) == account("") == own.pw_uid
    with pytest.raises(SettingsError, match="no account nobody-of-that-name"):
        account("nobody-of-that-name")
