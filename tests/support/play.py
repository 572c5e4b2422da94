"""Moves guarantee contracts to where a test wants them, by the API alone."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from google.type.date_pb2 import Date

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_attaching_pb2 as attaching
from tashika.v1 import contract_fees_pb2 as fees
from tashika.v1 import (
    contract_pb2,
    hand_in_pb2,
    key_service_pb2,
    product_pb2,
    tariff_pb2,
    works_pb2,
    works_service_pb2,
)
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import contract_underwriting_pb2 as underwriting
from tashika.v1 import directory_fees_pb2 as directory_fees
from tashika.v1.contract_pb2 import Contract
from tests.support import data
from tests.support.client import Client, fresh
from tests.support.people import World

FEE_YEN = 123_400


@dataclass
class Opened:
    """An issued certificate with its key."""

    contract: Contract
    number: str
    key: str


class Play:
    """The main job in steps; ``contractor`` and ``underwriter`` are the world's, unless others are given."""

    def __init__(self, world: World, *, contractor: str = "contractor", guarantor: str = "guarantor") -> None:
        self.world = world
        self.contractor: Client = world.people[contractor]
        desk = {"guarantor": "underwriter"}.get(guarantor, guarantor.replace("guarantor", "underwriter"))
        self.underwriter: Client = world.people[desk]
        self.approver: Client = world.people["approver"]
        self.guarantor_id = world.organizations[guarantor]
        self.branch = {} if guarantor == "guarantor" else {"branch": None}

    @property
    def day(self) -> Date:
        """Today, as a message."""
        return data.day(self.world.today)

    # --- the contractor ---

    async def works(self, terms: works_pb2.WorksTerms | None = None, **changes: Any) -> str:
        """Enter works, and give their id."""
        wanted = terms or data.works_terms(self.world.today, **changes)
        request = works_service_pb2.CreateWorksRequest(request_id=fresh(), works=wanted)
        return (await self.contractor.works.CreateWorks(request)).works.works_id

    def application(self, works_id: str, product: product_pb2.Product, **changes: Any) -> Any:
        """An application of this contractor to this guarantor."""
        return data.application(
            self.world.today,
            guarantor_id=self.guarantor_id,
            works_id=works_id,
            product=product,
            **(self.branch | changes),
        )

    async def draft(
        self, product: product_pb2.Product = data.PERFORMANCE, works_id: str = "", **changes: Any
    ) -> Contract:
        """A draft; without ``works_id`` of new works."""
        wanted = self.application(works_id or await self.works(), product, **changes)
        request = contracts.CreateContractRequest(request_id=fresh(), application=wanted)
        return (await self.contractor.contracts.CreateContract(request)).contract

    async def submit(self, contract: Contract) -> Contract:
        """Submit."""
        request = contracts.SubmitContractRequest(request_id=fresh(), contract_id=contract.contract_id)
        return (await self.contractor.contracts.SubmitContract(request)).contract

    async def submitted(self, product: product_pb2.Product = data.PERFORMANCE, **changes: Any) -> Contract:
        """A contract that waits for the guarantor."""
        return await self.submit(await self.draft(product, **changes))

    async def withdrawn(self) -> Contract:
        """A contract that the contractor took back."""
        contract = await self.submitted()
        request = contracts.WithdrawContractRequest(request_id=fresh(), contract_id=contract.contract_id)
        return (await self.contractor.contracts.WithdrawContract(request)).contract

    async def attach(self, contract: Contract, content: bytes) -> attaching.AttachDocumentResponse:
        """Attach a file, whatever it is, with its right digest."""
        header = attaching.AttachDocumentHeader(
            request_id=fresh(),
            contract_id=contract.contract_id,
            name="請負契約書.pdf",
            sha256=hashlib.sha256(content).hexdigest(),
        )
        return await self.contractor.contracts.AttachDocument(upload(header, content))

    # --- the guarantor ---

    async def accept(self, contract: Contract, fee_yen: int = FEE_YEN) -> Contract:
        """Accept; what needs approval waits for it then."""
        request = underwriting.AcceptContractRequest(
            request_id=fresh(), contract_id=contract.contract_id, fee_yen=fee_yen
        )
        return (await self.underwriter.contracts.AcceptContract(request)).contract

    async def approve(self, contract: Contract) -> Contract:
        """Approve by a second person."""
        request = underwriting.ApproveContractRequest(request_id=fresh(), contract_id=contract.contract_id)
        return (await self.approver.contracts.ApproveContract(request)).contract

    async def pending(self, **changes: Any) -> Contract:
        """A contract that waits for approval."""
        return await self.accept(await self.submitted(data.PREPAYMENT, **changes))

    async def accepted(self, product: product_pb2.Product = data.PERFORMANCE, **changes: Any) -> Contract:
        """A contract that waits for its fee."""
        contract = await self.accept(await self.submitted(product, **changes))
        if contract.state == contract_pb2.CONTRACT_STATE_PENDING_APPROVAL:
            contract = await self.approve(contract)
        return contract

    async def returned(self) -> Contract:
        """A contract that the contractor is to correct."""
        request = underwriting.ReturnContractRequest(
            request_id=fresh(),
            contract_id=(await self.submitted()).contract_id,
            remarks=[contract_pb2.Remark(field="application.works.name", text="工事名を確認してください。")],
        )
        return (await self.underwriter.contracts.ReturnContract(request)).contract

    async def refused(self) -> Contract:
        """A contract that the guarantor refused."""
        contract_id = (await self.submitted()).contract_id
        request = underwriting.RefuseContractRequest(
            request_id=fresh(), contract_id=contract_id, refusal="引受けの対象外です。"
        )
        return (await self.underwriter.contracts.RefuseContract(request)).contract

    async def pay(self, contract: Contract) -> Contract:
        """Book the whole fee."""
        request = underwriting.RecordFeeRequest(
            request_id=fresh(),
            contract_id=contract.contract_id,
            kind=contract_pb2.FEE_ENTRY_KIND_PAYMENT,
            amount_yen=contract.balance_yen,
            day=self.day,
        )
        return (await self.underwriter.contracts.RecordFee(request)).contract

    async def paid(self, product: product_pb2.Product = data.PERFORMANCE, **changes: Any) -> Contract:
        """A contract that can be issued."""
        return await self.pay(await self.accepted(product, **changes))

    async def issue(self, contract: Contract) -> certificates.IssueCertificateResponse:
        """Issue."""
        request = certificates.IssueCertificateRequest(request_id=fresh(), contract_id=contract.contract_id)
        return await self.underwriter.certificates.IssueCertificate(request)

    async def issued(self, product: product_pb2.Product = data.PERFORMANCE, **changes: Any) -> Opened:
        """An issued contract with its key."""
        contract = (await self.issue(await self.paid(product, **changes))).contract
        return Opened(contract, contract.contract_number, await self.key(contract))

    async def set_tariff(self, approver: Client, **changes: Any) -> tariff_pb2.Tariff:
        """Set a tariff that is valid from today on."""
        table = data.tariff_table(self.world.today, **changes)
        request = directory_fees.SetTariffRequest(request_id=fresh(), table=table)
        return (await approver.directory.SetTariff(request)).tariff

    async def receipt_sent(self, contract: Contract, **changes: Any) -> Contract:
        """Record that the receipt was sent today."""
        values = {"contract_id": contract.contract_id, "day": self.day, "officer": "中村 一郎"} | changes
        request = fees.RecordReceiptSentRequest(request_id=fresh(), **values)
        return (await self.underwriter.contracts.RecordReceiptSent(request)).contract

    async def request_advance(self, contract: Contract, **changes: Any) -> Contract:
        """Record that the request for the advance was handed in today."""
        values = {"contract_id": contract.contract_id, "day": self.day} | changes
        request = fees.RecordAdvanceRequestRequest(request_id=fresh(), **values)
        return (await self.contractor.contracts.RecordAdvanceRequest(request)).contract

    async def issued_on_paper(self) -> Contract:
        """A contract whose paper certificate was issued."""
        contract = await self.paid(form=data.PAPER)
        request = underwriting.RecordPaperIssueRequest(
            request_id=fresh(),
            contract_id=contract.contract_id,
            day=self.day,
            certificate_reference="証第７号",
        )
        return (await self.underwriter.contracts.RecordPaperIssue(request)).contract

    async def key(self, contract: Contract) -> str:
        """Read the key, as the contractor does."""
        request = key_service_pb2.GetKeyRequest(contract_id=contract.contract_id)
        return (await self.contractor.keys.GetKey(request)).key

    async def hand_in(self, contract: Contract) -> Contract:
        """Record that the key was handed in, as the contractor does."""
        request = key_service_pb2.RecordHandInRequest(
            request_id=fresh(), contract_id=contract.contract_id, channel=hand_in_pb2.HAND_IN_CHANNEL_MAIL
        )
        return (await self.contractor.keys.RecordHandIn(request)).contract

    async def mailable(self) -> Opened:
        """An issued contract with an orderer that wants keys by mail."""
        return await self.issued(works_id=await self.works(orderer_id="hinokawa"))

    async def mail(self, contract: Contract, to: str = "") -> hand_in_pb2.HandInMail:
        """The mail that would hand the key in, as the contractor sees it."""
        request = key_service_pb2.HandInByMailRequest(
            request_id=fresh(), contract_id=contract.contract_id, to=to, validate_only=True
        )
        return (await self.contractor.keys.HandInByMail(request)).mail

    async def reissue(self, contract: Contract, *, lost: bool = False) -> Contract:
        """Issue the key anew: as the contractor does, or as the guarantor where it was ``lost`` at the orderer."""
        reason = hand_in_pb2.KEY_REISSUE_REASON_LOST if lost else hand_in_pb2.KEY_REISSUE_REASON_UNSPECIFIED
        request = key_service_pb2.ReissueKeyRequest(
            request_id=fresh(), contract_id=contract.contract_id, reason=reason
        )
        return (await (self.underwriter if lost else self.contractor).keys.ReissueKey(request)).contract

    async def open(self, number: str, key: str) -> certificates.OpenCertificateResponse:
        """Open with number and key, as the city does."""
        request = certificates.OpenCertificateRequest(contract_number=number, key=key)
        return await self.world.anonymous.certificates.OpenCertificate(request)


async def upload(
    header: attaching.AttachDocumentHeader | None, content: bytes, *, chunk_bytes: int = 65_536
) -> AsyncIterator[attaching.AttachDocumentRequest]:
    """The stream that attaches a file."""
    if header is not None:
        yield attaching.AttachDocumentRequest(header=header)
    for start in range(0, len(content), chunk_bytes):
        yield attaching.AttachDocumentRequest(chunk=content[start : start + chunk_bytes])
