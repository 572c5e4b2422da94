"""Signing in and out, and who a token belongs to."""

import contextlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by
from tashika_server.application.ports import Change, Done, Ids, ReadView, UnitOfWork
from tashika_server.application.signed_in import SignedIn, SignedInPeople, look_up
from tashika_server.application.ssh_keys import owner_of, read_key
from tashika_server.domain.fields import check_password
from tashika_server.domain.model import Organization, Role, Session, User
from tashika_server.domain.reasons import Reason, RefusedError, refuse

IDLE = timedelta(hours=1)
"""A clerk called away for longer signs in again; shorter idle times cost drafts their owners' patience."""

ABSOLUTE = timedelta(hours=12)
"""A working day: a token that is taken along is worthless the next morning."""

TOUCH_EVERY = timedelta(minutes=1)
"""The idle time moves on at most this often, so that not every read becomes a write."""

WINDOW = timedelta(minutes=10)
"""Failed sign-ins count in windows of this length; a new window forgives, so nobody stays locked out."""

LIMIT_PER_NAME_AND_PEER = 20
"""Tries of one person's passwords from one peer in a window: far above typing errors, far below a dictionary."""

LIMIT_PER_NAME = 100
"""Tries of one name from everywhere (NIST SP 800-63B section 5.2.2 allows at most 100)."""

LIMIT_PER_PEER = 300
"""Tries from one address in a window, whatever the names: an office behind one address, not a list of names."""

LOCAL_PEER = "unix"
"""Everybody on the host itself is this one peer, so no limit per peer goes for it."""

SECRET_BYTES = 32


