"""The request for the advance (前払金請求): what it says, its document, and that it was handed in."""

from datetime import date, datetime

from tashika_server.application.caller import Caller
from tashika_server.application.keys import kept_policy_of
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import Looking, contract_of, orderer, organization
from tashika_server.application.ports import Done, Ids, ReadView, Replay, UnitOfWork
from tashika_server.domain.advance import (
    AdvanceTerms,
    advance_terms,
    may_ask,
    may_request,
    open_request,
    record_request,
    signed_on,
    withdraw_request,
)
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fields import check_text
from tashika_server.domain.model import Contract, Organization
from tashika_server.domain.reasons import Reason, RefusedError, refuse


class Advances:
    """Use cases about requests for the advance."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def terms(self, caller: Caller, contract_id: str) -> AdvanceTerms:
        """Say what a request holds and what goes with it, also where one was handed in already."""
        today = japan_day(self._kit.clock.now())

        def query(view: ReadView) -> AdvanceTerms:
            contract = contract_of(view, caller, contract_id)
            may_ask(contract, today)
            return _terms(view, contract)

        return await self._kit.store.read(query)

    async def document(
        self, caller: Caller, contract_id: str, contract_date: date | None, copy: bool
    ) -> tuple[Contract, bytes]:
        """Render the request, dated today; or a copy of the one that was handed in, with its day."""
        today = japan_day(self._kit.clock.now())

        def query(view: ReadView) -> tuple[Contract, Organization, AdvanceTerms, date]:
            contract = contract_of(view, caller, contract_id)
            guarantor = organization(view, contract.guarantor_id)
            if not copy:
                may_request(contract, today)
                return contract, guarantor, signed_on(_terms(view, contract), contract_date, today), today
            request = open_request(contract)
            if request is None:
                raise refuse(Reason.ADVANCE_NOT_REQUESTED, state=contract.state)
            said = signed_on(_terms(view, contract), request.contract_date, today)
            return contract, guarantor, said, request.day

        contract, guarantor, said, day = await self._kit.store.read(query)
        return contract, await self._kit.documents.advance_request(contract, guarantor, said, day, copy)

    async def record(
        self,
        caller: Caller,
        contract_id: str,
        day: date,
        contract_date: date | None,
        note: str,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Record that the request was handed in on a day."""
        _refuse_text(note, "note")
        change = change_by(caller, "contract.request_advance")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            may_request(contract, japan_day(now))
            said = signed_on(_terms(uow, contract), contract_date, japan_day(now))
            changed = record_request(contract, said, day=day, note=note, user_id=caller.user_id, now=now)
            uow.contracts.save(changed, change)
            return Done(changed, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def withdraw(
        self, caller: Caller, contract_id: str, reason: str, expected: int | None, replay: Replay | None
    ) -> Contract:
        """Record that the request does not count any more, and why."""
        _refuse_text(reason, "withdrawal", required=True)
        change = change_by(caller, "contract.withdraw_advance_request")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            changed = withdraw_request(contract, reason, user_id=caller.user_id, now=now)
            uow.contracts.save(changed, change)
            return Done(changed, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)


def _terms(look: Looking, contract: Contract) -> AdvanceTerms:
    party = orderer(look, (contract.terms or contract.application).works.orderer_id)
    return advance_terms(contract, party, kept_policy_of(contract, party))


def _refuse_text(text: str, field: str, *, required: bool = False) -> None:
    violations = check_text(text, field, required=required)
    if violations:
        raise RefusedError(*violations)
