"""Values that are each in order and do not go together: every reason at once, each at its field."""

from datetime import timedelta
from typing import Any

import pytest

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_pb2, hand_in_pb2, key_service_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika.v1 import works_service_pb2 as works
from tashika.v1.errors_pb2 import ErrorReason, WarningReason
from tests.support import data
from tests.support.client import fresh
from tests.support.people import World
from tests.support.play import FEE_YEN, Play
from tests.support.refusals import refusal, refused

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-together")]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("period_start", "period_end", "works.period_end"),
        ("notice_date", "contract_date", "works.contract_date"),
        ("initial_contract_date", "contract_date", "works.contract_date"),
    ],
)
async def test_days_in_the_wrong_order_are_refused(world: World, first: str, last: str, field: str) -> None:
    changes: dict[str, Any] = {
        first: data.day(world.today),
        last: data.day(world.today - timedelta(days=1)),
    }
    request = works.CreateWorksRequest(request_id=fresh(), works=data.works_terms(world.today, **changes))
    before = await world.running.revision()
    with refused("PERIOD_REVERSED", field):
        await world.contractor.works.CreateWorks(request)
    assert await world.running.revision() == before


async def test_a_reversed_guarantee_period_is_refused_in_a_draft_already(world: World, play: Play) -> None:
    wanted = play.application(
        await play.works(),
        data.PERFORMANCE,
        period_start=data.day(world.today + timedelta(days=10)),
        period_end=data.day(world.today + timedelta(days=9)),
    )
    request = contracts.CreateContractRequest(request_id=fresh(), application=wanted)
    with refused("PERIOD_REVERSED", "application.period_end"):
        await world.contractor.contracts.CreateContract(request)


async def test_an_empty_draft_is_kept_and_its_submission_names_every_gap(world: World, play: Play) -> None:
    request = contracts.CreateContractRequest(request_id=fresh())
    request.application.SetInParent()
    draft = (await world.contractor.contracts.CreateContract(request)).contract
    told = await refusal(play.submit(draft))
    gaps = {field for reason, field in told.violations if reason == "FIELD_REQUIRED"}
    assert {
        "application.guarantor_id", "application.product", "application.form", "application.works_id",
        "application.amount_yen", "application.period_start", "application.contact.name",
        "application.contact.telephone", "application.works.name", "application.works.price_yen",
    } <= gaps  # fmt: skip


async def test_a_quote_lists_the_very_reasons_for_which_a_submission_is_refused(
    world: World, play: Play
) -> None:
    wanted = play.application(
        await play.works(orderer_id="hinokawa", notice_date=None),
        data.PREPAYMENT,
        amount_yen=22_150_000,
        branch="火星支店",
        period_end=data.day(world.today + timedelta(days=3)),
    )
    before = await world.running.revision()
    quote = await world.contractor.contracts.QuoteContract(contracts.QuoteContractRequest(application=wanted))
    assert await world.running.revision() == before
    request = contracts.CreateContractRequest(request_id=fresh(), application=wanted)
    draft = (await world.contractor.contracts.CreateContract(request)).contract
    told = await refusal(play.submit(draft))
    quoted = [(ErrorReason.Name(v.reason).removeprefix("ERROR_REASON_"), v.field) for v in quote.violations]
    assert quoted == told.violations
    assert len({reason for reason, _ in quoted}) >= 4
    assert all(violation.message and not violation.message.isascii() for violation in quote.violations)
    assert (quote.maximum_yen, quote.round_down_to_yen) == (22_000_000, 100_000)


async def test_a_quote_of_nothing_at_all_has_reasons_and_is_no_error(world: World) -> None:
    request = contracts.QuoteContractRequest()
    request.application.SetInParent()
    assert (await world.contractor.contracts.QuoteContract(request)).violations


async def test_a_quote_warns_of_what_it_can_not_check(world: World, play: Play) -> None:
    wanted = play.application(
        await play.works(orderer_id="hinokawa", kind="CONSULTING", contract_date=None),
        data.PREPAYMENT,
        amount_yen=100,
    )
    quote = await world.contractor.contracts.QuoteContract(contracts.QuoteContractRequest(application=wanted))
    assert not quote.violations
    reasons = {WarningReason.Name(each.reason).removeprefix("WARNING_REASON_") for each in quote.cautions}
    assert reasons == {"THRESHOLD_NOT_CHECKABLE", "EXPECTED_DATE_USED"}


async def test_unknown_works_and_guarantors_are_refused_in_a_quote_too(world: World, play: Play) -> None:
    wanted = play.application("wrk_" + "0" * 26, data.PERFORMANCE)
    with refused("NOT_FOUND"):
        await world.contractor.contracts.QuoteContract(contracts.QuoteContractRequest(application=wanted))


@pytest.mark.parametrize("orderer_id", ["no-such-city"])
async def test_works_of_an_orderer_that_is_not_there_are_refused(world: World, orderer_id: str) -> None:
    request = works.CreateWorksRequest(
        request_id=fresh(), works=data.works_terms(world.today, orderer_id=orderer_id)
    )
    with refused("NOT_FOUND"):
        await world.contractor.works.CreateWorks(request)


