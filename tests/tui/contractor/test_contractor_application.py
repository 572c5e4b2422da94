"""Applying: the wizard, its draft on the server, and two people in one draft."""

from dataclasses import replace
from pathlib import Path

import pytest

from tashika_tui.client.fake import FakeRegister
from tashika_tui.screens.contractor.drafting import application_of, copied, hundredths, values_of
from tashika_tui.widgets.form import Form
from tests.tui.contractor.mishaps import open_draft
from tests.tui.contractor.playing import contractor, drafted, reach, submitted, world
from tests.tui.running import Hand


async def test_few_strokes_lead_from_the_menu_to_an_application_like_the_last_one(tmp_path: Path) -> None:
    held = world()
    strokes = ["1", "ctrl+y", "enter", "enter", "f7", "f10", "f10", "申", "込", "enter"]
    async with contractor(tmp_path, held) as hand:
        await hand.press(strokes[0])
        await reach(hand, "ContractList")
        await hand.press(strokes[1])
        await reach(hand, "ApplicationScreen")
        await hand.press(*strokes[2:4])
        await hand.until(lambda: "上限" in hand.shown)
        await hand.press(strokes[4])
        await hand.press(strokes[5])
        await hand.until(lambda: "[5 添付・確認]" in hand.shown)
        await reach(hand, "ApplicationScreen")
        await hand.press(strokes[6])
        await reach(hand, "TypedConfirm")
        await hand.press(*strokes[7:])
        await reach(hand, "ContractList")
        await hand.until(lambda: "審査中" in hand.lines[2])
    assert [one.state for one in held.contracts.values() if one.contract_number == "11250000000024"] == [
        "SUBMITTED"
    ]


async def open_amount(hand: Hand) -> None:
    """The draft, at its third step."""
    await open_draft(hand)
    await hand.press("f6", "f6")


async def test_what_is_typed_right_behind_a_step_goes_into_its_first_field(tmp_path: Path) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        for _ in range(5):
            await hand.rush("f6", "f6", "end", *["backspace"] * 12, *"7654321")
            await hand.until(lambda: "金 7,654,321 円" in hand.shown)
            await hand.rush(*["backspace"] * 7, "shift+f6", "shift+f6")
            assert "[1 工事]" in hand.shown


async def retype_amount(hand: Hand, amount: str) -> None:
    await hand.press("end", *["backspace"] * 12)
    await hand.paste(amount)


async def test_a_draft_is_kept_on_the_server_and_opens_where_it_was(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_amount(hand)
        await retype_amount(hand, "１，２３４，０００円")
        await hand.press("ctrl+s")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 1_234_000)
        await hand.press("escape")
        await reach(hand, "ContractList")


async def in_conflict(hand: Hand, held: object, draft: object) -> None:
    """A colleague saves 2,000,000 while 1,000,000 is typed here."""
    from tashika_tui.client.fake import World
    from tashika_tui.client.records import Contract

    assert isinstance(held, World) and isinstance(draft, Contract)
    await open_amount(hand)
    await retype_amount(hand, "1000000")
    colleague = await FakeRegister.signed_in(held, "colleague")
    theirs = replace(draft.application, amount_yen=2_000_000)
    await colleague.update_contract(draft, theirs, request_id="00000000-0000-4000-8000-000000000011")
    await hand.press("ctrl+s")
    await reach(hand, "PickDialog")


async def test_a_second_editor_can_reload(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await in_conflict(hand, held, draft)
        await hand.press("down", "enter")
        await reach(hand, "ApplicationScreen")
        assert "2,000,000" in hand.shown
    assert held.contracts[draft.contract_id].application.amount_yen == 2_000_000


async def test_a_second_editor_can_compare_and_keep_the_own_values(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await in_conflict(hand, held, draft)
        await hand.press("enter")
        await reach(hand, "ConflictScreen")
        line = next(line for line in hand.lines if "保証金額" in line)
        assert "1,000,000" in line and "2,000,000" in line and "! 相違" in line
        await hand.press("f10", "y")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 1_000_000)


async def test_what_somebody_else_changed_is_not_submitted_unseen(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_amount(hand)
        # Before the watch tells of it.
        hand.app.screen.changed = lambda event: None  # type: ignore[attr-defined]
        colleague = await FakeRegister.signed_in(held, "colleague")
        theirs = replace(draft.application, amount_yen=2_000_000)
        await colleague.update_contract(draft, theirs, request_id="00000000-0000-4000-8000-000000000011")
        await hand.press("f10")
        await reach(hand, "PickDialog")
        await hand.press("enter")
        await reach(hand, "ConflictScreen")
        await hand.press("f10", "y")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 3_520_000)
    assert held.contracts[draft.contract_id].state == "DRAFT"


async def test_new_works_are_entered_with_the_application(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await hand.press("1")
        await reach(hand, "ContractList")
        await hand.press("f3")
        await reach(hand, "ApplicationScreen")
        await hand.press("left")
        await hand.press("tab")
        await hand.paste("柏の葉公園園路改修工事")
        await hand.press("ctrl+s")
        await hand.until(lambda: any(one.name == "柏の葉公園園路改修工事" for _, one in held.works.values()))
        await hand.until(lambda: any(one.state == "DRAFT" for one in held.contracts.values()))
    names = [one.application.works.name for one in held.contracts.values() if one.application.works]
    assert "柏の葉公園園路改修工事" in names


async def test_leaving_unsaved_input_asks_first(tmp_path: Path) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_amount(hand)
        await retype_amount(hand, "5")
        await hand.press("escape")
        await reach(hand, "Confirm")


async def test_a_lost_server_keeps_what_is_typed(tmp_path: Path) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_amount(hand)
        held.faults.offline = True
        await retype_amount(hand, "777000")
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        held.faults.offline = False
        await hand.press("escape")
        await reach(hand, "ApplicationScreen")
        assert hand.app.screen.query_one("#amount", Form).typed["amount_yen"] == "777000"


def test_a_copy_takes_everything_but_works_amount_and_days() -> None:
    import asyncio

    last = asyncio.run(submitted(world())).application
    found = copied(last)
    assert (found.works, found.amount_yen, found.period_start, found.period_end) == (None, None, None, None)
    assert (found.contact, found.depositary, found.product) == (last.contact, last.depositary, last.product)


def test_fields_give_back_the_application_that_filled_them() -> None:
    import asyncio

    draft = asyncio.run(drafted(world())).application
    assert application_of(values_of(draft), draft.works, draft) == draft


@pytest.mark.parametrize(
    ("typed", "expected"), [("33.34", 3334), ("３３．３４％", 3334), ("", None), ("100", 10000)]
)
def test_shares_are_read_in_any_width(typed: str, expected: int | None) -> None:
    assert hundredths(typed) == expected


@pytest.mark.parametrize("typed", ["33.345", "0", "101", "NaN", "三割", "1e99"])
def test_shares_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        hundredths(typed)
