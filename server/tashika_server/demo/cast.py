"""The people of the samples, made as an operator makes them; each owner changes the first password."""

import asyncio
from dataclasses import dataclass, replace

from tashika_server.application.caller import Caller
from tashika_server.application.use_cases import UseCases
from tashika_server.demo.passwords import memorable_password
from tashika_server.demo.samples import organizations as sample
from tashika_server.demo.samples.organizations import SampleParty, SamplePerson
from tashika_server.domain.model import Organization, OrganizationKind, Role, User
from tashika_server.host.guarantor_signers import GuarantorSigners

PEER = "demo"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in. The password is a secret, though one of a sample."""

    person: SamplePerson
    organization: str
    kind: OrganizationKind
    password: str
    caller: Caller

    def __repr__(self) -> str:
        return f"Account({self.person.login_name})"


@dataclass(frozen=True, slots=True)
class Party:
    """A sample organisation that is in the register, with its accounts."""

    organization: Organization
    accounts: tuple[Account, ...]

    def caller(self, role: Role) -> Caller:
        """Give somebody of it with the role."""
        return next(account.caller for account in self.accounts if role in account.person.roles)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in the samples."""

    operator: Account
    guarantors: tuple[Party, ...]
    contractors: tuple[Party, ...]
    orderers: tuple[Party, ...]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every account, the operator's first."""
        parties = (*self.guarantors, *self.contractors, *self.orderers)
        return (self.operator, *(account for party in parties for account in party.accounts))


class CastMaker:
    """Makes the people of the samples."""

    def __init__(self, use_cases: UseCases, signers: GuarantorSigners) -> None:
        self._use_cases = use_cases
        self._signers = signers

    async def make(self) -> Cast:
        """Make the operator, then, as the operator, everybody else; guarantors get a demonstration certificate."""
        operator = await self._operator()
        groups = (sample.GUARANTORS, sample.CONTRACTORS, sample.ORDERER_ACCOUNTS)
        made = await asyncio.gather(*(self._parties(operator.caller, group) for group in groups))
        for party in made[0]:
            self._signers.name_demo_signer(party.organization.organization_id, party.organization.name)
        return Cast(operator, *made)

    async def _operator(self) -> Account:
        password = memorable_password()
        person = sample.OPERATOR
        user = await self._use_cases.directory.create_operator(person.login_name, person.name, password)
        caller = Caller(
            user_id=user.user_id,
            organization_id=user.organization_id,
            organization_kind=OrganizationKind.OPERATOR,
            roles=user.roles,
            peer=PEER,
        )
        return Account(person, "", OrganizationKind.OPERATOR, password, caller)

    async def _parties(self, operator: Caller, parties: tuple[SampleParty, ...]) -> tuple[Party, ...]:
        # Beside each other, as most of the time goes into hashing passwords and waiting for the disk.
        return tuple(await asyncio.gather(*(self._party(operator, party) for party in parties)))

    async def _party(self, operator: Caller, party: SampleParty) -> Party:
        organization = await self._use_cases.directory.create_organization(operator, party.organization, None)
        accounts = await asyncio.gather(
            *(self._account(operator, organization, person) for person in party.people)
        )
        return Party(organization, tuple(accounts))

    async def _account(self, operator: Caller, organization: Organization, person: SamplePerson) -> Account:
        """Make somebody's account, and change its first password, as its owner would, so that it is ready."""
        initial, password = memorable_password(), memorable_password()
        user = User(
            "",
            organization.organization_id,
            person.login_name,
            person.name,
            title=person.title,
            mail=f"{person.login_name}@example.jp",
            roles=person.roles,
        )
        await self._use_cases.directory.create_user(operator, user, initial, None)
        sessions = self._use_cases.sessions
        signed_in = await sessions.create(person.login_name, initial, "ja", PEER)
        caller = Caller(
            user_id=signed_in.user.user_id,
            organization_id=organization.organization_id,
            organization_kind=organization.kind,
            orderer_id=organization.orderer_id,
            roles=signed_in.user.roles,
            session_id=signed_in.session.session_id,
            peer=PEER,
        )
        await sessions.change_password(caller, initial, password)
        await sessions.delete(caller)
        return Account(person, organization.name, organization.kind, password, replace(caller, session_id=""))
