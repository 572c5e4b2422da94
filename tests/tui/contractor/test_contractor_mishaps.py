"""An application in clumsy hands: lost answers, haste, what can't be read, colleagues, and works that are wrong."""

import asyncio
import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from tashika_tui.client import records
from tashika_tui.client.fake import PASSWORD, FakeRegister, World
from tashika_tui.client.fake.papers import small_pdf
from tashika_tui.screens.contractor.application import ApplicationScreen
from tashika_tui.screens.contractor.works_form import WorksForm
from tashika_tui.widgets.form import Form
from tests.tui.contractor.playing import contractor, drafted, reach, submitted, world
from tests.tui.running import Hand


def held_up(held: World, method: str) -> asyncio.Future[None]:
    """The next call of a method waits for this."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    held.faults.pause = lambda name: gate if name == method and not gate.done() else None
    return gate


def screen_of(hand: Hand) -> ApplicationScreen:
    screen = next(one for one in hand.app.screen_stack if isinstance(one, ApplicationScreen))
    assert isinstance(screen, ApplicationScreen)
    return screen


def form_of(hand: Hand, step: str) -> Form:
    return screen_of(hand).query_one(f"#{step}", Form)


async def to_the_list(hand: Hand) -> None:
    await hand.press("1")
    await reach(hand, "ContractList")


async def open_new(hand: Hand) -> None:
    await to_the_list(hand)
    await hand.press("f3")
    await reach(hand, "ApplicationScreen")


async def open_draft(hand: Hand) -> None:
    await to_the_list(hand)
    await hand.press("enter")
    await reach(hand, "ApplicationScreen")


async def retype_amount(hand: Hand, amount: str) -> None:
    screen_of(hand).go("amount", "amount_yen")
    await hand.settle()
    await hand.press("end", *["backspace"] * 12)
    await hand.paste(amount)


def drafts(held: World) -> list[records.Contract]:
    return [one for one in held.contracts.values() if one.state == "DRAFT"]


async def colleague_saves(held: World, contract: records.Contract, amount: int) -> records.Contract:
    colleague = await FakeRegister.signed_in(held, "colleague")
    theirs = replace(contract.application, amount_yen=amount)
    request_id = f"00000000-0000-4000-8000-{amount:012d}"
    return await colleague.update_contract(contract, theirs, request_id=request_id)


# --- haste ---------------------------------------------------------------------------------------------------


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


# --- what can't be read --------------------------------------------------------------------------------------


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


# --- lost answers --------------------------------------------------------------------------------------------


async def test_a_draft_whose_answer_was_lost_is_not_made_twice(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        await open_new(hand)
        await retype_amount(hand, "1000000")
        held.faults.lose_answer = True
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        await hand.press("escape")
        await retype_amount(hand, "2000000")
        await hand.press("ctrl+s")
        await hand.until(lambda: [one.application.amount_yen for one in drafts(held)] == [2_000_000])
        await reach(hand, "ApplicationScreen")
        assert not screen_of(hand).unsaved()


async def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        await retype_amount(hand, "1000000")
        held.faults.lose_answer = True
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        await hand.press("escape")
        await retype_amount(hand, "2000000")
        await hand.press("ctrl+s")
        await hand.until(lambda: held.contracts[draft.contract_id].application.amount_yen == 2_000_000)
        await reach(hand, "ApplicationScreen")


def screen_changes_are_late(hand: Hand) -> None:
    """What the watch tells comes later than everything else here."""
    hand.app._tell = lambda event: None  # type: ignore[method-assign]
    hand.app._following._tell = lambda event: None


async def confirm_submission(hand: Hand) -> None:
    await hand.press("f10")
    await hand.until(lambda: "[5 添付・確認]" in hand.shown)
    await reach(hand, "ApplicationScreen")
    await hand.press("f10")
    await reach(hand, "TypedConfirm")
    await hand.paste("申込")
    await hand.press("enter")


@pytest.mark.parametrize("keys", [["right", "enter"], ["escape", "f10"]])
async def test_a_submission_whose_answer_was_lost_is_found_to_be_done(
    tmp_path: Path, keys: list[str]
) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        await hand.press("f10")
        await hand.until(lambda: "[5 添付・確認]" in hand.shown)
        await reach(hand, "ApplicationScreen")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        held.faults.lose_answer = True
        await hand.paste("申込")
        await hand.press("enter")
        await reach(hand, "ErrorDialog")
        await hand.press(*keys)
        await reach(hand, "ContractList")
        await hand.until(lambda: held.contracts[draft.contract_id].contract_number in hand.shown)
    assert held.contracts[draft.contract_id].state == "SUBMITTED"


async def test_a_submission_that_did_not_arrive_is_asked_for_again(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await hand.press("f10")
        await hand.until(lambda: "[5 添付・確認]" in hand.shown)
        await reach(hand, "ApplicationScreen")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        held.faults.offline = True
        await hand.paste("申込")
        await hand.press("enter")
        await reach(hand, "ErrorDialog")
        held.faults.offline = False
        await hand.press("right", "enter")
        await reach(hand, "TypedConfirm")
        await hand.paste("申込")
        await hand.press("enter")
        await reach(hand, "ContractList")
    assert held.contracts[draft.contract_id].state == "SUBMITTED"


async def test_new_works_whose_answer_was_lost_are_not_registered_twice(tmp_path: Path) -> None:
    held = world()
    before = set(held.works)
    async with contractor(tmp_path, held) as hand:
        await open_new(hand)
        await hand.press("left", "tab")
        await hand.paste("柏の葉公園園路改修工事")
        held.faults.lose_answer = True
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        await hand.press("escape")
        await hand.paste("（その二）")
        await hand.press("ctrl+s")
        await hand.until(lambda: bool(drafts(held)))
    made = [works.name for key, (_, works) in held.works.items() if key not in before]
    assert made == ["柏の葉公園園路改修工事（その二）"]


async def test_a_deletion_whose_answer_was_lost_is_done_once(tmp_path: Path) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        held.faults.lose_answer = True
        await hand.press("shift+f3", "y")
        await reach(hand, "ErrorDialog")
        await hand.press("right", "enter")
        await reach(hand, "Confirm")
        await hand.press("y")
        await reach(hand, "ContractList")
    assert not drafts(held)


async def test_a_document_whose_answer_was_lost_is_attached_once(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    path = tmp_path / "契約書.pdf"
    path.write_bytes(small_pdf("works contract"))
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_draft(hand)
        await hand.press("ctrl+t")
        await reach(hand, "TextDialog")
        held.faults.lose_answer = True
        await hand.paste(str(path))
        await hand.press("enter")
        await reach(hand, "ErrorDialog")
        await hand.press("right", "enter")
        await reach(hand, "TextDialog")
        # The place is still there.
        await hand.press("enter")
        await reach(hand, "ApplicationScreen")
        await hand.until(lambda: bool(held.contracts[draft.contract_id].attachments))
        await hand.until(lambda: "添付しました" in hand.words)
    assert [one.name for one in held.contracts[draft.contract_id].attachments] == ["契約書.pdf"]


async def open_record(hand: Hand) -> None:
    await hand.press("2")
    await reach(hand, "KeyList")
    await hand.press("enter")
    await reach(hand, "KeyDetail")
    await hand.press("ctrl+n")
    await reach(hand, "HandInScreen")
    await hand.press("f10")
    await reach(hand, "RecordScreen")


async def test_a_record_whose_answer_was_lost_is_recorded_once_even_if_it_was_changed(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await open_record(hand)
        held.faults.lose_answer = True
        await hand.press("right", "f10")
        await reach(hand, "ErrorDialog")
        await hand.press("escape", "tab", "tab", "tab")
        await hand.paste("窓口で渡した")
        await hand.press("f10")
        await reach(hand, "HandInScreen")
    facts = [fact for one in held.contracts.values() for fact in one.facts if fact.kind == "HANDED_IN"]
    assert len(facts) == 1


async def test_a_key_whose_answer_was_lost_is_issued_anew_once(tmp_path: Path) -> None:
    held = world()
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await hand.press("2")
        await reach(hand, "KeyList")
        await hand.press("enter")
        await reach(hand, "KeyDetail")
        for again in (False, True):
            if again:
                await hand.press("right", "enter")
            else:
                await hand.press("R")
            await reach(hand, "TypedConfirm")
            held.faults.lose_answer = not again
            await hand.paste("再発行")
            await hand.press("enter")
            await reach(hand, "KeyDetail" if again else "ErrorDialog")
        await hand.until(lambda: "発行しました" in hand.words)
    kinds = [fact.kind for one in held.contracts.values() for fact in one.facts]
    assert kinds.count("KEY_REISSUED") == 1


async def test_a_withdrawal_whose_answer_was_lost_is_done_once(tmp_path: Path) -> None:
    held = world()
    contract = await submitted(held)
    async with contractor(tmp_path, held) as hand:
        screen_changes_are_late(hand)
        await to_the_list(hand)
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
        held.faults.lose_answer = True
        for _ in range(2):
            await hand.press("ctrl+w")
            await reach(hand, "TypedConfirm")
            await hand.paste("取下げ")
            await hand.press("enter")
            await hand.settle()
            if type(hand.app.screen).__name__ == "ErrorDialog":
                await hand.press("escape")
        await hand.until(lambda: "取り下げました" in hand.words)
    assert held.contracts[contract.contract_id].state == "WITHDRAWN"


# --- colleagues ----------------------------------------------------------------------------------------------


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


# --- works that are wrong ------------------------------------------------------------------------------------


async def test_works_are_corrected_where_they_were_chosen(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await hand.press("shift+f4")
        await hand.settle()
        await hand.press("end")
        await hand.paste("（訂正）")
        form = form_of(hand, "works")
        form.go_to("works.period_end")
        await hand.settle()
        await hand.press("end", *["backspace"] * 10)
        await hand.paste("R9.3.31")
        await hand.press("ctrl+s")
        await hand.until(
            lambda: (
                (held.contracts[draft.contract_id].application.works or records.Works()).period_end
                == datetime.date(2027, 3, 31)
            )
        )
        await reach(hand, "ApplicationScreen")
        assert not screen_of(hand).unsaved()
    works = held.contracts[draft.contract_id].application.works
    assert works is not None and works.name.endswith("（訂正）")
    assert held.works[works.works_id][1].name == works.name


async def test_works_that_a_colleague_changed_meanwhile_are_not_overwritten_unseen(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    assert draft.application.works is not None
    works_id = draft.application.works.works_id
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await hand.press("shift+f4")
        await hand.press("end")
        await hand.paste("（訂正）")
        colleague = await FakeRegister.signed_in(held, "colleague")
        theirs = replace(held.works[works_id][1], section="下水道建設課")
        await colleague.update_works(theirs, request_id="00000000-0000-4000-8000-000000000098")
        await hand.press("ctrl+s")
        await reach(hand, "ErrorDialog")
        assert "ほかの方が先に変更しました" in hand.words
        await hand.press("escape")
        assert "下水道建設課" in hand.words and "（訂正）" in hand.words
        await hand.press("ctrl+s")
        await hand.until(lambda: held.works[works_id][1].name.endswith("（訂正）"))
        assert held.works[works_id][1].section == "下水道建設課"


async def test_what_the_register_misses_in_the_works_can_be_entered(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    assert draft.application.works is not None
    works_id = draft.application.works.works_id
    held.save_works(held.works[works_id][0], replace(held.works[works_id][1], period_end=None))
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await hand.press("f10")
        await hand.until(lambda: "入力に誤りが" in hand.words and "工期の終わり" in hand.words)
        assert getattr(hand.app.focused, "parent", None) is not None
        await hand.paste("R9.3.31")
        await hand.press("f10")
        await hand.until(lambda: "[5 添付・確認]" in hand.shown)


async def test_another_choice_by_mistake_loses_nothing_that_was_typed_of_new_works(tmp_path: Path) -> None:
    held = world()
    before = len(held.works)
    async with contractor(tmp_path, held) as hand:
        await open_new(hand)
        await hand.press("left", "tab")
        await hand.paste("柏の葉公園園路改修工事")
        form = form_of(hand, "works")
        assert isinstance(form, WorksForm)
        form.go_to("works_id")
        await hand.settle()
        await hand.press("left")
        assert "works.name" not in form.values
        await hand.press("ctrl+s")
        await hand.until(lambda: len(drafts(held)) == 1)
        assert len(held.works) == before
        await hand.press("right")
        assert form.values["works.name"] == "柏の葉公園園路改修工事"


async def test_the_planned_value_is_asked_for_with_advances_on_multi_year_works(tmp_path: Path) -> None:
    held = world()
    draft = await drafted(held)
    assert draft.application.works is not None
    works_id = draft.application.works.works_id
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        assert "planned_work_value_yen" not in form_of(hand, "amount").values
        await hand.press("escape")
        await reach(hand, "ContractList")
        held.save_works(held.works[works_id][0], replace(held.works[works_id][1], multi_year=True))
        await hand.press("enter")
        await reach(hand, "ApplicationScreen")
        screen_of(hand).go("amount", "planned_work_value_yen")
        await hand.settle()
        await hand.paste("4400000")
        await hand.press("ctrl+s")
        await hand.until(
            lambda: held.contracts[draft.contract_id].application.planned_work_value_yen == 4_400_000
        )


# --- returned ------------------------------------------------------------------------------------------------


async def returned(held: World, *remarks: records.Remark) -> records.Contract:
    contract = await submitted(held)
    desk = await FakeRegister.signed_in(held, "underwriter")
    return await desk.return_contract(contract, remarks, request_id="00000000-0000-4000-8000-000000000097")


async def open_returned(hand: Hand) -> None:
    await to_the_list(hand)
    await hand.press("enter")
    await reach(hand, "HistoryScreen")
    await hand.press("ctrl+e")
    await reach(hand, "ApplicationScreen")


async def test_each_remark_stands_at_its_field_and_what_it_asks_for_can_be_done(tmp_path: Path) -> None:
    held = world()
    contract = await returned(
        held,
        records.Remark("application.works.name", "契約書の名称と違います。"),
        records.Remark("application.amount_yen", "上限を超えています。"),
        records.Remark("", "至急お願いします。"),
        records.Remark("application.contact.telephone", "番号が違います。"),
    )
    async with contractor(tmp_path, held) as hand:
        await open_returned(hand)
        assert "至急お願いします。" in hand.words and "ほか1件" in hand.words
        assert "保証会社から:契約書の名称と違います。" in hand.words
        await hand.press("end")
        await hand.paste("（訂正）")
        screen_of(hand).go("amount", "amount_yen")
        await hand.settle()
        assert "保証会社から:上限を超えています。" in hand.words
        # Not every remark has to lead to another text: the register judges.
        await hand.press("f10")
        await hand.until(lambda: "[5 添付・確認]" in hand.shown)
        await reach(hand, "ApplicationScreen")
        await hand.press("f10")
        await reach(hand, "TypedConfirm")
        await hand.paste("申込")
        await hand.press("enter")
        await reach(hand, "HistoryScreen")
    now = held.contracts[contract.contract_id]
    assert now.state == "SUBMITTED" and now.application.works is not None
    assert now.application.works.name.endswith("（訂正）")


async def test_an_application_that_is_no_draft_any_more_is_not_opened_to_be_changed(tmp_path: Path) -> None:
    held = world()
    contract = await submitted(held)
    async with contractor(tmp_path, held) as hand:
        await hand.app.push_screen(ApplicationScreen(contract_id=contract.contract_id))
        await reach(hand, "ErrorDialog")
        assert "現在の状態:審査中" in hand.words
        await hand.press("escape", "ctrl+s", "f10")
        await hand.settle()
        assert not drafts(held)
        await hand.press("escape")
        await reach(hand, "MenuScreen")
