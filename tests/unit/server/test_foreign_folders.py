"""Folders of somebody else are refused, and left as they are."""

import os
from pathlib import Path

import pytest

from tashika_server.storage.errors import StoreOpenError
from tashika_server.storage.folder import private_folder
from tashika_server.transport.listen import ListenError, UnixAddress, prepare_socket


def test_an_open_folder_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    with pytest.raises(StoreOpenError, match="chmod 700"):
        private_folder(shared)
    assert shared.stat().st_mode & 0o777 == 0o755


def test_a_new_folder_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077 | 0o200)
    try:
        made = private_folder(tmp_path / "new")
    finally:
        os.umask(before)
    assert made.stat().st_mode & 0o777 == 0o700


def test_a_socket_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o700)
    owner = folder.stat().st_uid
    monkeypatch.setattr("os.getuid", lambda: owner + 1)
    if owner == 0:
        os.chown(folder, 4711, -1)
    with pytest.raises(ListenError, match="somebody else"):
        prepare_socket(UnixAddress(folder / "tashika.sock"))
