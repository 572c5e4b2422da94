"""An application in clumsy hands: haste, what can't be read, and colleagues."""

from pathlib import Path

from tashika_tui.client.fake import PASSWORD, FakeRegister
from tashika_tui.screens.contractor.application import ApplicationScreen
from tests.tui.contractor.mishaps import (
    colleague_saves,
    drafts,
    form_of,
    held_up,
    open_draft,
    open_new,
    retype_amount,
    screen_of,
    to_the_list,
)
from tests.tui.contractor.playing import contractor, drafted, reach, world

# --- haste ------------------------------------------------------------------------------------------------------


async def test_what_is_typed_before_the_choices_are_read_stays(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await to_the_list(hand)
        gate = held_up(held, "ListGuarantors")
        await hand.press("f3")
        await hand.until(lambda: isinstance(hand.app.screen, ApplicationScreen))
        await hand.press("f6", "f6")
        await hand.paste("1234000")
        gate.set_result(None)
        await reach(hand, "ApplicationScreen")
        assert form_of(hand, "amount").values["amount_yen"] == 1_234_000


async def test_a_draft_that_is_not_read_yet_takes_nothing_and_saves_nothing(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await to_the_list(hand)
        gate = held_up(held, "GetContract")
        await hand.press("enter")
        await hand.until(lambda: isinstance(hand.app.screen, ApplicationScreen))
        await hand.press("ctrl+s", "f10", "f6", "f6")
        await hand.paste("1")
        await hand.press("ctrl+s", "f12", "f10")
        gate.set_result(None)
        await reach(hand, "ApplicationScreen")
        assert drafts(held) == [draft]
        assert form_of(hand, "amount").values["amount_yen"] == draft.application.amount_yen
        assert not screen_of(hand).unsaved()


async def test_what_is_typed_while_it_is_saved_is_not_saved_yet(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await retype_amount(hand, "1000000")
        gate = held_up(held, "UpdateContract")
        await hand.press("ctrl+s")
        await hand.paste("0")
        gate.set_result(None)
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 1_000_000)
        await reach(hand, "ApplicationScreen")
        assert screen_of(hand).unsaved()
        await hand.press("ctrl+s")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 10_000_000)


# --- what can't be read -----------------------------------------------------------------------------------------


async def test_what_can_not_be_read_is_said_when_a_draft_is_saved_and_stays_unsaved(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await retype_amount(hand, "2000000")
        screen_of(hand).go("amount", "period_end")
        await hand.settle()
        await hand.paste("令和9年3月32日")
        await hand.press("f6", "ctrl+s")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 2_000_000)
        await hand.until(lambda: "暦にない日付です" in hand.words)
        assert "読み取れない項目を除いて" in hand.words
        assert form_of(hand, "amount").typed["period_end"] == "令和9年3月32日"
        await hand.press("escape")
        await reach(hand, "Confirm")


async def test_works_with_a_date_that_is_none_are_not_registered(tmp_path: Path) -> None:
    held = world()
    works = dict(held.works)
    async with contractor(tmp_path, held) as hand:
        await open_new(hand)
        await hand.press("left", "tab")
        await hand.paste("柏の葉公園園路改修工事")
        form_of(hand, "works").go_to("works.period_end")
        await hand.settle()
        await hand.paste("令和9年3月32日")
        await hand.press("ctrl+s")
        await reach(hand, "ApplicationScreen")
        assert held.works == works and not drafts(held)
        assert "暦にない日付です" in hand.words


async def test_a_share_that_is_none_is_said_at_its_field(tmp_path: Path) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        form = form_of(hand, "people")
        form.type("venture", True)
        await hand.settle()
        screen_of(hand).go("people", "joint_venture.members[0].ratio_hundredths")
        await hand.settle()
        await hand.paste("三割")
        await hand.press("tab")
        await hand.until(lambda: "33.34の形で" in hand.words)
        await hand.press("ctrl+s")
        await reach(hand, "ApplicationScreen")
        assert form.typed["joint_venture.members[0].ratio_hundredths"] == "三割"


# --- colleagues -------------------------------------------------------------------------------------------------


async def test_what_a_colleague_saves_shows_where_nothing_is_typed(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        screen_of(hand).go("amount")
        theirs = await colleague_saves(held, draft, 2_000_000)
        await hand.until(lambda: "2,000,000" in hand.shown)
        await hand.until(lambda: "ほかの方が保存した内容" in hand.words)
        assert not screen_of(hand).unsaved()
        await colleague_saves(held, theirs, 3_000_000)
        await hand.until(lambda: "3,000,000" in hand.shown)


async def test_what_a_colleague_saves_is_said_where_something_is_typed(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await retype_amount(hand, "1000000")
        await colleague_saves(held, draft, 2_000_000)
        await hand.until(lambda: "ほかの方がこの申込みを保存しました" in hand.words)
        assert form_of(hand, "amount").values["amount_yen"] == 1_000_000


async def test_ones_own_save_is_no_news(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await retype_amount(hand, "1000000")
        await hand.press("ctrl+s")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 1_000_000)
        await hand.until(lambda: "一時保存しました" in hand.words)
        await hand.settle()
        assert "ほかの方" not in hand.words


async def test_a_draft_that_a_colleague_submitted_is_said_to_be_that(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await retype_amount(hand, "1000000")
        colleague = await FakeRegister.signed_in(held, "colleague")
        await colleague.submit_contract(draft, request_id="00000000-0000-4000-8000-000000000099")
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        assert "ほかの方が先に進めました（現在の状態:審査中）" in hand.words
        await hand.press("escape", "escape", "y")
        await reach(hand, "ContractList")


async def test_typing_under_a_session_that_is_over_asks_for_no_password(tmp_path: Path) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        held.end_sessions()
        await hand.until(lambda: hand.app.session_over)
        await retype_amount(hand, "1000000")
        await hand.pilot.pause(0.5)
        assert isinstance(hand.app.screen, ApplicationScreen)
        await hand.press("ctrl+s")
        await reach(hand, "SignInAgain")
        await hand.paste(PASSWORD)
        await hand.press("enter")
        await reach(hand, "ApplicationScreen")
        assert [one.application.amount_yen for one in drafts(held)] == [1_000_000]
