"""Documents are saved whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from tashika_tui.delivery import save
from tashika_tui.problems import LocalError


def test_a_file_is_the_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save(tmp_path / "a", b"data")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_kept_unless_asked(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"mine")
    with pytest.raises(LocalError, match=r"problem\.file_exists"):
        save(target, b"new")
    assert target.read_bytes() == b"mine"
    save(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new"


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"other")
    (tmp_path / "a").symlink_to(tmp_path / "other")
    save(tmp_path / "a", b"new", overwrite=True)
    assert (tmp_path / "other").read_bytes() == b"other"
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_dangling_link_counts_as_there(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "missing")
    with pytest.raises(LocalError, match=r"problem\.file_exists"):
        save(tmp_path / "a", b"new")


@pytest.mark.parametrize(("name", "key"), [("", "file_is_folder"), ("missing/a", "file_no_folder")])
def test_a_place_where_nothing_can_be_saved_is_told(tmp_path: Path, name: str, key: str) -> None:
    with pytest.raises(LocalError, match=key):
        save(tmp_path / name, b"data")


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LocalError, match=r"problem\.file_write"):
        save(tmp_path / "a", b"data")
    assert list(tmp_path.iterdir()) == []


def test_somebody_who_makes_the_file_meanwhile_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a"
    real = os.link

    def link(source: Path, name: Path) -> None:
        target.write_bytes(b"theirs")
        real(source, name)

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(LocalError, match=r"problem\.file_exists"):
        save(target, b"mine")
    assert target.read_bytes() == b"theirs"


def test_a_long_name_can_be_saved(tmp_path: Path) -> None:
    save(tmp_path / ("証" * 80), b"data")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"data"]
