"""TLS: a server is trusted by the given authorities and by nothing else."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.unit.formats.issued import NUMBER
from tests.unit.tui.register import KEY, serving


def server_certificate() -> tuple[bytes, bytes]:
    """A fresh key and its self-signed certificate for localhost, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(("trusted", "code"), [("right", 0), ("other", 5), ("none", 5)])
def test_only_a_server_of_the_given_authorities_is_talked_to(tmp_path: Path, trusted: str, code: int) -> None:
    private, certificate = server_certificate()
    other = server_certificate()[1]
    (tmp_path / "right.pem").write_bytes(certificate)
    (tmp_path / "other.pem").write_bytes(other)
    credentials = grpc.ssl_server_credentials([(private, certificate)])
    with serving(credentials=credentials) as register:
        ca = [] if trusted == "none" else ["--ca", str(tmp_path / f"{trusted}.pem")]
        command = [
            sys.executable,
            "-m",
            "tashika_tui",
            "open",
            NUMBER,
            "-",
            "--server",
            register.address,
            *ca,
        ]
        environment = {**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        run = subprocess.run(command, input=KEY.encode(), capture_output=True, env=environment, check=False)
        assert run.returncode == code
        assert bool(register.calls) == (code == 0)
    # One sentence, and nothing of gRPC's own log.
    assert len(run.stderr.decode().splitlines()) == (0 if code == 0 else 1)