async def _fee(world: World, play: Play, contract: Any, **fields: Any) -> None:
    values = {"kind": contract_pb2.FEE_ENTRY_KIND_PAYMENT, "amount_yen": 1, "day": play.day} | fields
    await world.underwriter.contracts.RecordFee(
        underwriting.RecordFeeRequest(request_id=fresh(), contract_id=contract.contract_id, **values)
    )


async def test_a_fee_is_booked_by_payments_and_refunds_of_what_was_paid_too_much(
    world: World, play: Play
) -> None:
    contract = await play.accepted()
    with refused("CHOICE_UNKNOWN", "kind"):
        await _fee(world, play, contract, kind=contract_pb2.FEE_ENTRY_KIND_CHARGE)
    with refused("AMOUNT_TOO_LARGE", "amount_yen"):
        await _fee(world, play, contract, kind=contract_pb2.FEE_ENTRY_KIND_REFUND)
    await _fee(world, play, contract, amount_yen=FEE_YEN + 5)
    with refused("AMOUNT_TOO_LARGE", "amount_yen"):
        await _fee(world, play, contract, kind=contract_pb2.FEE_ENTRY_KIND_REFUND, amount_yen=6)
    await _fee(world, play, contract, kind=contract_pb2.FEE_ENTRY_KIND_REFUND, amount_yen=5)


async def test_money_that_comes_before_any_fee_was_told_is_refused(world: World, play: Play) -> None:
    with refused("WRONG_STATE"):
        await _fee(world, play, await play.submitted())


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [(-60 * 24, "DATE_OUT_OF_RANGE"), (5, "DATE_IN_FUTURE")],
    ids=["before-issue", "future"],
)
async def test_a_handing_in_before_the_issue_or_in_the_future_is_refused(
    world: World, play: Play, minutes: int, reason: str
) -> None:
    opened = await play.issued()
    request = key_service_pb2.RecordHandInRequest(
        request_id=fresh(),
        contract_id=opened.contract.contract_id,
        channel=hand_in_pb2.HAND_IN_CHANNEL_FAX,
    )
    request.hand_in_time.FromDatetime(world.running.clock.now() + timedelta(minutes=minutes))
    with refused(reason):
        await world.contractor.keys.RecordHandIn(request)


@pytest.mark.parametrize(
    ("number", "key", "reason"),
    [
        ("", "", "NUMBER_TYPING_ERROR"),
        ("12345678901234", "7K3M-9QTX-2VHD-8RWP-4JNZ", "NUMBER_TYPING_ERROR"),
        ("\u0000" * 14, "x", "NUMBER_TYPING_ERROR"),
        ("１１２６０００００００００１１", "", "NUMBER_TYPING_ERROR"),
        ("🙂" * 14, "🙂" * 20, "NUMBER_TYPING_ERROR"),
        ("1" * 201, "A" * 201, "FIELD_TOO_LONG"),
    ],
)
async def test_what_can_be_no_number_and_no_key_is_a_typing_error_and_is_not_looked_up(
    world: World, number: str, key: str, reason: str
) -> None:
    told = await refusal(
        world.anonymous.certificates.OpenCertificate(
            certificates.OpenCertificateRequest(contract_number=number, key=key)
        )
    )
    assert told.reason == reason
    assert key.encode() not in told.data or len(key) < 2


async def test_a_key_that_was_typed_wrong_is_never_repeated_in_the_answer(world: World, play: Play) -> None:
    opened = await play.issued()
    wrong = opened.key[:-1] + ("0" if opened.key[-1] != "0" else "1")
    told = await refusal(play.open(opened.number, wrong))
    assert told.reason == "KEY_TYPING_ERROR"
    plain = wrong.replace("-", "")
    for text in (wrong, plain, plain[:6]):
        assert text.encode() not in told.data
        assert text not in told.message
    assert wrong not in str(world.running.logs)


@pytest.mark.parametrize("sha256", ["", "0" * 63, "G" * 64, "A" * 64, "０" * 64])
async def test_what_can_be_no_digest_is_refused(world: World, sha256: str) -> None:
    request = certificates.VerifyCertificateRequest(pdf_sha256=sha256)
    told = await refusal(world.anonymous.certificates.VerifyCertificate(request))
    assert told.reason in ("FIELD_REQUIRED", "FIELD_FORMAT")


async def test_a_file_that_the_register_did_not_issue_is_not_found(world: World) -> None:
    request = certificates.VerifyCertificateRequest(pdf_sha256="0" * 64)
    assert (await refusal(world.anonymous.certificates.VerifyCertificate(request))).reason == "NOT_FOUND"


@pytest.mark.parametrize(
    ("version", "reason"), [(-1, "AMOUNT_NOT_POSITIVE"), (2, "NOT_FOUND"), (2**31 - 1, "NOT_FOUND")]
)
async def test_a_version_that_is_not_there_is_refused(
    world: World, play: Play, version: int, reason: str
) -> None:
    opened = await play.issued()
    token = (await play.open(opened.number, opened.key)).viewing_token
    contract_id = opened.contract.contract_id
    get = certificates.GetCertificateRequest(contract_id=contract_id, version=version)
    assert (await refusal(world.contractor.certificates.GetCertificate(get))).reason == reason
    view = certificates.DownloadCertificateRequest(viewing_token=token, version=version)
    assert (await refusal(world.anonymous.certificates.DownloadCertificate(view))).reason == reason
