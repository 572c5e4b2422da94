"""The one root secret of a register, and the keys that are derived from it.

It lies in a file of its own, in a folder apart from the data: whoever holds a backup of the data does not
hold the keys. A register that lost it can open no authentication key any more, so it has a backup of its own,
elsewhere.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tashika_server.security.new_file import write_new

ROOT_BYTES = 32
FILE_PREFIX = "root-"
FILE_SUFFIX = ".secret"


class RootSecretError(Exception):
    """The root secret can't be used; the text says why and what to do, and holds no part of it."""


@dataclass(frozen=True, slots=True)
class RootSecret:
    """The root secrets by version, from 1. The last one makes new things; the others open old ones."""

    roots: Mapping[int, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.roots or any(len(root) != ROOT_BYTES for root in self.roots.values()):
            raise RootSecretError(f"a root secret has {ROOT_BYTES} bytes")

    @property
    def version(self) -> int:
        """The version that new things are made with."""
        return max(self.roots)

    def key(self, purpose: str, version: int | None = None) -> bytes:
        """Derive the 32-byte key of a purpose (HKDF-SHA256, RFC 5869, label ``tashika/<purpose>/<version>``).

        Raises ``LookupError`` for a version that is not there.
        """
        wanted = self.version if version is None else version
        if wanted not in self.roots:
            raise LookupError(f"there is no root secret of version {wanted}")
        label = f"tashika/{purpose}/{wanted}".encode("ascii")
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(self.roots[wanted])


def has_root_secret(folder: Path) -> bool:
    """Say whether the keys folder holds a root secret of any version."""
    return any(folder.glob(f"{FILE_PREFIX}*{FILE_SUFFIX}"))


def load_root_secret(folder: Path) -> RootSecret:
    """Read every version from the keys folder. Raises ``RootSecretError``."""
    roots: dict[int, bytes] = {}
    for path in sorted(folder.glob(f"{FILE_PREFIX}*{FILE_SUFFIX}")):
        number = path.name.removeprefix(FILE_PREFIX).removesuffix(FILE_SUFFIX)
        if not number.isdecimal() or int(number) < 1:
            raise RootSecretError(f"{path} has no version number in its name")
        roots[int(number)] = _read(path)
    if not roots:
        raise RootSecretError(
            f"there is no root secret in {folder}; restore the keys folder from its own backup"
        )
    return RootSecret(roots)


def create_root_secret(folder: Path) -> RootSecret:
    """Make the first root secret, durably, in a folder that only its owner may enter.

    Raises ``RootSecretError`` where one is there already: a second one would silently lock out every key of
    the first.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise RootSecretError(f"{folder} can be entered by others; run: chmod 700 {folder}")
    if any(folder.glob(f"{FILE_PREFIX}*{FILE_SUFFIX}")):
        raise RootSecretError(f"there is a root secret in {folder} already")
    path = folder / f"{FILE_PREFIX}1{FILE_SUFFIX}"
    try:
        write_new(path, secrets.token_bytes(ROOT_BYTES))
    except FileExistsError:
        raise RootSecretError(f"{path} was made by another process; start again") from None
    return load_root_secret(folder)


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise RootSecretError(f"{path} is not a file")
        if stat.S_IMODE(mode) & 0o077:
            raise RootSecretError(f"{path} can be read by others; run: chmod 600 {path}")
        data = file.read(ROOT_BYTES + 1)
    if len(data) != ROOT_BYTES:
        raise RootSecretError(f"{path} does not hold {ROOT_BYTES} bytes; restore it from its backup")
    return data
