"""How the screens that all roles share look, in every variant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.entries import Entry
from tashika_tui.widgets.dialogs import TypedConfirm
from tests.tui.running import Hand, running
from tests.tui.sample_screens import CompareScreen, FormScreen, ListScreen
from tests.tui.snapshots import Variant, check, in_every_variant
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
    folder: Path, variant: Variant, screen: BaseScreen[None] | None = None
) -> AsyncIterator[Hand]:
    async with running(
        folder,
        size=variant.size,
        language=variant.language,
        theme=variant.theme,
        entries=ENTRIES,
        screen=screen,
    ) as hand:
        yield hand


@in_every_variant
async def test_login(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant) as hand:
        check(hand, "login")


@in_every_variant
async def test_menu(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant) as hand:
        await hand.sign_in()
        check(hand, "menu")


@in_every_variant
async def test_list(tmp_path: Path, variant: Variant) -> None:
    screen = ListScreen(Keyset(1_000_000))
    async with pictured(tmp_path, variant, screen) as hand:
        await hand.press("down", "end", "up")
        check(hand, "list")


@in_every_variant
async def test_form_with_problems(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant, FormScreen()) as hand:
        await hand.press("tab")
        await hand.paste("1234567")
        await hand.press("f10")
        check(hand, "form")


@in_every_variant
async def test_comparison(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant, CompareScreen()) as hand:
        check(hand, "comparison")


@in_every_variant
async def test_typed_confirmation(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant) as hand:
        hand.app.push_screen(
            TypedConfirm(say("save.replace", path="/tmp/a.pdf"), "申込", say("save.replace_yes"))
        )
        await hand.settle()
        check(hand, "typed_confirmation")


@in_every_variant
async def test_refusal(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant) as hand:
        await hand.paste("hanako")
        await hand.press("tab", "x", "enter")
        check(hand, "refusal")


@in_every_variant
async def test_palette(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant) as hand:
        await hand.sign_in()
        await hand.press("ctrl+p")
        check(hand, "palette")


@in_every_variant
async def test_help(tmp_path: Path, variant: Variant) -> None:
    async with pictured(tmp_path, variant) as hand:
        await hand.press("f1")
        check(hand, "help")
