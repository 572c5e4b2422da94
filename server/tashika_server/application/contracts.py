"""Looking at guarantee contracts: one with all that belongs to it, and lists."""

from dataclasses import dataclass, replace
from datetime import datetime

from tashika_server.application.caller import Caller
from tashika_server.application.keys import hand_in_advice
from tashika_server.application.kit import Kit
from tashika_server.application.lookups import contract_of
from tashika_server.application.ports import ListKind, ListQuery, Page, ReadView
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.handing_in import HandInAdvice
from tashika_server.domain.model import Contract, OrganizationKind
from tashika_server.domain.policy import Orderer


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract with what is known of it elsewhere: the first opening, and once issued the orderer, who says how the
    key is handed in."""

    contract: Contract
    first_opened: datetime | None
    orderer: Orderer | None

    @property
    def advice(self) -> HandInAdvice | None:
        """How the key is handed in."""
        return None if self.orderer is None else hand_in_advice(self.contract, self.orderer)


class Contracts:
    """Use cases about looking at contracts."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, caller: Caller, contract_id: str) -> ContractView:
        """Give a contract that the caller's organisation is a party of."""

        def query(view: ReadView) -> ContractView:
            contract = contract_of(view, caller, contract_id)
            if contract.version == 0:
                return ContractView(contract, None, None)
            orderer = view.orderers.get(contract.application.works.orderer_id)
            return ContractView(contract, view.openings.first_success(contract.number), orderer)

        return await self._kit.store.read(query)

    async def list(self, caller: Caller, query: ListQuery) -> Page:
        """List the contracts of the caller's organisation, all or those whose fees are open; a guarantor's list has no
        drafts.
        """
        guarantor = caller.organization_kind is OrganizationKind.GUARANTOR
        scoped = replace(
            query,
            kind=ListKind.FEES if query.kind is ListKind.FEES else ListKind.CONTRACTS,
            scope=("guarantor_id" if guarantor else "organization_id", caller.organization_id),
            today_iso=japan_day(self._kit.clock.now()).isoformat(),
        )
        return await self._kit.store.read(lambda view: view.list(scoped), slow=True)