class Sessions:
    """Use cases about sessions."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._people = SignedInPeople(kit.store)

    async def create(
        self, login_name: str, password: str, language: str, peer: str, *, over_ssh: bool = False
    ) -> SignedIn:
        """Sign a person in.

        An unknown name, a wrong password and a disabled account are refused alike (WRONG_CREDENTIALS), after the
        same work; TOO_MANY_ATTEMPTS where this name was tried too often; OPERATOR_OVER_SSH where the right password of
        an operator came through the SSH host, which must never hold an operator's token.
        """
        await self._count_attempt(login_name, peer)
        found = await self._kit.store.read(lambda view: _person(view, login_name))
        encoded = found[0].password_hash if found else ""
        right = await self._kit.passwords.verify(password, encoded)
        if not right or found is None:
            await self._audit_failure(login_name, peer)
            raise refuse(Reason.WRONG_CREDENTIALS)
        if over_ssh and Role.OPERATOR in found[0].roles:
            raise refuse(Reason.OPERATOR_OVER_SSH)
        change = Change("session.create", found[0].user_id, found[1].organization_id, peer)
        # The password was compared with what stood there some time ago, and may have been changed since.
        return await self._open_session(*found, language, change, lambda uow: True)

    async def create_by_key(self, host: Caller, login_name: str, public_key: str, language: str) -> SignedIn:
        """Sign in a person who proved to the SSH host that they hold a registered key.

        ``host`` is the caller: nobody but the SSH host is believed (PERMISSION_DENIED). WRONG_CREDENTIALS where the key
        does not sign in this person. Nothing is counted: a key can't be guessed, and the host saw the proof.
        """
        if not host.ssh_host:
            raise refuse(Reason.PERMISSION_DENIED)
        key = read_key(public_key, "ssh_key_assertion.public_key")
        found = await self._kit.store.read(lambda view: owner_of(view, key, login_name))
        if found is None or not login_name:
            await self._audit_failure(login_name, host.peer)
            raise refuse(Reason.WRONG_CREDENTIALS)
        user, organization = found
        change = Change("session.create_by_ssh_key", user.user_id, organization.organization_id, host.peer)
        return await self._open_session(
            user, organization, language, change, lambda uow: owner_of(uow, key, login_name) is not None
        )

    async def check_key(self, host: Caller, login_name: str, public_key: str) -> str:
        """Give the login name of the person whom a key signs in, for the SSH host.

        Refuses WRONG_CREDENTIALS where it signs in nobody, or with ``login_name`` another one.
        """
        if not host.ssh_host:
            raise refuse(Reason.PERMISSION_DENIED)
        key = read_key(public_key, "public_key")
        found = await self._kit.store.read(lambda view: owner_of(view, key, login_name))
        if found is None:
            raise refuse(Reason.WRONG_CREDENTIALS)
        return found[0].login_name

    async def authenticate(self, session_id: str, secret: bytes, language: str, peer: str) -> Caller:
        """Give the person behind a token; UNAUTHENTICATED for a wrong one, SESSION_EXPIRED for an old one."""
        now = self._kit.clock.now()
        found = await self._people.find(session_id, now)
        expected = found.session.secret_hash if found else b"\0" * 32
        if not hmac.compare_digest(self._kit.vault.digest("session", secret), expected) or found is None:
            raise refuse(Reason.UNAUTHENTICATED)
        session = found.session
        _refuse_ended(found, now)
        if now >= session.last_used_time + TOUCH_EVERY:
            # Where the store takes no writes at the moment, the session ends earlier, and reading goes on.
            with contextlib.suppress(RefusedError):
                await self._touch(session_id, now)
        return _caller(found, language or session.language, peer)

    async def look_again(self, caller: Caller) -> Caller:
        """Give the caller as the person is now, for a call that stays open; refuses as ``authenticate`` does.

        The idle time does not move on: nobody is at the keyboard because a window is open.
        """
        found = await self._kit.store.read(lambda view: look_up(view, caller.session_id))
        if found is None:
            raise refuse(Reason.UNAUTHENTICATED)
        _refuse_ended(found, self._kit.clock.now())
        return _caller(found, caller.language, caller.peer)

    async def get(self, caller: Caller) -> SignedIn:
        """Give the caller's own session."""
        found = await self._kit.store.read(lambda view: look_up(view, caller.session_id))
        if found is None:
            raise refuse(Reason.UNAUTHENTICATED)
        return found

    async def delete(self, caller: Caller) -> None:
        """Sign the caller out."""
        change = change_by(caller, "session.delete")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            uow.sessions.delete(caller.session_id, change)
            return Done(None)

        await self._kit.store.run(command)

    async def change_password(self, caller: Caller, old: str, new: str) -> None:
        """Give the caller a new password and sign out every other session of theirs.

        Refuses WRONG_CREDENTIALS for a wrong old one and PASSWORD_UNSUITABLE for a new one that is too weak.
        """
        user = (await self.get(caller)).user
        await self._count_attempt(user.login_name, caller.peer)
        if not await self._kit.passwords.verify(old, user.password_hash):
            raise refuse(Reason.WRONG_CREDENTIALS, "old_password")
        violations = check_password(new, user.login_name, "new_password")
        if old == new:
            raise refuse(Reason.PASSWORD_UNSUITABLE, "new_password", problem="SAME")
        if violations:
            raise RefusedError(*violations)
        encoded = await self._kit.passwords.hash(new)
        change = change_by(caller, "user.change_password")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            present = uow.users.get(caller.user_id)
            session = uow.sessions.get(caller.session_id)
            if present is None or session is None or present.password_hash != user.password_hash:
                raise refuse(Reason.ETAG_MISMATCH)
            uow.users.save(replace(present, password_hash=encoded, must_change_password=False), change)
            uow.sessions.delete_of_user(caller.user_id, change)
            uow.sessions.add(session, change)
            return Done(None)

        await self._kit.store.run(command)

    async def _count_attempt(self, login_name: str, peer: str) -> None:
        """Count the attempt before it is tried, so that many at once can't slip past the limit."""
        name = login_name.encode()
        bucket_both = self._kit.vault.digest("throttle", b"sign-in", name, peer.encode())
        bucket_name = self._kit.vault.digest("throttle", b"sign-in", name)
        bucket_peer = self._kit.vault.digest("throttle", b"sign-in-peer", peer.encode())

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[bool]:
            start = window_start(now)
            by_both = uow.throttle.add(bucket_both, start)
            by_name = uow.throttle.add(bucket_name, start)
            by_peer = 0 if peer == LOCAL_PEER else uow.throttle.add(bucket_peer, start)
            over = by_both > LIMIT_PER_NAME_AND_PEER or by_name > LIMIT_PER_NAME or by_peer > LIMIT_PER_PEER
            return Done(over)

        outcome = await self._kit.store.run(command)
        if outcome.value:
            wait = window_start(outcome.time) + WINDOW - outcome.time
            raise refuse(Reason.TOO_MANY_ATTEMPTS, retry_after_seconds=max(1, int(wait.total_seconds())))

    async def _audit_failure(self, login_name: str, peer: str) -> None:
        change = Change(action="session.refused", actor="anonymous", peer=peer)
        # The name may be a password typed into the wrong field, so only its digest is kept.
        name_digest = self._kit.vault.digest("throttle", b"audit", login_name.encode()).hex()[:16]

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            uow.audit(change, "session", {"login_name_digest": name_digest})
            return Done(None)

        await self._kit.store.run(command)

    async def _open_session(
        self,
        user: User,
        organization: Organization,
        language: str,
        change: Change,
        still: Callable[[UnitOfWork], bool],
    ) -> SignedIn:
        """Open a session, if what signed the person in holds ``still`` in the transaction that does it."""
        secret = self._kit.randomness.token(SECRET_BYTES)
        secret_hash = self._kit.vault.digest("session", secret)

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Session]:
            present = uow.users.get(user.user_id)
            if present is None or present.disabled or present.password_hash != user.password_hash:
                raise refuse(Reason.WRONG_CREDENTIALS)
            if not still(uow):
                raise refuse(Reason.WRONG_CREDENTIALS)
            session = Session(ids.new("ses"), user.user_id, secret_hash, now, now, now + ABSOLUTE, language)
            uow.sessions.add(session, change)
            return Done(session)

        outcome = await self._kit.store.run(command)
        if outcome.value is None:
            raise refuse(Reason.OUTCOME_UNKNOWN)
        return SignedIn(outcome.value, user, organization, secret)

    async def _touch(self, session_id: str, now: datetime) -> None:
        def command(uow: UnitOfWork, at: datetime, ids: Ids) -> Done[None]:
            uow.sessions.touch(session_id, now)
            return Done(None)

        await self._kit.store.run(command)


def window_start(now: datetime) -> datetime:
    """Give the beginning of the window of failures that a moment lies in."""
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _person(view: ReadView, login_name: str) -> tuple[User, Organization] | None:
    user = view.users.by_login_name(login_name)
    organization = view.organizations.get(user.organization_id) if user else None
    if user is None or organization is None or user.disabled or organization.disabled:
        return None
    return user, organization


def _refuse_ended(found: SignedIn, now: datetime) -> None:
    session = found.session
    if now >= session.expires_time or now >= session.last_used_time + IDLE:
        raise refuse(Reason.SESSION_EXPIRED)
    if found.user.disabled or found.organization.disabled:
        raise refuse(Reason.UNAUTHENTICATED)


def _caller(found: SignedIn, language: str, peer: str) -> Caller:
    return Caller(
        user_id=found.user.user_id,
        organization_id=found.organization.organization_id,
        organization_kind=found.organization.kind,
        orderer_id=found.organization.orderer_id,
        roles=found.user.roles,
        session_id=found.session.session_id,
        must_change_password=found.user.must_change_password,
        language=language,
        peer=peer,
    )
