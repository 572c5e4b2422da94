"""Fees once they are told: the receipt, the month of those who pay monthly, and the sheets that say it."""

from dataclasses import dataclass
from datetime import date, datetime

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import Looking, contract_of, not_found, orderer, organization
from tashika_server.application.ports import Done, Ids, ReadView, Replay, UnitOfWork
from tashika_server.application.tariffs import contractor_of
from tashika_server.domain import lifecycle
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fee_records import ReceiptSent
from tashika_server.domain.fields import check_day, check_fee, check_text
from tashika_server.domain.ledger import SIGNS, balance_yen
from tashika_server.domain.limits import SHORT
from tashika_server.domain.model import (
    Contract,
    ContractState,
    FeeEntry,
    FeeEntryKind,
    Organization,
    OrganizationKind,
)
from tashika_server.domain.monthly import (
    MAX_STATEMENT_ENTRIES,
    FeeStatement,
    MonthlyPayer,
    StatementEntry,
    check_month,
    make_statement,
    month_bounds,
    payer_id,
)
from tashika_server.domain.policy import Orderer
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.domain.receipts import record_receipt
from tashika_server.domain.states import effective_state

MAX_PAID_AT_ONCE = 500
"""Contracts that one payment is shared among: a transaction of about a second, and a busy contractor's month."""


@dataclass(frozen=True, slots=True)
class Share:
    """What of a payment in one sum went to a contract, in yen."""

    contract: Contract
    amount_yen: int


@dataclass(frozen=True, slots=True)
class StatementView:
    """The statement of a month with its two parties."""

    statement: FeeStatement
    guarantor: Organization
    contractor: Organization


class Fees:
    """Use cases about fees that were told."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def record_receipt(
        self,
        caller: Caller,
        contract_id: str,
        day: date,
        officer: str,
        note: str,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Record that the paper receipt was sent."""
        violations = [
            *check_text(officer, "officer", required=True, limit=SHORT),
            *check_text(note, "note"),
        ]
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "contract.record_receipt")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            receipt = ReceiptSent(day, officer, now, caller.user_id, note)
            changed = record_receipt(contract, receipt, now=now)
            uow.contracts.save(changed, change)
            return Done(changed, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    async def record_monthly_payment(
        self,
        caller: Caller,
        organization_id: str,
        amount_yen: int,
        day: date,
        note: str,
        replay: Replay | None,
    ) -> tuple[Share, ...]:
        """Book what a contractor paid in one sum: what is due first is paid first, all of it or nothing.

        Refuses more than is owed (AMOUNT_TOO_LARGE): a remainder belongs to no contract, and is booked as a payment of
        the one that it was meant for, where it becomes a credit.
        """
        now = self._kit.clock.now()
        violations = [
            *check_fee(amount_yen, "amount_yen", positive=True),
            *check_text(note, "note"),
            *check_day(day, "day", latest=japan_day(now)),
        ]
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "contract.record_monthly_payment")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[tuple[Share, ...]]:
            contractor = contractor_of(uow, caller.organization_id, organization_id)
            _agreement(uow, caller.organization_id, contractor)
            shares = []
            for contract, owed_yen in _shared(uow, caller.organization_id, organization_id, amount_yen, now):
                entry = FeeEntry(
                    ids.new("fee"), FeeEntryKind.PAYMENT, owed_yen, day, now, caller.user_id, note
                )
                booked = lifecycle.record_fee(contract, entry, now=now)
                uow.contracts.save(booked, change)
                shares.append(Share(booked, owed_yen))
            return Done(tuple(shares), tuple(each.contract.contract_id for each in shares))

        outcome = await self._kit.store.run(command, replay)
        if outcome.value is not None:
            return outcome.value
        return await self._kit.store.read(
            lambda view: tuple(_share_at(view, each, outcome.revision) for each in outcome.result_ids)
        )

    async def statement(self, caller: Caller, organization_id: str, year: int, month: int) -> StatementView:
        """Give a month between the caller and the other party."""
        now = self._kit.clock.now()
        check_month(year, month, now)
        return await self._kit.store.read(
            lambda view: _statement(view, caller, organization_id, year, month, now), slow=True
        )

    async def statement_pdf(
        self, caller: Caller, organization_id: str, year: int, month: int
    ) -> tuple[StatementView, bytes]:
        """Render a month between the caller and the other party."""
        found = await self.statement(caller, organization_id, year, month)
        day = japan_day(self._kit.clock.now())
        pdf = await self._kit.documents.fee_statement(found.statement, found.guarantor, found.contractor, day)
        return found, pdf

    async def sheet(self, caller: Caller, contract_id: str) -> tuple[Contract, bytes]:
        """Render the fee sheet (保証料計算書) of a contract whose fee is told."""

        def query(view: ReadView) -> tuple[Contract, Organization, Orderer]:
            contract = contract_of(view, caller, contract_id)
            told = contract.fee_yen is not None and contract.state is not ContractState.PENDING_APPROVAL
            if contract.terms is None or not told:
                raise refuse(Reason.FEE_NOT_TOLD, state=contract.state)
            party = orderer(view, contract.terms.works.orderer_id)
            return contract, organization(view, contract.guarantor_id), party

        contract, guarantor, party = await self._kit.store.read(query)
        day = japan_day(self._kit.clock.now())
        return contract, await self._kit.documents.fee_sheet(contract, guarantor, party.name, day)


