"""How the screens that all roles share look, in both languages, sizes and looks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tashika_tui import app as app_module
from tashika_tui.context import Arrival
from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.entries import Entry
from tashika_tui.screens.password import PasswordScreen
from tashika_tui.widgets.dialogs import CommandDialog, TypedConfirm
from tests.tui.contractor.playing import contractor, world
from tests.tui.running import Hand, reach, running
from tests.tui.sample_screens import CompareScreen, FormScreen, ListScreen
from tests.tui.snapshots import in_both_languages, look
from tests.tui.tiny import Keyset

# As many as there are now: the pictures of the menu are not to change with each entry that a role gets.
ENTRIES = (
    Entry("contracts", lambda _: FormScreen(), frozenset({"CONTRACTOR"})),
    Entry("keys", lambda _: FormScreen(), frozenset({"CONTRACTOR"})),
    Entry("open_certificate", lambda _: FormScreen()),
    Entry("password", lambda _: FormScreen(), frozenset({"CONTRACTOR"})),
)


@asynccontextmanager
async def pictured(
    folder: Path, language: str, screen: BaseScreen[None] | None = None, **changes: Any
) -> AsyncIterator[Hand]:
    async with running(folder, language=language, entries=ENTRIES, screen=screen, **changes) as hand:
        yield hand


@in_both_languages
async def test_first_screens(tmp_path: Path, language: str) -> None:
    async with pictured(tmp_path, language) as hand:
        await look(hand, "login")
        await hand.press("f1")
        await look(hand, "help")
        await hand.press("escape")
        await hand.paste("hanako")
        await hand.press("tab", "x", "enter")
        await look(hand, "refusal")
        await hand.press("escape")
        hand.app.push_screen(
            TypedConfirm(say("save.replace", path="/tmp/a.pdf"), "申込", say("save.replace_yes"))
        )
        await hand.settle()
        await look(hand, "typed_confirmation")


@in_both_languages
async def test_menu_and_palette(tmp_path: Path, language: str) -> None:
    async with pictured(tmp_path, language) as hand:
        await hand.sign_in()
        await look(hand, "menu")
        await hand.press("ctrl+p")
        await look(hand, "palette")


@in_both_languages
async def test_password(tmp_path: Path, language: str) -> None:
    async with pictured(tmp_path, language) as hand:
        await hand.sign_in()
        await hand.app.push_screen(PasswordScreen())
        await hand.settle()
        await look(hand, "password")
        for word in ("old", "new", "other"):
            await hand.paste(word)
            await hand.press("tab")
        await look(hand, "password-differs")
    async with pictured(tmp_path, language, PasswordScreen(must=True)) as hand:
        await look(hand, "password-first")


@in_both_languages
async def test_list(tmp_path: Path, language: str) -> None:
    screen = ListScreen(Keyset(1_000_000))
    async with pictured(tmp_path, language, screen) as hand:
        await hand.press("down", "end", "up")
        await look(hand, "list")


@in_both_languages
async def test_form_with_problems(tmp_path: Path, language: str) -> None:
    async with pictured(tmp_path, language, FormScreen()) as hand:
        await hand.press("tab")
        await hand.paste("1234567")
        await hand.press("f10")
        await look(hand, "form")
        await hand.press("escape")
        await reach(hand, "Confirm")
        await look(hand, "unsaved")


@in_both_languages
async def test_comparison(tmp_path: Path, language: str) -> None:
    async with pictured(tmp_path, language, CompareScreen()) as hand:
        await look(hand, "comparison")


@in_both_languages
async def test_sign_in_again(tmp_path: Path, language: str) -> None:
    held = world()
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        held.faults.session_expired = True
        await hand.press("f5")
        await reach(hand, "SignInAgain")
        await look(hand, "sign-in-again")
        await hand.paste("x")
        await hand.press("enter")
        await hand.settle()
        await look(hand, "sign-in-again-wrong")


@in_both_languages
async def test_offline(tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The third attempt is the last for a long time.
    monkeypatch.setattr(app_module, "_PAUSES", (0.01, 0.01, 10_000.0))
    held = world()
    async with contractor(tmp_path, held, language=language) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        held.faults.offline = True
        await hand.press("f5")
        await hand.until(lambda: "3" in hand.lines[1] and "!" in hand.lines[1])
        await look(hand, "offline")


@in_both_languages
async def test_too_small(tmp_path: Path, language: str) -> None:
    async with pictured(tmp_path, language, ListScreen(Keyset(5))) as hand:
        await look(hand, "too-small", sizes=((59, 24), (40, 10)))


@in_both_languages
async def test_on_a_host(tmp_path: Path, language: str) -> None:
    async with pictured(tmp_path, language, hosted=True) as hand:
        await look(hand, "visitor")
        command = "ssh city@tashika.example.jp get certificate 11250000000010 --with-key > 11250000000010.pdf"
        hand.app.push_screen(CommandDialog(say("hosting.get"), command, say("hosting.get_with_key")))
        await hand.settle()
        await look(hand, "get-by-ssh")


@in_both_languages
async def test_a_sign_in_that_is_taken_up(tmp_path: Path, language: str) -> None:
    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    async with pictured(tmp_path, language, hosted=True, arrival=Arrival(never)) as hand:
        await look(hand, "arrival")
