"""TLS of the server: its certificate, read again when the file changes, and the authorities of its clients."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import grpc

from tashika_server.transport.listen import ListenError


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files: chain and key of the server, and, for mutual TLS, the authorities that clients must come from."""

    cert: Path
    key: Path
    client_ca: Path | None = None


def server_credentials(files: TlsFiles) -> grpc.ServerCredentials:
    """Make credentials (TLS 1.2 or later) that follow the files: a renewed certificate needs no restart.

    Raises ``ListenError`` for files that are missing, and for a key that everybody may read.
    """
    watched = _Watched(files)
    return grpc.dynamic_ssl_server_credentials(
        watched.read(),
        watched.changed,  # type: ignore[arg-type]  # gRPC takes None for "as before"; its types don't say so
        require_client_authentication=files.client_ca is not None,
    )


class _Watched:
    """Reads the files again when their times or sizes change; a half-written pair is left for the next look."""

    def __init__(self, files: TlsFiles) -> None:
        self._files = files
        self._seen = self._stamp()

    def read(self) -> grpc.ServerCertificateConfiguration:
        files = self._files
        if stat.S_IMODE(_stat(files.key).st_mode) & 0o007:
            raise ListenError(f"everybody can read the key {files.key}; run: chmod 600 {files.key}")
        chain, key = _read(files.cert), _read(files.key)
        authorities = _read(files.client_ca) if files.client_ca else None
        return grpc.ssl_server_certificate_configuration([(key, chain)], authorities)

    def changed(self) -> grpc.ServerCertificateConfiguration | None:
        """Give the new configuration, or nothing; gRPC asks before each handshake."""
        try:
            stamp = self._stamp()
            if stamp == self._seen:
                return None
            configuration = self.read()
        except ListenError:
            return None
        self._seen = stamp
        return configuration

    def _stamp(self) -> tuple[tuple[int, int], ...]:
        paths = (self._files.cert, self._files.key, self._files.client_ca)
        return tuple((found.st_mtime_ns, found.st_size) for found in (_stat(path) for path in paths if path))


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise ListenError(f"{path} can't be read: {error.strerror}") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ListenError(f"{path} can't be read: {error.strerror}") from None
