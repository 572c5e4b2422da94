"""Verification of what the register's log key signs: checkpoints and statuses (Ed25519, RFC 8032)."""

from tashika_formats.checkpoint import Checkpoint, LogKey, NoteError, parse_checkpoint_text, parse_note
from tashika_formats.status import SignedStatus, Status, status_signing_input


def verify_checkpoint(key: LogKey, note: bytes) -> Checkpoint:
    """The checkpoint of a note that `key` signed.

    Signatures by other keys are ignored, as signed-note demands. Raises NoteError: NOTE_UNSIGNED without a
    signature by `key`, NOTE_SIGNATURE for a wrong one, CHECKPOINT_FORM if the origin is not the key's name.
    """
    parsed = parse_note(note)
    mine = [item for item in parsed.signatures if item.name == key.name and item.key_id == key.key_id]
    if not mine:
        raise NoteError("NOTE_UNSIGNED", "The checkpoint has no signature by the expected key.")
    for item in mine:
        _verify(key, item.signature, parsed.text, "The checkpoint's signature is wrong.")
    checkpoint = parse_checkpoint_text(parsed.text)
    if checkpoint.origin != key.name:
        raise NoteError("CHECKPOINT_FORM", "The checkpoint is of another log.")
    return checkpoint


def verify_status(key: LogKey, signed: SignedStatus) -> Status:
    """The status that `key` signed. Raises NoteError (NOTE_UNSIGNED for another key's name,
    NOTE_SIGNATURE)."""
    if signed.key != key.name:
        raise NoteError("NOTE_UNSIGNED", "The status is signed by another key.")
    _verify(key, signed.signature, status_signing_input(signed.status), "The status's signature is wrong.")
    return signed.status


def _verify(key: LogKey, signature: bytes, message: bytes, problem: str) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise NoteError("NOTE_SIGNATURE", problem) from None
