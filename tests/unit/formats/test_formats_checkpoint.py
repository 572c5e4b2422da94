import pytest

from tashika_formats.checkpoint import (
    Checkpoint,
    LogKey,
    Note,
    NoteError,
    NoteSignature,
    checkpoint_text,
    encode_note,
    format_vkey,
    parse_checkpoint_text,
    parse_note,
    parse_vkey,
    sign_note,
)
from tashika_formats.verify_note import verify_checkpoint, verify_status
from tests.unit.formats.issued import NUMBER, Log

# The verifier key of a public log, as an example of another implementation.
PUBLIC_VKEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def filled_log() -> Log:
    log = Log()
    log.append(b"leaf")
    return log


def test_a_verifier_key_of_another_implementation_is_read_and_written() -> None:
    key = parse_vkey(PUBLIC_VKEY)
    assert key.name == "sum.golang.org"
    assert format_vkey(key) == PUBLIC_VKEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        PUBLIC_VKEY.replace("033de0ae", "033de0af"),
        PUBLIC_VKEY.replace("+Ac4", "+Bc4"),
        PUBLIC_VKEY[:-4],
        PUBLIC_VKEY.replace("sum.", "s m."),
        "\x00" + PUBLIC_VKEY,
    ],
)
def test_a_malformed_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError) as caught:
        parse_vkey(text)
    assert caught.value.code == "VKEY_FORM"


def test_a_checkpoint_is_origin_size_and_root() -> None:
    text = checkpoint_text(Checkpoint("register.example/log", 7, bytes(32)))
    assert text == b"register.example/log\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"o\n7\n",
        b"o\n07\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        b"o\n-7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        b"o\n9999999999999999999\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        b"o\n7\nAAAA\n",
        b"o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        b"o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        b"o\r\n7\r\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n",
        b"\xff\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: bytes) -> None:
    with pytest.raises(NoteError) as caught:
        parse_checkpoint_text(text)
    assert caught.value.code == "CHECKPOINT_FORM"


@pytest.mark.parametrize(
    "bad", [Checkpoint("a\nb", 1, bytes(32)), Checkpoint("o", -1, bytes(32)), Checkpoint("o", 1, b"")]
)
def test_a_checkpoint_that_would_read_back_differently_is_not_written(bad: Checkpoint) -> None:
    with pytest.raises(NoteError):
        checkpoint_text(bad)


def test_a_signed_checkpoint_verifies_with_its_key_only() -> None:
    log = filled_log()
    assert verify_checkpoint(log.key, log.checkpoint()).size == 1
    with pytest.raises(NoteError) as caught:
        verify_checkpoint(Log().key, log.checkpoint())
    assert caught.value.code == "NOTE_UNSIGNED"


def test_every_changed_byte_of_a_note_is_refused() -> None:
    log = filled_log()
    note = log.checkpoint()
    for position in range(len(note)):
        changed = bytearray(note)
        changed[position] ^= 1
        with pytest.raises(NoteError):
            verify_checkpoint(log.key, bytes(changed))


def test_signatures_by_other_keys_are_ignored_and_all_by_ours_must_hold() -> None:
    log, witness = filled_log(), Log("witness.example")
    note = parse_note(log.checkpoint())
    foreign = NoteSignature(witness.name, witness.key.key_id, bytes(64))
    assert verify_checkpoint(log.key, encode_note(Note(note.text, (foreign, *note.signatures)))).size == 1
    wrong = NoteSignature(log.name, log.key.key_id, bytes(64))
    with pytest.raises(NoteError) as caught:
        verify_checkpoint(log.key, encode_note(Note(note.text, (*note.signatures, wrong))))
    assert caught.value.code == "NOTE_SIGNATURE"


def test_a_checkpoint_of_another_log_is_refused_though_our_key_signed_it() -> None:
    log = filled_log()
    text = checkpoint_text(Checkpoint("other.example/log", 1, bytes(32)))
    with pytest.raises(NoteError) as caught:
        verify_checkpoint(log.key, sign_note(text, log.key, log.private.sign))
    assert caught.value.code == "CHECKPOINT_FORM"


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"text\n", b"text\n\n", b"text\n\n- a AAAAAAA=\n", b"a" * 20_000]
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(data)


def test_a_weak_public_key_signs_nothing() -> None:
    log = filled_log()
    with pytest.raises(NoteError):
        verify_checkpoint(LogKey(log.name, bytes(32)), log.checkpoint())


def test_a_status_is_not_taken_from_another_key() -> None:
    log = filled_log()
    signed = log.status()
    assert verify_status(log.key, signed).contract_number == NUMBER
    with pytest.raises(NoteError):
        verify_status(Log().key, signed)
