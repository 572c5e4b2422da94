"""TLS: a server is trusted by the given authorities and by nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from tests.support.tls import server_certificate
from tests.unit.formats.issued import NUMBER
from tests.unit.tui.register import KEY, serving


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
