"""How 前払金請求 looks, in both languages, sizes and looks."""

from pathlib import Path

from tests.tui.contractor.playing import contractor, reach
from tests.tui.contractor.test_contractor_advance import monthly, to_the_statement, world_of
from tests.tui.snapshots import in_both_languages, look


@in_both_languages
async def test_advance(tmp_path: Path, language: str) -> None:
    async with contractor(tmp_path, world_of(), language=language) as hand:
        await hand.press("3")
        await reach(hand, "AdvanceList")
        await look(hand, "contractor-advance-list")
        await hand.press("enter")
        await reach(hand, "AdvanceScreen")
        await look(hand, "contractor-advance")
        await hand.press("f10")
        await reach(hand, "Confirm")
        await look(hand, "contractor-advance-account")
        await hand.press("y")
        await reach(hand, "AdvanceRecordScreen")
        await look(hand, "contractor-advance-record")


@in_both_languages
async def test_a_monthly_statement(tmp_path: Path, language: str) -> None:
    held = world_of()
    row, _ = await monthly(held)
    async with contractor(tmp_path, held, language=language) as hand:
        await to_the_statement(hand, row)
        await look(hand, "contractor-statement")
