"""What all screens share: signing in, errors, a lost server, an expired session, language, size, leaving."""

from pathlib import Path
from typing import Any

import pytest
from textual.app import ComposeResult

from tashika_tui import app as app_module
from tashika_tui.client import records
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.entries import Entry
from tashika_tui.screens.login import LoginScreen
from tashika_tui.screens.menu import MenuScreen
from tashika_tui.screens.password import PasswordScreen
from tashika_tui.screens.viewer.visitor import VisitorScreen
from tashika_tui.widgets.dialogs import Confirm, ErrorDialog
from tashika_tui.widgets.words import Say
from tests.tui.running import Hand, running
from tests.tui.sample_screens import FormScreen, ListScreen
from tests.tui.tiny import PASSWORD, Keyset, TinyRegister


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "_PAUSES", (0.01,))


async def test_name_and_password_lead_to_the_menu(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
        assert isinstance(hand.app.screen, MenuScreen)
        assert "田中 花子（受注者）" in hand.lines[-2] and "見本 DEMO" in hand.lines[-2]


async def test_a_refusal_says_reason_next_step_and_reference(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.paste("hanako")
        await hand.press("tab", "x", "f10")
        assert isinstance(hand.app.screen, ErrorDialog)
        for part in ("ログイン名またはパスワードが違います。", "組織の管理者", "R-0001", "[WRONG_PASSWORD]"):
            assert part in hand.words
        await hand.press("enter")
        assert isinstance(hand.app.screen, LoginScreen)


async def test_the_password_never_shows(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.press("tab")
        await hand.paste(PASSWORD)
        assert "horse" not in hand.shown


async def test_a_password_that_must_change_changes_first(tmp_path: Path) -> None:
    register = TinyRegister()
    register.must_change_password = True
    async with running(tmp_path, register) as hand:
        await hand.sign_in()
        assert isinstance(hand.app.screen, PasswordScreen)
        await hand.press("escape", "f9")
        assert isinstance(hand.app.screen, PasswordScreen)
        for word in (PASSWORD, "new password", "new password"):
            await hand.paste(word)
            await hand.press("tab")
        register.must_change_password = False
        await hand.press("f10")
        assert isinstance(hand.app.screen, MenuScreen)
        assert "change_password" in register.calls


async def test_two_different_new_passwords_are_not_sent(tmp_path: Path) -> None:
    async with running(tmp_path, screen=PasswordScreen()) as hand:
        for word in (PASSWORD, "one", "another"):
            await hand.paste(word)
            await hand.press("tab")
        await hand.press("f10")
        assert "一致しません" in hand.shown
        assert "change_password" not in hand.register.calls


async def test_a_password_that_did_not_arrive_can_be_sent_again(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.paste("hanako")
        await hand.press("tab")
        await hand.paste(PASSWORD)
        hand.register.down = True
        await hand.press("enter")
        assert isinstance(hand.app.screen, ErrorDialog)
        hand.register.down = False
        await hand.press("right", "enter")
        assert isinstance(hand.app.screen, MenuScreen)


async def test_an_entry_without_roles_opens_without_an_account(tmp_path: Path) -> None:
    entries = (Entry("password", lambda _: ListScreen(Keyset(3))),)
    async with running(tmp_path, entries=entries) as hand:
        hand.app.screen.query_one("#entry-password").focus()
        await hand.press("enter")
        assert isinstance(hand.app.screen, ListScreen)


async def test_an_expired_session_asks_over_the_form_and_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
        screen = FormScreen()
        await hand.app.push_screen(screen)
        await fill(hand)
        hand.register.expired = True
        await hand.press("f10")
        assert "ログインの期限が切れました" in hand.shown
        await hand.paste("wrong")
        await hand.press("enter")
        assert "パスワードが違います" in hand.shown
        await hand.paste(PASSWORD)
        await hand.press("enter")
        assert screen.submitted and screen.submitted[0]["works.name"] == "水路改修"


async def test_who_does_not_sign_in_again_keeps_the_form(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
        screen = FormScreen()
        await hand.app.push_screen(screen)
        await fill(hand)
        hand.register.expired = True
        await hand.press("f10", "escape")
        assert isinstance(hand.app.screen, ErrorDialog)
        await hand.press("escape")
        assert screen.submitted == [] and screen.form.values["works.name"] == "水路改修"


def sign_ins(folder: Path) -> list[Path]:
    return list(folder.rglob("session-*.json"))


def shown_screen(hand: Hand) -> object:
    return hand.app.screen


async def fill(hand: Hand) -> None:
    await hand.settle()
    await hand.press("tab")
    await hand.paste("１，０００")
    await hand.press("tab", "tab", "tab")
    await hand.paste("令和8年3月31日")
    await hand.press("tab", "tab")
    await hand.paste("水路改修")


async def test_a_lost_server_shows_a_banner_and_the_same_screen_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path, screen=ListScreen(Keyset(5))) as hand:
        hand.register.down = True
        await hand.press("f5")
        await hand.until(lambda: "接続が切れました" in hand.shown)
        assert "con_0000003" in hand.shown
        hand.register.down = False
        pages = hand.register.calls.count("page")
        await hand.until(lambda: "接続が切れました" not in hand.shown)
        await hand.until(lambda: hand.register.calls.count("page") > pages)


async def test_a_lost_server_in_a_form_can_be_tried_again_and_loses_nothing(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await fill(hand)
        hand.register.down = True
        await hand.press("f10")
        await hand.until(lambda: "もう一度試す" in hand.shown)
        assert "サーバーが動いているか、接続先（--server）と認証局" in hand.shown
        hand.register.down = False
        await hand.press("right", "enter")
        assert len(screen.submitted) == 1


async def test_the_language_changes_under_the_work(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await fill(hand)
        await hand.press("ctrl+l")
        assert "Tashika" in hand.lines[0] and "Guarantee" in hand.shown
        assert hand.register.language == "en"
        assert screen.form.values["works.name"] == "水路改修"
        await hand.press("ctrl+l")
        assert "保証金額" in hand.shown


async def test_the_looks_follow_each_other(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        seen = [hand.app.theme]
        for _ in range(4):
            await hand.press("f2")
            seen.append(hand.app.theme)
        assert seen == ["dark", "light", "contrast", "monochrome", "dark"]


@pytest.mark.parametrize("size", [(59, 24), (80, 15), (10, 3), (1, 1)])
async def test_a_small_terminal_says_so_and_keeps_what_was_typed(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await fill(hand)
        await hand.pilot.resize_terminal(*size)
        await hand.settle()
        assert "水路" not in hand.shown and "保証金額" not in hand.shown
        await hand.pilot.resize_terminal(80, 24)
        await hand.settle()
        assert "水路改修" in hand.shown


async def test_the_palette_does_what_its_line_says(tmp_path: Path) -> None:
    screen = ListScreen(Keyset(5))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("ctrl+p")
        await hand.paste("開く Enter")
        await hand.press("enter")
        assert [row.key for row in screen.opened] == ["con_0000000"]


async def test_help_has_the_keys_of_the_screen_below(tmp_path: Path) -> None:
    async with running(tmp_path, size=(80, 60), screen=ListScreen(Keyset(5))) as hand:
        await hand.press("f1")
        assert "/ ^F" in hand.shown and "絞込み" in hand.shown
        await hand.press("escape")
        assert isinstance(hand.app.screen, ListScreen)


async def test_leaving_unsaved_input_asks_and_stays_by_default(tmp_path: Path) -> None:
    for keys in (["escape"], ["f9"], ["ctrl+q"]):
        screen = FormScreen()
        async with running(tmp_path, screen=screen) as hand:
            await fill(hand)
            await hand.press(*keys)
            assert isinstance(hand.app.screen, Confirm)
            await hand.press("enter")
            assert shown_screen(hand) is screen
            await hand.press(*keys, "y")
            assert shown_screen(hand) is not screen or hand.app.return_code == 0


async def test_escape_on_the_last_screen_does_not_leave(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.press("escape", "escape")
        assert isinstance(hand.app.screen, LoginScreen)


class BrokenScreen(BaseScreen[None]):
    """Has faults: in an action, in a worker, in a handler."""

    TITLE = "heading.works"
    KEYS = ("new", "save", "submit")

    def body(self) -> ComposeResult:
        yield Say("body")

    def action_new(self) -> None:
        raise ZeroDivisionError("secret")

    def action_save(self) -> None:
        self.perform(self._save)

    async def _save(self) -> None:
        raise KeyError("secret")

    def changed(self, event: records.WatchEvent) -> None:
        raise TypeError("secret")


@pytest.mark.parametrize(("key", "kind"), [("n", ZeroDivisionError), ("ctrl+s", KeyError), ("f10", None)])
async def test_a_fault_becomes_a_dialog_with_a_reference(tmp_path: Path, key: str, kind: Any) -> None:
    async with running(tmp_path, screen=BrokenScreen()) as hand:
        await hand.press(key)
        if kind is None:
            assert isinstance(hand.app.screen, BrokenScreen)
            return
        assert isinstance(hand.app.screen, ErrorDialog)
        assert "照会番号:C-" in hand.words and kind.__name__ in hand.words and "secret" not in hand.shown
        assert [type(fault) for fault in hand.faults] == [kind]
        await hand.press("escape", "f1")
        assert "ヘルプ" in hand.lines[0]
        hand.faults.clear()


async def test_signing_out_leads_back_to_the_sign_in(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
        await hand.press("ctrl+p")
        await hand.paste("ログアウト")
        await hand.press("enter")
        await hand.settle()
        assert isinstance(hand.app.screen, LoginScreen)
        assert hand.register.token == "" and "delete_session" in hand.register.calls
        assert not sign_ins(tmp_path)


async def test_a_sign_in_is_taken_up_again(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
    async with running(tmp_path) as hand:
        await hand.until(lambda: isinstance(hand.app.screen, MenuScreen))


async def test_a_host_lets_who_did_not_sign_in_on_the_way_see_the_viewer_alone(tmp_path: Path) -> None:
    async with running(tmp_path, hosted=True) as hand:
        assert isinstance(hand.app.screen, VisitorScreen)
        assert hand.app.session.last_login_name() == ""
        assert not sign_ins(tmp_path)
