"""The server's settings: from a file, the environment and flags, the later ones winning.

``SETTINGS`` is the whole list, with what each means; the documentation is made from it.
"""

import ipaddress
import os
import pwd
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

ENVIRONMENT_PREFIX = "TASHIKA_"
KEYS_SUFFIX = "-keys"


class SettingsError(Exception):
    """A setting is missing, malformed or contradicts another; the text says which, and what to do."""


class Kind(Enum):
    """What a setting holds, and how it is written in the environment."""

    TEXT = "text"
    PATH = "path"
    COUNT = "count"
    SECONDS = "seconds"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``default`` as it would stand in the environment; ``flag``: whether a flag may give it."""

    name: str
    kind: Kind
    default: str
    help: str
    flag: bool = True
    choices: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The name in the environment."""
        return ENVIRONMENT_PREFIX + self.name.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting("data", Kind.PATH, "", "The folder with the database and the issued documents."),
    Setting(
        "keys",
        Kind.PATH,
        "",
        "The folder with the root secret and the signing keys; the data folder's name with -keys behind it, if not "
        "given. Never inside the data folder, and never in the same backup.",
    ),
    Setting("listen", Kind.TEXT, "", "unix:PATH or HOST:PORT; the user's own socket, if not given."),
    Setting("tls_cert", Kind.PATH, "", "The server's certificate chain (PEM); read again when it changes."),
    Setting("tls_key", Kind.PATH, "", "The key of that certificate (PEM)."),
    Setting("client_ca", Kind.PATH, "", "Clients must show a certificate of these authorities (PEM)."),
    Setting(
        "ssh_host_listen",
        Kind.TEXT,
        "",
        "The door of the SSH host (tashika ssh-host): unix:PATH or HOST:PORT; there is none, if not given. What is "
        "said at this door of who a person is, and where, is believed.",
        flag=False,
    ),
    Setting(
        "ssh_host_account",
        Kind.TEXT,
        "",
        "On a Unix socket: the account of this machine that the SSH host runs under; the server's own, if not given.",
        flag=False,
    ),
    Setting(
        "ssh_host_certificate",
        Kind.PATH,
        "",
        "On HOST:PORT: the client certificate of the SSH host (PEM), its authorities behind it.",
        flag=False,
    ),
    Setting(
        "postgresql_url",
        Kind.TEXT,
        "",
        "A PostgreSQL database instead of the file in the data folder. It may hold a password, so no flag gives it.",
        flag=False,
    ),
    Setting("demo", Kind.SWITCH, "no", "Make and accept demonstration authorities, marked 見本 DEMO."),
    Setting(
        "viewer",
        Kind.TEXT,
        "",
        "How cities reach the viewer (an address or a command), printed on key notices; empty: not printed.",
        flag=False,
    ),
    Setting(
        "log_level",
        Kind.TEXT,
        "INFO",
        "How much is logged; DEBUG notes every call.",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
    Setting("render_workers", Kind.COUNT, "2", "Processes that render and sign documents."),
    Setting("drain_seconds", Kind.SECONDS, "20", "How long calls may go on after SIGTERM."),
    Setting("max_calls", Kind.COUNT, "256", "Short calls at once; more are refused and may try again."),
    Setting("max_heavy", Kind.COUNT, "64", "Renderings at once, those in line included."),
    Setting("max_transfers", Kind.COUNT, "16", "Uploads and downloads at once."),
    Setting("max_watches", Kind.COUNT, "2000", "Streams that stay open at once."),
    Setting(
        "metrics_listen",
        Kind.TEXT,
        "",
        "HOST:PORT of this host at which figures are given for Prometheus; empty: nowhere.",
        flag=False,
    ),
    Setting(
        "smtp_server",
        Kind.TEXT,
        "",
        "The mail server that notices are handed to; empty: no mail is sent, notices are in the client alone.",
        flag=False,
    ),
    Setting(
        "smtp_security",
        Kind.TEXT,
        "starttls",
        "starttls, tls (from the first byte on), or plain, which is for a mail server on this host.",
        flag=False,
        choices=("starttls", "tls", "plain"),
    ),
    Setting(
        "smtp_port",
        Kind.TEXT,
        "",
        "Its port; 587 for starttls, 465 for tls and 25 for plain, if not given.",
        flag=False,
    ),
    Setting(
        "smtp_user", Kind.TEXT, "", "The name to sign in with at the mail server; empty: none.", flag=False
    ),
    Setting(
        "smtp_password",
        Kind.TEXT,
        "",
        "The password for it, from the environment or a settings file of mode 0600; no flag gives it.",
        flag=False,
    ),
    Setting(
        "smtp_ca",
        Kind.PATH,
        "",
        "The authorities that the mail server's certificate may come from (PEM); those of this host, if not given.",
        flag=False,
    ),
    Setting(
        "smtp_allow_plain",
        Kind.SWITCH,
        "no",
        "Allow plain to a mail server on another host, where everybody on the way can read the mails.",
        flag=False,
    ),
    Setting(
        "smtp_seconds",
        Kind.SECONDS,
        "30",
        "How long one answer of the mail server may take; the answer to a whole mail five times as long.",
        flag=False,
    ),
    Setting(
        "mail_from",
        Kind.TEXT,
        "",
        "From whom notices come: ADDRESS, or NAME <ADDRESS>. Needed with smtp_server.",
        flag=False,
    ),
    Setting("mail_reply_to", Kind.TEXT, "", "Where answers to notices go; empty: to mail_from.", flag=False),
    Setting(
        "mail_bounces",
        Kind.TEXT,
        "",
        "Where other mail servers report what they could not deliver; empty: to mail_from.",
        flag=False,
    ),
)

