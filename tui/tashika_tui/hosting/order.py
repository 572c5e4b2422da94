"""What a session is told, and the few words that go over its leash afterwards: JSON, a line each."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

# An order has some hundred bytes; what is longer is none.
MAX_LINE_BYTES = 64 * 1024


class Kind(StrEnum):
    """A session with the client on a terminal, or one plain command on pipes."""

    SCREEN = "screen"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Place:
    """The register as the host reaches it, and how people reach the host.

    `server` is an address, `ca` a PEM file of authorities, `certificate` and `key` what the host shows of itself; all
    but `server` may be empty. `ssh` is the command by which people come here, without the name of the person.
    """

    server: str
    ca: str = ""
    certificate: str = ""
    key: str = ""
    host: str = ""
    port: int = 22


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a session must know. `token` is a session of the register, empty for a visitor.

    `source` is the address that the person came from, `login_name` what the person is called at this host,
    `environment` what the client said of its terminal, `words` a plain command.
    """

    kind: Kind
    place: Place
    login_name: str
    source: str
    environment: Mapping[str, str]
    words: tuple[str, ...] = ()
    language: str = ""
    token: str = field(default="", repr=False)

    @property
    def visitor(self) -> bool:
        """Whether nobody is signed in, and nobody can: then there is the viewer alone."""
        return not self.token

    def line(self) -> bytes:
        """As it goes over the leash."""
        return _line(asdict(self))

    @classmethod
    def read(cls, line: bytes) -> "Order":
        """What `line` wrote. Raises ValueError."""
        fields = _object(line)
        try:
            fields["place"] = Place(**fields["place"])
            fields["kind"] = Kind(fields["kind"])
            fields["words"] = tuple(fields["words"])
            return cls(**fields)
        except (KeyError, TypeError) as error:
            raise ValueError("this is no order") from error


@dataclass(frozen=True, slots=True)
class Notice:
    """A word of the host to the person: a key of the catalogues. `final`: the session ends now."""

    key: str
    final: bool = False

    def line(self) -> bytes:
        """As it goes over the leash."""
        return _line(asdict(self))

    @classmethod
    def read(cls, line: bytes) -> "Notice":
        """What `line` wrote. Raises ValueError."""
        try:
            return cls(**_object(line))
        except TypeError as error:
            raise ValueError("this is no notice") from error


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the programme in a session, for the host's log: the reference that the person saw, and where."""

    reference: str
    kind: str
    lines: tuple[str, ...]

    def line(self) -> bytes:
        """As it goes over the leash."""
        return _line(asdict(self))

    @classmethod
    def read(cls, line: bytes) -> "Fault":
        """What `line` wrote. Raises ValueError."""
        fields = _object(line)
        try:
            texts = tuple(str(text) for text in fields["lines"][:50])
            return cls(str(fields["reference"]), str(fields["kind"]), texts)
        except (KeyError, TypeError) as error:
            raise ValueError("this is no fault") from error


def _line(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields).encode("ascii") + b"\n"


def _object(line: bytes) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise ValueError("this is no object")
    return found
