"""People's SSH keys on every store: found by fingerprint and by person, each of them once, and gone when removed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tashika_server.application.ports import Done, Ids, UnitOfWork
from tashika_server.domain.model import SshKey
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.storage import migrations
from tashika_server.storage.findings import Problem
from tashika_server.storage.fsck import check_store
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.schema_ssh_keys import SSH_KEYS
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.databases import Database
from tests.storage.world import CHANGE, CountingIds, ManualClock, adds, organization, user


def key(number: int, user_id: str = "usr_1") -> SshKey:
    made = datetime(2026, 5, 11, tzinfo=UTC)
    return SshKey(
        f"ssh_{number}", user_id, "会社の PC", f"ssh-ed25519 AAAA{number}", f"SHA256:{number}", made
    )


def removes(number: int) -> Any:
    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        unit.ssh_keys.delete(f"ssh_{number}", CHANGE)
        return Done(None)

    return command


async def found(store: SqlStore, fingerprint: str) -> SshKey | None:
    kept = await store.read(lambda view: view.ssh_keys.by_fingerprint(fingerprint))
    return None if kept is None else replace(kept, revision=0)


async def people(store: SqlStore) -> None:
    await store.run(adds(organization(), user(), user("usr_2", "yamada")))


async def test_a_key_is_found_by_its_fingerprint_and_among_its_persons(store: SqlStore) -> None:
    await people(store)
    await store.run(adds(key(2), key(1), key(3, "usr_2")))

    assert await found(store, "SHA256:1") == key(1)
    assert await found(store, "SHA256:9") is None
    assert await found(store, "SHA256:\0") is None
    for user_id, ids in (("usr_1", ["ssh_1", "ssh_2"]), ("usr_2", ["ssh_3"]), ("usr_\ud800", [])):
        kept = await store.read(lambda view, user_id=user_id: view.ssh_keys.of_user(user_id))  # type: ignore[misc]
        assert [each.ssh_key_id for each in kept] == ids


async def test_a_fingerprint_is_taken_once(store: SqlStore) -> None:
    await people(store)
    await store.run(adds(key(1)))
    double = replace(key(2, "usr_2"), fingerprint=key(1).fingerprint)
    with pytest.raises(RefusedError) as raised:
        await store.run(adds(double))
    assert raised.value.reason is Reason.ALREADY_EXISTS
    assert await found(store, "SHA256:1") == key(1)


async def test_a_removed_key_is_gone_its_history_stays_and_it_can_come_again(store: SqlStore) -> None:
    await people(store)
    await store.run(adds(key(1)))
    await store.run(removes(1))

    assert await found(store, "SHA256:1") is None
    history = await store.read(lambda view: view.ssh_keys.history("ssh_1"))
    assert [entry.entity.name for entry in history] == ["会社の PC"]
    again = replace(key(1, "usr_2"), ssh_key_id="ssh_9")
    await store.run(adds(again))
    assert await found(store, "SHA256:1") == again


async def test_an_older_register_gets_its_table_by_migrating(
    sqlite: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = next(
        version for version, each in enumerate(migrations.MIGRATIONS) if each.statements is SSH_KEYS
    )
    monkeypatch.setattr(migrations, "CURRENT", before)
    assert migrate_store(sqlite.location) == (0, before)
    monkeypatch.undo()
    assert migrate_store(sqlite.location) == (before, CURRENT)

    store = open_store(sqlite.location, clock=clock, ids=CountingIds())
    await people(store)
    await store.run(adds(key(1)))
    assert await found(store, "SHA256:1") == key(1)
    await store.close()
    assert check_store(sqlite.location) == []


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE ssh_key SET fingerprint = 'SHA256:x'", Problem.COLUMN_DIFFERS),
        ("UPDATE ssh_key SET payload = '{}'", Problem.RECORD_UNREADABLE),
        ("UPDATE ssh_key SET user_id = 'usr_2'", Problem.COLUMN_DIFFERS),
        ("DELETE FROM ssh_key", Problem.HISTORY_DIFFERS),
    ],
)
async def test_fsck_finds_a_key_that_was_changed_behind_the_stores_back(
    store: SqlStore, database: Database, damage: str, problem: Problem
) -> None:
    await people(store)
    await store.run(adds(key(1)))
    await store.close()
    assert check_store(database.location) == []
    database.execute(damage)
    assert problem in {each.problem for each in check_store(database.location)}
