"""fsck finds each damage by its name, and backup gives a copy that fsck finds sound; on every store where it can."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tashika_formats import merkle
from tashika_formats.checkpoint import Checkpoint, Note, NoteSignature, checkpoint_text, encode_note
from tashika_server.application.ports import Done, Ids, UnitOfWork
from tashika_server.domain.model import Attachment, ContractState
from tashika_server.storage.backup import BackupError, backup
from tashika_server.storage.blobs import FolderBlobs
from tashika_server.storage.errors import StoreOpenError
from tashika_server.storage.findings import Problem
from tashika_server.storage.fsck import check_store
from tashika_server.storage.store import open_store
from tests.storage.databases import Database
from tests.storage.world import (
    CHANGE,
    START,
    CountingIds,
    ManualClock,
    adds,
    attempt,
    certificate,
    contract,
    issues,
    organization,
    renames,
    replay,
    sealed_key,
    user,
)

PDF, PAPER = b"%PDF-1.7 certificate", b"%PDF-1.7 attachment"


@pytest.fixture
async def filled(database: Database, clock: ManualClock, tmp_path: Path) -> Database:
    """A register with all that fsck looks at: three certificates, files, changes, a deletion, a checkpoint."""
    blobs = FolderBlobs(tmp_path / "blobs")
    digest, attached = await blobs.put(PDF), await blobs.put(PAPER)
    store = open_store(database.location, clock=clock, ids=CountingIds())
    await store.run(adds(organization(), user()), replay())
    await store.run(renames("別名"))
    attachment = Attachment("att_1", "請負契約書.pdf", len(PAPER), attached, START, "usr_1")
    await store.run(
        adds(
            contract(1, ContractState.IN_FORCE, version=1, attachments=(attachment,)),
            replace(certificate(1), pdf_sha256=digest),
            sealed_key(1),
        )
    )
    for number in (2, 3):
        stored = await blobs.put(PDF + bytes([number]))
        await store.run(
            adds(
                contract(number, ContractState.IN_FORCE, version=1),
                replace(certificate(number), pdf_sha256=stored),
                sealed_key(number),
            )
        )
    await store.run(adds(contract(9)))

    def finish(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.contracts.delete(contract(9).contract_id, CHANGE)
        root = merkle.root(3, unit.log.node)
        text = checkpoint_text(Checkpoint("tashika.example", 3, root))
        note = Note(text, (NoteSignature("tashika.example", b"kkkk", b"s" * 64),))
        unit.log.put_checkpoint(3, encode_note(note).decode())
        return Done(None)

    await store.run(finish)
    await store.open(attempt())
    await store.close()
    return database


def problems(database: Database, tmp_path: Path) -> set[Problem]:
    found = check_store(database.location, FolderBlobs(tmp_path / "blobs"))
    assert all(each.ja and each.en for each in found)
    return {each.problem for each in found}


async def test_a_sound_register_has_no_findings(filled: Database, tmp_path: Path) -> None:
    assert problems(filled, tmp_path) == set()


DAMAGES = [
    ("UPDATE contract SET payload = '{}' WHERE number = '00000000000001'", {Problem.RECORD_UNREADABLE}),
    ("UPDATE contract SET amount_yen = 5", {Problem.COLUMN_DIFFERS}),
    ("UPDATE contract SET revision = 99", {Problem.REVISION_WRONG, Problem.HISTORY_DIFFERS}),
    (
        "UPDATE contract SET payload = replace(payload, '市道', '県道'), "
        "works_name = replace(works_name, '市道', '県道')",
        {Problem.HISTORY_DIFFERS},
    ),
    ("UPDATE payload SET data = replace(data, '別名', '変名') WHERE part = 'R'", {Problem.PAYLOAD_WRONG}),
    ("UPDATE payload SET data = replace(data, '192.0.2.1', '192.0.2.2')", {Problem.PAYLOAD_WRONG}),
    ("DELETE FROM payload WHERE revision = 2", {Problem.PAYLOAD_WRONG}),
    ("UPDATE audit SET actor = 'usr_nobody' WHERE position = 3", {Problem.AUDIT_BROKEN}),
    ("DELETE FROM audit WHERE position = 3", {Problem.AUDIT_BROKEN}),
    ("DELETE FROM audit WHERE position = (SELECT max(position) FROM audit)", {Problem.AUDIT_BROKEN}),
    ("DELETE FROM history WHERE revision = 2", {Problem.HISTORY_DIFFERS}),
    ("UPDATE leaf SET certificate_id = 'crt_other' WHERE leaf_index = 1", {Problem.LEAF_WRONG}),
    ("DELETE FROM leaf WHERE leaf_index = 1", {Problem.LOG_BROKEN}),
    ("DELETE FROM leaf WHERE leaf_index = 2", {Problem.LOG_BROKEN, Problem.LEAF_WRONG}),
    ("DELETE FROM log_node WHERE level = 1", {Problem.LOG_BROKEN}),
    ("UPDATE head SET log_size = 2", {Problem.LOG_BROKEN}),
    ("UPDATE checkpoint SET size = 2", {Problem.CHECKPOINT_WRONG}),
    ("UPDATE checkpoint SET note = 'x'", {Problem.CHECKPOINT_WRONG}),
    ("UPDATE counter SET count = count + 1 WHERE scope = 'desk_id'", {Problem.COUNTER_WRONG}),
    ("DELETE FROM counter WHERE kind = 'user'", {Problem.COUNTER_WRONG}),
    ("DELETE FROM sealed_key WHERE live_number = '00000000000002'", {Problem.HALF_RECORD}),
    (
        "DELETE FROM certificate WHERE contract_number = '00000000000002'",
        {Problem.HALF_RECORD, Problem.LEAF_WRONG},
    ),
    ("DELETE FROM contract WHERE number = '00000000000002'", {Problem.HALF_RECORD, Problem.HISTORY_DIFFERS}),
    ("UPDATE idempotency SET revision = -1", {Problem.HALF_RECORD}),
    (
        "UPDATE sealed_key SET generation = 2, "
        "payload = replace(payload, '\"generation\":1', '\"generation\":2')",
        {Problem.HALF_RECORD, Problem.HISTORY_DIFFERS},
    ),
    ("UPDATE contract SET issued_time = 5", {Problem.COLUMN_DIFFERS}),
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("damage", "expected"), DAMAGES, ids=[each[0][:60] for each in DAMAGES])
async def test_each_damage_is_found(
    filled: Database, tmp_path: Path, damage: str, expected: set[Problem]
) -> None:
    filled.tamper(damage)
    assert expected <= problems(filled, tmp_path)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_damage_of_every_kind_is_found_on_postgresql_too(filled: Database, tmp_path: Path) -> None:
    for damage in (0, 1, 4, 7, 11, 16, 18, 20):
        filled.tamper(DAMAGES[damage][0])
    expected = {problem for damage in (0, 1, 4, 7, 11, 16, 18, 20) for problem in DAMAGES[damage][1]}
    assert expected <= problems(filled, tmp_path)


async def test_files_are_missed_doubted_and_told(filled: Database, tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    paths = {path.name: path for path in (tmp_path / "blobs").rglob("*") if path.is_file()}
    first, second, *_ = (paths[each] for each in sorted(paths))
    first.unlink()
    second.write_bytes(b"something else")
    orphan = await blobs.put(b"an issue that did not come to its end")
    found = check_store(filled.location, blobs)
    assert sorted((each.problem, each.is_error) for each in found) == [
        (Problem.BLOB_DAMAGED, True),
        (Problem.BLOB_MISSING, True),
        (Problem.BLOB_WITHOUT_ROW, False),
    ]
    assert [each.subject for each in found if not each.is_error] == [orphan]


async def test_a_damaged_page_is_a_finding_and_not_a_crash(sqlite: Database, clock: ManualClock) -> None:
    store = open_store(sqlite.location, clock=clock, ids=CountingIds())
    for number in range(1, 60):
        await store.run(issues(number))
    await store.close()
    path = Path(sqlite.location) / "tashika.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40_000] = b"\xff" * 40_000
    path.write_bytes(data)
    found = check_store(sqlite.location)
    assert {each.problem for each in found} == {Problem.DATABASE_DAMAGED}


def test_an_empty_folder_is_no_register(sqlite: Database) -> None:
    with pytest.raises(StoreOpenError, match="migrate"):
        check_store(sqlite.location)


# --- Backup ------------------------------------------------------------------------------------------------------


async def test_a_backup_made_while_writing_is_sound_and_whole(
    sqlite: Database, clock: ManualClock, tmp_path: Path
) -> None:
    folder, target = Path(sqlite.location), tmp_path / "backup"
    store = open_store(folder, clock=clock, ids=CountingIds())
    blobs = FolderBlobs(folder / "blobs")
    stop = False

    async def write() -> int:
        number = 0
        while not stop or number < 30:
            number += 1
            digest = await blobs.put(b"%d" % number)
            made = replace(certificate(number), pdf_sha256=digest)
            await store.run(
                adds(contract(number, ContractState.IN_FORCE, version=1), made, sealed_key(number))
            )
        return number

    writing = asyncio.ensure_future(write())
    for _ in range(3):
        report = await asyncio.to_thread(backup, folder, target)
    stop = True
    written = await writing
    await store.close()
    assert report.blobs_kept > 0
    errors = [each for each in check_store(target, FolderBlobs(target / "blobs")) if each.is_error]
    assert errors == []
    restored = open_store(target, clock=clock, ids=CountingIds())
    assert 0 < await restored.read(lambda view: view.log.size()) <= written
    await restored.close()


def test_a_backup_needs_a_register_and_another_folder(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_dump"):
        backup(tmp_path / "nothing", tmp_path / "copy")