def _agreement(look: Looking, guarantor_id: str, contractor: Organization) -> MonthlyPayer | None:
    """Give the agreement of two parties, also one that ended; refuses those who never had one."""
    found = look.payers.get(payer_id(guarantor_id, contractor.organization_id))
    if found is None and not contractor.monthly_payer:
        raise refuse(Reason.NOT_MONTHLY_PAYER, "organization_id")
    return found


def _shared(
    uow: UnitOfWork, guarantor_id: str, organization_id: str, amount_yen: int, now: datetime
) -> list[tuple[Contract, int]]:
    shares: list[tuple[Contract, int]] = []
    left, today = amount_yen, japan_day(now)
    for contract_id in uow.fees.owed(guarantor_id, organization_id, MAX_PAID_AT_ONCE):
        contract = uow.contracts.get(contract_id)
        # What lapsed today is not brought back by money, so no money of a month goes there.
        if left == 0 or contract is None or effective_state(contract, today) is ContractState.LAPSED:
            continue
        part = min(left, balance_yen(contract.ledger))
        shares.append((contract, part))
        left -= part
    if left > 0:
        raise refuse(Reason.AMOUNT_TOO_LARGE, "amount_yen", maximum_yen=amount_yen - left)
    return shares


def _share_at(view: ReadView, contract_id: str, revision: int) -> Share:
    contract = view.contracts.at(contract_id, revision)
    if contract is None or not contract.ledger:
        raise not_found("contract", "contract_id")
    return Share(contract, contract.ledger[-1].amount_yen)


def _statement(
    view: ReadView, caller: Caller, organization_id: str, year: int, month: int, now: datetime
) -> StatementView:
    guarantor, contractor = _parties(view, caller, organization_id)
    agreement = _agreement(view, guarantor.organization_id, contractor)
    ids = (guarantor.organization_id, contractor.organization_id)
    begin, end = month_bounds(year, month)
    rows = view.fees.between(*ids, begin, end, MAX_STATEMENT_ENTRIES + 1)
    if len(rows) > MAX_STATEMENT_ENTRIES:
        raise refuse(Reason.TOO_MANY_ITEMS, "entries", maximum=MAX_STATEMENT_ENTRIES)
    contracts = {contract_id: view.contracts.get(contract_id) for contract_id, _ in rows}
    entries = [
        _statement_entry(contract, entry_id)
        for contract_id, entry_id in rows
        if (contract := contracts[contract_id]) is not None
    ]
    statement = make_statement(
        *ids,
        year,
        month,
        opening=view.fees.balance_before(*ids, begin),
        entries=entries,
        agreement=agreement,
        signs={kind.value: sign for kind, sign in SIGNS.items()},
        now=now,
    )
    return StatementView(statement, guarantor, contractor)


def _parties(view: ReadView, caller: Caller, organization_id: str) -> tuple[Organization, Organization]:
    own = organization(view, caller.organization_id)
    if caller.organization_kind is OrganizationKind.GUARANTOR:
        return own, contractor_of(view, caller.organization_id, organization_id)
    other = view.organizations.get(organization_id)
    if other is None or other.kind is not OrganizationKind.GUARANTOR:
        raise not_found("guarantor", "organization_id")
    return other, own


def _statement_entry(contract: Contract, entry_id: str) -> StatementEntry:
    entry = next(each for each in contract.ledger if each.entry_id == entry_id)
    terms = contract.terms or contract.application
    return StatementEntry(contract.contract_id, contract.number, terms.works.name, entry)
