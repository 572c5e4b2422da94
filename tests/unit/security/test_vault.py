"""Keys at rest: they open in their own row alone, and digests tell nothing without the root secret."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tashika_server.domain.model import SealedKey
from tashika_server.security.root_secret import RootSecret
from tashika_server.security.vault import RootVault

KEY = "0123456789ABCDEFGHJK"
NUMBER = "01250000000018"
ROOT = RootSecret({1: b"r" * 32})


def sealed(vault: RootVault, key_id: str = "key_1", generation: int = 1) -> SealedKey:
    made = vault.seal_key(KEY, NUMBER, key_id, generation)
    return SealedKey(
        key_id=key_id,
        contract_id="con_1",
        contract_number=NUMBER,
        generation=generation,
        created_time=datetime(2026, 1, 1, tzinfo=UTC),
        ciphertext=made.ciphertext,
        nonce=made.nonce,
        wrapped_data_key=made.wrapped_data_key,
        secret_version=made.secret_version,
        digest=made.digest,
    )


def test_a_sealed_key_opens_again() -> None:
    vault = RootVault(ROOT)
    row = sealed(vault)
    assert vault.unseal_key(row) == KEY
    assert row.digest == vault.open_digest(NUMBER, KEY)


def test_the_row_holds_no_part_of_the_key() -> None:
    row = sealed(RootVault(ROOT))
    assert KEY.encode() not in row.ciphertext + row.wrapped_data_key + row.nonce + row.digest


def test_the_same_key_never_looks_the_same() -> None:
    vault = RootVault(ROOT)
    one, other = sealed(vault), sealed(vault)
    assert one.ciphertext != other.ciphertext
    assert one.wrapped_data_key != other.wrapped_data_key
    assert one.nonce != other.nonce


@pytest.mark.parametrize("field", ["ciphertext", "nonce", "wrapped_data_key"])
def test_every_changed_byte_is_noticed(field: str) -> None:
    vault = RootVault(ROOT)
    row = sealed(vault)
    value: bytes = getattr(row, field)
    put: Any = replace
    for place in range(len(value)):
        changed = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
        with pytest.raises(ValueError, match="changed"):
            vault.unseal_key(put(row, **{field: changed}))
    with pytest.raises(ValueError, match="changed"):
        vault.unseal_key(put(row, **{field: b""}))


def test_a_row_moved_to_another_place_does_not_open() -> None:
    vault = RootVault(ROOT)
    row = sealed(vault)
    for moved in (replace(row, key_id="key_2"), replace(row, generation=2)):
        with pytest.raises(ValueError, match="changed"):
            vault.unseal_key(moved)


def test_a_data_key_of_another_row_does_not_open() -> None:
    vault = RootVault(ROOT)
    one, other = sealed(vault, "key_1"), sealed(vault, "key_2")
    with pytest.raises(ValueError, match="changed"):
        vault.unseal_key(replace(one, wrapped_data_key=other.wrapped_data_key))


def test_another_root_opens_nothing() -> None:
    row = sealed(RootVault(ROOT))
    with pytest.raises(ValueError, match="changed"):
        RootVault(RootSecret({1: b"x" * 32})).unseal_key(row)
    with pytest.raises(ValueError, match="missing"):
        RootVault(RootSecret({2: b"r" * 32})).unseal_key(row)


def test_an_old_root_still_opens_what_it_sealed() -> None:
    row = sealed(RootVault(ROOT))
    assert RootVault(RootSecret({1: b"r" * 32, 2: b"n" * 32})).unseal_key(row) == KEY


def test_an_error_tells_nothing_of_the_key() -> None:
    vault = RootVault(ROOT)
    with pytest.raises(ValueError, match="changed") as caught:
        vault.unseal_key(replace(sealed(vault), generation=9))
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__


def test_purposes_and_parts_never_mix() -> None:
    vault = RootVault(ROOT)
    digests = {
        vault.digest("a", b"xy"),
        vault.digest("b", b"xy"),
        vault.digest("a", b"x", b"y"),
        vault.digest("a", b"xy", b""),
        vault.digest("a", b"", b"xy"),
        vault.digest("a"),
    }
    assert len(digests) == 6
    assert all(len(digest) == 32 for digest in digests)


def test_a_key_of_one_number_never_opens_another() -> None:
    vault = RootVault(ROOT)
    assert vault.open_digest(NUMBER, KEY) != vault.open_digest("01250000000026", KEY)
