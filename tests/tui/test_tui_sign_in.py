"""Signing in with few strokes, and the way past it for who has no account."""

from pathlib import Path

import pytest

from tashika_tui.screens.login import LoginScreen
from tashika_tui.screens.menu import MenuScreen
from tashika_tui.screens.viewer.opening import OpeningScreen
from tashika_tui.widgets.form import Form
from tests.tui.running import running
from tests.tui.tiny import PASSWORD, TinyRegister


def expired() -> TinyRegister:
    """A register at which no earlier session holds any more."""
    register = TinyRegister()
    register.expired = True
    return register


async def test_who_signed_in_before_types_the_password_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
    async with running(tmp_path, expired()) as hand:
        await hand.until(lambda: "get_session" in hand.register.calls)
        assert isinstance(hand.app.screen, LoginScreen)
        assert hand.app.screen.query_one(Form).typed["login_name"] == "hanako"
        await hand.paste(PASSWORD)
        assert "horse" not in hand.shown
        await hand.press("enter")
        assert isinstance(hand.app.screen, MenuScreen)


async def test_who_signed_out_leaves_no_name(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
        await hand.press("ctrl+p")
        await hand.paste("ログアウト")
        await hand.press("enter")
        await hand.until(lambda: isinstance(hand.app.screen, LoginScreen))
    async with running(tmp_path, expired()) as hand:
        assert hand.app.screen.query_one(Form).typed["login_name"] == ""


@pytest.mark.parametrize("spoil", ["others can read it", "no file of ours"])
async def test_a_name_that_can_not_be_trusted_is_typed(tmp_path: Path, spoil: str) -> None:
    async with running(tmp_path) as hand:
        await hand.sign_in()
    (kept,) = (tmp_path / "state" / "tashika").glob("session-*.json")
    if spoil == "others can read it":
        kept.chmod(0o644)
    else:
        kept.write_bytes(b"\x1b[2J")
    async with running(tmp_path, expired()) as hand:
        assert hand.app.screen_stack[0].query_one(Form).typed["login_name"] == ""


async def test_an_officer_without_an_account_is_one_key_away_from_the_viewer(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        assert "F4 電子証書の閲覧" in hand.lines[-1]
        await hand.press("f4")
        assert isinstance(hand.app.screen, OpeningScreen)


async def test_a_client_without_the_viewer_does_not_offer_it(tmp_path: Path) -> None:
    async with running(tmp_path, entries=()) as hand:
        assert "F4" not in hand.lines[-1]
        await hand.press("f4")
        assert isinstance(hand.app.screen, LoginScreen)
