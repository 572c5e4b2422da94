"""The root secret: made once, kept from others, never replaced in silence."""

import os
import stat
from pathlib import Path

import pytest

from tashika_server.security.root_secret import (
    RootSecret,
    RootSecretError,
    create_root_secret,
    load_root_secret,
)


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made = create_root_secret(folder)
    [file] = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == made.roots[1]
    assert len(file.read_bytes()) == 32
    assert load_root_secret(folder).roots == made.roots


def test_a_second_one_is_refused(tmp_path: Path) -> None:
    create_root_secret(tmp_path / "keys")
    with pytest.raises(RootSecretError, match="already"):
        create_root_secret(tmp_path / "keys")


def test_two_registers_have_two_secrets(tmp_path: Path) -> None:
    assert create_root_secret(tmp_path / "a").roots != create_root_secret(tmp_path / "b").roots


def test_one_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_root_secret(tmp_path / "keys")
    [file] = (tmp_path / "keys").iterdir()
    file.chmod(0o640)
    with pytest.raises(RootSecretError, match="chmod 600"):
        load_root_secret(tmp_path / "keys")


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    with pytest.raises(RootSecretError, match="chmod 700"):
        create_root_secret(tmp_path / "keys")


def test_a_cut_off_one_is_refused(tmp_path: Path) -> None:
    create_root_secret(tmp_path / "keys")
    [file] = (tmp_path / "keys").iterdir()
    os.truncate(file, 31)
    with pytest.raises(RootSecretError, match="backup"):
        load_root_secret(tmp_path / "keys")


def test_a_missing_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(RootSecretError, match="backup"):
        load_root_secret(tmp_path)


def test_the_purpose_and_the_version_make_the_key() -> None:
    secret = RootSecret({1: b"a" * 32, 2: b"b" * 32})
    keys = {secret.key("open"), secret.key("open", 1), secret.key("session"), secret.key("session", 1)}
    assert len(keys) == 4
    assert secret.key("open") == secret.key("open", 2)
    with pytest.raises(LookupError):
        secret.key("open", 3)


def test_the_derivation_never_changes() -> None:
    # RFC 5869 with SHA-256, no salt, info "tashika/open/1"; computed with another implementation (openssl kdf).
    expected = "0a458b184ff079dd311e19225cc6c8cd0f63847467862b5ef07bfbb95df91a56"
    assert RootSecret({1: bytes(range(32))}).key("open").hex() == expected


def test_its_text_holds_no_part_of_it() -> None:
    secret = RootSecret({1: b"abcdefghijklmnopqrstuvwxyz012345"})
    assert "abc" not in repr(secret) + str(secret)
