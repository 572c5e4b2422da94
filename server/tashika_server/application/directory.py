"""Organisations and people: made and changed by the operator, listed for those who deal with them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import not_found, orderer, organization
from tashika_server.application.ports import Change, Done, Ids, ListKind, ListQuery, Page, Replay, UnitOfWork
from tashika_server.domain.fields import check_organization, check_password, check_user
from tashika_server.domain.model import Branch, Organization, OrganizationKind, Role, User
from tashika_server.domain.opening_hours import IsHoliday, Standing, standing
from tashika_server.domain.reasons import Reason, RefusedError, refuse

_ROLES_OF: dict[OrganizationKind, frozenset[Role]] = {
    OrganizationKind.CONTRACTOR: frozenset({Role.CONTRACTOR}),
    OrganizationKind.GUARANTOR: frozenset({Role.UNDERWRITER, Role.APPROVER}),
    OrganizationKind.ORDERER: frozenset({Role.OFFICER}),
    OrganizationKind.OPERATOR: frozenset({Role.OPERATOR}),
}


@dataclass(frozen=True, slots=True)
class UserChanges:
    """What an operator changes of a person; ``None`` leaves it as it is."""

    name: str | None = None
    title: str | None = None
    mail: str | None = None
    roles: frozenset[Role] | None = None
    disabled: bool | None = None
    new_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Offices:
    """The moment at which offices were looked at."""

    moment: datetime
    is_holiday: IsHoliday

    def standing(self, branch: Branch) -> Standing | None:
        """Say how an office stands; None where its hours are not known."""
        return standing(branch.hours, self.moment, self.is_holiday) if branch.hours is not None else None


class Directory:
    """Use cases about organisations and people."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create_organization(
        self, caller: Caller, wanted: Organization, replay: Replay | None
    ) -> Organization:
        """Keep a new organisation; its id is given here. Refuses ALREADY_EXISTS for a code that is taken."""
        violations = check_organization(wanted, "organization")
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "organization.create")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Organization]:
            _check_orderer(uow, wanted)
            _refuse_taken_code(uow, wanted)
            new = replace(wanted, organization_id=ids.new("org"), revision=0)
            uow.organizations.add(new, change)
            return Done(new, (new.organization_id,))

        return await commit(self._kit, command, replay, lambda view: view.organizations)

    async def update_organization(
        self, caller: Caller, wanted: Organization, expected: int | None, replay: Replay | None
    ) -> Organization:
        """Replace an organisation's particulars. Its kind and a guarantor's code stay: numbers carry the code."""
        violations = check_organization(wanted, "organization")
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "organization.update")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Organization]:
            present = uow.organizations.get(wanted.organization_id)
            if present is None:
                raise not_found("organization", "organization.organization_id")
            same_revision(present.revision, expected)
            if wanted.kind is not present.kind:
                raise refuse(Reason.FIELD_NOT_ALLOWED, "organization.kind")
            if wanted.guarantor_code != present.guarantor_code:
                raise refuse(Reason.FIELD_NOT_ALLOWED, "organization.guarantor_code")
            _check_orderer(uow, wanted)
            changed = replace(wanted, revision=present.revision)
            uow.organizations.save(changed, change)
            return Done(changed, (changed.organization_id,))

        return await commit(self._kit, command, replay, lambda view: view.organizations)

    async def list_organizations(self, caller: Caller, query: ListQuery) -> Page:
        """List organisations. Only the operator sees others than guarantors."""
        equals = dict(query.equals)
        if Role.OPERATOR not in caller.roles:
            wanted = equals.setdefault("kind", OrganizationKind.GUARANTOR)
            if wanted != OrganizationKind.GUARANTOR:
                return Page((), None, None, 0, True)
        scoped = replace(query, kind=ListKind.ORGANIZATIONS, scope=None, equals=equals)
        return await self._kit.store.read(lambda view: view.list(scoped), slow=True)

    async def list_offices(self, query: ListQuery) -> tuple[Page, Offices]:
        """List the guarantors that work here with their offices, for anybody, and how each office stands now."""
        scoped = replace(
            query, kind=ListKind.ORGANIZATIONS, scope=None, equals={"kind": OrganizationKind.GUARANTOR}
        )
        page = await self._kit.store.read(lambda view: view.list(scoped), slow=True)
        return page, Offices(self._kit.clock.now(), self._kit.holidays.is_holiday)

    async def create_user(self, caller: Caller, wanted: User, password: str, replay: Replay | None) -> User:
        """Keep a new person with an initial password, which the person must change at the first sign-in."""
        violations = [
            *check_user(wanted, "user"),
            *check_password(password, wanted.login_name, "initial_password"),
        ]
        if violations:
            raise RefusedError(*violations)
        encoded = await self._kit.passwords.hash(password)
        return await self._add_user(
            change_by(caller, "user.create"), replace(wanted, password_hash=encoded), replay
        )

    async def _add_user(self, change: Change, wanted: User, replay: Replay | None) -> User:
        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[User]:
            home = uow.organizations.get(wanted.organization_id)
            if home is None:
                raise not_found("organization", "user.organization_id")
            _refuse_foreign_roles(wanted.roles, home)
            new = replace(wanted, user_id=ids.new("usr"), must_change_password=True, revision=0)
            uow.users.add(new, change)
            return Done(new, (new.user_id,))

        return await commit(self._kit, command, replay, lambda view: view.users)

    async def update_user(
        self, caller: Caller, user_id: str, changes: UserChanges, expected: int | None, replay: Replay | None
    ) -> User:
        """Change a person. Disabling and a new password sign the person out everywhere."""
        encoded = (
            await self._kit.passwords.hash(changes.new_password) if changes.new_password is not None else None
        )
        change = change_by(caller, "user.update")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[User]:
            present = uow.users.get(user_id)
            if present is None:
                raise not_found("user", "user_id")
            same_revision(present.revision, expected)
            changed = _changed(present, changes, encoded)
            _refuse_malformed_user(changed, changes)
            _refuse_foreign_roles(changed.roles, organization(uow, changed.organization_id))
            uow.users.save(changed, change)
            if encoded is not None or changed.disabled:
                uow.sessions.delete_of_user(user_id, change)
            return Done(changed, (user_id,))

        return await commit(self._kit, command, replay, lambda view: view.users)

    async def list_users(self, caller: Caller, query: ListQuery) -> Page:
        """List people."""
        scoped = replace(query, kind=ListKind.USERS, scope=None)
        return await self._kit.store.read(lambda view: view.list(scoped), slow=True)

    async def create_operator(self, login_name: str, name: str, password: str) -> User:
        """Make an operator's account from the host's own command line, the first one or a further one.

        Refuses ALREADY_EXISTS where the sign-in name is taken. The password counts as chosen by the person. A disabled
        organisation of operators is passed over: this account is also the way back in.
        """
        wanted = User("", "", login_name, name, roles=frozenset({Role.OPERATOR}))
        violations = [*check_user(wanted, "user"), *check_password(password, login_name, "password")]
        if violations:
            raise RefusedError(*violations)
        encoded = await self._kit.passwords.hash(password)
        change = Change("operator.create", "host")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[User]:
            home = next((each for each in _all(uow, OrganizationKind.OPERATOR) if not each.disabled), None)
            if home is None:
                home = Organization(ids.new("org"), OrganizationKind.OPERATOR, "Tashika 運営")
                uow.organizations.add(home, change)
            user = replace(
                wanted, user_id=ids.new("usr"), organization_id=home.organization_id, password_hash=encoded
            )
            uow.users.add(user, change)
            return Done(user, (user.user_id,))

        return await commit(self._kit, command, None, lambda view: view.users)


