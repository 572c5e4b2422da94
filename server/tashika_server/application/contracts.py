"""Looking at guarantee contracts: one with all that belongs to it, and lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tashika_server.application.caller import Caller
from tashika_server.application.keys import hand_in_advice
from tashika_server.application.kit import Kit
from tashika_server.application.lookups import contract_of
from tashika_server.application.ports import ListKind, ListQuery, Page, ReadView
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.generations import FIRST, KeyGeneration, generations
from tashika_server.domain.hand_in_message import (
    HandInMessage,
    OrdererNotice,
    hand_in_message,
    orderer_notice,
)
from tashika_server.domain.handing_in import HandInAdvice
from tashika_server.domain.model import Contract, Organization, OrganizationKind
from tashika_server.domain.policy import Orderer


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract with what is known of it elsewhere.

    ``first_opened``: the first opening with whatever key; ``opened_by_key``: the first one with each generation.
    ``orderer`` is there once it is issued, and says how the key is handed in; ``guarantor`` where a key was issued
    anew. ``viewer`` says how the register is reached.
    """

    contract: Contract
    first_opened: datetime | None
    orderer: Orderer | None
    guarantor: Organization | None = None
    opened_by_key: Mapping[int, datetime] = field(default_factory=dict)
    viewer: str = ""

    @property
    def advice(self) -> HandInAdvice | None:
        """How the key is handed in."""
        return None if self.orderer is None else hand_in_advice(self.contract, self.orderer)

    @property
    def message(self) -> HandInMessage | None:
        """The message that hands the key of the current version in; only an electronic certificate has one."""
        if self.orderer is None or not self.keys:
            return None
        return hand_in_message(
            self.contract,
            hand_in_advice(self.contract, self.orderer),
            orderer_name=self.orderer.name,
            version=self.contract.version,
            viewer=self.viewer,
        )

    @property
    def keys(self) -> tuple[KeyGeneration, ...]:
        """Every key that the contract has had, the first first."""
        return generations(self.contract)

    @property
    def orderer_notice(self) -> OrdererNotice | None:
        """What the orderer is told where the guarantor issued the key that is valid."""
        if self.orderer is None or self.guarantor is None:
            return None
        advice = hand_in_advice(self.contract, self.orderer)
        return orderer_notice(
            self.contract, advice, orderer_name=self.orderer.name, guarantor_name=self.guarantor.name
        )


class Contracts:
    """Use cases about looking at contracts."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, caller: Caller, contract_id: str) -> ContractView:
        """Give a contract that the caller's organisation is a party of."""
        viewer = self._kit.viewer

        def query(view: ReadView) -> ContractView:
            contract = contract_of(view, caller, contract_id)
            if contract.version == 0:
                return ContractView(contract, None, None)
            orderer = view.orderers.get(contract.application.works.orderer_id)
            first = view.openings.first_success(contract.number)
            keys = generations(contract)
            if len(keys) == 1 or first is None:
                opened = {} if first is None else {FIRST: first}
            else:
                opened = _opened_by_key(view, contract, keys)
            guarantor = view.organizations.get(contract.guarantor_id) if len(keys) > 1 else None
            return ContractView(contract, first, orderer, guarantor, opened, viewer)

        return await self._kit.store.read(query)

    async def list(self, caller: Caller, query: ListQuery) -> Page:
        """List the contracts of the caller's organisation; a guarantor's list has no drafts."""
        guarantor = caller.organization_kind is OrganizationKind.GUARANTOR
        scoped = replace(
            query,
            kind=ListKind.CONTRACTS,
            scope=("guarantor_id" if guarantor else "organization_id", caller.organization_id),
            today_iso=japan_day(self._kit.clock.now()).isoformat(),
        )
        return await self._kit.store.read(lambda view: view.list(scoped), slow=True)


def _opened_by_key(
    view: ReadView, contract: Contract, keys: tuple[KeyGeneration, ...]
) -> dict[int, datetime]:
    found = {key.generation: view.openings.first_success(contract.number, key.generation) for key in keys}
    return {generation: time for generation, time in found.items() if time is not None}
