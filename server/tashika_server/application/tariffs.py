"""A guarantor's tariff, and what it agreed with contractors about monthly payment."""

from dataclasses import dataclass, replace
from datetime import datetime

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import Looking, contract_of, not_found
from tashika_server.application.ports import (
    Done,
    Ids,
    ListKind,
    ListQuery,
    Page,
    ReadView,
    Replay,
    UnitOfWork,
)
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.fee_records import FeeBasis
from tashika_server.domain.fields import check_text
from tashika_server.domain.model import Organization, OrganizationKind
from tashika_server.domain.monthly import LAST_OF_MONTH, MonthlyPayer, payer_id
from tashika_server.domain.reasons import Reason, RefusedError, Violation
from tashika_server.domain.tariff import Tariff, TariffTable, check_table, propose_fee, set_tariff


@dataclass(frozen=True, slots=True)
class PayerView:
    """An agreement with the contractor that it is with."""

    payer: MonthlyPayer
    contractor: Organization


@dataclass(frozen=True, slots=True)
class PayerPage:
    """A page of agreements."""

    page: Page
    views: tuple[PayerView, ...]


class Tariffs:
    """Use cases about how fees come about."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, caller: Caller) -> Tariff:
        """Give the tariff of the caller's guarantor, without versions where none was set."""
        return await self._kit.store.read(lambda view: tariff_of(view, caller.organization_id))

    async def set(
        self, caller: Caller, table: TariffTable, expected: int | None, replay: Replay | None
    ) -> Tariff:
        """Add a version of the tariff."""
        violations = check_table(table)
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "tariff.set")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Tariff]:
            present = uow.tariffs.get(caller.organization_id)
            tariff = present or Tariff(caller.organization_id)
            same_revision(tariff.revision, expected)
            changed = set_tariff(tariff, table, user_id=caller.user_id, now=now, today=japan_day(now))
            if present is None:
                uow.tariffs.add(changed, change)
            else:
                uow.tariffs.save(changed, change)
            return Done(changed, (changed.guarantor_id,))

        return await commit(self._kit, command, replay, lambda view: view.tariffs)

    async def quote(self, caller: Caller, contract_id: str, amount_yen: int | None) -> FeeBasis | None:
        """Give the fee of an application by today's tariff, for another amount where one is given."""
        today = japan_day(self._kit.clock.now())

        def query(view: ReadView) -> FeeBasis | None:
            contract = contract_of(view, caller, contract_id)
            asked = contract.application
            amount = asked.amount_yen if amount_yen is None else amount_yen
            return propose_fee(tariff_of(view, contract.guarantor_id), asked.product, amount, today)

        return await self._kit.store.read(query)

    async def list_payers(self, caller: Caller, query: ListQuery) -> PayerPage:
        """List the agreements of the caller's guarantor, with the contractors' names as they are."""
        scoped = replace(
            query, kind=ListKind.MONTHLY_PAYERS, scope=("guarantor_id", caller.organization_id), sort="since"
        )

        def read(view: ReadView) -> PayerPage:
            page = view.list(scoped)
            payers = [item for item in page.items if isinstance(item, MonthlyPayer)]
            return PayerPage(page, tuple(PayerView(each, _contractor(view, each)) for each in payers))

        return await self._kit.store.read(read, slow=True)

    async def set_payer(
        self,
        caller: Caller,
        organization_id: str,
        active: bool,
        due_day: int,
        note: str,
        expected: int | None,
        replay: Replay | None,
    ) -> PayerView:
        """Note what was agreed with a contractor; acceptances from now on go by it."""
        violations = list(check_text(note, "note"))
        if not 1 <= due_day <= LAST_OF_MONTH:
            violations.append(Violation(Reason.AMOUNT_TOO_LARGE, "due_day", {"maximum": LAST_OF_MONTH}))
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "monthly_payer.set")
        guarantor_id = caller.organization_id

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[MonthlyPayer]:
            contractor_of(uow, guarantor_id, organization_id)
            present = uow.payers.get(payer_id(guarantor_id, organization_id))
            same_revision(0 if present is None else present.revision, expected)
            agreed = MonthlyPayer(
                guarantor_id, organization_id, japan_day(now), due_day=due_day, active=active, note=note
            )
            if present is None:
                uow.payers.add(agreed, change)
            else:
                uow.payers.save(replace(agreed, revision=present.revision), change)
            return Done(agreed, (payer_id(guarantor_id, organization_id),))

        payer = await commit(self._kit, command, replay, lambda view: view.payers)
        return await self._kit.store.read(lambda view: PayerView(payer, _contractor(view, payer)))


def tariff_of(look: Looking, guarantor_id: str) -> Tariff:
    """Give a guarantor's tariff, without versions where none was set."""
    return look.tariffs.get(guarantor_id) or Tariff(guarantor_id)


def contractor_of(look: Looking, guarantor_id: str, organization_id: str) -> Organization:
    """Give a contractor that has applied to a guarantor; any other is not there for it."""
    found = look.organizations.get(organization_id)
    if found is None or found.kind is not OrganizationKind.CONTRACTOR:
        raise not_found("organization", "organization_id")
    if not look.contracts.any_of(organization_id, guarantor_id):
        raise not_found("organization", "organization_id")
    return found


def _contractor(look: Looking, payer: MonthlyPayer) -> Organization:
    found = look.organizations.get(payer.organization_id)
    if found is None:
        raise not_found("organization", "organization_id")
    return found
