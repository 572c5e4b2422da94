"""The server, sessions, and the organisations that people belong to."""

from dataclasses import dataclass, field

from tashika_tui.client.records.common import Day, Moment


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server is. `log_verifier_key` is the key of its log as one line; `today` is Japan's day; sizes
    are bytes, 0 where the server does not say.
    """

    version: str
    demo: bool
    server_time: Moment | None
    today: Day | None
    log_origin: str
    log_verifier_key: str
    max_attachment_bytes: int = 0
    max_chunk_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in."""

    session_id: str
    login_name: str
    name: str
    title: str
    roles: tuple[str, ...]
    organization: str
    organization_kind: str
    language: str
    must_change_password: bool
    expire_time: Moment | None
    user_id: str = ""
    organization_id: str = ""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun, with its bearer token."""

    token: str = field(repr=False)
    session: Session


@dataclass(frozen=True, slots=True)
class SshKey:
    """A public key by which a person signs in over SSH. `public_key` is its one line without a comment, `fingerprint`
    what `ssh-keygen -l` shows.
    """

    ssh_key_id: str
    name: str
    public_key: str
    fingerprint: str
    create_time: Moment | None

    @property
    def kind(self) -> str:
        """The kind by its SSH name, such as `ssh-ed25519`."""
        return self.public_key.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Registrant:
    """Who registered a contract, as person and company were on that day."""

    name: str
    company: str
    title: str


@dataclass(frozen=True, slots=True)
class Branch:
    """An office of a guarantor; applications refer to it by its name."""

    name: str
    telephone: str
    address: str


@dataclass(frozen=True, slots=True)
class Guarantor:
    """A guarantor (保証会社). `kind` is GUARANTEE_COMPANY, INSURER or BANK; only the first issues here. From
    `approval_from_yen` on, a second person approves (0: always).
    """

    organization_id: str
    name: str
    kana: str
    kind: str
    address: str
    representative: str
    telephone: str
    branches: tuple[Branch, ...]
    approval_from_yen: int
    disabled: bool
