"""Watching over the wire, on every store: who is told what, for how long, and how it ends."""

import asyncio
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2

from tashika.v1 import contract_pb2, contract_watching_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika_server.application import watch_hub, watching
from tashika_server.application.ports import Done
from tashika_server.domain.model import ContractState
from tashika_server.domain.notices import NoticeEvent, NoticeKind
from tashika_server.domain.reasons import RefusedError
from tashika_server.transport.admission import Admission
from tashika_server.transport.methods import Lane
from tashika_server.transport.pipeline import Limits
from tests.storage.databases import Database
from tests.storage.test_feed import changes
from tests.storage.world import CHANGE, contract
from tests.transport.echo import Refusal, refused
from tests.transport.watching.site import SECONDS, Site, Watch, disables, serving

DRAFT, SUBMITTED = ContractState.DRAFT, ContractState.SUBMITTED


async def ended(watch: Watch) -> Refusal:
    return await refused(watch.end())


def seen(message: Any) -> list[tuple[str, str]]:
    names = contract_pb2.ContractState
    return [
        (each.contract_id[-1], names.Name(each.contract.state)[15:] if each.HasField("contract") else "gone")
        for each in message.changes
    ]


async def test_a_watch_begins_with_the_present_revision_and_tells_each_change(site: Site) -> None:
    watch = site.watch()
    first = await watch.next()
    assert (first.revision, list(first.changes)) == (1, [])
    await site.store.run(changes(contract(1)))
    message = await watch.next()
    (change,) = message.changes
    assert (message.revision, change.action) == (2, CHANGE.action)
    assert change.contract_id == change.contract.contract_id == contract(1).contract_id
    assert change.contract.works_name == contract(1).application.works.name
    assert change.change_time.ToDatetime().isoformat() == "2026-04-01T00:00:00"


async def test_everybody_is_told_of_their_own_and_a_guarantor_never_of_a_draft(site: Site) -> None:
    watches = {who: site.watch(who) for who in ("contractor", "other", "underwriter")}
    for watch in watches.values():
        await watch.next()
    await site.store.run(changes(contract(1), contract(5, organization_id="org_other")))
    await site.store.run(changes(1, contract(2)))
    await site.store.run(changes(contract(2, SUBMITTED)))
    told = {who: [await watches[who].change() for _ in range(n)] for who, n in
            (("contractor", 3), ("other", 1), ("underwriter", 1))}  # fmt: skip
    assert [seen(each) for each in told["contractor"]] == [
        *([("1", "DRAFT")], [("1", "gone"), ("2", "DRAFT")], [("2", "SUBMITTED")])
    ]
    assert [seen(each) for each in told["other"]] == [[("5", "DRAFT")]]
    assert [seen(each) for each in told["underwriter"]] == [[("2", "SUBMITTED")]]
    assert told["underwriter"][0].revision == told["contractor"][2].revision


async def test_who_has_no_contracts_may_not_watch(site: Site) -> None:
    assert (await ended(site.watch("officer"))).reason == "PERMISSION_DENIED"
    assert (await ended(Watch(site.stub().WatchContracts(contracts_request())))).reason == "UNAUTHENTICATED"
    assert site.pipeline.admission.in_flight() == 0


def contracts_request(after: int = 0) -> Any:
    return contract_watching_pb2.WatchContractsRequest(after_revision=after)


async def test_a_revision_below_zero_is_malformed_and_one_beyond_the_register_is_told(site: Site) -> None:
    assert (await ended(site.watch(after=-1))).code is grpc.StatusCode.INVALID_ARGUMENT
    refusal = await ended(site.watch(after=99))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.OUT_OF_RANGE, "WATCH_REVISION_UNKNOWN")
    assert metadata(refusal)["current_revision"] == "1"
    assert (await ended(site.watch(after=2**63 - 1))).reason == "WATCH_REVISION_UNKNOWN"


def metadata(refusal: Refusal) -> dict[str, str]:
    return dict(refusal.detail(error_details_pb2.ErrorInfo).metadata)


async def test_who_is_too_far_behind_reads_the_list_and_goes_on_from_now(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MAX_BEHIND", 3)
    for number in range(1, 5):
        await site.store.run(changes(contract(number)))
    refusal = await ended(site.watch(after=1))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.OUT_OF_RANGE, "WATCH_TOO_FAR_BEHIND")
    again = site.watch(after=int(metadata(refusal)["current_revision"]))
    assert ((await again.next()).revision, (await site.list("contractor")).total_size) == (5, 4)
    # others' changes don't count
    assert (await site.watch("underwriter", after=1).next()).revision == 1


