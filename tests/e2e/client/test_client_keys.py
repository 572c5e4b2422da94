"""A key's life by the port, on the real register and on the simulation: the same calls, the same results."""

from datetime import timedelta

import pytest

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.intent import new_request_id
from tests.e2e.client.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def refused(call: object) -> str:
    with pytest.raises(RefusedByServer) as told:
        await call  # type: ignore[misc]
    assert told.value.sentence and told.value.next_steps
    return told.value.reason


async def test_the_message_is_ready_with_everything_but_the_key(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    issued = await stage.issued("PREPAYMENT")
    assert issued.hand_in_message is None
    seen = await contractor.get_contract(issued.contract_id)
    message = seen.hand_in_message
    assert message is not None
    assert message.own_subject and issued.contract_number in message.subject
    assert message.text_before_key.startswith("柏市　道路整備課　御中\n")
    assert message.text_before_key.endswith(f"保証契約番号：{issued.contract_number}\n認証キー：")
    for line in ("保証の種類：前払金保証（第1版）", "受注者：㈱髙﨑建設"):
        assert line in message.text_after_key.splitlines()
    key = (await contractor.get_key(issued.contract_id)).key
    assert key not in message.text_before_key + message.text_after_key
    assert [(each.generation, each.revoke_time, each.by_guarantor) for each in seen.keys] == [
        (1, None, False)
    ]
    assert seen.keys[0].create_time is not None and seen.orderer_notice is None


async def test_before_the_handing_in_the_contractor_issues_the_key_anew(stage: Stage) -> None:
    contractor, city = await stage.as_("contractor"), await stage.as_("")
    desk = await stage.as_("underwriter")
    issued = await stage.issued()
    old = (await contractor.get_key(issued.contract_id)).key
    intent = new_request_id()
    assert (
        await refused(desk.reissue_key(issued, request_id=new_request_id(), reason="LOST"))
        == "REISSUE_BY_CONTRACTOR"
    )
    again = await contractor.reissue_key(issued, request_id=intent)
    assert await contractor.reissue_key(issued, request_id=intent) == again
    fact = again.facts[-1]
    assert (fact.kind, fact.generation, fact.reason, fact.by_guarantor) == ("KEY_REISSUED", 2, "", False)
    new = await contractor.get_key(issued.contract_id)
    assert new.generation == 2 and new.key != old
    assert await refused(city.open_certificate(issued.contract_number, old)) == "WRONG_NUMBER_OR_KEY"
    assert (await city.open_certificate(issued.contract_number, new.key)).version == 1
    openings = await contractor.list_openings(issued.contract_id)
    assert [(each.success, each.generation) for each in openings] == [(True, 2), (False, 0)]
    seen = await contractor.get_contract(issued.contract_id)
    assert seen.keys[0].revoke_time == fact.fact_time
    assert (seen.keys[0].first_open_time, seen.keys[1].first_open_time) == (None, seen.first_open_time)
    assert await refused(contractor.reissue_key(seen, request_id=new_request_id())) == "REISSUE_BY_GUARANTOR"


async def test_after_it_the_guarantor_does_with_a_reason_and_notes_whom_it_told(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    issued = await stage.issued()
    handed = await contractor.record_hand_in(issued, 1, "MAIL", request_id=new_request_id())
    assert (
        await refused(contractor.reissue_key(handed, request_id=new_request_id())) == "REISSUE_BY_GUARANTOR"
    )
    assert await refused(desk.reissue_key(handed, request_id=new_request_id())) == "FIELD_REQUIRED"
    assert (
        await refused(desk.record_orderer_told(handed, "契約課　大野", request_id=new_request_id()))
        == "KEY_NOT_REISSUED"
    )
    again = await desk.reissue_key(
        handed, request_id=new_request_id(), reason="LEAKED", note="別の課に送られた"
    )
    assert (again.facts[-1].reason, again.facts[-1].by_guarantor, again.facts[-1].note) == (
        "LEAKED",
        True,
        "別の課に送られた",
    )
    assert again.facts[0].generation == 1 and again.steps.hand_in_time is None
    assert again.lead_time_seconds == handed.lead_time_seconds
    seen = await desk.get_contract(issued.contract_id)
    notice = seen.orderer_notice
    assert notice is not None and "漏えい" in notice.text and issued.contract_number in notice.text
    told = await desk.record_orderer_told(again, "契約課　大野", request_id=new_request_id(), note="電話")
    assert (told.facts[-1].kind, told.facts[-1].officer, told.facts[-1].generation) == (
        "ORDERER_TOLD",
        "契約課　大野",
        2,
    )
    assert seen.keys[-1].by_guarantor


async def test_a_telephone_call_stands_beside_the_handing_in(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    issued = await stage.issued()
    assert (
        await refused(
            contractor.record_phone_confirmation(issued, 1, "契約課　大野", request_id=new_request_id())
        )
        == "NOT_HANDED_IN"
    )
    handed = await contractor.record_hand_in(issued, 1, "MAIL", request_id=new_request_id())
    assert handed.facts[-1].fact_time is not None
    early = handed.facts[-1].fact_time - timedelta(days=1)
    assert (
        await refused(
            contractor.record_phone_confirmation(
                handed, 1, "契約課　大野", request_id=new_request_id(), call_time=early
            )
        )
        == "DATE_OUT_OF_RANGE"
    )
    called = await contractor.record_phone_confirmation(
        handed, 0, "契約課　大野", request_id=new_request_id(), note="届いている"
    )
    fact = called.facts[-1]
    assert (fact.kind, fact.version, fact.officer, fact.note) == (
        "PHONE_CONFIRMED",
        1,
        "契約課　大野",
        "届いている",
    )


async def test_the_guarantor_sees_how_long_its_contracts_took(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    issued = await stage.issued()
    await contractor.record_hand_in(issued, 1, "MAIL", request_id=new_request_id())
    portfolio = await desk.get_portfolio(stage.today - timedelta(days=1), stage.today)
    assert tuple(each.leg for each in portfolio.lead_times) == records.LEGS
    whole = portfolio.lead_times[-1]
    assert whole.count > 0 and whole.same_day_count > 0
    for each in portfolio.lead_times:
        assert sum(bar.count for bar in each.bars) == each.count
        assert each.bars[-1].below_seconds is None
        assert each.half_seconds is not None and each.longest_seconds is not None
        assert each.half_seconds <= each.longest_seconds
    nothing = await desk.get_portfolio(stage.today - timedelta(days=400), stage.today - timedelta(days=399))
    assert [each.half_seconds for each in nothing.lead_times] == [None] * 5
    assert (
        await refused(desk.get_portfolio(stage.today, stage.today - timedelta(days=1))) == "PERIOD_REVERSED"
    )
    assert (
        await refused(desk.get_portfolio(stage.today, stage.today + timedelta(days=366)))
        == "DATE_OUT_OF_RANGE"
    )
    assert await refused(contractor.get_portfolio(stage.today, stage.today)) == "PERMISSION_DENIED"
