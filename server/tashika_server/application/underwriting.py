"""The guarantor's side before the issue: accept, approve, return, refuse, and the fee."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import contract_of, orderer, organization
from tashika_server.application.notifying import tell_change
from tashika_server.application.ports import Done, Ids, Replay, UnitOfWork
from tashika_server.domain import lifecycle
from tashika_server.domain.assessment import assess
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fields import check_fee, check_remarks, check_text
from tashika_server.domain.model import Application, Contract, FeeEntry, FeeEntryKind, PaperIssue, Remark
from tashika_server.domain.policy_choice import kept_policy
from tashika_server.domain.reasons import RefusedError, Violation

Step = Callable[[UnitOfWork, Contract, datetime, Ids], Contract]
"""What one use case does to the contract that was loaded, as its caller may see it."""


class Underwriting:
    """Use cases of the guarantor's desk."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def accept(
        self,
        caller: Caller,
        contract_id: str,
        terms: Application | None,
        fee_yen: int,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Accept an application, with corrected terms where given, and tell the fee in yen.

        It then waits for another person's approval, or at once for the fee.
        """
        _refuse(check_fee(fee_yen, "fee_yen"))

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            agreed = contract.application if terms is None else _own_snapshot(terms, contract)
            _refuse(lifecycle.terms_violations(contract, agreed))
            _refuse(_judge(uow, contract, agreed, now))
            contractor = organization(uow, contract.organization_id)
            company = organization(uow, contract.guarantor_id)
            return lifecycle.accept(
                contract,
                terms=agreed,
                fee_yen=fee_yen,
                entry_id=ids.new("fee"),
                user_id=caller.user_id,
                approval_required=(agreed.amount_yen or 0) >= company.approval_from_yen,
                monthly_payer=contractor.monthly_payer,
                now=now,
            )

        return await self._change(caller, "contract.accept", contract_id, expected, replay, step)

    async def approve(
        self, caller: Caller, contract_id: str, expected: int | None, replay: Replay | None
    ) -> Contract:
        """Approve what another person accepted."""

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            return lifecycle.approve(contract, user_id=caller.user_id, now=now)

        return await self._change(caller, "contract.approve", contract_id, expected, replay, step)

    async def return_(
        self,
        caller: Caller,
        contract_id: str,
        remarks: tuple[Remark, ...],
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Return an application for correction, with a remark for each field that is wrong."""
        _refuse(check_remarks(remarks, "remarks"))

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            return lifecycle.return_for_correction(
                contract, remarks, entry_id=ids.new("fee"), user_id=caller.user_id, now=now
            )

        return await self._change(caller, "contract.return", contract_id, expected, replay, step)

    async def refuse(
        self, caller: Caller, contract_id: str, text: str, expected: int | None, replay: Replay | None
    ) -> Contract:
        """Refuse an application for good, with the reason in words."""
        _refuse(check_text(text, "refusal", required=True))

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            return lifecycle.refuse_application(
                contract, text, entry_id=ids.new("fee"), user_id=caller.user_id, now=now
            )

        return await self._change(caller, "contract.refuse", contract_id, expected, replay, step)

    async def record_fee(
        self,
        caller: Caller,
        contract_id: str,
        kind: FeeEntryKind,
        amount_yen: int,
        day: date,
        note: str,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Book a payment that came in, or a refund that went out, on its day."""
        _refuse([*check_fee(amount_yen, "amount_yen", positive=True), *check_text(note, "note")])

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            entry = FeeEntry(ids.new("fee"), kind, amount_yen, day, now, caller.user_id, note)
            return lifecycle.record_fee(contract, entry, now=now)

        return await self._change(caller, "contract.record_fee", contract_id, expected, replay, step)

    async def record_paper_issue(
        self,
        caller: Caller,
        contract_id: str,
        day: date,
        reference: str,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Record that the paper certificate of a paper-form contract was issued."""
        _refuse(check_text(reference, "certificate_reference", required=True))

        def step(uow: UnitOfWork, contract: Contract, now: datetime, ids: Ids) -> Contract:
            paper = PaperIssue(day, reference, now, caller.user_id)
            return lifecycle.record_paper_issue(contract, paper, now=now)

        return await self._change(caller, "contract.record_paper_issue", contract_id, expected, replay, step)

    async def _change(
        self,
        caller: Caller,
        action: str,
        contract_id: str,
        expected: int | None,
        replay: Replay | None,
        step: Step,
    ) -> Contract:
        change = change_by(caller, action)

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            changed = step(uow, contract, now, ids)
            uow.contracts.save(changed, change)
            tell_change(self._kit, uow, contract, changed, by=caller.user_id, now=now, ids=ids)
            return Done(changed, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)


def _own_snapshot(terms: Application, contract: Contract) -> Application:
    """Give the terms with the works' orderer and id as applied for where they are left out.

    Only the contractor's works can change them, so others are refused (TERMS_CHANGED_TOO_FAR).
    """
    applied = contract.application
    works = replace(terms.works, orderer_id=terms.works.orderer_id or applied.works.orderer_id)
    return replace(terms, works_id=terms.works_id or applied.works_id, works=works)


def _judge(uow: UnitOfWork, contract: Contract, agreed: Application, now: datetime) -> tuple[Violation, ...]:
    """Judge the terms by the version of the policy that judged the submission; the contract goes on with it."""
    party = orderer(uow, agreed.works.orderer_id)
    company = organization(uow, contract.guarantor_id)
    choice = kept_policy(party, contract.policy_version, agreed.works)
    prefix = "application" if agreed == contract.application else "terms"
    return assess(agreed, choice=choice, guarantor=company, today=japan_day(now), prefix=prefix).violations


def _refuse(violations: "tuple[Violation, ...] | list[Violation]") -> None:
    if violations:
        raise RefusedError(*violations)