async def test_two_hundred_watchers_get_one_change_and_cost_one_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    watchers = [site.watch("contractor" if n % 2 else "underwriter") for n in range(200)]
    for each in watchers:
        await each.next()
    reads = 0
    read = site.store.read

    async def counting(*args: Any, **kwargs: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(*args, **kwargs)

    monkeypatch.setattr(site.store, "read", counting)
    await site.store.run(changes(contract(1, SUBMITTED)))
    told = await asyncio.gather(*(each.change() for each in watchers))
    assert {(each.revision, *seen(each)[0]) for each in told} == {(2, "1", "SUBMITTED")}
    # the one that was woken, and some that looked by themselves meanwhile
    assert reads < 20
    assert site.pipeline.admission.in_flight(Lane.WATCHES) == 200


async def test_watchers_that_leave_give_their_places_back_and_the_reader_rests(site: Site) -> None:
    watches = [site.watch() for _ in range(5)]
    for watch in watches:
        await watch.next()
    hub = site.use_cases.watching._hub
    assert (hub._reader is not None, len(hub._subscribers)) == (True, 1)
    for watch in watches:
        watch.call.cancel()
    async with asyncio.timeout(SECONDS):
        while hub._subscribers or site.pipeline.admission.in_flight():  # noqa: ASYNC110 - whoever left says nothing
            await asyncio.sleep(0.01)
    assert hub._reader is None
    again = site.watch(after=1)
    await again.next()
    await site.store.run(changes(contract(1)))
    assert seen(await again.change()) == [("1", "DRAFT")]


async def test_watches_are_admitted_apart(database: Database, sockets: Path) -> None:
    async with serving(database, sockets, admission=Admission({Lane.WATCHES: 1})) as site:
        await site.watch().next()
        assert (await ended(site.watch())).reason == "SERVER_BUSY"
        assert (await site.list("contractor")).total_size == 0


# --- Its end -----------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "HEARTBEAT_SECONDS", 0.05)


async def test_a_quiet_watch_says_how_far_the_register_is(site: Site, quick: None) -> None:
    watch = site.watch()
    revision = (await watch.next()).revision
    await site.store.run(changes(contract(1, organization_id="org_other")))
    async with asyncio.timeout(SECONDS):
        while (message := await watch.next()).revision == revision:
            assert not message.changes
    assert (message.revision, list(message.changes)) == (revision + 1, [])


@pytest.mark.parametrize(
    ("cause", "reason"),
    [("signed out", "UNAUTHENTICATED"), ("disabled", "UNAUTHENTICATED"), ("idle", "SESSION_EXPIRED")],
)
async def test_a_watch_ends_with_the_session(site: Site, quick: None, cause: str, reason: str) -> None:
    watch, other = site.watch(), site.watch("underwriter")
    await watch.next()
    await other.next()
    if cause == "signed out":
        await site.use_cases.sessions.delete(site.caller())
    elif cause == "disabled":
        await site.store.run(disables("contractor"))
    else:
        site.clock.forward(hours=2)
    assert (await ended(watch)).reason == reason
    if cause != "idle":
        await other.next()
        await other.next()


async def test_a_draining_server_ends_every_watch_at_once(site: Site) -> None:
    watches = [site.watch() for _ in range(3)]
    for watch in watches:
        await watch.next()
    async with asyncio.timeout(SECONDS / 2):
        await site.server.drain()
    for watch in watches:
        refusal = await ended(watch)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")


async def test_a_store_that_fails_ends_the_watches_and_the_next_one_begins_anew(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = site.watch()
    await watch.next()
    hub = site.use_cases.watching._hub

    async def broken() -> None:
        raise OSError("no such store")

    monkeypatch.setattr(hub, "_hand_on", broken)
    await site.store.run(changes(contract(1)))
    assert (await ended(watch)).reason == "INTERNAL"
    monkeypatch.undo()
    again = site.watch(after=1)
    assert seen(await again.change()) == [("1", "DRAFT")]


# --- Slow readers ------------------------------------------------------------------------------------------------


def many(count: int, salt: int) -> Any:
    """A command with some hundred kilobytes of changes."""

    def command(unit: Any, now: Any, ids: Any) -> Done[None]:
        for number in range(count):
            unit.contracts.add(contract(salt * 10_000 + number), CHANGE)
        return Done(None)

    return command


async def test_a_reader_that_does_not_read_is_cut_off_and_keeps_nothing(
    database: Database, sockets: Path
) -> None:
    async with serving(database, sockets, limits=Limits(idle_seconds=0.3)) as site:
        watch = site.watch()
        await watch.next()
        # The line between takes some before anything has to wait for the reader.
        salt = 0
        async with asyncio.timeout(SECONDS):
            while site.pipeline.admission.in_flight(Lane.WATCHES):
                salt += 1
                await site.store.run(many(300, salt))
        assert site.use_cases.watching._hub._subscribers == {}
        refusal = await ended(watch)
        assert (refusal.code, refusal.reason) == (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "WATCH_READER_TOO_SLOW",
        )


async def test_what_waits_for_a_reader_is_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_hub, "MAX_WAITING", 3)
    slow = site.use_cases.watching.watch(site.caller(), 0)
    quick = site.watch()
    await anext(slow)
    await quick.next()
    reading = asyncio.ensure_future(anext(slow))
    await site.store.run(changes(contract(1)))
    assert (await reading).changes[0].contract_id == contract(1).contract_id
    for number in range(2, 8):
        await site.store.run(changes(contract(number)))
        await quick.change()
    with pytest.raises(RefusedError, match="WATCH_READER_TOO_SLOW"):
        await anext(slow)
    await slow.aclose()


async def test_one_commit_larger_than_the_bound_is_told_all_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_hub, "MAX_WAITING", 3)
    watch = site.watch()
    await watch.next()
    await site.store.run(many(10, 1))
    assert len((await watch.change()).changes) == 10


