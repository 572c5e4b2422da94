"""A person's SSH public key, as one line of an OpenSSH file (`ssh-keygen` writes it to `id_ed25519.pub`).

Taken are Ed25519, ECDSA over the NIST curves, RSA of 3072 bits or more, and the two kinds that live in a security
key (`sk-...`). A private key is recognised and refused with its own sentence, since that is the file beside the
right one; no exception carries a part of what was entered.
"""

import base64
import binascii
import hashlib
import unicodedata
from dataclasses import dataclass

from tashika_formats.errors import FormatError

RSA_LEAST_BITS = 3072
"""112 bits of security end in 2030 (NIST SP 800-57 part 1, table 4); 3072 bits give 128."""

RSA_MOST_BITS = 16_384
"""The most that OpenSSH takes."""

MAX_INPUT_CHARACTERS = 8_000
"""A key of RSA_MOST_BITS has about 2,800 characters; the comment behind it is a name."""

MAX_COMMENT_CHARACTERS = 100

_ED25519_BYTES = 32
# An uncompressed point: 4 and both coordinates (SEC 1 section 2.3.3).
_CURVES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}

# What stands in files that are not public keys: private ones, and the ways in which other programmes write keys.
_PRIVATE_MARKS = ("PRIVATE KEY", "PuTTY-User-Key-File")


class SshKeyError(FormatError):
    """What was entered is no public key that can be registered.

    Codes: SSH_KEY_EMPTY, SSH_KEY_PRIVATE, SSH_KEY_FORM (not one line of an OpenSSH public key), SSH_KEY_KIND (a kind
    that is not taken, certificates among them) and SSH_KEY_WEAK (RSA below 3072 bits).
    """


@dataclass(frozen=True, slots=True)
class SshPublicKey:
    """A public key. `kind` is its SSH name (`ssh-ed25519`), `blob` its bytes on the wire, `comment` free text."""

    kind: str
    blob: bytes
    comment: str = ""

    @property
    def line(self) -> str:
        """The key as OpenSSH writes it, without the comment: the same key has one such line."""
        return f"{self.kind} {base64.b64encode(self.blob).decode('ascii')}"

    @property
    def fingerprint(self) -> str:
        """What `ssh-keygen -l` shows: SHA256 and the digest in base64 without padding."""
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode("ascii")
        return f"SHA256:{digest.rstrip('=')}"


def parse_ssh_key(text: str) -> SshPublicKey:
    """The key of one line. Raises SshKeyError; its text never contains what was entered."""
    line = text.strip()
    if not line:
        raise _error("SSH_KEY_EMPTY")
    if any(mark in line for mark in _PRIVATE_MARKS):
        raise _error("SSH_KEY_PRIVATE")
    if len(line) > MAX_INPUT_CHARACTERS or len(line.splitlines()) != 1:
        raise _error("SSH_KEY_FORM")
    kind, _, rest = line.partition(" ")
    encoded, _, comment = rest.strip().partition(" ")
    if kind not in _CHECKS:
        # Options before the kind belong to a server's own files; nobody sets a server's options from outside.
        raise _error("SSH_KEY_KIND" if _is_kind(kind) else "SSH_KEY_FORM")
    blob = _decoded(encoded)
    fields = _fields(blob)
    if not fields or fields[0] != kind.encode("ascii"):
        raise _error("SSH_KEY_FORM")
    _CHECKS[kind](kind, fields[1:])
    return SshPublicKey(kind, blob, _cleaned(comment))


def _is_kind(word: str) -> bool:
    return word.startswith(("ssh-", "ecdsa-", "sk-", "webauthn-", "rsa-")) and word.isprintable()


def _decoded(encoded: str) -> bytes:
    """The bytes of base64 in its one right spelling, so that a key can't be registered twice."""
    try:
        blob = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise _error("SSH_KEY_FORM") from None
    if base64.b64encode(blob).decode("ascii") != encoded:
        raise _error("SSH_KEY_FORM")
    return blob


def _fields(blob: bytes) -> list[bytes]:
    """The strings that the bytes are made of (RFC 4251 section 5), with nothing behind the last."""
    found, at = [], 0
    while at < len(blob):
        size = int.from_bytes(blob[at : at + 4], "big")
        at += 4
        if at + size > len(blob):
            raise _error("SSH_KEY_FORM")
        found.append(blob[at : at + size])
        at += size
    return found


