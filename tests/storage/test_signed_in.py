"""What is remembered of a session is never older than the last commit that was answered; on every store."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from tashika_server.application.ports import Done, Ids, ReadView, UnitOfWork
from tashika_server.application.signed_in import LONGEST, SignedIn, SignedInPeople
from tashika_server.domain.reasons import RefusedError
from tashika_server.storage.store import SqlStore
from tests.storage.test_commit import Cutter, cutter
from tests.storage.world import CHANGE, START, adds, attempt, issues, organization, signed_in, user

__all__ = ["cutter"]

T = TypeVar("T")
Command = Callable[[UnitOfWork, datetime, Ids], Done[None]]


def sign_out(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
    unit.sessions.delete("ses_1", CHANGE)
    return Done(None)


def sign_out_everywhere(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
    unit.sessions.delete_of_user("usr_1", CHANGE)
    return Done(None)


def disable_person(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
    present = unit.users.get("usr_1")
    assert present is not None
    unit.users.save(replace(present, disabled=True), CHANGE)
    return Done(None)


def disable_organization(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
    present = unit.organizations.get(organization().organization_id)
    assert present is not None
    unit.organizations.save(replace(present, disabled=True), CHANGE)
    return Done(None)


def touch(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
    unit.sessions.touch("ses_1", START + timedelta(minutes=1))
    return Done(None)


async def _signed_in(store: SqlStore) -> SignedInPeople:
    await store.run(adds(organization(), user(), signed_in()))
    return SignedInPeople(store)


def _let_in(found: SignedIn | None) -> bool:
    return found is not None and not found.user.disabled and not found.organization.disabled


async def test_between_commits_a_session_is_read_once(store: SqlStore) -> None:
    people = await _signed_in(store)
    first = await people.find("ses_1", START)
    assert first is not None
    assert await people.find("ses_1", START) is first


async def test_openings_leave_what_is_remembered_as_it_is(store: SqlStore) -> None:
    people = await _signed_in(store)
    await store.run(issues(1))
    first = await people.find("ses_1", START)
    await store.open(attempt())
    assert await people.find("ses_1", START) is first


@pytest.mark.parametrize("end", [sign_out, sign_out_everywhere, disable_person, disable_organization])
async def test_the_call_after_the_answer_is_not_let_in(store: SqlStore, end: Command) -> None:
    people = await _signed_in(store)
    assert _let_in(await people.find("ses_1", START))
    await store.run(end)
    assert not _let_in(await people.find("ses_1", START))


async def test_the_idle_time_that_moved_on_is_seen(store: SqlStore) -> None:
    people = await _signed_in(store)
    await people.find("ses_1", START)
    await store.run(touch)
    found = await people.find("ses_1", START)
    assert found is not None
    assert found.session.last_used_time == START + timedelta(minutes=1)


class SlowStore:
    """A store that does something between a look and its answer."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.meanwhile: Callable[[], Awaitable[Any]] | None = None

    def standing(self) -> int | None:
        return self._store.standing()

    async def read(self, query: Callable[[ReadView], T]) -> T:
        answer = await self._store.read(query)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return answer


async def test_a_look_that_a_sign_out_overtook_is_not_remembered(store: SqlStore) -> None:
    await _signed_in(store)
    slow: Any = SlowStore(store)
    people = SignedInPeople(slow)
    slow.meanwhile = lambda: store.run(sign_out)
    assert _let_in(await people.find("ses_1", START))  # it was so when this call came
    assert not _let_in(await people.find("ses_1", START))


async def test_a_look_that_others_and_a_sign_out_overtook_is_not_remembered(store: SqlStore) -> None:
    await _signed_in(store)
    slow: Any = SlowStore(store)
    people = SignedInPeople(slow)

    async def sign_out_and_look() -> None:
        await store.run(sign_out)
        assert not _let_in(await people.find("ses_1", START))

    slow.meanwhile = sign_out_and_look
    await people.find("ses_1", START)
    assert not _let_in(await people.find("ses_1", START))


async def test_whoever_looks_after_the_answer_sees_it_among_many_who_look(store: SqlStore) -> None:
    people = await _signed_in(store)
    for _ in range(30):
        ended = asyncio.Event()

        async def look(ended: asyncio.Event) -> None:
            while True:
                over = ended.is_set()
                let_in = _let_in(await people.find("ses_1", START))
                assert not (over and let_in)
                if over:
                    return
                await asyncio.sleep(0)

        looking = [asyncio.create_task(look(ended)) for _ in range(4)]
        await people.find("ses_1", START)
        await store.run(sign_out)
        ended.set()
        await asyncio.gather(*looking)
        await store.run(adds(signed_in()))
        assert _let_in(await people.find("ses_1", START))


async def test_what_is_remembered_ends_by_itself_too(store: SqlStore) -> None:
    people = await _signed_in(store)
    first = await people.find("ses_1", START)
    assert await people.find("ses_1", START + LONGEST - timedelta(microseconds=1)) is first
    assert await people.find("ses_1", START + LONGEST) is not first
    assert await people.find("ses_1", START - timedelta(microseconds=1)) is not first


async def test_no_more_sessions_are_remembered_than_the_capacity(store: SqlStore) -> None:
    await store.run(adds(organization(), user(), signed_in("ses_1"), signed_in("ses_2")))
    people = SignedInPeople(store, capacity=1)
    first = await people.find("ses_1", START)
    await people.find("ses_2", START)
    assert await people.find("ses_1", START) is not first


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_nothing_is_remembered_over_a_commit_whose_answer_was_lost(cutter: Cutter, cut: str) -> None:
    store = cutter.store
    await store.run(adds(user(), signed_in()))
    people = SignedInPeople(store)
    before = store.standing()
    await people.find("ses_1", START)

    def lost(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        cutter.away, cutter.dialect.cut = True, cut
        return sign_out(unit, now, ids)

    with pytest.raises(RefusedError):
        await store.run(lost)
    assert store.standing() is None
    cutter.away = False
    await store.run(sign_out)
    assert store.standing() not in (None, before)
    assert not _let_in(await people.find("ses_1", START))
