"""The one channel of a process to a server."""

from importlib.resources import files
from pathlib import Path

import grpc
import grpc.aio

from tashika_tui.client.endpoint import Endpoint
from tashika_tui.problems import LocalError
from tashika_tui.version import client_version

# gRPC's own pauses between attempts to connect grow to two minutes; a person waits in front of this one.
_CHANNEL_OPTIONS: tuple[tuple[str, int], ...] = (
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 3_000),
    # A watch may be silent for a while: ask whether the other side is still there, so that a pulled plug shows.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 10_000),
)


def open_channel(endpoint: Endpoint) -> grpc.aio.Channel:
    """A channel within the running event loop. Raises LocalError if a PEM file can't be read."""
    options: list[tuple[str, object]] = [
        ("grpc.primary_user_agent", f"tashika/{client_version()}"),
        *_CHANNEL_OPTIONS,
    ]
    config = files("tashika.v1").joinpath("service_config.json")
    if config.is_file():
        options.append(("grpc.service_config", config.read_text(encoding="utf-8")))
    if not endpoint.tls:
        # What stays on this computer must not go to a proxy that the environment names.
        options.append(("grpc.enable_http_proxy", 0))
        return grpc.aio.insecure_channel(endpoint.target, options=options)
    credentials = grpc.ssl_channel_credentials(
        root_certificates=_read(endpoint.ca, "problem.ca_read"),
        private_key=_read(endpoint.key, "problem.file_read"),
        certificate_chain=_read(endpoint.certificate, "problem.file_read"),
    )
    return grpc.aio.secure_channel(endpoint.target, credentials, options=options)


def _read(path: Path | None, problem: str) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise LocalError(problem, path=path, cause=error.strerror or "") from None