SECRETS = ("postgresql_url", "smtp_password")
"""What may hold a password: never a flag, and in no file that others can read."""

_SMTP_PORTS = {"starttls": 587, "tls": 465, "plain": 25}

_BY_NAME = {setting.name: setting for setting in SETTINGS}
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0", ""})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server, checked. See ``SETTINGS`` for what each means."""

    data: Path
    keys: Path
    listen: str
    tls_cert: Path | None
    tls_key: Path | None
    client_ca: Path | None
    ssh_host_listen: str
    ssh_host_account: int
    ssh_host_certificate: Path | None
    postgresql_url: str
    demo: bool
    viewer: str
    log_level: str
    render_workers: int
    drain_seconds: float
    max_calls: int
    max_heavy: int
    max_transfers: int
    max_watches: int
    metrics_listen: str
    smtp_server: str
    smtp_security: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_ca: Path | None
    smtp_allow_plain: bool
    smtp_seconds: float
    mail_from: str
    mail_reply_to: str
    mail_bounces: str

    def __repr__(self) -> str:
        # The URL may hold a password, and so does the mail server's.
        return f"Settings(data={self.data}, keys={self.keys}, listen={self.listen!r}, ...)"


def load_settings(
    flags: Mapping[str, str | None], environment: Mapping[str, str], file: Path | None = None
) -> Settings:
    """Put the settings together: defaults, then the file (TOML), the environment, and the flags that were given.

    Raises ``SettingsError``.
    """
    texts = {setting.name: setting.default for setting in SETTINGS}
    texts.update(_from_file(file) if file else {})
    texts.update({s.name: environment[s.variable] for s in SETTINGS if environment.get(s.variable)})
    for name, value in flags.items():
        if value is None:
            continue
        if name not in _BY_NAME or not _BY_NAME[name].flag:
            raise SettingsError(f"{name} can't be given as a flag")
        texts[name] = value
    return _checked(texts)


