"""Notices, on every store: nobody is told twice, pages both ways, what is unread, what tries of keys leave behind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tashika_server.application.ports import Done, Ids, NoticeQuery, UnitOfWork
from tashika_server.domain.model import ContractState
from tashika_server.domain.notices import NoticeEvent, NoticeKind, NoticePreferences
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.storage.findings import Problem
from tashika_server.storage.fsck import check_store
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.opening import ThrottleLimits
from tashika_server.storage.retention import NOTICE_DAYS
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.conftest import Grouped
from tests.storage.databases import Database
from tests.storage.world import (
    CHANGE,
    START,
    CountingIds,
    ManualClock,
    adds,
    attempt,
    contract,
    issues,
    organization,
    user,
)

MINE, OTHERS = "usr_1", "usr_2"


def event(number: int = 1, kind: NoticeKind = NoticeKind.ISSUED, event_id: str = "") -> NoticeEvent:
    held = contract(1, ContractState.SUBMITTED)
    return NoticeEvent(
        event_id or f"evt_{number}", kind, held.contract_id, held.number, held.application.works.name, START
    )


def tells(*numbers: int, to: tuple[str, ...] = (MINE,)) -> Callable[[UnitOfWork, Any, Ids], Done[None]]:
    """A command that tells people of events, by their numbers."""

    def command(unit: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        for number in numbers:
            unit.notices.tell(event(number), {each: f"ntc_{number}_{each}" for each in to})
        return Done(None)

    return command


def reads(*notice_ids: str, user_id: str = MINE) -> Callable[[UnitOfWork, Any, Ids], Done[Any]]:
    return lambda unit, now, ids: Done(unit.notices.mark_read(user_id, notice_ids, now))


async def page(store: SqlStore, **wanted: Any) -> Any:
    return await store.read(lambda view: view.notices.page(NoticeQuery(MINE, **wanted)))


async def listed(store: SqlStore, **wanted: Any) -> list[str]:
    return [each.event.event_id for each in (await page(store, **wanted)).items]


async def counts(store: SqlStore) -> tuple[int, int]:
    return await store.read(lambda view: (view.notices.unread(MINE), view.notices.unread(OTHERS)))


async def test_a_notice_says_what_happened_and_is_there_for_each_once(store: SqlStore) -> None:
    await store.run(tells(1, to=(MINE, OTHERS)))
    await store.run(tells(1, to=(MINE, OTHERS)))
    found = await page(store)
    assert [(each.event, each.read_time) for each in found.items] == [(event(1), None)]
    assert (found.total, found.total_exact, found.unread) == (1, True, 1)
    assert await counts(store) == (1, 1)


async def test_what_a_refused_command_told_was_never_told(store: SqlStore) -> None:
    def command(unit: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        tells(1)(unit, now, ids)
        raise refuse(Reason.WRONG_STATE)

    with pytest.raises(RefusedError):
        await store.run(command)
    assert (await page(store)).items == ()
    assert await counts(store) == (0, 0)


@pytest.mark.parametrize("oldest_first", [False, True])
async def test_pages_hold_everything_once_both_ways(store: SqlStore, oldest_first: bool) -> None:
    await store.run(tells(*range(1, 8)))
    order = [f"evt_{n}" for n in (range(1, 8) if oldest_first else range(7, 0, -1))]
    wanted = {"page_size": 3, "oldest_first": oldest_first}
    first = await page(store, **wanted)
    second = await page(store, after=first.next_after, **wanted)
    third = await page(store, after=second.next_after, **wanted)
    pages = [first, second, third]
    assert [[each.event.event_id for each in p.items] for p in pages] == [order[:3], order[3:6], order[6:]]
    assert (first.previous_before, third.next_after, first.total) == (None, None, 7)
    back = await page(store, after=third.previous_before, backwards=True, **wanted)
    assert [each.event.event_id for each in back.items] == order[3:6]
    assert back.next_after is not None and back.previous_before is not None
    end = await page(store, backwards=True, **wanted)
    assert [each.event.event_id for each in end.items] == order[4:]
    assert (end.next_after, end.previous_before is not None) == (None, True)


async def test_what_is_read_is_the_persons_own_and_counted_once(store: SqlStore) -> None:
    await store.run(tells(1, 2, 3, to=(MINE, OTHERS)))
    foreign = "ntc_3_usr_2"
    marked = await store.run(reads("ntc_1_usr_1", "ntc_1_usr_1", foreign, "ntc_unknown", "\0", "\ud800"))
    assert marked.value == ("ntc_1_usr_1",)
    assert (await store.run(reads("ntc_1_usr_1"))).value == ("ntc_1_usr_1",)
    assert await counts(store) == (2, 3)
    assert await listed(store, unread_only=True) == ["evt_3", "evt_2"]
    assert (await page(store)).items[-1].read_time == START
    assert ((await page(store, unread_only=True)).total, (await page(store)).total) == (2, 3)


async def test_all_are_read_up_to_one_and_not_what_came_after(store: SqlStore) -> None:
    await store.run(tells(1, 2, 3, to=(MINE, OTHERS)))

    def marks(notice_id: str) -> Callable[[UnitOfWork, Any, Ids], Done[bool]]:
        return lambda unit, now, ids: Done(unit.notices.mark_all_read(MINE, notice_id, now))

    assert (await store.run(marks("ntc_2_usr_2"))).value is False
    assert (await store.run(marks("ntc_2_usr_1"))).value is True
    assert await listed(store, unread_only=True) == ["evt_3"]
    assert await counts(store) == (1, 3)


async def test_changes_of_counts_are_told_in_order(store: SqlStore) -> None:
    await store.run(tells(1, to=(MINE, OTHERS)))
    start = await store.read(lambda view: view.notices.last_change())
    assert await store.read(lambda view: view.notices.changed(start, 10)) == ()
    await store.run(tells(2))
    await store.run(reads("ntc_1_usr_2", user_id=OTHERS))
    changed = await store.read(lambda view: view.notices.changed(start, 10))
    assert [(each.user_id, each.unread) for each in changed] == [(MINE, 2), (OTHERS, 0)]
    assert [each.change for each in changed] == sorted(each.change for each in changed)
    assert len(await store.read(lambda view: view.notices.changed(start, 1))) == 1


@pytest.mark.parametrize("strange", ["\0", "\ud800", ""], ids=ascii)
async def test_an_id_or_a_user_that_no_column_can_hold_has_nothing(store: SqlStore, strange: str) -> None:
    assert (await store.read(lambda view: view.notices.page(NoticeQuery(strange)))).items == ()
    assert await store.read(lambda view: view.notices.unread(strange)) == 0


async def test_preferences_are_a_record_with_its_history(store: SqlStore) -> None:
    chosen = NoticePreferences(MINE, "en", frozenset({NoticeKind.OPENED, NoticeKind.ACCEPTED}))

    def choose(preferences: NoticePreferences) -> Any:
        def command(unit: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
            before = unit.preferences.get(MINE)
            room = unit.preferences
            if before is None:
                room.add(preferences, CHANGE)
            else:
                room.save(replace(preferences, revision=before.revision), CHANGE)
            return Done(None)

        return command

    first = await store.run(choose(chosen))
    await store.run(choose(replace(chosen, no_mail=frozenset())))
    found, earlier = await store.read(
        lambda view: (view.preferences.get(MINE), view.preferences.at(MINE, first.revision))
    )
    assert found is not None and (found.language, found.no_mail) == ("en", frozenset())
    assert earlier is not None and earlier.no_mail == chosen.no_mail


# --- What happens while numbers and keys are tried ---------------------------------------------------------------


async def waiting(store: SqlStore) -> list[tuple[str, str]]:
    found = await store.read(lambda view: view.notices.waiting(10))
    return [(each.kind.value, each.contract_number) for each in found]


NUMBER = f"{1:014d}"


async def test_the_first_opening_waits_to_be_told_and_no_other_does(
    store: SqlStore, grouped: Grouped
) -> None:
    await store.run(issues(1))
    await grouped(store, *(store.open(attempt()) for _ in range(3)), store.open(attempt(digest=b"x" * 32)))
    await store.open(attempt())
    assert await waiting(store) == [("OPENED", NUMBER)]


async def test_a_restart_does_not_make_an_opening_the_first_again(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    await store.run(issues(1))
    await store.open(attempt())

    def told(unit: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        unit.notices.tell(event(kind=NoticeKind.OPENED, event_id=f"OPENED/{NUMBER}"), {MINE: "ntc_1"})
        return Done(None)

    await store.run(told)
    await store.close()
    database.execute("DELETE FROM notice")
    database.execute("DELETE FROM notice_event")
    again = open_store(database.location, clock=clock, ids=CountingIds())
    await again.open(attempt())
    assert await waiting(again) == []
    await again.close()


async def test_a_told_event_waits_no_more_and_is_told_once(store: SqlStore) -> None:
    await store.run(issues(1))
    await store.open(attempt())
    opened = event(kind=NoticeKind.OPENED, event_id=f"OPENED/{NUMBER}")

    def told(notice_id: str) -> Callable[[UnitOfWork, Any, Ids], Done[None]]:
        def command(unit: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
            unit.notices.tell(opened, {MINE: notice_id, OTHERS: notice_id + "x"})
            return Done(None)

        return command

    await store.run(told("ntc_1"))
    await store.run(told("ntc_2"))
    assert await waiting(store) == []
    assert [each.notice_id for each in (await page(store)).items] == ["ntc_1"]
    assert await counts(store) == (1, 1)


async def test_many_wrong_keys_for_a_number_wait_to_be_told_once_a_day(
    store: SqlStore, clock: ManualClock, grouped: Grouped
) -> None:
    await store.run(issues(1))
    limit = ThrottleLimits().failures_per_number
    tries = [store.open(attempt(digest=b"x" * 32, peer=f"192.0.2.{peer}")) for peer in range(1, limit)]
    await grouped(store, *tries)
    assert await waiting(store) == []
    await store.open(attempt(digest=b"x" * 32, peer="192.0.2.200"))
    assert await waiting(store) == [("KEY_GUESSING", NUMBER)]
    for _ in range(2):
        clock.forward(minutes=10)
        for peer in range(limit + 5):
            await store.open(attempt(digest=b"x" * 32, peer=f"198.51.100.{peer}"))
    assert len(await waiting(store)) == 1
    clock.forward(days=1)
    for peer in range(limit):
        await store.open(attempt(digest=b"x" * 32, peer=f"203.0.113.{peer}"))
    assert len(await waiting(store)) == 2


async def test_one_peer_that_does_not_stop_is_told_of_too(store: SqlStore) -> None:
    await store.run(issues(1))
    for _ in range(ThrottleLimits().failures_per_number):
        await store.open(attempt(digest=b"x" * 32))
    assert await waiting(store) == [("KEY_GUESSING", NUMBER)]


async def test_an_unknown_number_leaves_the_same_row_and_can_be_dropped(store: SqlStore) -> None:
    for peer in range(ThrottleLimits().failures_per_number):
        await store.open(attempt(7, digest=b"x" * 32, peer=f"192.0.2.{peer}"))
    (found,) = await store.read(lambda view: view.notices.waiting(10))

    def drop(unit: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        unit.notices.drop(found.event_id)
        return Done(None)

    await store.run(drop)
    assert await waiting(store) == []


# --- Care --------------------------------------------------------------------------------------------------------


async def test_old_notices_are_forgotten_with_their_mails_and_counts(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    await store.run(adds(organization(), user(), user(OTHERS, "other")))
    await store.run(adds(contract(1, ContractState.SUBMITTED)))
    await store.run(tells(1, 2, to=(MINE, OTHERS)))
    await store.run(reads("ntc_1_usr_1"))
    clock.forward(days=NOTICE_DAYS, seconds=1)

    def later(unit: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        unit.notices.tell(replace(event(3), time=now), {MINE: "ntc_3"})
        return Done(None)

    await store.run(later)
    assert await store.forget() > 0
    assert await listed(store) == ["evt_3"]
    assert await counts(store) == (1, 0)
    await store.close()
    assert database.count("notice_event") == 1
    assert check_store(database.location) == []


async def test_an_older_register_gets_the_tables_by_migrating(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    await store.run(issues(1))
    await store.open(attempt())
    await store.close()
    database.go_back(2)
    assert migrate_store(database.location) == (2, CURRENT)
    again = open_store(database.location, clock=clock, ids=CountingIds())
    # It was opened before there were notices, so nobody is told now that it was opened first.
    await again.open(attempt())
    assert await waiting(again) == []
    await again.close()
    assert check_store(database.location) == []


DAMAGES = [
    "UPDATE notice_event SET kind = 'GONE'",
    "UPDATE notice_event SET contract_number = '99999999999999'",
    "UPDATE notice_event SET contract_id = 'con_unknown'",
    "UPDATE notice SET position = 99",
    "UPDATE notice SET user_id = 'usr_unknown' WHERE user_id = 'usr_1'",
    "UPDATE notice_box SET unread = 5",
    "DELETE FROM notice_box",
    "UPDATE mail SET state = 'LOST'",
    "UPDATE mail SET party = 'CITY'",
    "UPDATE mail SET language = 'fr'",
    "UPDATE notice_event SET told = 0",
]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_fsck_finds_what_is_wrong(store: SqlStore, database: Database, damage: str) -> None:
    from tests.storage.test_outbox import puts

    await store.run(adds(organization(), user(), user(OTHERS, "other")))
    await store.run(adds(contract(1, ContractState.SUBMITTED)))
    await store.run(tells(1, to=(MINE, OTHERS)))
    await store.run(puts("mil_1"))
    await store.close()
    assert check_store(database.location) == []
    assert database.execute(damage) > 0
    assert {each.problem for each in check_store(database.location)} == {Problem.NOTICE_WRONG}
    database.spoiled = database.kind == "postgresql"


def test_a_notice_is_kept_longer_than_a_year() -> None:
    assert timedelta(days=NOTICE_DAYS) > timedelta(days=366)
