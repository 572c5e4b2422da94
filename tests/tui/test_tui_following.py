"""What changes elsewhere shows here, through lost servers, refusals and sessions that end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tashika_tui import app as app_module
from tashika_tui import following
from tashika_tui.client import records
from tashika_tui.client.connection import Link
from tashika_tui.client.errors import BrokenAnswer, RefusedByServer, SessionExpired
from tashika_tui.client.fake import PASSWORD, FakeRegister, World
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.menu import MenuScreen
from tashika_tui.screens.sign_in_again import SignInAgain
from tashika_tui.widgets.dialogs import Confirm, ErrorDialog
from tests.tui.contractor.playing import contractor, drafted, reach, world
from tests.tui.running import Hand, running
from tests.tui.tiny import NOW, TinyRegister
from tests.tui.tiny import PASSWORD as TINY_PASSWORD


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "_PAUSES", (0.01,))
    monkeypatch.setattr(following, "PAUSES", (0.01,))


async def change(held: World, contract: records.Contract, amount: int) -> records.Contract:
    """A colleague saves another amount."""
    colleague = await FakeRegister.signed_in(held, "colleague")
    theirs = replace(contract.application, amount_yen=amount)
    request_id = f"00000000-0000-4000-8000-{amount:012d}"
    return await colleague.update_contract(contract, theirs, request_id=request_id)


async def to_the_list(hand: Hand) -> None:
    await hand.press("1")
    await reach(hand, "ContractList")


def over(hand: Hand) -> bool:
    return "ログインの期限が切れました" in hand.lines[1]


# --- the watch -----------------------------------------------------------------------------------------------


class Watched(TinyRegister):
    """Ends the first watches as a test says, and then tells one change after the other."""

    def __init__(self, *ends: Exception | None) -> None:
        super().__init__()
        self.ends = list(ends)
        self.asked: list[int | None] = []
        self.more = asyncio.Event()

    async def watch_contracts(self, after_revision: int | None = None) -> AsyncIterator[records.WatchEvent]:
        self.asked.append(after_revision)
        yield records.WatchHeartbeat(len(self.asked) * 10)
        if self.ends:
            end = self.ends.pop(0)
            if end is not None:
                raise end
            return
        await self.more.wait()
        yield records.ContractChanged(99, "con_1", "contract.accept", NOW, None)
        await asyncio.Event().wait()


class Hearing(BaseScreen[None]):
    """Writes down what it hears."""

    TITLE = "heading.works"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[records.WatchEvent] = []
        self.loads = 0

    def changed(self, event: records.WatchEvent) -> None:
        self.heard.append(event)

    async def load(self) -> None:
        self.loads += 1


@pytest.mark.parametrize(
    "end",
    [
        RefusedByServer("INTERNAL", "INTERNAL"),
        RefusedByServer("RESOURCE_EXHAUSTED", "SERVER_BUSY"),
        BrokenAnswer("cut off"),
        None,
    ],
)
async def test_a_watch_that_ends_is_begun_again_where_it_was(tmp_path: Path, end: Exception | None) -> None:
    register, screen = Watched(end, end), Hearing()
    async with running(tmp_path, register) as hand:
        await hand.sign_in()
        await hand.app.push_screen(screen)
        register.more.set()
        await hand.until(lambda: any(isinstance(one, records.ContractChanged) for one in screen.heard))
        assert register.asked == [None, 10, 20]


async def test_a_fault_in_the_watch_is_kept_and_does_not_end_it(tmp_path: Path) -> None:
    register, screen = Watched(ZeroDivisionError("secret")), Hearing()
    async with running(tmp_path, register) as hand:
        await hand.sign_in()
        await hand.app.push_screen(screen)
        register.more.set()
        await hand.until(lambda: any(isinstance(one, records.ContractChanged) for one in screen.heard))
        assert [type(fault) for fault in hand.faults] == [ZeroDivisionError]
        assert hand.app.screen is screen
        hand.faults.clear()


@pytest.mark.parametrize("reason", ["PERMISSION_DENIED", "PASSWORD_CHANGE_REQUIRED"])
async def test_who_may_not_watch_does_not_ask_for_ever(tmp_path: Path, reason: str) -> None:
    refused = RefusedByServer("PERMISSION_DENIED", reason)
    register = Watched(refused, refused)
    async with running(tmp_path, register) as hand:
        await hand.sign_in()
        await hand.pilot.pause(0.2)
        assert register.asked == [None]


async def test_what_was_read_before_the_watch_stood_is_read_again(tmp_path: Path) -> None:
    begin = asyncio.Event()

    class Late(Watched):
        async def watch_contracts(
            self, after_revision: int | None = None
        ) -> AsyncIterator[records.WatchEvent]:
            await begin.wait()
            yield records.WatchHeartbeat(5)
            await asyncio.Event().wait()

    screen = Hearing()
    async with running(tmp_path, Late()) as hand:
        await hand.sign_in()
        await hand.app.push_screen(screen)
        await hand.settle()
        assert screen.heard == []
        begin.set()
        await hand.until(lambda: screen.heard == [records.WatchGap(5), records.WatchHeartbeat(5)])


async def test_somebody_else_who_signs_in_watches_from_now_on(tmp_path: Path) -> None:
    register = Watched()
    async with running(tmp_path, register) as hand:
        await hand.sign_in()
        await hand.until(lambda: register.asked == [None])
        hand.app.action_sign_out()
        await hand.until(lambda: not isinstance(hand.app.screen, MenuScreen))
        await hand.settle()
        await hand.press("shift+tab")
        await hand.press(*["backspace"] * 10)
        await hand.sign_in()
        await hand.until(lambda: register.asked == [None, None])


# --- the session ---------------------------------------------------------------------------------------------


async def test_a_session_that_ends_is_said_and_asks_for_nothing_before_somebody_does_something(
    tmp_path: Path,
) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await to_the_list(hand)
        held.end_sessions()
        await hand.until(lambda: over(hand))
        assert type(hand.app.screen).__name__ == "ContractList"
        await hand.press("f5")
        await hand.until(lambda: isinstance(hand.app.screen, SignInAgain))
        await hand.paste(PASSWORD)
        await hand.press("enter")
        await reach(hand, "ContractList")
        assert not over(hand)


async def test_what_changed_while_the_session_was_over_shows_after_signing_in(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await to_the_list(hand)
        await hand.press("f1")
        held.end_sessions()
        await hand.until(lambda: hand.app.session_over)
        await change(held, draft, 2_222_000)
        held.faults.session_expired = True
        # Whatever asks first: here another screen than the list.
        task = asyncio.create_task(hand.pilot.pause(0))
        hand.app.run_worker(hand.app.ask(lambda register: register.get_session()), exit_on_error=False)
        await task
        await hand.until(lambda: isinstance(hand.app.screen, SignInAgain))
        await hand.paste(PASSWORD)
        await hand.press("enter")
        await hand.press("escape")
        await reach(hand, "ContractList")
        await hand.until(lambda: "2,222,000" in hand.shown)
        # And it is live again.
        found = held.contracts[draft.contract_id]
        await change(held, found, 3_333_000)
        await hand.until(lambda: "3,333,000" in hand.shown)


async def test_all_calls_that_found_the_session_over_ask_once_and_get_one_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
        hand.register.expired = True
        ends: list[str] = []

        async def call(name: str) -> None:
            try:
                await hand.app.ask(lambda register: register.get_session())
            except SessionExpired:
                ends.append(name)

        for name in "abc":
            hand.app.run_worker(call(name), exit_on_error=False)
        await hand.until(lambda: isinstance(hand.app.screen, SignInAgain))
        assert sum(isinstance(one, SignInAgain) for one in hand.app.screen_stack) == 1
        await hand.press("escape")
        await hand.until(lambda: sorted(ends) == ["a", "b", "c"])
        assert isinstance(hand.app.screen, MenuScreen)


async def test_a_call_that_was_under_way_when_somebody_signed_in_again_does_not_ask(tmp_path: Path) -> None:
    late, answers = asyncio.Event(), 0

    class Slow(TinyRegister):
        async def get_session(self) -> records.Session:
            nonlocal answers
            answers += 1
            if answers == 1:
                await late.wait()
                raise SessionExpired("UNAUTHENTICATED", "SESSION_EXPIRED")
            return await super().get_session()

    async with running(tmp_path, Slow()) as hand:
        await hand.sign_in()
        worker = hand.app.run_worker(
            hand.app.ask(lambda register: register.get_session()), exit_on_error=False
        )
        await hand.settle()
        await hand.app.session.sign_in("hanako", "correct horse battery staple")
        late.set()
        await hand.until(lambda: worker.is_finished)
        assert worker.result is not None and isinstance(hand.app.screen, MenuScreen)


async def test_enter_pressed_twice_signs_in_again(tmp_path: Path) -> None:
    answer = asyncio.Event()

    class Slow(TinyRegister):
        async def create_session(self, login_name: str, password: str) -> records.NewSession:
            if self.expired:
                await answer.wait()
            return await super().create_session(login_name, password)

    async with running(tmp_path, Slow()) as hand:
        await hand.sign_in()
        hand.register.expired = True
        hand.app.run_worker(hand.app.ask(lambda register: register.get_session()), exit_on_error=False)
        await hand.until(lambda: isinstance(hand.app.screen, SignInAgain))
        await hand.paste("correct horse battery staple")
        await hand.press("enter", "enter")
        answer.set()
        await hand.until(lambda: isinstance(hand.app.screen, MenuScreen))


# --- loading -------------------------------------------------------------------------------------------------


class Slow(BaseScreen[None]):
    """Loads as long as the test wants."""

    TITLE = "heading.works"

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.began = 0
        self.ended = 0

    async def load(self) -> None:
        self.began += 1
        await self.gate.wait()
        self.ended += 1

    def changed(self, event: records.WatchEvent) -> None:
        self.load_now()


async def test_a_change_during_a_load_is_loaded_after_it(tmp_path: Path) -> None:
    screen = Slow()
    async with running(tmp_path, screen=screen) as hand:
        assert (screen.began, screen.ended) == (1, 0)
        for revision in range(5):
            hand.app._tell(records.WatchGap(revision))
        screen.gate.set()
        await hand.until(lambda: screen.ended == 2)
        await hand.settle()
        assert screen.began == 2


async def test_a_change_before_a_screen_stands_is_no_fault(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        from tashika_tui.screens.contractor.lists import ContractList

        pushed = hand.app.push_screen(ContractList())
        row = (await hand.register.list_contracts(records.ContractFilter(), records.PageRequest())).items[0]
        hand.app._tell(records.ContractChanged(1, draft.contract_id, "contract.update", NOW, row))
        await pushed
        await reach(hand, "ContractList")


class Counting(Hearing):
    """Counts the loads that had an answer."""

    async def load(self) -> None:
        await self.ask(lambda register: register.get_session())
        self.loads += 1

    def changed(self, event: records.WatchEvent) -> None:
        self.load_now()


async def test_what_could_not_load_under_a_dialog_loads_when_the_server_is_back(tmp_path: Path) -> None:
    screens = [Counting(), Counting()]
    async with running(tmp_path) as hand:
        await hand.sign_in()
        hand.register.down = True
        for screen in screens:
            await hand.app.push_screen(screen)
            await hand.until(lambda: hand.app.link.link is not Link.CONNECTED)
            await hand.settle()
        await hand.app.push_screen(Confirm("?", "yes"))
        hand.register.down = False
        await hand.until(lambda: screens[1].loads > 0)
        await hand.press("escape", "escape")
        await hand.until(lambda: screens[0].loads > 0)


async def test_what_lies_under_another_screen_is_read_when_it_is_on_top_again(tmp_path: Path) -> None:
    below, above = Counting(), Counting()
    async with running(tmp_path, screen=below) as hand:
        await hand.app.push_screen(above)
        await hand.settle()
        loads = below.loads
        hand.register.expired = True
        for revision in range(3):
            below.changed(records.WatchGap(revision))
        await hand.settle()
        assert hand.app.screen is above and below.loads == loads
        hand.register.expired = False
        await hand.press("escape")
        await hand.until(lambda: below.loads == loads + 1)


async def test_many_faults_at_once_are_one_dialog(tmp_path: Path) -> None:
    class Broken(Hearing):
        def changed(self, event: records.WatchEvent) -> None:
            raise TypeError("secret")

    async with running(tmp_path, screen=Broken()) as hand:
        for revision in range(20):
            hand.app._tell(records.WatchHeartbeat(revision))
        await hand.settle()
        assert sum(isinstance(one, ErrorDialog) for one in hand.app.screen_stack) == 1
        assert len(hand.faults) == 20
        hand.faults.clear()
        await hand.press("escape")
        assert isinstance(hand.app.screen, Broken)


async def test_while_the_gateway_tries_by_itself_the_client_does_not_try_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = TinyRegister()
    waited = 0

    class Time:
        """During each pause the gateway tries, five times in vain."""

        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        async def sleep(self, _seconds: float) -> None:
            nonlocal waited
            waited += 1
            await asyncio.sleep(0)
            if waited <= 5:
                register.connection.lost(1.0)
            else:
                register.connection.reached()

    async with running(tmp_path, register) as hand:
        monkeypatch.setattr(app_module, "asyncio", Time())
        asked = len(register.calls)
        register.connection.lost(1.0)
        await hand.until(lambda: waited == 6)
        await hand.settle()
        assert register.calls[asked:] == ["server_info"], "the load after it, and nothing before"


async def test_a_remembered_sign_in_does_not_take_the_place_of_who_signed_in_meanwhile(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
    late, asked = asyncio.Event(), asyncio.Event()

    class Slow(TinyRegister):
        async def get_session(self) -> records.Session:
            asked.set()
            await late.wait()
            raise SessionExpired("UNAUTHENTICATED", "SESSION_EXPIRED")

    register: Any = Slow()
    async with running(tmp_path, register) as hand:
        await hand.until(asked.is_set)
        # The name of who signed in before is there already.
        await hand.paste(TINY_PASSWORD)
        await hand.press("enter")
        late.set()
        await hand.until(lambda: isinstance(hand.app.screen, MenuScreen))
        await hand.settle()
        assert register.token == "tsk_1"