# --- Lists, with a search ----------------------------------------------------------------------------------------


async def test_a_list_is_searched_over_the_wire_and_paged(site: Site) -> None:
    await site.store.run(changes(*(contract(number) for number in range(1, 8))))
    asked = {"filter": contracts.ContractFilter(search="ﾄﾞｳ 第００ 号線"), "page_size": 3}
    assert (await site.list("contractor", **asked)).total_size == 0
    asked["filter"] = contracts.ContractFilter(search="市道 第００ 号線")
    first = await site.list("contractor", **asked)
    second = await site.list("contractor", page_token=first.next_page_token, **asked)
    assert [first.total_size, len(first.contracts), len(second.contracts)] == [7, 3, 3]
    other = contracts.ContractFilter(search="市道")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await site.list("contractor", filter=other, page_size=3, page_token=first.next_page_token)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    end = await site.list("contractor", from_end=True, **asked)
    assert [each.contract_id[-1] for each in end.contracts] == ["5", "6", "7"]
    assert (await site.list("underwriter", **asked)).total_size == 0


@pytest.mark.parametrize(
    ("search", "reason"), [("柏" * 101, "FIELD_TOO_LONG"), ("柏" * 400_000, "REQUEST_TOO_LARGE")]
)
async def test_too_long_a_search_is_refused(site: Site, search: str, reason: str) -> None:
    refusal = await refused(site.list("contractor", filter=contracts.ContractFilter(search=search)))
    assert refusal.reason == reason


async def test_half_a_surrogate_pair_on_the_wire_is_no_text(site: Site) -> None:
    call: Any = site.channel.unary_unary("/tashika.v1.ContractService/ListContracts")
    token = [("authorization", f"Bearer {site.tokens['contractor']}")]
    refusal = await refused(call(b"\x0a\x05\x42\x03\xed\xa0\x80", metadata=token))
    assert refusal.reason == "MALFORMED_REQUEST"


# --- Notices -----------------------------------------------------------------------------------------------------


def tells(number: int, *user_ids: str) -> Any:
    """A command that tells people of an event."""

    def command(unit: Any, now: Any, ids: Any) -> Done[None]:
        held = contract(1, SUBMITTED)
        event = NoticeEvent(
            f"evt_{number}", NoticeKind.ISSUED, held.contract_id, held.number, "橋梁補修工事", now
        )
        unit.notices.tell(event, {user_id: f"ntc_{number}_{user_id}" for user_id in user_ids})
        return Done(None)

    return command


async def unread(watch: Watch) -> int:
    """The next count that is told."""
    async with asyncio.timeout(SECONDS):
        while not (message := await watch.next()).HasField("unread_notices"):
            assert not message.changes
    return int(message.unread_notices)


async def test_each_person_is_told_how_many_of_their_own_notices_are_unread(site: Site) -> None:
    await site.store.run(tells(1, site.caller("contractor").user_id))
    mine, other = site.watch("contractor"), site.watch("underwriter")
    assert [await unread(mine), await unread(other)] == [1, 0]
    await site.store.run(tells(2, site.caller("contractor").user_id))
    assert await unread(mine) == 2
    caller = site.caller("contractor")
    await site.use_cases.notices.mark_read(caller, (), f"ntc_2_{caller.user_id}", None)
    assert await unread(mine) == 0
    await site.store.run(tells(3, site.caller("underwriter").user_id))
    assert await unread(other) == 1


async def test_who_comes_back_is_told_the_count_after_what_was_missed(site: Site) -> None:
    watch = site.watch()
    revision = (await watch.next()).revision
    await site.store.run(changes(contract(1)))
    await site.store.run(tells(1, site.caller("contractor").user_id))
    again = site.watch(after=revision)
    told: list[Any] = []
    async with asyncio.timeout(SECONDS):
        while not told or not told[-1].HasField("unread_notices"):
            told.append(await again.next())
    assert [len(each.changes) for each in told if each.changes] == [1]
    assert told[-1].unread_notices == 1
    assert [each.revision for each in told] == sorted(each.revision for each in told)


async def test_of_counts_that_nobody_reads_the_last_one_waits_and_changes_come_first() -> None:
    mine = watch_hub.Subscriber("org_1", "usr_1")
    for number in range(1, 6):
        mine.give_unread(number, number)
    mine.give(watch_hub.WatchEvent(9))
    assert [mine.take(), mine.take(), mine.take()] == [
        watch_hub.WatchEvent(9),
        watch_hub.WatchEvent(5, unread=5),
        None,
    ]
    assert mine.empty
