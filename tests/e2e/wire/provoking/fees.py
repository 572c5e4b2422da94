"""Reasons about tariffs, fees, receipts and requests for the advance."""

from datetime import timedelta
from typing import Any

from grpc import StatusCode

from tashika.v1 import contract_fees_pb2 as fees
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika.v1 import directory_fees_pb2 as directory
from tashika.v1 import document_service_pb2 as documents
from tashika.v1 import tariff_pb2
from tests.e2e.wire.provoking.scene import Scene, raises
from tests.support import data
from tests.support.client import fresh
from tests.support.people import make_world
from tests.support.play import Play
from tests.support.refusals import Refusal, refusal
from tests.support.server import running_server

BLOCKED = StatusCode.FAILED_PRECONDITION
INVALID = StatusCode.INVALID_ARGUMENT


async def _set_tariff(scene: Scene, days: int = 0, **changes: Any) -> Refusal:
    table = data.tariff_table(scene.world.today + timedelta(days=days), **changes)
    request = directory.SetTariffRequest(request_id=fresh(), table=table)
    return await refusal(scene.person("other_approver").directory.SetTariff(request))


def _bands(*bounds: tuple[int, int | None]) -> list[tariff_pb2.TariffBand]:
    return [
        tariff_pb2.TariffBand(
            product=data.PREPAYMENT, over_yen=over_yen, up_to_yen=up_to_yen, rate_per_100000=300
        )
        for over_yen, up_to_yen in bounds
    ]


@raises("TARIFF_BANDS_OVERLAP", INVALID)
async def bands_overlap(scene: Scene) -> Refusal:
    return await _set_tariff(scene, bands=_bands((0, 1_000_000), (999_999, None)))


@raises("TARIFF_BANDS_GAP", INVALID)
async def bands_gap(scene: Scene) -> Refusal:
    return await _set_tariff(scene, bands=_bands((0, 1_000_000), (1_000_001, None)))


@raises("TARIFF_RETROACTIVE", BLOCKED)
async def retroactive(scene: Scene) -> Refusal:
    return await _set_tariff(scene, days=-1)


@raises("TARIFF_NOT_IN_ORDER", BLOCKED)
async def not_in_order(scene: Scene) -> Refusal:
    """Set beyond all that other tests may have set."""
    far = scene.world.today + timedelta(days=30_000)
    request = directory.SetTariffRequest(request_id=fresh(), table=data.tariff_table(far))
    await scene.world.unsigned_approver.directory.SetTariff(request)
    request = directory.SetTariffRequest(request_id=fresh(), table=data.tariff_table(far - timedelta(days=1)))
    return await refusal(scene.person("unsigned_approver").directory.SetTariff(request))


@raises("FEE_DIFFERS_FROM_TARIFF", BLOCKED)
async def fee_differs(scene: Scene) -> Refusal:
    async with running_server(scene.folder) as running:
        world = await make_world(running)
        play = Play(world)
        await play.set_tariff(world.approver)
        request = underwriting.AcceptContractRequest(
            request_id=fresh(), contract_id=(await play.submitted()).contract_id, fee_yen=1
        )
        underwriter = world.underwriter.speaking(scene.language)
        return await refusal(underwriter.contracts.AcceptContract(request))


async def _download(scene: Scene, person: str, method: str, request: Any) -> Refusal:
    return await refusal(
        scene.person(person).download(f"DocumentService/{method}", request.SerializeToString())
    )


@raises("FEE_NOT_TOLD", BLOCKED)
async def fee_not_told(scene: Scene) -> Refusal:
    request = documents.DownloadFeeSheetRequest(contract_id=(await scene.play.pending()).contract_id)
    return await _download(scene, "contractor", "DownloadFeeSheet", request)


async def _receipt(scene: Scene, contract_id: str) -> Refusal:
    request = fees.RecordReceiptSentRequest(
        request_id=fresh(), contract_id=contract_id, day=scene.play.day, officer="中村 一郎"
    )
    return await refusal(scene.person("underwriter").contracts.RecordReceiptSent(request))


@raises("RECEIPT_WITHOUT_PAYMENT", BLOCKED)
async def receipt_without_payment(scene: Scene) -> Refusal:
    return await _receipt(scene, (await scene.play.accepted()).contract_id)


@raises("RECEIPT_ALREADY_SENT", BLOCKED)
async def receipt_already_sent(scene: Scene) -> Refusal:
    sent = await scene.play.receipt_sent(await scene.play.paid())
    return await _receipt(scene, sent.contract_id)


@raises("NOT_MONTHLY_PAYER", BLOCKED)
async def not_monthly(scene: Scene) -> Refusal:
    today = scene.world.today
    request = documents.GetFeeStatementRequest(
        organization_id=scene.world.organizations["guarantor"], year=today.year, month=today.month
    )
    return await refusal(scene.person("other_contractor").documents.GetFeeStatement(request))


async def _advance(scene: Scene, contract_id: str) -> Refusal:
    request = fees.RecordAdvanceRequestRequest(
        request_id=fresh(), contract_id=contract_id, day=scene.play.day
    )
    return await refusal(scene.person("contractor").contracts.RecordAdvanceRequest(request))


@raises("ADVANCE_NOT_FOR_PRODUCT", BLOCKED)
async def advance_not_for_product(scene: Scene) -> Refusal:
    return await _advance(scene, (await scene.play.issued()).contract.contract_id)


@raises("ADVANCE_ALREADY_REQUESTED", BLOCKED)
async def advance_already_requested(scene: Scene) -> Refusal:
    contract = (await scene.play.issued(data.PREPAYMENT)).contract
    return await _advance(scene, (await scene.play.request_advance(contract)).contract_id)


@raises("ADVANCE_NOT_REQUESTED", BLOCKED)
async def advance_not_requested(scene: Scene) -> Refusal:
    contract = (await scene.play.issued(data.PREPAYMENT)).contract
    request = documents.DownloadAdvanceRequestRequest(contract_id=contract.contract_id, copy=True)
    return await _download(scene, "contractor", "DownloadAdvanceRequest", request)
