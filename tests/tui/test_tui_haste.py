"""Somebody who types faster than the screen: every stroke goes where it would have gone had one waited."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events

from tashika_tui import app as client
from tashika_tui.app import TashikaApp
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.context import Arrival, SessionContext
from tashika_tui.screens.arrival import ArrivalScreen
from tashika_tui.screens.entries import Entry
from tashika_tui.screens.login import LoginScreen
from tashika_tui.widgets import strokes
from tashika_tui.widgets.dialogs import Confirm, ErrorDialog
from tashika_tui.widgets.form import Form
from tests.tui.running import context_of, key_event, running
from tests.tui.sample_screens import FormScreen, ListScreen
from tests.tui.tiny import PASSWORD, Keyset, TinyRegister


async def test_a_password_typed_ahead_does_not_land_in_the_name(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.rush(*"hanako", "tab", *"secret")
        typed = hand.app.screen.query_one(Form).typed
        assert typed == {"login_name": "hanako", "password": "secret"}
        assert "secret" not in hand.shown


async def test_signing_in_without_a_pause_leads_to_the_menu(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.rush(*"hanako", "tab", *PASSWORD.replace(" ", "~"), "enter")
        assert "パスワードが違います" in hand.words
        await hand.rush("enter", "tab")
        await hand.until(lambda: isinstance(hand.app.screen, LoginScreen))


async def test_enter_pressed_again_in_a_dialog_does_not_close_the_screen_below(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab")
        await hand.paste("1000")
        await hand.press("escape")
        assert isinstance(hand.app.screen, Confirm)
        await hand.rush("enter", "enter")
        assert hand.app.screen_stack[-1] is screen
        assert screen.form.values["amount_yen"] == 1000


async def test_escape_again_and_again_asks_once_and_changes_nothing(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab")
        await hand.paste("1000")
        await hand.rush(*["escape"] * 5)
        dialogs = [each for each in hand.app.screen_stack if isinstance(each, Confirm)]
        assert len(dialogs) == 1
        await hand.rush("escape", "escape", "n")
        assert hand.app.screen is screen and screen.form.values["amount_yen"] == 1000


async def test_keys_typed_ahead_reach_the_screen_that_a_key_opens(tmp_path: Path) -> None:
    async with running(tmp_path, screen=ListScreen(Keyset(500))) as hand:
        await hand.rush("s", "down", "enter")
        await hand.until(lambda: "保証金額" in hand.lines[-4] or "金額" in hand.shown)
        screen = hand.app.screen
        assert isinstance(screen, ListScreen)
        assert screen.list.query_now.sort == "AMOUNT_YEN"


class SlowList(ListScreen):
    """A list whose register takes its time for what is asked after `held` was set."""

    def __init__(self, keyset: Keyset) -> None:
        super().__init__(keyset)
        self.held = False
        self.answered = asyncio.Event()

    async def ask(self, call: Any) -> Any:
        if self.held:
            await self.answered.wait()
        return await super().ask(call)


async def test_enter_typed_ahead_opens_the_row_that_the_filter_finds_and_no_other(tmp_path: Path) -> None:
    screen = SlowList(Keyset(500))
    async with running(tmp_path, screen=screen) as hand:
        screen.held = True
        for key in ("slash", *"0000321", "enter", "enter"):
            hand.app.post_message(key_event(key))
        await hand.until(lambda: screen.list.query_now.text == "0000321")
        await hand.settle()
        assert not screen.opened and not hand.app.strokes.idle
        screen.answered.set()
        await hand.until(lambda: bool(screen.opened))
        await hand.until(lambda: hand.app.strokes.idle)
        assert [row.key for row in screen.opened] == ["con_0000321"]


async def test_whoever_leaves_does_not_wait_for_the_rows(tmp_path: Path) -> None:
    screen = SlowList(Keyset(500))
    async with running(tmp_path, screen=screen) as hand:
        screen.held = True
        await hand.rush("slash", *"000", "enter")
        await hand.rush("enter", "down", "escape")
        assert screen.list.query_now.text == "" and not screen.opened
        screen.answered.set()
        await hand.rush("f1")
        assert hand.app.screen is not screen


async def test_strokes_for_a_screen_wait_until_there_is_something_on_it(tmp_path: Path) -> None:
    screen = SlowList(Keyset(500))
    screen.held = True
    async with running(tmp_path, screen=screen) as hand:
        for key in ("down", "down", "enter"):
            hand.app.post_message(key_event(key))
        await hand.settle()
        assert not screen.opened and not hand.app.strokes.idle
        screen.answered.set()
        await hand.until(lambda: bool(screen.opened))
        assert [row.key for row in screen.opened] == ["con_0000002"]


async def test_what_was_typed_for_rows_does_not_answer_the_failure_that_comes_instead(tmp_path: Path) -> None:
    class Failing(SlowList):
        async def ask(self, call: Any) -> Any:
            await self.answered.wait()
            raise RefusedByServer("INTERNAL", "INTERNAL", "内部の誤りです。", (), "ref")

    screen = Failing(Keyset(500))
    async with running(tmp_path, screen=screen) as hand:
        hand.app.post_message(key_event("enter"))
        await hand.settle()
        screen.answered.set()
        await hand.until(lambda: isinstance(hand.app.screen, ErrorDialog))
        await hand.until(lambda: hand.app.strokes.idle)
        assert isinstance(hand.app.screen, ErrorDialog)


async def test_nothing_is_done_with_a_row_that_is_on_its_way_out(tmp_path: Path) -> None:
    screen = SlowList(Keyset(500))
    async with running(tmp_path, screen=screen) as hand:
        screen.held = True
        await hand.rush("slash", *"000", "enter")
        screen.list.action_open()
        await hand.settle()
        assert screen.list.row is None and not screen.opened
        screen.answered.set()
        await hand.until(lambda: screen.list.row is not None)


async def test_submitting_again_while_it_is_sent_submits_once(tmp_path: Path) -> None:
    answer = asyncio.Event()

    class Slow(FormScreen):
        async def ask(self, call: Any) -> Any:
            await answer.wait()
            return await super().ask(call)

    screen = Slow()
    async with running(tmp_path, screen=screen) as hand:
        await hand.rush("tab", *"1000", "tab", "tab", "tab", *"R8.3.31", "tab", "tab", *"abc", *["f10"] * 5)
        answer.set()
        await hand.until(lambda: screen.submitted)
        await hand.settle()
        assert hand.register.calls.count("submit") == 1


async def test_typing_goes_on_under_a_handler_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strokes, "_PATIENCE_SECONDS", 0.05)
    held = asyncio.Event()

    class Waiting(FormScreen):
        async def on_key(self, event: events.Key) -> None:
            if event.key == "f12":
                await held.wait()

    screen = Waiting()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab")
        for key in ("f12", "1", "2"):
            hand.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(lambda: screen.form.typed["amount_yen"] == "12")
        held.set()


class TypedAhead(TashikaApp):
    """A client whose terminal has strokes for it before there is any screen."""

    CSS_PATH = str(Path(client.__file__).with_name("app.tcss"))
    keys: Sequence[str] = ()

    def on_load(self) -> None:
        """As the driver would post them."""
        for key in self.keys:
            self.post_message(key_event(key))


@asynccontextmanager
async def typed_before(keys: Sequence[str], context: SessionContext) -> AsyncIterator[TashikaApp]:
    app = TypedAhead(context, entries=[Entry("contracts", lambda _: FormScreen())])
    app.keys = keys
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app


async def test_what_is_typed_before_the_first_screen_is_there_lands_in_it_whole(tmp_path: Path) -> None:
    context = context_of(TinyRegister(), tmp_path, hosted=True)
    async with typed_before(["1", "1", "2", "6", "tab", "A"], context) as app:
        await until(lambda: app.strokes.idle)
        assert app.screen.query_one(Form).typed == {"contract_number": "1126", "key": "A"}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


class Arriving:
    """A sign-in on the way, which the register takes its time for."""

    def __init__(self) -> None:
        self.answered = asyncio.Event()

    async def token(self) -> str:
        """Once it has answered."""
        await self.answered.wait()
        return "tsk_1"


async def test_what_is_typed_while_the_register_takes_up_the_sign_in_is_for_the_menu(tmp_path: Path) -> None:
    arriving = Arriving()
    context = context_of(TinyRegister(), tmp_path, hosted=True, arrival=Arrival(arriving.token))
    async with typed_before(["1"], context) as app:
        assert isinstance(app.screen, ArrivalScreen)
        assert not app.strokes.idle
        arriving.answered.set()
        await until(lambda: isinstance(app.screen, FormScreen))


async def test_who_leaves_does_not_wait_for_a_register_that_does_not_answer(tmp_path: Path) -> None:
    context = context_of(TinyRegister(), tmp_path, hosted=True, arrival=Arrival(Arriving().token))
    async with typed_before(["1", "ctrl+q"], context) as app:
        await until(lambda: app.return_value == 0)
