"""The register's own key (Ed25519): it signs checkpoints of the log and what the register says of a number."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tashika_formats.checkpoint import Checkpoint, LogKey, checkpoint_text, format_vkey, sign_note
from tashika_server.security.new_file import write_new


class LogKeyError(Exception):
    """The key file can't be used; the text says what to do."""


class RegisterKey:
    """Port ``LogSigner``: the key in memory, never written out."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        public = private_key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        self._key = LogKey(name, public)

    @property
    def name(self) -> str:
        """The log's name, the origin of its checkpoints."""
        return self._key.name

    @property
    def verifier_key(self) -> str:
        """The public key in one line (a C2SP verifier key)."""
        return format_vkey(self._key)

    def sign(self, data: bytes) -> bytes:
        """Sign bytes (64 bytes of Ed25519)."""
        return self._private_key.sign(data)

    def sign_checkpoint(self, size: int, root: bytes) -> str:
        """Make the signed note of a tree (C2SP tlog-checkpoint)."""
        text = checkpoint_text(Checkpoint(self.name, size, root))
        return sign_note(text, self._key, self._private_key.sign).decode()


def create_log_key(path: Path) -> None:
    """Make a key file in PEM, readable by its owner alone. Raises ``FileExistsError`` rather than replace one."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_new(path, pem)


def load_log_key(path: Path, name: str) -> RegisterKey:
    """Read a key file; refuses one that others can read, or that holds another kind of key."""
    if path.stat().st_mode & 0o077:
        raise LogKeyError(f"{path.name} can be read by others: chmod 600 it")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise LogKeyError(f"{path.name} is not an unencrypted private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LogKeyError(f"{path.name} is not an Ed25519 key")
    return RegisterKey(name, key)