def _check_orderer(uow: UnitOfWork, wanted: Organization) -> None:
    if wanted.orderer_id:
        orderer(uow, wanted.orderer_id, "organization.orderer_id")


def _refuse_taken_code(uow: UnitOfWork, wanted: Organization) -> None:
    """A code opens the numbers of one guarantor's contracts; there are 99, so looking through them is quick."""
    code = wanted.guarantor_code
    if code is not None and any(
        each.guarantor_code == code for each in _all(uow, OrganizationKind.GUARANTOR)
    ):
        raise refuse(Reason.ALREADY_EXISTS, "organization.guarantor_code", value=code)


def _all(uow: UnitOfWork, kind: OrganizationKind) -> Iterator[Organization]:
    """Give every organisation of a kind of which there are few."""
    query = ListQuery(ListKind.ORGANIZATIONS, sort="name", equals={"kind": kind}, page_size=200)
    while True:
        page = uow.list(query)
        yield from (item for item in page.items if isinstance(item, Organization))
        if page.next_after is None:
            return
        query = replace(query, after=page.next_after)


def _changed(user: User, changes: UserChanges, encoded: str | None) -> User:
    return replace(
        user,
        name=user.name if changes.name is None else changes.name,
        title=user.title if changes.title is None else changes.title,
        mail=user.mail if changes.mail is None else changes.mail,
        roles=user.roles if changes.roles is None else changes.roles,
        disabled=user.disabled if changes.disabled is None else changes.disabled,
        password_hash=user.password_hash if encoded is None else encoded,
        must_change_password=user.must_change_password or encoded is not None,
    )


def _refuse_malformed_user(user: User, changes: UserChanges) -> None:
    violations = list(check_user(user, "user"))
    if changes.new_password is not None:
        violations += check_password(changes.new_password, user.login_name, "new_password")
    if violations:
        raise RefusedError(*violations)


def _refuse_foreign_roles(roles: frozenset[Role], home: Organization) -> None:
    for role in sorted(roles - _ROLES_OF[home.kind]):
        raise refuse(Reason.FIELD_NOT_ALLOWED, "user.roles", value=role)
