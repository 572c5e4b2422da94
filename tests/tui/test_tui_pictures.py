"""How the screens that all roles share look, in every variant."""

from pathlib import Path

from tashika_tui.i18n import say
from tashika_tui.widgets.dialogs import TypedConfirm
from tests.tui.running import running
from tests.tui.sample_screens import CompareScreen, FormScreen, ListScreen
from tests.tui.snapshots import Variant, check, in_every_variant
from tests.tui.tiny import Keyset


@in_every_variant
async def test_login(tmp_path: Path, variant: Variant) -> None:
    async with running(tmp_path, size=variant.size, language=variant.language, theme=variant.theme) as hand:
        check(hand, "login")


@in_every_variant
async def test_menu(tmp_path: Path, variant: Variant) -> None:
    async with running(tmp_path, size=variant.size, language=variant.language, theme=variant.theme) as hand:
        await hand.sign_in()
        check(hand, "menu")


@in_every_variant
async def test_list(tmp_path: Path, variant: Variant) -> None:
    screen = ListScreen(Keyset(1_000_000))
    async with running(
        tmp_path, size=variant.size, language=variant.language, theme=variant.theme, screen=screen
    ) as hand:
        await hand.press("down", "end", "up")
        check(hand, "list")


@in_every_variant
async def test_form_with_problems(tmp_path: Path, variant: Variant) -> None:
    async with running(
        tmp_path, size=variant.size, language=variant.language, theme=variant.theme, screen=FormScreen()
    ) as hand:
        await hand.press("tab")
        await hand.paste("1234567")
        await hand.press("f10")
        check(hand, "form")


@in_every_variant
async def test_comparison(tmp_path: Path, variant: Variant) -> None:
    async with running(
        tmp_path, size=variant.size, language=variant.language, theme=variant.theme, screen=CompareScreen()
    ) as hand:
        check(hand, "comparison")


@in_every_variant
async def test_typed_confirmation(tmp_path: Path, variant: Variant) -> None:
    async with running(tmp_path, size=variant.size, language=variant.language, theme=variant.theme) as hand:
        hand.app.push_screen(
            TypedConfirm(say("save.replace", path="/tmp/a.pdf"), "申込", say("save.replace_yes"))
        )
        await hand.settle()
        check(hand, "typed_confirmation")


@in_every_variant
async def test_refusal(tmp_path: Path, variant: Variant) -> None:
    async with running(tmp_path, size=variant.size, language=variant.language, theme=variant.theme) as hand:
        await hand.paste("hanako")
        await hand.press("tab", "x", "enter")
        check(hand, "refusal")


@in_every_variant
async def test_palette(tmp_path: Path, variant: Variant) -> None:
    async with running(tmp_path, size=variant.size, language=variant.language, theme=variant.theme) as hand:
        await hand.sign_in()
        await hand.press("ctrl+p")
        check(hand, "palette")


@in_every_variant
async def test_help(tmp_path: Path, variant: Variant) -> None:
    async with running(tmp_path, size=variant.size, language=variant.language, theme=variant.theme) as hand:
        await hand.press("f1")
        check(hand, "help")
