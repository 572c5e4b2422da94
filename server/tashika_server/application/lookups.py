"""Finding a thing for a caller: what is another's is as unknown to the caller as what is not there."""

from typing import Protocol

from tashika_server.application.caller import Caller
from tashika_server.application.ports import ReadContracts, ReadRecords
from tashika_server.domain.model import Contract, ContractState, Organization, OrganizationKind, Works
from tashika_server.domain.monthly import MonthlyPayer
from tashika_server.domain.policy import Orderer
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.domain.tariff import Tariff


class Looking(Protocol):
    """What both a read view and a unit of work can look up."""

    @property
    def organizations(self) -> ReadRecords[Organization]: ...
    @property
    def orderers(self) -> ReadRecords[Orderer]: ...
    @property
    def works(self) -> ReadRecords[Works]: ...
    @property
    def contracts(self) -> ReadContracts: ...
    @property
    def tariffs(self) -> ReadRecords[Tariff]: ...
    @property
    def payers(self) -> ReadRecords[MonthlyPayer]: ...


def not_found(resource: str, field: str = "") -> RefusedError:
    """Make the refusal for a thing that is not there for this caller."""
    return refuse(Reason.NOT_FOUND, field, resource=resource)


def contract_of(look: Looking, caller: Caller, contract_id: str) -> Contract:
    """Give a contract that the caller's organisation is a party of; a guarantor does not see drafts."""
    contract = look.contracts.get(contract_id)
    if contract is None or not may_see(contract, caller):
        raise not_found("contract", "contract_id")
    return contract


def may_see(contract: Contract, caller: Caller) -> bool:
    """Say whether the caller's organisation is a party of the contract."""
    if caller.organization_kind is OrganizationKind.CONTRACTOR:
        return contract.organization_id == caller.organization_id
    if caller.organization_kind is OrganizationKind.GUARANTOR:
        return contract.guarantor_id == caller.organization_id and contract.state is not ContractState.DRAFT
    return False


def works_of(look: Looking, caller: Caller, works_id: str, field: str = "works_id") -> Works:
    """Give a works contract of the caller's organisation."""
    works = look.works.get(works_id)
    if works is None or works.organization_id != caller.organization_id:
        raise not_found("works", field)
    return works


def guarantor(look: Looking, organization_id: str, field: str = "guarantor_id") -> Organization:
    """Give a guarantor that applications can go to."""
    found = look.organizations.get(organization_id)
    if found is None or found.kind is not OrganizationKind.GUARANTOR or found.disabled:
        raise not_found("guarantor", field)
    return found


def organization(look: Looking, organization_id: str) -> Organization:
    """Give an organisation that must be there, since something that is kept refers to it."""
    found = look.organizations.get(organization_id)
    if found is None:
        raise not_found("organization", "organization_id")
    return found


def orderer(look: Looking, orderer_id: str, field: str = "orderer_id") -> Orderer:
    """Give an orderer."""
    found = look.orderers.get(orderer_id)
    if found is None:
        raise not_found("orderer", field)
    return found
