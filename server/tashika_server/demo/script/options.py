"""What the script is to play, and where."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Credentials:
    """A sign-in name and its password, which is a secret."""

    login_name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScriptOptions:
    """The server (`unix:PATH` or `HOST:PORT`), a PEM file of its authorities, the folder for what is made, an
    operator of the server, and the policy file to bring along (its text). `guarantor` is the name of the
    guarantee company that plays; it is registered where it is not there.
    """

    address: str
    ca: Path | None
    out: Path
    operator: Credentials
    policy_file: str
    guarantor: str = "実演みほん保証株式会社"
