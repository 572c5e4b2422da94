"""TLS: the server shows its certificate, follows a renewed one, and may ask for those of its clients."""

import datetime
import os
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tashika_server.transport.call import Call
from tashika_server.transport.listen import ListenError
from tashika_server.transport.server import GrpcServer, ServerOptions
from tashika_server.transport.tls import TlsFiles, server_credentials
from tests.transport.echo import GET, Echo, World

DAY = datetime.timedelta(days=1)


@dataclass
class Authority:
    """An authority for one test."""

    key: ec.EllipticCurvePrivateKey
    name: x509.Name
    pem: bytes

    def issue(self, common_name: str) -> tuple[bytes, bytes]:
        """Give key and certificate for a name of this machine."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternative = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        cert = (
            _builder(common_name, self.name, key)
            .add_extension(alternative, False)
            .sign(self.key, hashes.SHA256())
        )
        return _pem(key), cert.public_bytes(serialization.Encoding.PEM)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(common_name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture
def authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Test authority")
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    cert = _builder("Test authority", name, key).add_extension(constraints, True).sign(key, hashes.SHA256())
    return Authority(key, name, cert.public_bytes(serialization.Encoding.PEM))


def install(folder: Path, authority: Authority, common_name: str, *, mutual: bool = False) -> TlsFiles:
    key, cert = authority.issue(common_name)
    files = TlsFiles(folder / "cert.pem", folder / "key.pem", folder / "ca.pem" if mutual else None)
    (folder / "ca.pem").write_bytes(authority.pem)
    files.cert.write_bytes(cert)
    files.key.write_bytes(key)
    files.key.chmod(0o600)
    return files


async def get(address: str, credentials: grpc.ChannelCredentials) -> bytes:
    port = address.rpartition(":")[2]
    async with grpc.aio.secure_channel(f"localhost:{port}", credentials) as channel:
        answer: bytes = await channel.unary_unary(GET)(Echo(name="n").SerializeToString(), timeout=5)
        return answer


async def served_name(address: str, authority: Authority) -> str:
    import asyncio
    import ssl

    port = int(address.rpartition(":")[2])
    context = ssl.create_default_context(cadata=authority.pem.decode())
    context.set_alpn_protocols(["h2"])
    _, writer = await asyncio.open_connection("localhost", port, ssl=context)
    shown = x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    writer.close()
    return str(shown.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


async def test_a_client_that_knows_the_authority_is_served(tmp_path: Path, authority: Authority) -> None:
    files = install(tmp_path, authority, "first")
    server = GrpcServer(ServerOptions("127.0.0.1:0", files, drain_seconds=0), World().pipeline())
    address = await server.start()
    try:
        assert (
            Echo.FromString(await get(address, grpc.ssl_channel_credentials(authority.pem))).name == "nobody"
        )
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await get(address, grpc.ssl_channel_credentials())
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    finally:
        await server.drain()


async def test_a_renewed_certificate_is_taken_without_a_restart(tmp_path: Path, authority: Authority) -> None:
    files = install(tmp_path, authority, "first")
    server = GrpcServer(ServerOptions("127.0.0.1:0", files, drain_seconds=0), World().pipeline())
    address = await server.start()
    try:
        assert await served_name(address, authority) == "first"
        install(tmp_path, authority, "second")
        os.utime(files.cert, ns=(1, 1))
        assert await served_name(address, authority) == "second"
        files.cert.unlink()
        assert await served_name(address, authority) == "second"
    finally:
        await server.drain()


async def test_machines_come_with_a_certificate_or_not_at_all(tmp_path: Path, authority: Authority) -> None:
    peers: list[str] = []

    async def look(request: object, call: Call) -> object:
        peers.append(call.peer)
        return Echo()

    world = World(get=look)  # type: ignore[arg-type]
    files = install(tmp_path, authority, "server", mutual=True)
    pipeline = world.pipeline(client_certificates=True)
    server = GrpcServer(ServerOptions("127.0.0.1:0", files, drain_seconds=0), pipeline)
    address = await server.start()
    key, cert = authority.issue("machine")
    try:
        await get(address, grpc.ssl_channel_credentials(authority.pem, key, cert))
        with pytest.raises(grpc.aio.AioRpcError):
            await get(address, grpc.ssl_channel_credentials(authority.pem))
    finally:
        await server.drain()
    assert len(peers) == 1
    assert peers[0].startswith("certificate:")


def test_a_key_that_everybody_can_read_is_refused(tmp_path: Path, authority: Authority) -> None:
    files = install(tmp_path, authority, "first")
    files.key.chmod(0o644)
    with pytest.raises(ListenError, match="chmod 600"):
        server_credentials(files)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ListenError, match=r"cert\.pem"):
        server_credentials(TlsFiles(tmp_path / "cert.pem", tmp_path / "key.pem"))
