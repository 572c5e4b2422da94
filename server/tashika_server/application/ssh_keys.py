"""People's keys for signing in over SSH: registered by themselves, looked after by the operator too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tashika_formats.ssh_key import SshKeyError, SshPublicKey, parse_ssh_key
from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit
from tashika_server.application.lookups import not_found
from tashika_server.application.ports import (
    Done,
    Ids,
    ReadRecords,
    ReadSshKeys,
    ReadUsers,
    Replay,
    UnitOfWork,
)
from tashika_server.domain import limits
from tashika_server.domain.form import Findings
from tashika_server.domain.model import Organization, Role, SshKey, User
from tashika_server.domain.reasons import Reason, RefusedError, refuse


class SshKeys:
    """Use cases about keys."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def add(self, caller: Caller, public_key: str, name: str, replay: Replay | None) -> SshKey:
        """Register a key of the caller's own, under the name or else under its comment.

        Refuses SSH_KEY_UNSUITABLE, TOO_MANY_ITEMS, and ALREADY_EXISTS for a key that anybody has registered.
        """
        key = read_key(public_key, "public_key")
        found = Findings("")
        found.text("name", name, limits.SHORT)
        if found.violations:
            raise RefusedError(*found.violations)
        change = change_by(caller, "ssh_key.add")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[SshKey]:
            if uow.ssh_keys.by_fingerprint(key.fingerprint) is not None:
                raise refuse(Reason.ALREADY_EXISTS, "public_key")
            if len(uow.ssh_keys.of_user(caller.user_id)) >= limits.MAX_SSH_KEYS:
                raise refuse(Reason.TOO_MANY_ITEMS, "public_key", maximum=limits.MAX_SSH_KEYS)
            new = SshKey(
                ssh_key_id=ids.new("ssh"),
                user_id=caller.user_id,
                name=name or key.comment,
                public_key=key.line,
                fingerprint=key.fingerprint,
                created_time=now,
            )
            uow.ssh_keys.add(new, change)
            return Done(new, (new.ssh_key_id,))

        return await commit(self._kit, command, replay, lambda view: view.ssh_keys)

    async def list(self, caller: Caller, user_id: str) -> Sequence[SshKey]:
        """Give a person's keys, the oldest first; without ``user_id`` the caller's own."""
        if user_id not in ("", caller.user_id) and Role.OPERATOR not in caller.roles:
            raise refuse(Reason.PERMISSION_DENIED)
        return await self._kit.store.read(lambda view: view.ssh_keys.of_user(user_id or caller.user_id))

    async def remove(self, caller: Caller, ssh_key_id: str, replay: Replay | None) -> None:
        """Remove a key, and end the person's sessions but the one that this was asked in.

        Which session came by which key is not kept: as after a new password, all of them go.
        """
        change = change_by(caller, "ssh_key.remove")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            key = uow.ssh_keys.get(ssh_key_id)
            if key is None or (key.user_id != caller.user_id and Role.OPERATOR not in caller.roles):
                raise not_found("ssh_key", "ssh_key_id")
            uow.ssh_keys.delete(ssh_key_id, change)
            own = uow.sessions.get(caller.session_id) if key.user_id == caller.user_id else None
            uow.sessions.delete_of_user(key.user_id, change)
            if own is not None:
                uow.sessions.add(own, change)
            return Done(None, (ssh_key_id,))

        await self._kit.store.run(command, replay)


class LookingAtKeys(Protocol):
    """What both a read view and a unit of work can look up."""

    @property
    def ssh_keys(self) -> ReadSshKeys: ...
    @property
    def users(self) -> ReadUsers: ...
    @property
    def organizations(self) -> ReadRecords[Organization]: ...


def read_key(text: str, field: str) -> SshPublicKey:
    """Read a public key. Refuses SSH_KEY_UNSUITABLE, without a part of what was entered."""
    try:
        return parse_ssh_key(text)
    except SshKeyError as error:
        raise refuse(Reason.SSH_KEY_UNSUITABLE, field, problem=error.code) from None


def owner_of(look: LookingAtKeys, key: SshPublicKey, login_name: str) -> tuple[User, Organization] | None:
    """Give the person whom a key signs in, ``None`` where it signs nobody in or, with ``login_name``, another one.

    No key signs in an operator, even one that was registered before the person became an operator.
    """
    found = look.ssh_keys.by_fingerprint(key.fingerprint)
    user = look.users.get(found.user_id) if found else None
    organization = look.organizations.get(user.organization_id) if user else None
    if user is None or organization is None or user.disabled or organization.disabled:
        return None
    if login_name not in ("", user.login_name) or Role.OPERATOR in user.roles:
        return None
    return user, organization
