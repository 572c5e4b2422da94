"""The contractor's side of a guarantee contract: draft, quote, submission, and what may still be taken back."""

from dataclasses import replace
from datetime import date, datetime

from tashika_formats.number import make_number
from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import (
    Looking,
    contract_of,
    guarantor,
    not_found,
    organization,
    works_of,
)
from tashika_server.application.ports import Change, Done, Ids, Replay, UnitOfWork
from tashika_server.domain import lifecycle
from tashika_server.domain.assessment import Assessment, assess
from tashika_server.domain.calendar import fiscal_year, japan_day
from tashika_server.domain.fields import check_application_form, check_remarks
from tashika_server.domain.model import (
    Application,
    Contract,
    Organization,
    Principal,
    Registrant,
    Remark,
    User,
)
from tashika_server.domain.policy_choice import choose_policy
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.domain.slots import slot
from tashika_server.domain.states import LIVE_STATES, effective_state


class Drafts:
    """Use cases of the contractor before the issue."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def quote(self, caller: Caller, application: Application) -> Assessment:
        """Judge an application without keeping it: every reason against it, and the amounts that are possible."""
        today = japan_day(self._kit.clock.now())
        return await self._kit.store.read(
            lambda view: assess_here(view, _with_snapshot(view, caller, application), today)
        )

    async def create(self, caller: Caller, application: Application, replay: Replay | None) -> Contract:
        """Keep a draft. Fields may be missing, but none may be malformed."""
        _refuse_malformed(application)
        change = change_by(caller, "contract.create")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = lifecycle.draft(
                contract_id=ids.new("con"),
                organization_id=caller.organization_id,
                application=_with_snapshot(uow, caller, application),
                registrant=_registrant(uow, caller),
                now=now,
            )
            uow.contracts.add(contract, change)
            return Done(contract, (contract.contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def update(
        self,
        caller: Caller,
        contract_id: str,
        application: Application,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Replace the application of a draft or of a returned contract."""
        _refuse_malformed(application)
        change = change_by(caller, "contract.update")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            contract = lifecycle.revise_draft(contract, _with_snapshot(uow, caller, application), now)
            uow.contracts.save(contract, change)
            return Done(contract, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def delete(
        self, caller: Caller, contract_id: str, expected: int | None, replay: Replay | None
    ) -> None:
        """Remove a draft that was never submitted."""
        change = change_by(caller, "contract.delete_draft")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            lifecycle.delete_check(contract)
            uow.contracts.delete(contract_id, change)
            return Done(None, (contract_id,))

        await self._kit.store.run(command, replay)

    async def check_submission(self, caller: Caller, contract_id: str, expected: int | None) -> Contract:
        """Decide a submission without doing it, and give the contract as it stands."""
        today = japan_day(self._kit.clock.now())

        def query(look: Looking) -> Contract:
            contract = contract_of(look, caller, contract_id)
            same_revision(contract.revision, expected)
            _decide(look, caller, contract, today_of=today)
            return contract

        return await self._kit.store.read(query)

    async def submit(
        self, caller: Caller, contract_id: str, expected: int | None, replay: Replay | None
    ) -> Contract:
        """Submit a draft or a returned contract; the first submission gives it its number.

        Every reason against it is refused at once; the orderer's policy version that judged is kept.
        """
        change = change_by(caller, "contract.submit")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            application, assessment = _decide(uow, caller, contract, today_of=japan_day(now))
            _free_slot(uow, slot(application), change, now)
            contractor = organization(uow, contract.organization_id)
            first = not contract.number
            submitted = lifecycle.submit(
                contract,
                application=application,
                principal=_principal(contractor),
                number=contract.number or _next_number(uow, application, now),
                policy_version=assessment.policy_version,
                slot=slot(application),
                now=now,
            )
            if first:
                submitted = replace(submitted, registrant=_registrant(uow, caller), registered_time=now)
            uow.contracts.save(submitted, change)
            return Done(submitted, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def withdraw(
        self, caller: Caller, contract_id: str, expected: int | None, replay: Replay | None
    ) -> Contract:
        """Take an application back before the issue."""
        change = change_by(caller, "contract.withdraw")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            withdrawn = lifecycle.withdraw(contract, entry_id=ids.new("fee"), user_id=caller.user_id, now=now)
            uow.contracts.save(withdrawn, change)
            return Done(withdrawn, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def report_error(
        self,
        caller: Caller,
        contract_id: str,
        remarks: tuple[Remark, ...],
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Send an accepted contract back to the guarantor, with a remark for each field that is wrong."""
        violations = check_remarks(remarks, "remarks")
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "contract.report_error")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            reported = lifecycle.report_error(
                contract, remarks, entry_id=ids.new("fee"), user_id=caller.user_id, now=now
            )
            uow.contracts.save(reported, change)
            return Done(reported, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)


def assess_here(look: Looking, application: Application, today: date) -> Assessment:
    """Judge an application by the orderer's policy that holds for it."""
    company = (
        guarantor(look, application.guarantor_id, "application.guarantor_id")
        if application.guarantor_id
        else None
    )
    works = application.works
    party = look.orderers.get(works.orderer_id) if works.orderer_id else None
    choice = choose_policy(party, works, today)
    return assess(application, choice=choice, guarantor=company, today=today)


def _decide(
    look: Looking, caller: Caller, contract: Contract, *, today_of: date
) -> tuple[Application, Assessment]:
    application = _with_snapshot(look, caller, contract.application)
    lifecycle.may_submit(contract)
    assessment = assess_here(look, application, today_of)
    if assessment.violations:
        raise RefusedError(*assessment.violations)
    holder = look.contracts.by_slot(slot(application))
    another = holder is not None and holder.contract_id != contract.contract_id
    if holder is not None and another and effective_state(holder, today_of) in LIVE_STATES:
        raise refuse(Reason.GUARANTEE_EXISTS, "application.product", contract_number=holder.number)
    return application, assessment


def _free_slot(uow: UnitOfWork, taken: str, change: Change, now: datetime) -> None:
    """Record what the calendar decided about the slot's holder, which the daily job has not come to yet."""
    holder = uow.contracts.by_slot(taken)
    ended = lifecycle.by_calendar(holder, japan_day(now), now) if holder is not None else None
    if ended is not None and ended.slot is None:
        uow.contracts.save(ended, replace(change, action=f"contract.{ended.state.lower()}", actor="system"))


def _with_snapshot(look: Looking, caller: Caller, application: Application) -> Application:
    """Give the application with the works contract's terms as they are now."""
    if application.guarantor_id:
        guarantor(look, application.guarantor_id, "application.guarantor_id")
    if not application.works_id:
        return application
    works = works_of(look, caller, application.works_id, "application.works_id")
    if works.terms.orderer_id and look.orderers.get(works.terms.orderer_id) is None:
        raise not_found("orderer", "application.works.orderer_id")
    return replace(application, works=works.terms)


def _refuse_malformed(application: Application) -> None:
    violations = check_application_form(application)
    if violations:
        raise RefusedError(*violations)


def _registrant(uow: UnitOfWork, caller: Caller) -> Registrant:
    user: User | None = uow.users.get(caller.user_id)
    company = organization(uow, caller.organization_id)
    if user is None:
        raise refuse(Reason.UNAUTHENTICATED)
    return Registrant(user.user_id, user.name, company.name, user.title)


def _principal(company: Organization) -> Principal:
    return Principal(company.name, company.address, company.representative, company.corporate_number)


def _next_number(uow: UnitOfWork, application: Application, now: datetime) -> str:
    company = guarantor(uow, application.guarantor_id, "application.guarantor_id")
    if company.guarantor_code is None:
        raise not_found("guarantor", "application.guarantor_id")
    year = fiscal_year(japan_day(now))
    sequence = uow.next_sequence(f"number/{company.guarantor_code:02d}/{year}")
    return make_number(company.guarantor_code, year, sequence)
