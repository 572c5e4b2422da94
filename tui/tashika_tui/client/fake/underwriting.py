"""The simulation's guarantor's desk."""

from dataclasses import replace
from datetime import date

from tashika_formats.key import make_key
from tashika_tui.client import records
from tashika_tui.client.fake import tariffs
from tashika_tui.client.fake.applying import check_remarks
from tashika_tui.client.fake.entry import APPROVER, GUARANTOR, UNDERWRITER, FakeCalls
from tashika_tui.client.fake.lifecycle import (
    acceptance_undone,
    awaiting_payment,
    issue_papers,
    require,
    reviewed,
    settled,
)
from tashika_tui.client.fake.months import pays_monthly
from tashika_tui.client.fake.refusals import Refused, Violation, refuse, refuse_all
from tashika_tui.client.fake.rules import Judging, with_defaults
from tashika_tui.client.fake.world import Person


class FakeUnderwriting(FakeCalls):
    """The port's `Underwriting`."""

    async def accept_contract(
        self,
        contract: records.Known,
        fee_yen: int,
        *,
        request_id: str,
        terms: records.Application | None = None,
        fee_note: str = "",
    ) -> records.Contract:
        """Accepts an application for a fee, on `terms` where it is not just what was applied for. A fee that is not
        the tariff's needs `fee_note`, the reason.
        """

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            if fee_yen < 0:
                raise refuse("AMOUNT_NOT_POSITIVE", "fee_yen")
            require(present, "ACCEPT")
            agreed = self._agreed(present, terms)
            basis = self._basis(person, agreed)
            if basis is not None and basis.fee_yen != fee_yen and not fee_note.strip():
                params = {"proposed_yen": basis.fee_yen, "fee_yen": fee_yen}
                raise refuse("FEE_DIFFERS_FROM_TARIFF", "fee_note", **params)
            accepted = self._accepted(person, present, agreed, fee_yen, basis)
            return self.world.save(replace(accepted, fee_note=fee_note), "contract.accept")

        request = (contract.contract_id, contract.etag, fee_yen, terms, fee_note)
        return await self._change("AcceptContract", UNDERWRITER, request_id, request, act)

    async def approve_contract(self, contract: records.Known, *, request_id: str) -> records.Contract:
        """Approves what another person accepted."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            require(present, "APPROVE")
            _refuse_same_person(present, person)
            steps = replace(present.steps, approve_time=self.world.now)
            approved = replace(present, approved_by=person.user_id, steps=steps)
            return self.world.save(awaiting_payment(self.world, approved), "contract.approve")

        request = (contract.contract_id, contract.etag)
        return await self._change("ApproveContract", APPROVER, request_id, request, act)

    async def return_contract(
        self, contract: records.Known, remarks: tuple[records.Remark, ...], *, request_id: str
    ) -> records.Contract:
        """Returns an application for correction (差戻し)."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            check_remarks(remarks)
            require(present, "RETURN")
            _refuse_same_person(present, person)
            undone = acceptance_undone(self.world, present, person.user_id)
            steps = replace(present.steps, return_time=self.world.now)
            returned = replace(undone, state="RETURNED", remarks=remarks, steps=steps)
            return self.world.save(returned, "contract.return")

        request = (contract.contract_id, contract.etag, remarks)
        return await self._change("ReturnContract", GUARANTOR, request_id, request, act)

    async def refuse_contract(
        self, contract: records.Known, refusal: str, *, request_id: str
    ) -> records.Contract:
        """Refuses an application for good, with the reason in words."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            if not refusal.strip():
                raise refuse("FIELD_REQUIRED", "refusal")
            require(present, "REFUSE")
            _refuse_same_person(present, person)
            undone = acceptance_undone(self.world, present, person.user_id)
            return self.world.save(replace(undone, state="REFUSED", refusal=refusal), "contract.refuse")

        request = (contract.contract_id, contract.etag, refusal)
        return await self._change("RefuseContract", GUARANTOR, request_id, request, act)

    async def record_fee(
        self,
        contract: records.Known,
        kind: str,
        amount_yen: int,
        day: date,
        *,
        request_id: str,
        note: str = "",
    ) -> records.Contract:
        """Books a PAYMENT or a REFUND of its day; yen are positive."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            require(present, "RECORD_FEE")
            refuse_all(_fee_faults(present, kind, amount_yen, day, self.world.today))
            world = self.world
            row = records.FeeEntry(
                world.new_id("fee"), kind, amount_yen, day, world.now, person.user_id, note
            )
            booked = reviewed(replace(present, ledger=(*present.ledger, row)))
            if booked.state == "ACCEPTED":
                booked = awaiting_payment(world, booked)
            return world.save(booked, "contract.record_fee")

        request = (contract.contract_id, contract.etag, kind, amount_yen, day, note)
        return await self._change("RecordFee", GUARANTOR, request_id, request, act)

    async def record_paper_issue(
        self, contract: records.Known, day: date, certificate_reference: str, *, request_id: str
    ) -> records.Contract:
        """Records that the paper certificate was issued."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            if not certificate_reference.strip():
                raise refuse("FIELD_REQUIRED", "certificate_reference")
            self._may_issue(present, "RECORD_PAPER_ISSUE", "PAPER")
            if day > self.world.today:
                raise refuse("DATE_IN_FUTURE", "day", latest=self.world.today)
            paper = records.PaperIssue(day, certificate_reference, self.world.now)
            issued = replace(present, paper_issue=paper)
            return self._in_force(issued, "contract.record_paper_issue")

        request = (contract.contract_id, contract.etag, day, certificate_reference)
        return await self._change("RecordPaperIssue", UNDERWRITER, request_id, request, act)

    async def issue_certificate(
        self, contract: records.Known, *, request_id: str, validate_only: bool = False
    ) -> records.Issued:
        """Issues the certificate; with `validate_only` it checks everything and changes nothing."""

        def act(person: Person) -> records.Issued:
            present = self._own(person, contract)
            self._may_issue(present, "ISSUE", "ELECTRONIC")
            if validate_only:
                return records.Issued(present, None)
            world = self.world
            seed = int(present.contract_number).to_bytes(12, "big")
            world.keys[present.contract_id] = make_key(bytes(byte ^ 0x5A for byte in seed))
            issued = self._in_force(issue_papers(world, present, world.now), "certificate.issue")
            return records.Issued(issued, world.certificates[present.contract_id][-1])

        if validate_only:
            return await self._read("IssueCertificate", UNDERWRITER, act)
        request = (contract.contract_id, contract.etag)
        return await self._change("IssueCertificate", UNDERWRITER, request_id, request, act)

    def _agreed(self, present: records.Contract, terms: records.Application | None) -> records.Application:
        if terms is None:
            agreed, prefix = present.application, "application"
        else:
            works = present.application.works or records.Works()
            given = terms.works or records.Works()
            own = replace(given, works_id=works.works_id, orderer_id=works.orderer_id, etag="")
            agreed, prefix = replace(terms, works=own), "terms"
            fixed = ("guarantor_id", "product", "form", "fiscal_year")
            far = [name for name in fixed if getattr(agreed, name) != getattr(present.application, name)]
            refuse_all([Violation("TERMS_CHANGED_TOO_FAR", f"terms.{name}") for name in far])
        orderer, rates = self.world.orderers[(agreed.works or records.Works()).orderer_id]
        guarantor = self.world.guarantors[present.guarantor_id]
        judgement = Judging(agreed, orderer, rates, guarantor, self.world.today, prefix).judge()
        refuse_all(judgement.violations)
        return with_defaults(agreed)

    def _basis(self, person: Person, agreed: records.Application) -> records.FeeBasis | None:
        tariff = self.world.tariffs.get(person.organization_id, records.Tariff())
        return tariffs.propose(tariffs.on_day(tariff, self.world.today), agreed.product, agreed.amount_yen)

    def _accepted(
        self,
        person: Person,
        present: records.Contract,
        agreed: records.Application,
        fee_yen: int,
        basis: records.FeeBasis | None,
    ) -> records.Contract:
        world = self.world
        label = basis.label if basis is not None else ""
        charge = records.FeeEntry(
            world.new_id("fee"), "CHARGE", fee_yen, world.today, world.now, person.user_id, "", label
        )
        accepted = replace(
            present,
            terms=agreed,
            fee_yen=fee_yen,
            ledger=(*present.ledger, charge) if fee_yen else present.ledger,
            accepted_by=person.user_id,
            approved_by="",
            fee_basis=basis,
            monthly_payer=pays_monthly(world, present.guarantor_id, present.organization_id),
            remarks=(),
            steps=replace(present.steps, accept_time=world.now),
        )
        limit = world.guarantors[present.guarantor_id].approval_from_yen
        if (agreed.amount_yen or 0) >= limit:
            return reviewed(replace(accepted, state="PENDING_APPROVAL"))
        return awaiting_payment(world, accepted)

    def _may_issue(self, present: records.Contract, action: str, form: str) -> None:
        require(present, action)
        terms = present.terms
        if terms is None or terms.form != form:
            raise refuse("FORM_MIXED", "form", form=terms.form if terms is not None else "")
        if not settled(present):
            raise refuse("FEE_NOT_RECEIVED", balance_yen=present.balance_yen, pay_by=present.pay_by)

    def _in_force(self, issued: records.Contract, action: str) -> records.Contract:
        steps = replace(issued.steps, issue_time=self.world.now)
        return self.world.save(reviewed(replace(issued, state="IN_FORCE", pay_by=None, steps=steps)), action)


def _refuse_same_person(contract: records.Contract, person: Person) -> None:
    if contract.state == "PENDING_APPROVAL" and contract.accepted_by == person.user_id:
        raise refuse("APPROVAL_BY_SAME_PERSON")


def _fee_faults(
    contract: records.Contract, kind: str, amount_yen: int, day: date, today: date
) -> list[Violation]:
    faults = []
    if kind not in ("PAYMENT", "REFUND"):
        raise Refused(Violation("CHOICE_UNKNOWN", "kind", {"allowed": "PAYMENT, REFUND"}))
    if amount_yen <= 0:
        faults.append(Violation("AMOUNT_NOT_POSITIVE", "amount_yen"))
    if day > today:
        faults.append(Violation("DATE_IN_FUTURE", "day", {"latest": today}))
    credit = max(0, -contract.balance_yen)
    if kind == "REFUND" and amount_yen > credit:
        faults.append(Violation("AMOUNT_TOO_LARGE", "amount_yen", {"maximum_yen": credit}))
    return faults