def default_socket(environment: Mapping[str, str], user_id: int, temporary: Path) -> Path:
    """Give the user's own socket: ``$XDG_RUNTIME_DIR/tashika.sock``, else one in a folder of the user's in the
    temporary directory, which the server makes with mode 0700."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    folder = Path(runtime) if runtime else temporary / f"tashika-{user_id}"
    return folder / "tashika.sock"


def _from_file(file: Path) -> dict[str, str]:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            found = tomllib.load(opened)
    except OSError as error:
        raise SettingsError(f"{file} can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # Without the parser's words: they may quote the line with the password.
        raise SettingsError(f"{file} is not TOML") from None
    if unknown := sorted(set(found) - set(_BY_NAME)):
        raise SettingsError(f"{file} has settings that are not known: {', '.join(unknown)}")
    if any(name in found for name in SECRETS) and stat.S_IMODE(mode) & 0o077:
        raise SettingsError(f"{file} may hold a password and can be read by others; run: chmod 600 {file}")
    return {name: _written(file, name, value) for name, value in found.items()}


def _written(file: Path, name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    raise SettingsError(f"{name} in {file} must be a single value")


def _checked(texts: Mapping[str, str]) -> Settings:
    for setting in SETTINGS:
        if setting.choices and texts[setting.name] not in setting.choices:
            raise SettingsError(f"{setting.name} must be one of {', '.join(setting.choices)}")
    data = _path(texts, "data")
    if data is None:
        raise SettingsError(f"no data folder: give --data DIR or {_BY_NAME['data'].variable}")
    keys = _path(texts, "keys") or data.with_name(data.name + KEYS_SUFFIX)
    if keys == data or data in keys.parents:
        raise SettingsError(
            f"the keys folder {keys} must not lie inside the data folder, whose backup would hold it"
        )
    cert, key, client_ca = (_path(texts, name) for name in ("tls_cert", "tls_key", "client_ca"))
    if (cert is None) != (key is None):
        raise SettingsError("tls_cert and tls_key belong together; give both")
    if client_ca is not None and cert is None:
        raise SettingsError("client_ca asks for certificates of clients, which needs tls_cert and tls_key")
    _check_mail(texts)
    return Settings(
        data=data,
        keys=keys,
        listen=texts["listen"],
        tls_cert=cert,
        tls_key=key,
        client_ca=client_ca,
        ssh_host_listen=texts["ssh_host_listen"],
        ssh_host_account=_account(texts, "ssh_host_account"),
        ssh_host_certificate=_path(texts, "ssh_host_certificate"),
        postgresql_url=texts["postgresql_url"],
        demo=_switch(texts, "demo"),
        viewer=texts["viewer"],
        log_level=texts["log_level"],
        render_workers=_count(texts, "render_workers"),
        drain_seconds=_seconds(texts, "drain_seconds"),
        max_calls=_count(texts, "max_calls"),
        max_heavy=_count(texts, "max_heavy"),
        max_transfers=_count(texts, "max_transfers"),
        max_watches=_count(texts, "max_watches"),
        metrics_listen=texts["metrics_listen"],
        **_mail(texts),
    )


def _mail(texts: Mapping[str, str]) -> dict[str, Any]:
    plain = ("smtp_server", "smtp_security", "smtp_user", "smtp_password", "mail_from")
    return {
        **{name: texts[name] for name in (*plain, "mail_reply_to", "mail_bounces")},
        "smtp_port": _port(texts),
        "smtp_ca": _path(texts, "smtp_ca"),
        "smtp_allow_plain": _switch(texts, "smtp_allow_plain"),
        "smtp_seconds": _seconds(texts, "smtp_seconds"),
    }


def _check_mail(texts: Mapping[str, str]) -> None:
    """What belongs together, and that neither mails nor a password go over a line in clear by mistake."""
    server, user, password = (texts[name] for name in ("smtp_server", "smtp_user", "smtp_password"))
    if server and not texts["mail_from"]:
        raise SettingsError("smtp_server needs mail_from: the address that notices come from")
    if bool(user) != bool(password):
        raise SettingsError("smtp_user and smtp_password belong together; give both")
    if not password.isascii():
        raise SettingsError("smtp_password must be ASCII: mail servers take no other")
    if texts["smtp_security"] != "plain" or not server or _is_this_host(server):
        return
    if not _switch(texts, "smtp_allow_plain"):
        raise SettingsError(
            f"smtp_security is plain, and {server} is another host: use starttls or tls, or set smtp_allow_plain"
        )
    if password:
        raise SettingsError("smtp_password would go over the network in clear: use starttls or tls")


def _is_this_host(server: str) -> bool:
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return server.lower() == "localhost"


def _port(texts: Mapping[str, str]) -> int:
    text = texts["smtp_port"]
    if not text:
        return _SMTP_PORTS[texts["smtp_security"]]
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65_535):
        raise SettingsError("smtp_port must be a port, from 1 to 65535")
    return int(text)


def _path(texts: Mapping[str, str], name: str) -> Path | None:
    return Path(os.path.abspath(Path(texts[name]).expanduser())) if texts[name] else None


def _account(texts: Mapping[str, str], name: str) -> int:
    """Read the name or number of an account of this machine."""
    text = texts[name]
    if not text:
        return os.getuid()
    if text.isascii() and text.isdecimal():
        return int(text)
    try:
        return pwd.getpwnam(text).pw_uid
    except KeyError:
        raise SettingsError(f"{name}: there is no account {text} on this machine") from None


def _switch(texts: Mapping[str, str], name: str) -> bool:
    text = texts[name].lower()
    if text not in _YES | _NO:
        raise SettingsError(f"{name} must be yes or no")
    return text in _YES


def _count(texts: Mapping[str, str], name: str) -> int:
    text = texts[name]
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 1_000_000):
        raise SettingsError(f"{name} must be a whole number from 1 on")
    return int(text)


def _seconds(texts: Mapping[str, str], name: str) -> float:
    try:
        value = float(texts[name])
    except ValueError:
        value = -1.0
    if not 0 <= value <= 3600:
        raise SettingsError(f"{name} must be a number of seconds from 0 to 3600")
    return value
