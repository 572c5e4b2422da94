"""Secrets under the one root secret, password hashes, and the register's own key."""

from dataclasses import dataclass
from typing import Protocol

from tashika_server.domain.model import SealedKey


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """A fresh authentication key, sealed for the store."""

    ciphertext: bytes
    nonce: bytes
    wrapped_data_key: bytes
    secret_version: int
    digest: bytes


class Vault(Protocol):
    """Secrets under the one root secret."""

    def seal_key(self, key: str, number: str, key_id: str, generation: int) -> KeyMaterial:
        """Encrypt a key for the contractor and digest it for opening."""
        ...

    def unseal_key(self, sealed: SealedKey) -> str:
        """Decrypt a key; raises ``ValueError`` for a row that was tampered with."""
        ...

    def open_digest(self, number: str, key: str) -> bytes:
        """Digest a number and key for comparison."""
        ...

    def digest(self, purpose: str, *parts: bytes) -> bytes:
        """Make an HMAC-SHA256 under the purpose's own key (idempotency, buckets, session secrets, page tokens)."""
        ...


class Passwords(Protocol):
    """Password hashes (argon2id), computed off the event loop."""

    async def hash(self, password: str) -> str:
        """Hash a password."""
        ...

    async def verify(self, password: str, encoded: str) -> bool:
        """Compare; takes the same time with an empty ``encoded`` (an unknown person)."""
        ...


class LogSigner(Protocol):
    """The register's own key (Ed25519), for checkpoints and for what it says of a number."""

    @property
    def name(self) -> str:
        """The log's name, the origin of its checkpoints."""
        ...

    @property
    def verifier_key(self) -> str:
        """The public key in one line, as clients keep it (a C2SP verifier key)."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Sign bytes."""
        ...

    def sign_checkpoint(self, size: int, root: bytes) -> str:
        """Make the signed note of a tree."""
        ...


class Witness(Protocol):
    """Keeps the last checkpoint outside the store, so that an older store put back is noticed."""

    def last(self) -> str | None:
        """Give the last checkpoint that was kept."""
        ...

    def keep(self, note: str) -> None:
        """Keep a checkpoint durably in the former one's place."""
        ...
