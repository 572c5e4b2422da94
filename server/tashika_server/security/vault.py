"""Authentication keys at rest, and every digest that is made under the root secret."""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tashika_server.application.ports import KeyMaterial
from tashika_server.domain.model import SealedKey
from tashika_server.security.root_secret import RootSecret

_NONCE_BYTES = 12
_DATA_KEY_BYTES = 32
_TABLE = "keys"


class RootVault:
    """The ``Vault`` under a root secret that this process holds in memory.

    Each authentication key has a random data key (AES-256-GCM) of its own, which is wrapped by the
    key-encryption key (AES-256-GCM again: its tag binds the wrapping to its row as well). The key-encryption
    key is derived from the root secret and is in no database. Whoever is root on this host can unwrap; only a
    key in hardware would change that.
    """

    def __init__(self, root: RootSecret) -> None:
        self._root = root
        self._digest_keys: dict[str, bytes] = {}
        self._wrappers: dict[int, AESGCM] = {}

    def seal_key(self, key: str, number: str, key_id: str, generation: int) -> KeyMaterial:
        """Encrypt a key for the contractor and digest it for opening."""
        version = self._root.version
        data_key = secrets.token_bytes(_DATA_KEY_BYTES)
        nonce, wrap_nonce = secrets.token_bytes(_NONCE_BYTES), secrets.token_bytes(_NONCE_BYTES)
        bound = _bound(key_id, generation, version)
        wrapped = wrap_nonce + self._wrapper(version).encrypt(wrap_nonce, data_key, b"wrap|" + bound)
        ciphertext = AESGCM(data_key).encrypt(nonce, key.encode("ascii"), bound)
        return KeyMaterial(ciphertext, nonce, wrapped, version, self.open_digest(number, key))

    def unseal_key(self, sealed: SealedKey) -> str:
        """Decrypt a key. Raises ``ValueError`` for a row that was tampered with, or whose root secret is gone."""
        bound = _bound(sealed.key_id, sealed.generation, sealed.secret_version)
        wrap_nonce, wrapped = sealed.wrapped_data_key[:_NONCE_BYTES], sealed.wrapped_data_key[_NONCE_BYTES:]
        try:
            wrapper = self._wrapper(sealed.secret_version)
            data_key = wrapper.decrypt(wrap_nonce, wrapped, b"wrap|" + bound)
            return AESGCM(data_key).decrypt(sealed.nonce, sealed.ciphertext, bound).decode("ascii")
        except (InvalidTag, ValueError):
            raise ValueError(f"the sealed key {sealed.key_id} was changed") from None
        except LookupError:
            raise ValueError(f"the root secret of the sealed key {sealed.key_id} is missing") from None

    def open_digest(self, number: str, key: str) -> bytes:
        """Digest a number and key for comparison: the pepper is not in the database, so a stolen one tells nothing."""
        return self.digest("open", number.encode("ascii"), key.encode("ascii"))

    def digest(self, purpose: str, *parts: bytes) -> bytes:
        """Make an HMAC-SHA256 under the purpose's own key. Each part goes in with its length, so none can borrow
        bytes from its neighbour."""
        key = self._digest_keys.get(purpose)
        if key is None:
            key = self._digest_keys[purpose] = self._root.key(purpose)
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(key, message, hashlib.sha256)

    def _wrapper(self, version: int) -> AESGCM:
        found = self._wrappers.get(version)
        if found is None:
            found = self._wrappers[version] = AESGCM(self._root.key("key-encryption", version))
        return found


def _bound(key_id: str, generation: int, version: int) -> bytes:
    """What a ciphertext is bound to: moved into another row, or given another generation, it does not open."""
    return f"{_TABLE}|{key_id}|{generation}|{version}".encode("ascii")
