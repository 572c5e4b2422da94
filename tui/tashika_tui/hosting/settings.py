"""The host's own settings: one TOML file, and a few of them by flags."""

import os
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from tashika_tui.hosting.limits import Bounds
from tashika_tui.hosting.order import Place
from tashika_tui.problems import LocalError

_HOUR = 3600
# The longest that anything may be set to: a week.
_MAX_SECONDS = 7 * 24 * _HOUR
_MAX_COUNT = 100_000

BOUNDS: Mapping[str, str] = {
    "max_connections": "connections",
    "max_unauthenticated": "unauthenticated",
    "max_unauthenticated_per_source": "unauthenticated_per_source",
    "connections_per_minute": "connections_per_minute",
    "max_sessions": "sessions",
    "max_sessions_per_user": "sessions_per_user",
}
"""The names of the limits in the file, and in `Bounds`."""


@dataclass(frozen=True, slots=True)
class HostSettings:
    """See `hosting_setting` in the catalogues for what each means. Paths are absolute; seconds are whole."""

    listen: str = "127.0.0.1:2222"
    server: str = ""
    ca: str = ""
    certificate: str = ""
    key: str = ""
    host_key: str = ""
    name: str = ""
    port: int = 0
    viewer_user: str = "city"
    idle_seconds: int = _HOUR // 2
    max_seconds: int = 12 * _HOUR
    command_seconds: int = 600
    login_seconds: int = 60
    drain_seconds: int = 20
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen at."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def place(self) -> Place:
        """The register and this host, as sessions must know them."""
        port = self.port or self.address[1]
        return Place(
            self.server, self.ca, self.certificate, self.key, self.name or socket.gethostname(), port
        )


_PATHS = frozenset({"ca", "certificate", "key", "host_key"})


def load_settings(
    file: Path | None, flags: Mapping[str, str | None], environment: Mapping[str, str]
) -> HostSettings:
    """The settings of a file (None: all as they are by themselves) with the flags over them. Raises LocalError."""
    found = _read(file) if file is not None else {}
    known = {item.name for item in fields(HostSettings)} - {"bounds"} | set(BOUNDS)
    if unknown := sorted(set(found) - known):
        raise LocalError("hosting.setting_unknown", path=file, names=", ".join(unknown))
    found |= {name: value for name, value in flags.items() if value is not None}
    default = HostSettings()
    plain = {name: found[name] for name in found if name not in BOUNDS}
    values = {name: _value(file, name, value, getattr(default, name)) for name, value in plain.items()}
    counts = {BOUNDS[name]: _number(file, name, found[name], _MAX_COUNT) for name in found if name in BOUNDS}
    settings = replace(default, **values, bounds=replace(default.bounds, **counts))
    return _complete(file, settings, environment)


def _complete(file: Path | None, settings: HostSettings, environment: Mapping[str, str]) -> HostSettings:
    if not settings.server:
        raise LocalError("hosting.server_missing")
    host, _, port = settings.listen.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal() and int(port) <= 65_535):
        raise LocalError("hosting.setting_wrong", path=file or "", name="listen", expected="HOST:PORT")
    if bool(settings.certificate) != bool(settings.key):
        raise LocalError("hosting.setting_wrong", path=file or "", name="key", expected="certificate, key")
    if settings.host_key:
        return settings
    state = environment.get("XDG_STATE_HOME") or ""
    home = Path(environment.get("HOME") or Path.home())
    folder = Path(state) if os.path.isabs(state) else home / ".local/state"
    return replace(settings, host_key=str(folder / "tashika" / "ssh_host_ed25519_key"))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise LocalError("problem.file_read", path=file, cause=error.strerror or "") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise LocalError("hosting.setting_file", path=file) from None


def _value(file: Path | None, name: str, value: object, default: object) -> Any:
    if isinstance(default, int):
        return _number(file, name, value, 65_535 if name == "port" else _MAX_SECONDS)
    if not isinstance(value, str) or "\0" in value or len(value) > 500:
        raise LocalError("hosting.setting_wrong", path=file or "", name=name, expected='"..."')
    if name in _PATHS and value:
        # A path in a file is meant from where the file lies.
        base = file.parent if file is not None else Path()
        return os.path.abspath(base / Path(value).expanduser())
    return value


def _number(file: Path | None, name: str, value: object, most: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise LocalError("hosting.setting_wrong", path=file or "", name=name, expected=f"1 - {most}")
    return value
