"""The guarantor's desk, from the queue to the issue."""

import uuid
from dataclasses import replace
from pathlib import Path

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister
from tashika_tui.client.fake.papers import small_pdf
from tashika_tui.screens.guarantor.lists import PortfolioScreen, QueueScreen
from tashika_tui.screens.guarantor.review import ReviewScreen
from tests.tui.guarantor.playing import desk, of_state, state_of, typed, world_of


async def test_the_queue_shows_each_stage_with_its_count(tmp_path: Path) -> None:
    async with desk(tmp_path, world_of(), screen=QueueScreen()) as hand:
        await hand.until(lambda: "審査中10件" in hand.words)
        assert "承認待ち10件" in hand.words
        await hand.press("f6")
        await hand.until(lambda: "[>承認待ち10件<]" in hand.words)
        await hand.press("shift+f6")
        await hand.until(lambda: "[>審査中10件<]" in hand.words)


async def test_the_queue_follows_what_others_do(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    async with desk(tmp_path, world, screen=QueueScreen()) as hand:
        await hand.until(lambda: "審査中10件" in hand.words)
        other = await FakeRegister.signed_in(world, "deputy")
        await other.refuse_contract(records.Ref(row.contract_id), "対象外", request_id=str(uuid.uuid4()))
        await hand.until(lambda: "審査中9件" in hand.words)


async def test_an_application_is_accepted_for_a_fee(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "審査してください" in hand.words)
        await hand.press("a")
        await hand.paste("１２，３４５")
        await hand.press("f10")
        await hand.until(lambda: "承諾しますか" in hand.words)
        await hand.press("y")
        await hand.until(lambda: state_of(world, row) == "ACCEPTED")
        contract = world.contract(row.contract_id)
        assert contract is not None and contract.fee_yen == 12_345
        assert contract.terms is not None and contract.terms.works == contract.application.works
        await hand.until(lambda: "保証料の納付を待っています" in hand.words)


async def test_what_is_corrected_becomes_the_terms(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("a")
        await hand.paste("1000")
        form = hand.app.screen.query_one("Form")
        form.go_to("works.name")  # type: ignore[attr-defined]
        await hand.press("end")
        await hand.paste("（訂正）")
        await hand.press("f10")
        await hand.until(lambda: "申込みと異なる内容" in hand.words)
        await hand.press("y")
        await hand.until(lambda: state_of(world, row) == "ACCEPTED")
        contract = world.contract(row.contract_id)
        assert contract is not None and contract.terms is not None and contract.terms.works is not None
        assert contract.terms.works.name == f"{row.works_name}（訂正）"
        await hand.until(lambda: "申込みと承諾の相違" in hand.words)


async def test_it_is_returned_with_a_reason_at_a_field(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("r")
        await hand.press("f10")
        await hand.until(lambda: "少なくとも一つ" in hand.words)
        hand.app.screen.query_one("Form").go_to("works.name")  # type: ignore[attr-defined]
        await hand.paste("契約書の名称と違います。")
        await hand.press("f10")
        await hand.until(lambda: "差し戻しますか（1か所）" in hand.words)
        await hand.press("y")
        await hand.until(lambda: state_of(world, row) == "RETURNED")
        contract = world.contract(row.contract_id)
        assert contract is not None
        assert contract.remarks == (records.Remark("application.works.name", "契約書の名称と違います。"),)


async def test_only_who_types_the_word_refuses(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.press("x")
        await hand.paste("引受けの対象外です。")
        await hand.press("enter")
        await hand.press("enter")
        assert state_of(world, row) == "SUBMITTED"
        await hand.until(lambda: "「謝絶」と入力" in hand.words)
        await typed(hand, "謝絶")
        await hand.until(lambda: state_of(world, row) == "REFUSED")


async def test_who_accepted_is_told_that_another_must_approve(tmp_path: Path) -> None:
    world = world_of()
    for each in world.guarantors.values():
        world.guarantors[each.organization_id] = replace(each, approval_from_yen=1)
    row = await of_state(world, "SUBMITTED")
    register = await FakeRegister.signed_in(world, "deputy")
    done = await register.accept_contract(records.Ref(row.contract_id), 1, request_id=str(uuid.uuid4()))
    assert done.state == "PENDING_APPROVAL"
    async with desk(tmp_path, world, "deputy", screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "あなたが承諾した申込みです" in hand.words)
        await hand.press("v")
        await hand.press("y")
        await hand.until(lambda: "APPROVAL_BY_SAME_PERSON" in hand.shown)
        assert "別の承認者に依頼してください" in hand.words
    async with desk(tmp_path / "other", world, "approver", screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "承認を待っています" in hand.words)
        await hand.press("v")
        await hand.press("y")
        await hand.until(lambda: state_of(world, row) == "ACCEPTED")


async def test_the_fee_is_booked_and_the_certificate_issued(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    register = await FakeRegister.signed_in(world, "underwriter")
    await register.accept_contract(records.Ref(row.contract_id), 5_000, request_id=str(uuid.uuid4()))
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "納付を待っています" in hand.words)
        await hand.press("f")
        await hand.press("f10")
        await hand.until(lambda: "金5,000円の入金" in hand.words)
        await hand.press("y")
        await hand.until(lambda: "発行できます" in hand.words)
        await hand.press("f10")
        await hand.until(lambda: "どう処理しますか" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: "「発行」と入力" in hand.words)
        await typed(hand, "発行")
        await hand.until(lambda: state_of(world, row) == "IN_FORCE")
        await hand.until(lambda: "ctrl+o" in hand.app.screen.active_bindings)


async def test_an_unpaid_contract_is_not_issued(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    register = await FakeRegister.signed_in(world, "underwriter")
    await register.accept_contract(records.Ref(row.contract_id), 5_000, request_id=str(uuid.uuid4()))
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "納付を待っています" in hand.words)
        await hand.press("I")
        await hand.until(lambda: "FEE_NOT_RECEIVED" in hand.shown)
        assert state_of(world, row) == "ACCEPTED"


async def test_the_issue_on_paper_is_recorded(tmp_path: Path) -> None:
    world = world_of(1_000)
    row = await of_state(world, "SUBMITTED", "PAPER")
    register = await FakeRegister.signed_in(world, "underwriter")
    await register.accept_contract(records.Ref(row.contract_id), 0, request_id=str(uuid.uuid4()))
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "発行できます" in hand.words)
        await hand.press("I")
        assert "発行しますか" not in hand.words
        await hand.press("P")
        await hand.press("tab")
        await hand.paste("保第123号")
        await hand.press("f10")
        await hand.until(lambda: "「記録」と入力" in hand.words)
        await typed(hand, "記録")
        await hand.until(lambda: state_of(world, row) == "IN_FORCE")
        await hand.until(lambda: "保第123号" in hand.words)


async def test_an_attachment_is_saved_to_disk(tmp_path: Path) -> None:
    world = world_of()
    contractor = await FakeRegister.signed_in(world, "contractor")
    wanted = records.ContractFilter(state="SUBMITTED")
    row = (await contractor.list_contracts(wanted, records.PageRequest(size=1))).items[0]
    await contractor.attach_document(
        records.Ref(row.contract_id), small_pdf("a"), request_id=str(uuid.uuid4()), name="../契約書.pdf"
    )
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "契約書.pdf" in hand.words)
        await hand.press("b")
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: (tmp_path / "契約書.pdf").exists())


async def test_somebody_who_was_overtaken_is_told(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    async with desk(tmp_path, world, screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "審査してください" in hand.words)
        await hand.press("a")
        await hand.paste("1000")
        other = await FakeRegister.signed_in(world, "deputy")
        await other.refuse_contract(records.Ref(row.contract_id), "対象外", request_id=str(uuid.uuid4()))
        await hand.press("f10")
        await hand.press("y")
        await hand.until(lambda: "ETAG_MISMATCH" in hand.shown)


async def test_the_portfolio_shows_all_or_one_state(tmp_path: Path) -> None:
    async with desk(tmp_path, world_of(), screen=PortfolioScreen()) as hand:
        await hand.until(lambda: "状態:すべての状態" in hand.words and "/200件" in hand.words)
        await hand.press("ctrl+u")
        await hand.paste("謝絶")
        await hand.press("enter")
        await hand.until(lambda: "状態:謝絶" in hand.words and "/5件" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: isinstance(hand.app.screen, ReviewScreen))


async def test_an_approver_is_not_offered_what_underwriters_do(tmp_path: Path) -> None:
    world = world_of()
    row = await of_state(world, "SUBMITTED")
    async with desk(tmp_path, world, "approver", screen=ReviewScreen(row.contract_id)) as hand:
        await hand.until(lambda: "審査してください" in hand.words)
        keys = hand.app.screen.active_bindings
        assert keys["r"].enabled and not ("a" in keys and keys["a"].enabled)
