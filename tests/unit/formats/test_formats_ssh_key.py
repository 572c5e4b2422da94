import base64
import struct

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tashika_formats.ssh_key import (
    KINDS,
    MAX_COMMENT_CHARACTERS,
    MAX_INPUT_CHARACTERS,
    SshKeyError,
    parse_ssh_key,
)

# Of RFC 8709's size and made up; its fingerprint is what `ssh-keygen -l` says of this line.
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
FINGERPRINT = "SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA"


def line(key: object) -> str:
    """The OpenSSH line of a public key of the `cryptography` library."""
    public: bytes = key.public_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return public.decode("ascii")


def packed(kind: str, *fields: bytes) -> str:
    """A line made by hand."""
    blob = b"".join(struct.pack(">I", len(field)) + field for field in (kind.encode("ascii"), *fields))
    return f"{kind} {base64.b64encode(blob).decode('ascii')}"


def code_of(text: str) -> str:
    with pytest.raises(SshKeyError) as caught:
        parse_ssh_key(text)
    return caught.value.code


def test_a_key_has_the_fingerprint_that_openssh_shows() -> None:
    assert parse_ssh_key(ED25519).fingerprint == FINGERPRINT


@pytest.mark.parametrize(
    "key",
    [
        line(ed25519.Ed25519PrivateKey.generate().public_key()),
        line(ec.generate_private_key(ec.SECP256R1()).public_key()),
        line(ec.generate_private_key(ec.SECP384R1()).public_key()),
        line(ec.generate_private_key(ec.SECP521R1()).public_key()),
        line(rsa.generate_private_key(65537, 3072).public_key()),
        packed("sk-ssh-ed25519@openssh.com", bytes(32), b"ssh:"),
        packed("sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", b"\x04" + bytes(64), b"ssh:kanban"),
    ],
    ids=[*("ed25519", "p256", "p384", "p521", "rsa3072"), *("sk-ed25519", "sk-ecdsa")],
)
def test_every_kind_that_is_taken_reads_as_its_own_line(key: str) -> None:
    found = parse_ssh_key(f"  {key} 花子@契約課\n")
    assert (found.line, found.comment, found.kind in KINDS) == (key, "花子@契約課", True)


def test_a_weak_rsa_key_is_named_as_such() -> None:
    assert code_of(line(rsa.generate_private_key(65537, 2048).public_key())) == "SSH_KEY_WEAK"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "SSH_KEY_EMPTY"),
        (" \n ", "SSH_KEY_EMPTY"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\n-----END OPENSSH PRIVATE KEY-----",
            "SSH_KEY_PRIVATE",
        ),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "SSH_KEY_PRIVATE"),
        (f"{ED25519}\n{ED25519}", "SSH_KEY_FORM"),
        (f'command="sh" {ED25519}', "SSH_KEY_FORM"),
        (f"{ED25519} {'x' * MAX_INPUT_CHARACTERS}", "SSH_KEY_FORM"),
        (packed("ssh-dss", bytes(128)), "SSH_KEY_KIND"),
        (packed("ssh-ed25519-cert-v01@openssh.com", bytes(32)), "SSH_KEY_KIND"),
        (packed("webauthn-sk-ecdsa-sha2-nistp256@openssh.com", bytes(32)), "SSH_KEY_KIND"),
        ("鍵を貼り付けます", "SSH_KEY_FORM"),
        ("ssh-ed25519", "SSH_KEY_FORM"),
        ("ssh-ed25519 ☃", "SSH_KEY_FORM"),
        (ED25519[:-4], "SSH_KEY_FORM"),
        (ED25519.replace("ssh-ed25519", "ssh-rsa"), "SSH_KEY_FORM"),
        (packed("ssh-ed25519", bytes(31)), "SSH_KEY_FORM"),
        (packed("ssh-ed25519", bytes(32), b""), "SSH_KEY_FORM"),
        (packed("ecdsa-sha2-nistp256", b"nistp384", b"\x04" + bytes(96)), "SSH_KEY_FORM"),
        (packed("ecdsa-sha2-nistp256", b"nistp256", b"\x02" + bytes(32)), "SSH_KEY_FORM"),
        (packed("ecdsa-sha2-nistp256", b"nistp256"), "SSH_KEY_FORM"),
        (packed("ssh-rsa", b"\x01", b"\x7f" + b"\xff" * 383), "SSH_KEY_FORM"),
        (packed("ssh-rsa", b"\x03", b"\xff" * 384), "SSH_KEY_FORM"),
        (packed("ssh-rsa", b"\x03", b"\x00\x7f" + b"\xff" * 383), "SSH_KEY_FORM"),
        (packed("ssh-rsa", b"\x03", b"\x7f" + b"\xff" * 2100), "SSH_KEY_FORM"),
        (packed("ssh-rsa", b"", b""), "SSH_KEY_FORM"),
        (packed("sk-ssh-ed25519@openssh.com", bytes(32)), "SSH_KEY_FORM"),
        (packed("sk-ssh-ed25519@openssh.com", bytes(32), b""), "SSH_KEY_FORM"),
    ],
)
def test_what_is_no_key_that_can_be_registered_is_refused_by_its_cause(text: str, code: str) -> None:
    assert code_of(text) == code


def test_a_key_can_not_be_spelt_in_two_ways() -> None:
    key = packed("ecdsa-sha2-nistp256", b"nistp256", b"\x04" + bytes(63) + b"\x01")
    assert parse_ssh_key(key).line == key and key.endswith("E=")
    # Two bits of the last character mean nothing: readers that are not strict take F for E.
    assert base64.b64decode(key.split()[1][:-2] + "F=") == parse_ssh_key(key).blob
    assert code_of(key[:-2] + "F=") == "SSH_KEY_FORM"


def test_the_comment_is_a_name_that_can_be_shown() -> None:
    found = parse_ssh_key(f"{ED25519} \x1b[2J 花子\t \u202e PC {'x' * 200}")
    assert found.comment.startswith("[2J 花子 PC x")
    assert len(found.comment) == MAX_COMMENT_CHARACTERS and found.comment.isprintable()


def test_an_error_holds_nothing_of_what_was_entered() -> None:
    with pytest.raises(SshKeyError) as caught:
        parse_ssh_key("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ")
    assert "b3BlbnNzaC1" not in f"{caught.value!r}{caught.value}{caught.value.ja}{caught.value.en}"
    assert caught.value.__cause__ is None and caught.value.__context__ is None
