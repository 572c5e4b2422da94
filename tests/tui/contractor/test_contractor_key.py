"""From the menu to the saved notice of a key, and what follows."""

from pathlib import Path

from tashika_tui.client.fake import FakeRegister, World
from tests.tui.contractor.playing import contractor, reach, world


async def test_four_strokes_lead_from_the_menu_to_the_notice_by_the_briefings_path(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        await hand.press("ctrl+o")
        await hand.press("enter")
        await reach(hand, "HandInScreen")
        assert (tmp_path / "key-notice-11250000010387.pdf").stat().st_mode & 0o777 == 0o600
        assert "前払金を請求するまでに提出してください" in hand.shown


async def test_the_notice_is_saved_from_the_list_too(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("p")
        await reach(hand, "TextDialog")
        await hand.press("enter")
        await reach(hand, "HandInScreen")
        assert (tmp_path / "key-notice-11250000010387.pdf").stat().st_mode & 0o777 == 0o600


async def test_the_key_shows_only_after_a_question(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        register = await FakeRegister.signed_in(held, "contractor")
        row = await register.find_contract("11250000010387")
        assert row is not None
        key = (await register.get_key(row.contract_id)).key
        assert key not in hand.shown
        await hand.press("ctrl+x", "y")
        await hand.until(lambda: key in hand.shown)


async def test_a_record_of_handing_in_shows_beside_the_advice(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await open_record(hand)
        await hand.press("right", "f10")
        await reach(hand, "HandInScreen")
        await hand.until(lambda: "令和8年1月15日 10時30分" in hand.shown)
        assert "電子メール" in hand.shown


async def test_a_time_that_is_none_is_not_recorded(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await open_record(hand)
        await hand.press("right", "tab", "tab")
        await hand.paste("25:99")
        await hand.press("f10")
        assert type(hand.app.screen).__name__ == "RecordScreen"
        assert "15:30の形で" in hand.words


async def test_openings_show_right_and_wrong_attempts(tmp_path: Path) -> None:
    held = world()
    anybody = FakeRegister(held)
    try:
        await anybody.open_certificate("11250000010387", "2345-6789-ABCD-EFGH-JKLM")
    except Exception as error:
        assert type(error).__name__ == "RefusedByServer"
    async with contractor(tmp_path, held) as hand:
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        await hand.press("ctrl+k")
        await reach(hand, "OpeningsScreen")
        assert len(held.openings.get("11250000010387", [])) == hand.shown.count("192.0.2.7")


async def open_record(hand: object) -> None:
    """From the menu to the form of the record."""
    from tests.tui.running import Hand

    assert isinstance(hand, Hand)
    await hand.press("2")
    await reach(hand, "KeyList")
    await hand.press("enter")
    await reach(hand, "KeyDetail")
    await hand.press("ctrl+n")
    await reach(hand, "HandInScreen")
    await hand.press("f10")
    await reach(hand, "RecordScreen")


def test_the_simulated_world_stands_at_the_clock_of_the_tests() -> None:
    assert isinstance(world(), World)
