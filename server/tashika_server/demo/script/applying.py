"""The contractor's steps: works, quotes, applications, and what is checked before and after the issue."""

from datetime import timedelta

from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import errors_pb2
from tashika.v1 import works_service_pb2 as works
from tashika.v1.application_pb2 import Application, BankAccount, Contact
from tashika.v1.contract_pb2 import Contract, ContractState
from tashika.v1.product_pb2 import Form, Product
from tashika.v1.works_pb2 import Works, WorksTerms
from tashika_server.demo.sample_pdf import sample_pdf
from tashika_server.demo.script.desk import fresh_id, hold
from tashika_server.demo.script.setting_up import ORDERER
from tashika_server.demo.script.stage import Guarantee, Stage, wire_date

WORKS_NAME = "市道①号線（葛󠄁西橋）道路改良工事（その①）"

_PRICE_YEN = 123_456_300
_WORKS_DAYS = 200
_TOO_LITTLE_YEN = 1_000_000
_WHOLE_YEN = 10_000


async def enter_works(stage: Stage) -> str:
    """The contractor enters works of Kashiwa City that are about to be signed."""
    stage.works = await create_works(stage, WORKS_NAME)
    return WORKS_NAME


async def quote_too_little(stage: Stage) -> None:
    """A contract guarantee below a tenth of the price: the quote says so, and what the least is."""
    asked = performance_application(stage, _TOO_LITTLE_YEN)
    answer = await _quote(stage, asked)
    reasons = {errors_pb2.ErrorReason.Name(item.reason) for item in answer.violations}
    expected = {"ERROR_REASON_PERFORMANCE_BELOW_MINIMUM"}
    hold(reasons == expected, "見積りの指摘が予想と異なります。", "The quote found something else.")
    least = -(-_PRICE_YEN // 10)
    hold(
        answer.minimum_yen == least,
        "保証金額の下限が違います。",
        "The least amount is not a tenth, rounded up.",
    )


async def apply_for_performance(stage: Stage) -> str:
    """The contract guarantee is applied for, before the works contract is signed, with a PDF."""
    quoted = await _quote(stage, performance_application(stage, _PRICE_YEN))
    amount = -(-quoted.minimum_yen // _WHOLE_YEN) * _WHOLE_YEN
    stage.guarantees = [await apply(stage, "PERFORMANCE", performance_application(stage, amount))]
    return f"{stage.performance.number}, 保証金額 {amount:,} 円"


async def sign_works(stage: Stage) -> None:
    """The works contract is signed: number and date are known from now on."""
    terms = WorksTerms()
    terms.CopyFrom(stage.works.terms)
    terms.number = "実演-0001"
    for field in ("contract_date", "initial_contract_date"):
        getattr(terms, field).CopyFrom(wire_date(stage.today))
    request = works.UpdateWorksRequest(
        request_id=fresh_id(), works_id=stage.works.works_id, etag=stage.works.etag, works=terms
    )
    stage.works = (await stage.contractor.ask(stage.contractor.works.UpdateWorks, request)).works


async def apply_for_prepayment(stage: Stage) -> str:
    """The prepayment guarantee of the same works is applied for, with a PDF."""
    quoted = await _quote(stage, prepayment_application(stage, stage.works.works_id, _WHOLE_YEN))
    hold(quoted.maximum_yen > 0, "前払金の上限が示されません。", "The quote gives no largest advance.")
    amount = quoted.maximum_yen // _WHOLE_YEN * _WHOLE_YEN
    asked = prepayment_application(stage, stage.works.works_id, amount)
    stage.guarantees.append(await apply(stage, "PREPAYMENT", asked))
    return f"{stage.prepayment.number}, 前払金 {amount:,} 円"


async def compare_contents(stage: Stage) -> None:
    """The contractor compares application and contract: nothing differs, and both are in force."""
    for guarantee in stage.guarantees:
        request = contracts.GetContractRequest(contract_id=guarantee.contract.contract_id)
        answer = await stage.contractor.ask(stage.contractor.contracts.GetContract, request)
        same = not answer.differences and answer.contract.HasField("terms")
        hold(same, "契約内容が申込みと異なります。", "The terms are not what was applied for.")
        running = answer.contract.state == ContractState.CONTRACT_STATE_IN_FORCE
        hold(running, "保証が有効になっていません。", "The guarantee is not in force.")
        guarantee.contract = answer.contract


async def create_works(stage: Stage, name: str) -> Works:
    """Enter works that are going to be signed today."""
    terms = WorksTerms(
        name=name,
        place="柏市大津ケ丘一丁目地先",
        kind="CONSTRUCTION",
        orderer_id=ORDERER,
        section="道路課",
        price_yen=_PRICE_YEN,
        notice_date=wire_date(stage.today - timedelta(days=30)),
        expected_contract_date=wire_date(stage.today),
        period_start=wire_date(stage.today + timedelta(days=1)),
        period_end=wire_date(stage.today + timedelta(days=_WORKS_DAYS)),
    )
    request = works.CreateWorksRequest(request_id=fresh_id(), works=terms)
    return (await stage.contractor.ask(stage.contractor.works.CreateWorks, request)).works


def performance_application(stage: Stage, amount_yen: int) -> Application:
    """Make the application for the contract guarantee; it begins with the signing."""
    asked = _application(stage, stage.works.works_id, amount_yen)
    asked.product = Product.PRODUCT_PERFORMANCE
    asked.form = Form.FORM_ELECTRONIC
    asked.prepayment_planned = True
    asked.period_on_signing = True
    return asked


def prepayment_application(stage: Stage, works_id: str, amount_yen: int) -> Application:
    """Make an application for a prepayment guarantee."""
    asked = _application(stage, works_id, amount_yen)
    asked.product = Product.PRODUCT_PREPAYMENT
    asked.form = Form.FORM_ELECTRONIC
    asked.period_start.CopyFrom(wire_date(stage.today))
    asked.depositary.CopyFrom(
        BankAccount(
            bank="見本銀行",
            branch="柏支店",
            account_kind="普通",
            account_number="0001234",
            holder=stage.company.name,
        )
    )
    return asked


async def apply(stage: Stage, product: str, asked: Application) -> Guarantee:
    """Draft, attach a PDF, and submit."""
    desk = stage.contractor
    draft = contracts.CreateContractRequest(request_id=fresh_id(), application=asked)
    contract = (await desk.ask(desk.contracts.CreateContract, draft)).contract
    contract = await desk.attach(contract.contract_id, "契約書の写し.pdf", sample_pdf("works contract"))
    request = contracts.SubmitContractRequest(
        request_id=fresh_id(), contract_id=contract.contract_id, etag=contract.etag
    )
    submitted = (await desk.ask(desk.contracts.SubmitContract, request)).contract
    _hold_submitted(submitted)
    return Guarantee(product, submitted)


def _hold_submitted(contract: Contract) -> None:
    submitted = (
        contract.state == ContractState.CONTRACT_STATE_SUBMITTED and len(contract.contract_number) == 14
    )
    hold(submitted, "申込みに番号が付きません。", "The submission got no number.")
    hold(len(contract.attachments) == 1, "添付が保存されていません。", "The attachment was not kept.")


def _application(stage: Stage, works_id: str, amount_yen: int) -> Application:
    return Application(
        guarantor_id=stage.guarantor.organization_id,
        branch=stage.guarantor.branches[0].name if stage.guarantor.branches else "",
        works_id=works_id,
        amount_yen=amount_yen,
        contact=Contact(name="𠮷田 みほん", telephone="00-0000-0001", mail="jitsuen@example.jp"),
        notice_mail="jitsuen@example.jp",
    )


async def _quote(stage: Stage, asked: Application) -> contracts.QuoteContractResponse:
    request = contracts.QuoteContractRequest(application=asked)
    return await stage.contractor.ask(stage.contractor.contracts.QuoteContract, request)
