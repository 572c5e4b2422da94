"""Server addresses: `unix:PATH` or `HOST:PORT`, and how each may be spoken to."""

import ipaddress
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tashika_tui.problems import LocalError

# sockaddr_un holds 108 bytes with the zero at the end.
MAX_SOCKET_PATH_BYTES = 107

_HOST_PORT = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)):"
    r"(?P<port>[0-9]{1,5})"
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server as gRPC is told of it.

    `target` is gRPC's name of it and also the one under which a session is remembered; `tls` is False only
    for sockets of this computer; `ca` is a PEM file of trusted authorities, None: those of the system. `certificate`
    and `key` (PEM files) are what the client shows of itself, None: nothing.
    """

    target: str
    tls: bool
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def local(self) -> bool:
        """Whether it is a Unix socket."""
        return self.target.startswith("unix:")


def find_endpoint(server: str | None, ca: Path | None, environment: Mapping[str, str]) -> Endpoint:
    """The server to talk to: the option, else `TASHIKA_SERVER`, else the local socket.

    `ca`, else `TASHIKA_CA`, is the file of trusted authorities. Raises LocalError for what is no address.
    """
    address = server or environment.get("TASHIKA_SERVER")
    if not address:
        socket = default_socket(environment)
        _refuse_foreign(socket.parent)
        address = f"unix:{socket}"
    named = environment.get("TASHIKA_CA")
    return parse_endpoint(address, ca or (Path(named) if named else None))


def parse_endpoint(address: str, ca: Path | None = None) -> Endpoint:
    """The server at `address`. Off this computer the connection is always TLS; on its loopback it is plain
    unless authorities are given. Raises LocalError.
    """
    if address.startswith("unix:"):
        path = os.path.abspath(address.removeprefix("unix:").removeprefix("//"))
        if address == "unix:" or "\0" in address:
            raise LocalError("problem.address_form", address=address)
        length = len(os.fsencode(path))
        if length > MAX_SOCKET_PATH_BYTES:
            raise LocalError("problem.socket_path_long", length=length, limit=MAX_SOCKET_PATH_BYTES)
        return Endpoint(f"unix:{path}", tls=False)
    match = _HOST_PORT.fullmatch(address)
    if match is None or not 1 <= int(match["port"]) <= 65_535:
        raise LocalError("problem.address_form", address=address)
    host = match["six"] or match["host"]
    target = f"[{host}]:{match['port']}" if match["six"] else f"{host}:{match['port']}"
    return Endpoint(target, tls=ca is not None or not _is_loopback(host), ca=ca)


def default_socket(environment: Mapping[str, str]) -> Path:
    """Where a server on this computer listens: in the user's runtime folder, else in one of the user's own
    in the temporary folder.
    """
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "tashika.sock"
    user = os.getuid() if hasattr(os, "getuid") else environment.get("USERNAME", "user")
    return Path(tempfile.gettempdir()) / f"tashika-{user}" / "tashika.sock"


def _refuse_foreign(folder: Path) -> None:
    """In a temporary folder anybody can make the folder first that ours would have, and hear the passwords."""
    if folder.exists() and hasattr(os, "getuid") and folder.stat().st_uid not in (0, os.getuid()):
        raise LocalError("problem.socket_folder_foreign", folder=str(folder))


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