def _check_ed25519(_: str, fields: list[bytes]) -> None:
    if len(fields) != 1 or len(fields[0]) != _ED25519_BYTES:
        raise _error("SSH_KEY_FORM")


def _check_ecdsa(kind: str, fields: list[bytes]) -> None:
    if len(fields) != 2:
        raise _error("SSH_KEY_FORM")
    curve, point = fields
    name = kind.rpartition("-")[2]
    if curve != name.encode("ascii") or len(point) != _CURVES[name] or point[0] != 4:
        raise _error("SSH_KEY_FORM")


def _check_rsa(_: str, fields: list[bytes]) -> None:
    if len(fields) != 2:
        raise _error("SSH_KEY_FORM")
    exponent, modulus = (_positive(field) for field in fields)
    if exponent < 3 or exponent % 2 == 0 or modulus % 2 == 0 or modulus.bit_length() > RSA_MOST_BITS:
        raise _error("SSH_KEY_FORM")
    if modulus.bit_length() < RSA_LEAST_BITS:
        raise _error("SSH_KEY_WEAK")


def _check_sk_ed25519(kind: str, fields: list[bytes]) -> None:
    _check_application(fields)
    _check_ed25519(kind, fields[:-1])


def _check_sk_ecdsa(_: str, fields: list[bytes]) -> None:
    _check_application(fields)
    _check_ecdsa("ecdsa-sha2-nistp256", fields[:-1])


def _check_application(fields: list[bytes]) -> None:
    """The last part of a security key's key names what it is for, `ssh:` as a rule (OpenSSH's PROTOCOL.u2f)."""
    if not fields or not 0 < len(fields[-1]) <= 255 or not fields[-1].isascii():
        raise _error("SSH_KEY_FORM")


def _positive(field: bytes) -> int:
    """A whole number as SSH writes it: two's complement, no byte too many (RFC 4251 section 5)."""
    if not field or field[0] & 0x80 or (len(field) > 1 and field[0] == 0 and not field[1] & 0x80):
        raise _error("SSH_KEY_FORM")
    return int.from_bytes(field, "big")


def _cleaned(comment: str) -> str:
    """The comment as a name for people: what doesn't print is left out."""
    kept = "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", comment))
    return " ".join(kept.split())[:MAX_COMMENT_CHARACTERS].strip()


_CHECKS = {
    "ssh-ed25519": _check_ed25519,
    "ecdsa-sha2-nistp256": _check_ecdsa,
    "ecdsa-sha2-nistp384": _check_ecdsa,
    "ecdsa-sha2-nistp521": _check_ecdsa,
    "ssh-rsa": _check_rsa,
    "sk-ssh-ed25519@openssh.com": _check_sk_ed25519,
    "sk-ecdsa-sha2-nistp256@openssh.com": _check_sk_ecdsa,
}

KINDS = tuple(_CHECKS)
"""The kinds of keys that can be registered."""

_SENTENCES = {
    "SSH_KEY_EMPTY": (
        "公開鍵が入力されていません。公開鍵のファイル（例：id_ed25519.pub）の1行を貼り付けてください。",
        "The public key is empty. Paste the one line of the public key's file, such as id_ed25519.pub.",
    ),
    "SSH_KEY_PRIVATE": (
        "これは秘密鍵です。だれにも渡してはいけません。公開鍵（末尾が .pub のファイル）を貼り付けてください。",
        "This is a private key, which nobody else may have. Paste the public key, from the file that ends in .pub.",
    ),
    "SSH_KEY_FORM": (
        "OpenSSH の公開鍵として読み取れません。末尾が .pub のファイルの1行を、途中で切れないように貼り付けてください。",
        "This can't be read as an OpenSSH public key. Paste the one line of the file that ends in .pub, all of it.",
    ),
    "SSH_KEY_KIND": (
        "この種類の鍵は登録できません。Ed25519、ECDSA、RSA（3072ビット以上）またはセキュリティキーの公開鍵を使ってください。",
        "This kind of key can't be registered. Use Ed25519, ECDSA, RSA of 3072 bits or more, or a security key.",
    ),
    "SSH_KEY_WEAK": (
        f"この RSA 鍵は短すぎます。{RSA_LEAST_BITS}ビット以上の鍵か、Ed25519 の鍵を作ってください。",
        f"This RSA key is too short. Make one of {RSA_LEAST_BITS} bits or more, or an Ed25519 key.",
    ),
}


def _error(code: str) -> SshKeyError:
    return SshKeyError(code, *_SENTENCES[code])
