"""Where the server listens: a Unix socket for this machine, or a host and port for the network."""

import errno
import ipaddress
import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

# sockaddr_un has 108 bytes on Linux, the last of which is a zero.
MAX_SOCKET_PATH_BYTES = 107


class ListenError(Exception):
    """The server can't listen where it was told to; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A socket file; only its owner may connect."""

    path: Path

    @property
    def local(self) -> bool:
        """A Unix socket never leaves the machine."""
        return True

    @property
    def target(self) -> str:
        """The address in gRPC's words."""
        return f"unix:{self.path}"


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A host and a port; port 0 takes a free one."""

    host: str
    port: int

    @property
    def local(self) -> bool:
        """Whether nobody outside this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def target(self) -> str:
        """The address in gRPC's words."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


Address = UnixAddress | TcpAddress


def parse_address(text: str) -> Address:
    """Read ``unix:PATH`` or ``HOST:PORT`` (IPv6 hosts in brackets). Raises ``ListenError``."""
    if text.startswith("unix:"):
        return _unix(text.removeprefix("unix:"))
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    bare = host[1:-1] if bracketed else host
    if not colon or not bare or (":" in bare) != bracketed:
        raise ListenError(f"{text!r} is no address; write unix:PATH, HOST:PORT or [IPV6]:PORT")
    if not (port.isascii() and port.isdecimal() and int(port) <= 65535):
        raise ListenError(f"{text!r} has no port between 0 and 65535 behind its colon")
    return TcpAddress(bare, int(port))


def _unix(text: str) -> UnixAddress:
    path = Path(os.path.abspath(text)) if text else None
    if path is None or "\0" in text:
        raise ListenError("unix: needs a path behind it")
    size = len(os.fsencode(path))
    if size > MAX_SOCKET_PATH_BYTES:
        raise ListenError(
            f"the socket's path has {size} bytes, and the system takes {MAX_SOCKET_PATH_BYTES}; choose a shorter one"
        )
    return UnixAddress(path)


def prepare_socket(address: UnixAddress) -> None:
    """Make the socket's folder (mode 0700) where it is missing, and clear away what a killed server left.

    Raises ``ListenError`` where another server answers there: gRPC itself would take its place without a
    word.
    """
    folder = address.path.parent
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
    _refuse_foreign(folder)
    try:
        mode = address.path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ListenError(f"{address.path} is there already and is no socket")
    if _answers(address.path):
        raise ListenError(f"another server is listening at {address.path}; stop it first")
    address.path.unlink()


def _refuse_foreign(folder: Path) -> None:
    """A folder that others may write to lets them put their own socket where ours was; a sticky bit stops that."""
    found = folder.stat()
    if found.st_uid not in (0, os.getuid()):
        raise ListenError(f"{folder} belongs to somebody else; choose another folder")
    writable = stat.S_IMODE(found.st_mode) & 0o022
    if writable and not found.st_mode & stat.S_ISVTX:
        raise ListenError(f"others may write to {folder}; choose another folder or run: chmod 700 {folder}")


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError as error:
            # A full queue means that somebody is there.
            return error.errno not in (errno.ECONNREFUSED, errno.ENOENT)
    return True
