"""The register's log: checkpoints, and how an older store that was put back is noticed."""

import asyncio
import shutil
import threading
from pathlib import Path
from unittest.mock import patch

import pytest

from tashika_formats.checkpoint import parse_checkpoint_text, parse_note
from tashika_server.application.log import RolledBackError
from tashika_server.documents.pool import DocumentPool
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.storage.witness import FileWitness
from tests.unit.application.office import Office, furnish, open_office


def kept_size(folder: Path) -> int:
    note = FileWitness(folder / "checkpoint").last()
    return 0 if note is None else parse_checkpoint_text(parse_note(note.encode()).text).size


async def test_an_empty_log_has_no_checkpoint_and_proves_nothing(office: Office) -> None:
    log = office.uses.log
    await log.sign()
    for call in (log.checkpoint(), log.inclusion(0, 0), log.consistency(0, 0), log.consistency(1, 1)):
        with pytest.raises(RefusedError) as raised:
            await call
        assert raised.value.reason is Reason.NOT_FOUND


async def test_a_checkpoint_is_kept_beside_the_store_before_anybody_can_see_it(office: Office) -> None:
    await office.issued()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with patch.object(FileWitness, "keep", full), pytest.raises(OSError, match="No space"):
        await office.uses.log.sign()
    assert await office.kit.store.read(lambda view: view.log.checkpoint()) is None

    await office.uses.log.sign()
    assert kept_size(office.folder) == 1
    assert (await office.uses.log.checkpoint())[1].size == 1


async def test_a_caller_who_goes_away_leaves_no_older_checkpoint_to_be_kept_after_a_newer_one(
    office: Office,
) -> None:
    log, keep = office.uses.log, FileWitness.keep
    begun, goes_on = threading.Event(), threading.Event()

    def slowly(witness: FileWitness, note: str) -> None:
        if not begun.is_set():
            begun.set()
            assert goes_on.wait(20)
        keep(witness, note)

    with patch.object(FileWitness, "keep", slowly):
        await office.issued()
        asked = asyncio.create_task(log.checkpoint(at_least=1))
        assert await asyncio.to_thread(begun.wait, 20)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await office.issued()
        newer = asyncio.create_task(log.sign())
        await asyncio.wait([newer], timeout=0.2)  # whoever does not wait for the slow disk is done by now
        assert not newer.done(), "the newer one went ahead of the older one"
        goes_on.set()
        await newer

    assert kept_size(office.folder) == 2
    assert (await log.checkpoint())[1].size == 2


async def test_asking_for_a_leaf_that_is_not_covered_yet_signs_at_once(office: Office) -> None:
    await office.issued()

    _, checkpoint = await office.uses.log.checkpoint(at_least=1)

    assert checkpoint.size == 1
    with pytest.raises(RefusedError):
        await office.uses.log.checkpoint(at_least=2)


async def test_an_older_store_put_back_is_refused_with_a_word_on_what_to_do(
    tmp_path: Path, pool: DocumentPool
) -> None:
    async with open_office(tmp_path, pool) as first:
        await furnish(first)
    shutil.copytree(tmp_path / "data", tmp_path / "older")
    async with open_office(tmp_path, pool, first) as office:
        await office.issued()
        await office.uses.log.sign()
        await office.uses.log.check_not_rolled_back()
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "older").rename(tmp_path / "data")

    async with open_office(tmp_path, pool, first) as office:
        with pytest.raises(RolledBackError, match="newest backup"):
            await office.uses.log.check_not_rolled_back()


async def test_a_damaged_checkpoint_beside_the_store_is_told_as_such(office: Office) -> None:
    for damage in (b"", b"nonsense", b"\xff\xfe"):
        (office.folder / "checkpoint").write_bytes(damage)
        with pytest.raises(RolledBackError, match="damaged"):
            await office.uses.log.check_not_rolled_back()
