"""Bytes in a folder."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from tashika_server.application.ports import Blobs
from tashika_server.domain.reasons import RefusedError
from tashika_server.storage.blobs import FolderBlobs

DATA = b"%PDF-1.7 certificate"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def blobs(folder: Path) -> FolderBlobs:
    return FolderBlobs(folder)


def path_of(folder: Path) -> Path:
    return folder / DIGEST[:2] / DIGEST[2:4] / DIGEST


async def test_bytes_come_back_by_their_digest(blobs: FolderBlobs) -> None:
    port: Blobs = blobs
    assert await port.put(DATA) == DIGEST
    assert await port.put(DATA) == DIGEST
    assert await port.get(DIGEST) == DATA
    assert [piece async for piece in port.stream(DIGEST, 8)] == [DATA[:8], DATA[8:16], DATA[16:]]
    assert list(blobs.digests()) == [DIGEST]


async def test_missing_bytes_are_a_lookup_error(blobs: FolderBlobs) -> None:
    with pytest.raises(LookupError):
        await blobs.get(DIGEST)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "\n", "\0" * 64])
async def test_only_a_digest_is_a_name(blobs: FolderBlobs, name: str) -> None:
    with pytest.raises(LookupError):
        await blobs.get(name)


async def test_a_changed_byte_is_never_given_out(blobs: FolderBlobs, folder: Path) -> None:
    await blobs.put(DATA)
    path_of(folder).write_bytes(DATA[:-1] + b"X")
    with pytest.raises(ValueError, match="not what was stored"):
        await blobs.get(DIGEST)
    with pytest.raises(ValueError, match="not what was stored"):
        [piece async for piece in blobs.stream(DIGEST, 4)]
    await blobs.put(DATA)
    assert await blobs.get(DIGEST) == DATA


async def test_files_and_folders_are_their_owners_only(folder: Path) -> None:
    before = os.umask(0)
    try:
        await FolderBlobs(folder).put(DATA)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path_of(folder).stat().st_mode) == 0o600
    for inner in (folder, *path_of(folder).parents[:2]):
        assert stat.S_IMODE(inner.stat().st_mode) == 0o700


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_write_that_fails_leaves_no_file(
    blobs: FolderBlobs, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RefusedError, match="STORE_UNAVAILABLE"):
        await blobs.put(DATA)
    assert not files_below(folder)
