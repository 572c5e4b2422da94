"""The guarantor's steps: accept, approve, book the fee, issue; and what is refused on the way."""

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika.v1 import key_service_pb2 as keys
from tashika.v1.contract_pb2 import Contract, ContractState, FeeEntryKind
from tashika.v1.product_pb2 import Form
from tashika_server.demo.script.applying import apply, create_works, prepayment_application
from tashika_server.demo.script.desk import fresh_id, hold
from tashika_server.demo.script.fees import propose
from tashika_server.demo.script.stage import Guarantee, Stage, wire_date

_PAPER_WORKS_NAME = "髙柳地区側溝改修工事（紙の証書）"
_PAPER_AMOUNT_YEN = 10_000_000


async def accept_performance(stage: Stage) -> str:
    """The underwriter accepts the contract guarantee and tells the fee; the approver approves."""
    return await _underwrite(stage, stage.performance)


async def issue_unpaid(stage: Stage) -> None:
    """Before the fee is received nothing is issued."""
    desk = stage.underwriter
    await desk.expect_refusal(
        desk.certificates.IssueCertificate, _issue_request(stage.performance), "FEE_NOT_RECEIVED"
    )


async def issue_performance(stage: Stage) -> str:
    """The fee is booked, and the certificate issued; the same request again gives the same certificate."""
    await _book_fee(stage, stage.performance)
    return await _issue(stage, stage.performance)


async def accept_prepayment(stage: Stage) -> str:
    """The prepayment guarantee likewise."""
    told = await _underwrite(stage, stage.prepayment)
    await _book_fee(stage, stage.prepayment)
    return told


async def issue_prepayment(stage: Stage) -> str:
    """The certificate of the prepayment guarantee is issued."""
    return await _issue(stage, stage.prepayment)


async def keep_paper_apart(stage: Stage) -> str:
    """A guarantee on paper: no electronic certificate, no key; its paper issue is recorded."""
    works = await create_works(stage, _PAPER_WORKS_NAME)
    asked = prepayment_application(stage, works.works_id, _PAPER_AMOUNT_YEN)
    asked.form = Form.FORM_PAPER
    guarantee = await apply(stage, "PREPAYMENT", asked)
    await _underwrite(stage, guarantee)
    await _book_fee(stage, guarantee)
    desk, contract_id = stage.underwriter, guarantee.contract.contract_id
    await desk.expect_refusal(desk.certificates.IssueCertificate, _issue_request(guarantee), "FORM_MIXED")
    paper = underwriting.RecordPaperIssueRequest(
        request_id=fresh_id(),
        contract_id=contract_id,
        day=wire_date(stage.today),
        certificate_reference="実演第0001号",
    )
    issued = (await desk.ask(desk.contracts.RecordPaperIssue, paper)).contract
    _hold_state(issued, ContractState.CONTRACT_STATE_IN_FORCE)
    await stage.contractor.expect_refusal(
        stage.contractor.keys.GetKey, keys.GetKeyRequest(contract_id=contract_id), "NO_KEY_FOR_PAPER"
    )
    return guarantee.number


async def _underwrite(stage: Stage, guarantee: Guarantee) -> str:
    proposed = await propose(stage, guarantee)
    desk, contract = stage.underwriter, guarantee.contract
    accept = underwriting.AcceptContractRequest(
        request_id=fresh_id(),
        contract_id=contract.contract_id,
        etag=contract.etag,
        fee_yen=proposed.fee_yen,
    )
    contract = (await desk.ask(desk.contracts.AcceptContract, accept)).contract
    _hold_state(contract, ContractState.CONTRACT_STATE_PENDING_APPROVAL)
    approve = underwriting.ApproveContractRequest(
        request_id=fresh_id(), contract_id=contract.contract_id, etag=contract.etag
    )
    desk = stage.approver
    guarantee.contract = (await desk.ask(desk.contracts.ApproveContract, approve)).contract
    _hold_state(guarantee.contract, ContractState.CONTRACT_STATE_ACCEPTED)
    return f"保証料 {proposed.fee_yen:,} 円, {proposed.label}"


async def _book_fee(stage: Stage, guarantee: Guarantee) -> None:
    contract, desk = guarantee.contract, stage.underwriter
    request = underwriting.RecordFeeRequest(
        request_id=fresh_id(),
        contract_id=contract.contract_id,
        etag=contract.etag,
        kind=FeeEntryKind.FEE_ENTRY_KIND_PAYMENT,
        amount_yen=contract.balance_yen,
        day=wire_date(stage.today),
        note="振込",
    )
    guarantee.contract = (await desk.ask(desk.contracts.RecordFee, request)).contract
    hold(guarantee.contract.balance_yen == 0, "保証料が精算されていません。", "The fee is not settled.")


async def _issue(stage: Stage, guarantee: Guarantee) -> str:
    desk, request = stage.underwriter, _issue_request(guarantee)
    first = await desk.ask(desk.certificates.IssueCertificate, request)
    _hold_state(first.contract, ContractState.CONTRACT_STATE_IN_FORCE)
    again = await desk.ask(desk.certificates.IssueCertificate, request)
    same = again.certificate.certificate_id == first.certificate.certificate_id
    hold(
        same,
        "同じ要求の再送で別の証書が発行されました。",
        "The same request again issued another certificate.",
    )
    guarantee.contract, guarantee.sha256 = first.contract, first.certificate.pdf_sha256
    return guarantee.number


def _issue_request(guarantee: Guarantee) -> certificates.IssueCertificateRequest:
    return certificates.IssueCertificateRequest(
        request_id=fresh_id(), contract_id=guarantee.contract.contract_id, etag=guarantee.contract.etag
    )


def _hold_state(contract: Contract, state: ContractState) -> None:
    name = ContractState.Name(state)
    hold(contract.state == state, f"契約が {name} になりません。", f"The contract is not {name}.")
