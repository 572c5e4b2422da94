"""Issuing a key anew over the wire, what is told of it, and how long contracts took."""

from datetime import timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import hand_in_pb2, key_service_pb2, report_service_pb2
from tashika_formats.key import make_key
from tests.support import data
from tests.support.client import fresh
from tests.support.people import World
from tests.support.play import Play
from tests.support.refusals import refusal, refused

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-reissue")]


async def test_before_the_handing_in_the_contractor_makes_a_new_key_and_the_old_one_is_void(
    world: World, play: Play
) -> None:
    opened = await play.issued()
    first = await world.contractor.keys.GetKey(
        key_service_pb2.GetKeyRequest(contract_id=opened.contract.contract_id)
    )
    request = key_service_pb2.ReissueKeyRequest(
        request_id=fresh(), contract_id=opened.contract.contract_id, etag=opened.contract.etag
    )
    answer = await world.contractor.keys.ReissueKey(request)
    assert answer.generation == 2
    assert await world.contractor.keys.ReissueKey(request) == answer
    second = await world.contractor.keys.GetKey(
        key_service_pb2.GetKeyRequest(contract_id=opened.contract.contract_id)
    )
    assert (first.generation, second.generation) == (1, 2)
    assert second.key != first.key
    assert second.key not in str(answer) and first.key not in str(answer)

    void = await refusal(play.open(opened.number, first.key))
    assert void == await refusal(play.open(opened.number, make_key(bytes(range(12)))))
    assert void.reason == "WRONG_NUMBER_OR_KEY"
    assert (await play.open(opened.number, second.key)).certificate.contract_number == opened.number


async def test_a_notice_of_the_new_key_says_when_it_was_made(world: World, play: Play) -> None:
    opened = await play.issued()
    request = key_service_pb2.DownloadKeyNoticeRequest(contract_id=opened.contract.contract_id)
    before = [part async for part in world.contractor.keys.DownloadKeyNotice(request)]
    await play.reissue(opened.contract)
    after = [part async for part in world.contractor.keys.DownloadKeyNotice(request)]
    assert before[0].header.sha256 != after[0].header.sha256
    assert b"".join(part.chunk for part in after[1:]).startswith(b"%PDF-")


async def test_after_the_handing_in_the_guarantor_does_it_and_tells_the_orderer(
    world: World, play: Play
) -> None:
    opened = await play.issued()
    contract_id = opened.contract.contract_id
    await play.open(opened.number, opened.key)
    await play.hand_in(opened.contract)
    again = await play.reissue(opened.contract, lost=True)
    kinds = [fact.kind for fact in again.facts]
    assert kinds == [hand_in_pb2.FACT_KIND_HANDED_IN, hand_in_pb2.FACT_KIND_KEY_REISSUED]
    assert (again.facts[0].generation, again.facts[1].generation) == (1, 2)
    assert (again.facts[1].reason, again.facts[1].by_guarantor) == (
        hand_in_pb2.KEY_REISSUE_REASON_LOST,
        True,
    )
    assert not again.steps.HasField("hand_in_time")
    assert again.HasField("lead_time_seconds")

    view = contracts.GetContractRequest(contract_id=contract_id)
    seen = await world.underwriter.contracts.GetContract(view)
    assert [
        (key.generation, key.HasField("revoke_time"), key.HasField("first_open_time")) for key in seen.keys
    ] == [
        (1, True, True),
        (2, False, False),
    ]
    assert opened.number in seen.orderer_notice.text and "紛失" in seen.orderer_notice.text
    assert opened.key not in str(seen)

    told = key_service_pb2.RecordOrdererToldRequest(
        request_id=fresh(), contract_id=contract_id, officer="契約課　大野", note="電話"
    )
    await world.approver.keys.RecordOrdererTold(told)
    key = await play.key(opened.contract)
    await play.open(opened.number, key)
    seen = await world.contractor.contracts.GetContract(view)
    assert seen.keys[1].HasField("first_open_time")
    assert seen.contract.facts[-1].officer == "契約課　大野"
    assert seen.hand_in_message.text_before_key.endswith("認証キー：")


async def test_a_telephone_call_is_recorded_beside_the_handing_in(world: World, play: Play) -> None:
    handed = await play.hand_in((await play.issued()).contract)
    early = Timestamp()
    early.FromDatetime(world.running.clock.now() - timedelta(days=1))
    request = key_service_pb2.RecordPhoneConfirmationRequest(
        request_id=fresh(), contract_id=handed.contract_id, officer="契約課　大野", call_time=early
    )
    with refused("DATE_OUT_OF_RANGE"):
        await world.contractor.keys.RecordPhoneConfirmation(request)
    request.ClearField("call_time")
    called = (await world.contractor.keys.RecordPhoneConfirmation(request)).contract
    assert called.facts[-1].kind == hand_in_pb2.FACT_KIND_PHONE_CONFIRMED
    assert called.facts[-1].HasField("fact_time")


async def test_contractor_and_guarantor_see_with_which_key_it_was_opened(world: World, play: Play) -> None:
    opened = await play.issued()
    await play.open(opened.number, opened.key)
    await play.reissue(opened.contract, lost=True)
    # From a place of its own: over the limit of a place, failures leave no row.
    city = world.running.at_door("198.51.100.85").certificates
    old = certificates.OpenCertificateRequest(contract_number=opened.number, key=opened.key)
    assert (await refusal(city.OpenCertificate(old))).reason == "WRONG_NUMBER_OR_KEY"
    await play.open(opened.number, await play.key(opened.contract))
    request = key_service_pb2.ListOpeningsRequest(contract_id=opened.contract.contract_id)
    found = await world.underwriter.keys.ListOpenings(request)
    assert [(each.success, each.generation) for each in found.openings] == [(True, 2), (False, 0), (True, 1)]


async def test_the_guarantor_sees_how_long_its_contracts_took(world: World, play: Play) -> None:
    await play.hand_in((await play.issued()).contract)
    request = report_service_pb2.GetPortfolioRequest(
        first_day=data.day(world.today - timedelta(days=1)), last_day=data.day(world.today)
    )
    answer = await world.underwriter.reports.GetPortfolio(request)
    legs = [spread.leg for spread in answer.lead_times]
    assert legs == [number for number in report_service_pb2.LeadTimeLeg.values() if number]
    for spread in answer.lead_times:
        assert spread.count > 0
        assert sum(bar.count for bar in spread.bars) == spread.count
        assert spread.half_seconds <= spread.nine_tenths_seconds <= spread.longest_seconds
    with refused("PERMISSION_DENIED"):
        await world.contractor.reports.GetPortfolio(request)
    request.last_day.CopyFrom(data.day(world.today + timedelta(days=400)))
    with refused("DATE_OUT_OF_RANGE"):
        await world.underwriter.reports.GetPortfolio(request)
