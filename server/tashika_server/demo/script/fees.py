"""Steps about money: the tariff, the fee that it gives, the sheet that says so, and the request for the advance."""

from tashika.v1 import contract_fees_pb2 as fees
from tashika.v1 import directory_fees_pb2 as directory
from tashika.v1 import document_service_pb2 as documents
from tashika.v1.product_pb2 import Product
from tashika.v1.tariff_pb2 import FeeBasis, FeeRounding, TariffBand, TariffTable
from tashika_server.demo.script.desk import Desk, fresh_id, hold
from tashika_server.demo.script.stage import Guarantee, Stage, wire_date

_FICTIONAL = "架空の料率"
# An invented tariff: no real company's.
_RATES_PER_100000 = {
    Product.PRODUCT_PREPAYMENT: (401, 307),
    Product.PRODUCT_PERFORMANCE: (601, 409),
}
_BAND_ENDS_YEN = 10_000_000
_LEAST_FEE_YEN = 3_000


async def set_tariff(stage: Stage) -> str:
    """The approver sets a tariff, unless an earlier run or the samples did: one is never set for the past."""
    desk = stage.approver
    tariff = (await desk.ask(desk.directory.GetTariff, directory.GetTariffRequest())).tariff
    if not tariff.HasField("current_version"):
        request = directory.SetTariffRequest(request_id=fresh_id(), etag=tariff.etag, table=_table(stage))
        tariff = (await desk.ask(desk.directory.SetTariff, request)).tariff
    current = next(each for each in tariff.versions if each.version == tariff.current_version)
    hold(current.label == _FICTIONAL, "料率表に架空の表示がありません。", "The tariff is not labelled.")
    return f"{current.table.name}, {current.label}"


async def propose(stage: Stage, guarantee: Guarantee) -> FeeBasis:
    """Ask for the fee of an application, as the underwriter does before accepting."""
    desk = stage.underwriter
    request = fees.QuoteFeeRequest(contract_id=guarantee.contract.contract_id)
    answer = await desk.ask(desk.contracts.QuoteFee, request)
    hold(answer.HasField("basis"), "料率表から保証料が出ません。", "The tariff gives no fee.")
    return answer.basis


async def send_fee_sheets(stage: Stage) -> str:
    """Both sides get the fee sheet of each guarantee; that the paper receipt was sent is recorded."""
    for guarantee in stage.guarantees:
        contract_id = guarantee.contract.contract_id
        request = documents.DownloadFeeSheetRequest(contract_id=contract_id)
        for desk in (stage.contractor, stage.underwriter):
            data = await desk.download(desk.documents.DownloadFeeSheet, request)
            hold(data.startswith(b"%PDF-"), "計算書が PDF ではありません。", "The fee sheet is no PDF.")
        stage.out.write(f"{guarantee.number}-fee-sheet.pdf", data)
        desk = stage.underwriter
        sent = fees.RecordReceiptSentRequest(
            request_id=fresh_id(), contract_id=contract_id, day=wire_date(stage.today), officer="審査 花子"
        )
        recorded = (await desk.ask(desk.contracts.RecordReceiptSent, sent)).contract
        hold(recorded.HasField("receipt_sent"), "領収証の記録がありません。", "The receipt is not recorded.")
    return "領収証の送付 2"


async def request_advance(stage: Stage) -> str:
    """The contractor asks the city for the advance, records that, and can't ask for it twice."""
    guarantee, desk = stage.prepayment, stage.contractor
    contract_id = guarantee.contract.contract_id
    terms_request = documents.GetAdvanceTermsRequest(contract_id=contract_id)
    terms = await desk.ask(desk.documents.GetAdvanceTerms, terms_request)
    agreed = guarantee.contract.terms
    same = (terms.amount_yen, terms.account) == (agreed.amount_yen, agreed.depositary)
    hold(same, "請求の内容が契約と異なります。", "The request is not what was agreed.")
    await _download_request(stage, desk, guarantee)
    record = fees.RecordAdvanceRequestRequest(
        request_id=fresh_id(), contract_id=contract_id, day=wire_date(stage.today)
    )
    recorded = (await desk.ask(desk.contracts.RecordAdvanceRequest, record)).contract
    hold(len(recorded.advance_requests) == 1, "請求の記録がありません。", "The request is not recorded.")
    record.request_id = fresh_id()
    await desk.expect_refusal(desk.contracts.RecordAdvanceRequest, record, "ADVANCE_ALREADY_REQUESTED")
    return f"{terms.addressee}, {terms.amount_yen:,} 円"


async def _download_request(stage: Stage, desk: Desk, guarantee: Guarantee) -> None:
    request = documents.DownloadAdvanceRequestRequest(contract_id=guarantee.contract.contract_id)
    data = await desk.download(desk.documents.DownloadAdvanceRequest, request)
    hold(data.startswith(b"%PDF-"), "請求書が PDF ではありません。", "The request is no PDF.")
    stage.out.write(f"{guarantee.number}-advance-request.pdf", data)


def _table(stage: Stage) -> TariffTable:
    bands = []
    for product, (low, high) in _RATES_PER_100000.items():
        first = TariffBand(product=product, rate_per_100000=low, minimum_fee_yen=_LEAST_FEE_YEN)
        first.up_to_yen = _BAND_ENDS_YEN
        bands += [first, TariffBand(product=product, over_yen=_BAND_ENDS_YEN, rate_per_100000=high)]
    return TariffTable(
        name="実演料率表",
        valid_from=wire_date(stage.today),
        rounding=FeeRounding.FEE_ROUNDING_DOWN,
        round_to_yen=1,
        bands=bands,
        fictional=True,
    )
