"""The mails that hand keys in, on every store: references alone, claimed by one sender at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tashika_server.application.ports import ClaimedKeyMail, Done, Ids, UnitOfWork
from tashika_server.domain.key_mail import KeyMail, confirm_mail
from tashika_server.domain.mailing import MailState
from tashika_server.storage import migrations
from tashika_server.storage.findings import Problem
from tashika_server.storage.fsck import check_store
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.outbox_look import look_at_outbox
from tashika_server.storage.retention import SENT_MAIL_DAYS
from tashika_server.storage.schema_key_mail import KEY_MAIL
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.databases import Database
from tests.storage.test_notices import tells
from tests.storage.test_outbox import puts as puts_notices
from tests.storage.world import CHANGE, START, CountingIds, ManualClock, contract, issues

ADDRESS = "Keiyaku@city.example.jp"
LEASE = timedelta(minutes=5)


def mail(number: int = 1, contract_number: int = 1) -> KeyMail:
    contract_id = contract(contract_number).contract_id
    return KeyMail(f"mil_{number:026d}", contract_id, 1, 1, ADDRESS, bytes(range(32)), "usr_1")


def puts(*mails: KeyMail) -> Callable[..., Done[None]]:
    """A command that keeps mails to be sent, each with its confirmation among the contract's facts."""

    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        for each in mails:
            found = unit.contracts.get(each.contract_id)
            assert found is not None
            unit.contracts.save(confirm_mail(found, each, now), CHANGE)
            unit.key_mails.put(each, now)
        return Done(None)

    return command


async def does(store: SqlStore, act: Callable[[Any, datetime], Any]) -> Any:
    return (await store.run(lambda unit, now, ids: Done(act(unit.key_mails, now)))).value


async def claim(store: SqlStore, lease: str = "one") -> ClaimedKeyMail | None:
    found: ClaimedKeyMail | None = await does(
        store, lambda mails, now: mails.claim(now, now + LEASE, lease, "example.jp")
    )
    return found


async def states(store: SqlStore) -> dict[str, tuple[str, int, str]]:
    def query(view: Any) -> dict[str, tuple[str, int, str]]:
        rows = [row for state in MailState for row in view.key_mails.rows(state, 10)]
        return {row.mail_id[-1]: (row.state.value, row.attempts, row.reason) for row in rows}

    return await store.read(query)


@pytest.fixture
async def filled(store: SqlStore) -> SqlStore:
    """Two contracts in force, with a mail that waits each."""
    for number in (1, 2):
        await store.run(issues(number, digest=bytes([number]) * 32))
    await store.run(puts(mail(1)))
    await store.run(puts(mail(2, 2)))
    return store


async def test_what_is_claimed_is_what_was_put_and_nobody_elses_until_the_lease_ends(
    filled: SqlStore, clock: ManualClock
) -> None:
    assert await filled.read(lambda view: view.key_mails.next_time()) == START
    first = await claim(filled)
    assert first is not None and first.mail == mail(1)
    assert (first.message_id, first.attempts, first.first_time) == (
        f"<mil_{1:026d}@example.jp>",
        1,
        START,
    )
    second = await claim(filled, "two")
    assert second is not None and second.mail == mail(2, 2)
    assert await claim(filled, "three") is None
    clock.forward(minutes=5)
    again = await claim(filled, "four")
    assert again is not None
    assert (again.mail, again.message_id, again.attempts) == (mail(1), first.message_id, 2)
    assert await does(filled, lambda mails, now: mails.sent(mail(1).mail_id, "one", now)) is False
    assert await does(filled, lambda mails, now: mails.sent(mail(1).mail_id, "four", now)) is True
    assert await states(filled) == {"1": ("SENT", 2, ""), "2": ("PENDING", 1, "")}


async def test_what_waits_is_due_when_it_was_said(filled: SqlStore, clock: ManualClock) -> None:
    await claim(filled)
    soon = clock.now() + timedelta(minutes=2)
    words = "452 full\0\ud800"
    assert await does(filled, lambda mails, now: mails.postpone(mail(1).mail_id, "one", soon, words))
    assert (await states(filled))["1"] == ("PENDING", 1, "452 full")
    second = await claim(filled, "two")
    assert second is not None and second.mail == mail(2, 2)
    # The mail server was away: that attempt does not count.
    await does(
        filled, lambda mails, now: mails.postpone(second.mail.mail_id, "two", soon, "away", counted=False)
    )
    assert (await states(filled))["2"] == ("PENDING", 0, "away")
    assert await claim(filled) is None
    clock.forward(minutes=2)
    assert await claim(filled) is not None


