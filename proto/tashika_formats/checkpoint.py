"""Checkpoints of the log: C2SP tlog-checkpoint in a C2SP signed-note, with Ed25519 keys (signature type
0x01).

A note is a text, an empty line, and signature lines "— name base64(key id, signature)". The text of a
checkpoint is three lines: origin, size, base64 of the root. Everything here is encoding; `verify_note`
checks signatures.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from tashika_formats.encoding import EncodingError, decode_base64, encode_base64
from tashika_formats.errors import FormatError

ED25519 = 0x01
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4

# A checkpoint is three lines and a few signatures; more is not one of ours.
MAX_NOTE_BYTES = 16_384
MAX_SIGNATURES = 16
MAX_SIZE = 2**63 - 1

_DASH = "\u2014"
_SIZE = re.compile("0|[1-9][0-9]{0,18}")


class NoteError(FormatError):
    """A note, checkpoint or verifier key is malformed or not signed as it must be.

    Codes: NOTE_FORM, CHECKPOINT_FORM, VKEY_FORM, NOTE_UNSIGNED (no signature by the key) and NOTE_SIGNATURE
    (a wrong one).
    """

    def __init__(self, code: str, en: str) -> None:
        super().__init__(
            code,
            "登録簿の署名付き記録（チェックポイント）を確認できません。登録簿から受け取り直してください。",
            f"{en} Fetch it from the register again.",
        )


@dataclass(frozen=True, slots=True)
class LogKey:
    """The log's public key: its name (the log's origin) and the 32 bytes of Ed25519."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name, line feed, 0x01, public key), as signed-note has it."""
        material = self.name.encode("utf-8") + b"\n" + bytes([ED25519]) + self.public_key
        return hashlib.sha256(material).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the key's name and id, and the signature's bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note: the text (it ends with a line feed; it is what is signed) and its signatures."""

    text: bytes
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the log: its origin, the number of leaves and the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def format_vkey(key: LogKey) -> str:
    """The verifier key as one line: name+hex(key id)+base64(0x01, public key)."""
    _check_name(key.name, "VKEY_FORM")
    if len(key.public_key) != PUBLIC_KEY_BYTES:
        raise NoteError("VKEY_FORM", "The log's key does not have 32 bytes.")
    return f"{key.name}+{key.key_id.hex()}+{encode_base64(bytes([ED25519]) + key.public_key)}"


def parse_vkey(text: str) -> LogKey:
    """The key of a verifier key line (white space around it is ignored). Raises NoteError (VKEY_FORM)."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise NoteError("VKEY_FORM", "The log's key is not of the form name+id+key.")
    name, key_id, encoded = parts
    _check_name(name, "VKEY_FORM")
    try:
        material = decode_base64(encoded)
    except EncodingError:
        material = b""
    if len(material) != 1 + PUBLIC_KEY_BYTES or material[0] != ED25519:
        raise NoteError("VKEY_FORM", "The log's key is not an Ed25519 key.")
    key = LogKey(name, material[1:])
    if key.key_id.hex() != key_id:
        raise NoteError("VKEY_FORM", "The id of the log's key does not belong to it.")
    return key


def checkpoint_text(checkpoint: Checkpoint) -> bytes:
    """The text of a checkpoint, which is what the log signs. Raises NoteError (CHECKPOINT_FORM)."""
    lines = (checkpoint.origin, str(checkpoint.size), encode_base64(checkpoint.root), *checkpoint.extensions)
    text = "".join(f"{line}\n" for line in lines).encode("utf-8")
    if parse_checkpoint_text(text) != checkpoint:
        raise NoteError("CHECKPOINT_FORM", "The checkpoint has no text form.")
    return text


def parse_checkpoint_text(text: bytes) -> Checkpoint:
    """The checkpoint of a note's text. Raises NoteError (CHECKPOINT_FORM)."""
    lines = _lines(text, "CHECKPOINT_FORM")
    if len(lines) < 3 or not all(lines):
        raise NoteError("CHECKPOINT_FORM", "The checkpoint does not have the lines origin, size and root.")
    origin, size, encoded, *extensions = lines
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise NoteError("CHECKPOINT_FORM", "The checkpoint's size is not a number.")
    try:
        root = decode_base64(encoded)
    except EncodingError:
        root = b""
    if len(root) != hashlib.sha256().digest_size:
        raise NoteError("CHECKPOINT_FORM", "The checkpoint's root is not a SHA-256 hash.")
    return Checkpoint(origin, int(size), root, tuple(extensions))


def sign_note(text: bytes, key: LogKey, sign: Callable[[bytes], bytes]) -> bytes:
    """The note of `text` with one signature; `sign` makes the 64 bytes of Ed25519 for the bytes it gets."""
    return encode_note(Note(text, (NoteSignature(key.name, key.key_id, sign(text)),)))


def encode_note(note: Note) -> bytes:
    """The bytes of a note. Raises NoteError (NOTE_FORM) where they would not be read back as the same."""
    lines = [
        f"{_DASH} {item.name} {encode_base64(item.key_id + item.signature)}\n" for item in note.signatures
    ]
    data = note.text + b"\n" + "".join(lines).encode("utf-8")
    if parse_note(data) != note:
        raise NoteError("NOTE_FORM", "The note has no text form.")
    return data


def parse_note(data: bytes) -> Note:
    """The note of `data`. Its signatures are not verified. Raises NoteError (NOTE_FORM)."""
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError("NOTE_FORM", "The note is too large.")
    head, found, tail = data.rpartition(b"\n\n")
    if not found or not head:
        raise NoteError("NOTE_FORM", "The note has no signatures.")
    text = head + b"\n"
    _lines(text, "NOTE_FORM")
    lines = _lines(tail, "NOTE_FORM")
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise NoteError("NOTE_FORM", f"The note does not have 1 to {MAX_SIGNATURES} signatures.")
    return Note(text, tuple(_signature(line) for line in lines))


def _signature(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:
        raise NoteError("NOTE_FORM", "A signature line is malformed.")
    _check_name(parts[1], "NOTE_FORM")
    try:
        material = decode_base64(parts[2])
    except EncodingError:
        material = b""
    if len(material) <= KEY_ID_BYTES:
        raise NoteError("NOTE_FORM", "A signature line is malformed.")
    return NoteSignature(parts[1], material[:KEY_ID_BYTES], material[KEY_ID_BYTES:])


def _lines(data: bytes, code: str) -> list[str]:
    """The lines of `data`, which must be UTF-8, end with a line feed and hold no other control character."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteError(code, "The note is not in UTF-8.") from None
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise NoteError(code, "The note does not consist of whole lines of text.")
    return text[:-1].split("\n")


def _check_name(name: str, code: str) -> None:
    if not name or "+" in name or any(char.isspace() for char in name):
        raise NoteError(code, "A key's name is empty or has a space or a plus sign.")
