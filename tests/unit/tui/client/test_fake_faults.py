"""What a test can let go wrong in the register in memory."""

import asyncio
from contextlib import aclosing

import pytest

from tashika_tui.client import records
from tashika_tui.client.connection import Link, LinkState
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable, SessionExpired
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.intent import new_request_id


async def test_offline_nothing_is_answered_and_the_connection_says_so() -> None:
    register = FakeRegister(World())
    seen: list[Link] = []
    register.connection.subscribe(lambda state: seen.append(state.link))
    register.world.faults.offline = True
    for _ in range(3):
        with pytest.raises(ServerNotReachable):
            await register.server_info()
    register.world.faults.offline = False
    await register.server_info()
    assert seen == [Link.RECONNECTING, Link.RECONNECTING, Link.OFFLINE, Link.CONNECTED]
    assert register.connection.state == LinkState(Link.CONNECTED)


async def test_a_lost_answer_is_asked_for_again_by_the_same_request_id() -> None:
    world = World(count=0)
    contractor = await FakeRegister.signed_in(world, "contractor")
    world.faults.lose_answer = True
    intent = new_request_id()
    with pytest.raises(ServerNotReachable):
        await contractor.create_contract(records.Application(), request_id=intent)
    draft = await contractor.create_contract(records.Application(), request_id=intent)
    assert list(world.contracts) == [draft.contract_id]


async def test_an_expired_session_is_told_apart_and_cured_by_signing_in() -> None:
    world = World()
    contractor = await FakeRegister.signed_in(world, "contractor")
    world.faults.session_expired = True
    with pytest.raises(SessionExpired) as raised:
        await contractor.get_session()
    assert raised.value.reason == "SESSION_EXPIRED"
    again = await FakeRegister.signed_in(world, "contractor")
    assert (await again.get_session()).login_name == "contractor"


async def test_a_call_that_waits_can_be_cancelled_and_has_changed_nothing() -> None:
    world = World(count=0)
    contractor = await FakeRegister.signed_in(world, "contractor")
    held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    world.faults.pause = lambda _method: held
    task = asyncio.create_task(contractor.create_contract(records.Application(), request_id=new_request_id()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not world.contracts


async def test_the_next_call_of_a_method_can_be_refused() -> None:
    world = World()
    register = FakeRegister(world, "en")
    world.faults.refuse_next["GetServerInfo"] = refuse("INTERNAL", reference="k7q2")
    with pytest.raises(RefusedByServer) as raised:
        await register.server_info()
    assert (raised.value.code, raised.value.reference) == ("INTERNAL", "k7q2")
    assert "k7q2" in raised.value.sentence
    assert (await register.server_info()).demo


async def test_a_watch_waits_while_offline_and_then_tells_everything() -> None:
    world = World(count=0)
    contractor = await FakeRegister.signed_in(world, "contractor")
    colleague = await FakeRegister.signed_in(world, "colleague")
    async with aclosing(contractor.watch_contracts()) as watch:
        start = [await anext(watch), await anext(watch)]
        assert start == [records.WatchHeartbeat(world.revision), records.UnreadNotices(world.revision, 0)]
        draft = await colleague.create_contract(records.Application(), request_id=new_request_id())
        event = await anext(watch)
        assert isinstance(event, records.ContractChanged)
        seen: list[Link] = []
        lost = asyncio.Event()

        def notice(state: LinkState) -> None:
            seen.append(state.link)
            lost.set()

        contractor.connection.subscribe(notice)
        task = asyncio.create_task(anext(watch))
        await asyncio.sleep(0)
        world.go_offline()
        await lost.wait()
        world.save(draft, "contract.update")
        world.come_back()
        async with asyncio.timeout(20):
            event = await task
    assert isinstance(event, records.ContractChanged)
    assert (event.contract_id, event.action) == (draft.contract_id, "contract.update")
    assert seen[0] is Link.RECONNECTING
    assert seen[-1] is Link.CONNECTED


async def test_the_same_calls_give_the_same_world() -> None:
    async def play() -> records.Contract:
        contractor = await FakeRegister.signed_in(World(), "contractor")
        return await contractor.create_contract(records.Application(), request_id=new_request_id())

    assert await play() == await play()