async def test_what_is_dropped_or_given_up_is_not_claimed_any_more(
    filled: SqlStore, clock: ManualClock
) -> None:
    await does(filled, lambda mails, now: mails.drop(mail(1).contract_id))
    found = await claim(filled)
    assert found is not None and found.mail == mail(2, 2)
    assert await does(filled, lambda mails, now: mails.bury(mail(2).mail_id, "one", now, "550 no"))
    assert await does(filled, lambda mails, now: mails.bury(mail(2).mail_id, "one", now, "550 no")) is False
    clock.forward(days=30)
    assert await claim(filled) is None
    assert await states(filled) == {"2": ("DEAD", 1, "550 no")}
    # Dropping is for what waits.
    await does(filled, lambda mails, now: mails.drop(mail(2, 2).contract_id))
    assert list(await states(filled)) == ["2"]


async def test_what_is_past_is_forgotten_after_a_while_and_no_other(
    filled: SqlStore, clock: ManualClock
) -> None:
    await filled.run(issues(3, digest=b"3" * 32))
    await filled.run(puts(mail(3, 3)))
    for _ in (1, 2):
        await claim(filled)
    await does(filled, lambda mails, now: mails.sent(mail(1).mail_id, "one", now))
    await does(filled, lambda mails, now: mails.bury(mail(2).mail_id, "one", now, "550"))
    clock.forward(days=SENT_MAIL_DAYS)
    await filled.forget()
    assert sorted(await states(filled)) == ["1", "2", "3"]
    clock.forward(seconds=1)
    await filled.forget()
    assert sorted(await states(filled)) == ["3"]


async def test_the_operator_sees_both_kinds_of_mails_and_no_key(filled: SqlStore, database: Database) -> None:
    await filled.run(tells(1))
    await filled.run(puts_notices("mil_notice"))
    look = look_at_outbox(database.location, (MailState.PENDING, MailState.DEAD), 10)
    assert look.counts == {MailState.PENDING: 3, MailState.DEAD: 0}
    assert [(row.kind, row.address, row.contract_number) for row in look.rows] == [
        ("KEY", ADDRESS, f"{1:014d}"),
        ("KEY", ADDRESS, f"{2:014d}"),
        ("ISSUED", "Keiri@example.jp", f"{1:014d}"),
    ]


async def test_an_older_register_gets_its_table_by_migrating(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = next(
        version for version, each in enumerate(migrations.MIGRATIONS) if each.statements is KEY_MAIL
    )
    migrate_store(database.location)
    database.go_back(before)
    assert migrate_store(database.location) == (before, CURRENT)
    store = open_store(database.location, clock=clock, ids=CountingIds())
    await store.run(issues(1))
    await store.run(puts(mail(1)))
    assert list(await states(store)) == ["1"]
    await store.close()


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE key_mail SET state = 'ELSEWHERE' WHERE id LIKE '%1'", Problem.NOTICE_WRONG),
        ("DELETE FROM key_mail WHERE id LIKE '%1'", Problem.HALF_RECORD),
        ("UPDATE key_mail SET state = 'SENT' WHERE id LIKE '%1'", Problem.HALF_RECORD),
    ],
)
async def test_fsck_finds_a_mail_that_does_not_fit_its_contract(
    filled: SqlStore, database: Database, damage: str, problem: Problem
) -> None:
    def problems() -> set[Problem]:
        return {each.problem for each in check_store(database.location)} - {Problem.BLOB_MISSING}

    await filled.close()
    before = problems()
    assert not before & {Problem.NOTICE_WRONG, Problem.HALF_RECORD}
    assert database.execute(damage) == 1
    assert problem in problems() - before


async def test_a_mail_that_waits_for_nobody_is_found(filled: SqlStore, database: Database) -> None:
    forgotten = replace(mail(9), mail_id=f"mil_{9:026d}")
    await does(filled, lambda mails, now: mails.put(forgotten, now))
    await filled.close()
    assert Problem.HALF_RECORD in {each.problem for each in check_store(database.location)}
