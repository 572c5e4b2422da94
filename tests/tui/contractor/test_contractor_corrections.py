"""Works that are wrong, and applications that the guarantor returned."""

import datetime
from dataclasses import replace
from pathlib import Path

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.screens.contractor.application import ApplicationScreen
from tashika_tui.screens.contractor.works_form import WorksForm
from tests.tui.contractor.mishaps import (
    drafts,
    form_of,
    open_draft,
    open_new,
    screen_of,
    to_the_list,
)
from tests.tui.contractor.playing import contractor, drafted, reach, submitted, world
from tests.tui.running import Hand

# --- works that are wrong ---------------------------------------------------------------------------------------


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


async def test_what_is_typed_right_behind_the_key_for_correcting_goes_into_the_works_name(
    tmp_path: Path,
) -> None:
    held = world()
    await drafted(held)
    async with contractor(tmp_path, held) as hand:
        await open_draft(hand)
        await hand.rush("shift+f4", "end", *"123", "tab", *"45")
        await hand.until(lambda: form_of(hand, "works").typed["works.name"].endswith("工事123"))
        assert form_of(hand, "works").typed["works.number"] == "45"


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


# --- returned ---------------------------------------------------------------------------------------------------


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
