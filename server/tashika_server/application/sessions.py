"""Signing in and out, and who a token belongs to."""

import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by
from tashika_server.application.ports import Change, Done, Ids, ReadView, UnitOfWork
from tashika_server.domain.fields import check_password
from tashika_server.domain.model import Organization, Session, User
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

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with the person and the organisation; ``secret`` is there once, at sign-in."""

    session: Session
    user: User
    organization: Organization
    secret: bytes = b""


class Sessions:
    """Use cases about sessions."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, login_name: str, password: str, language: str, peer: str) -> SignedIn:
        """Sign a person in.

        An unknown name, a wrong password and a disabled account are refused alike (WRONG_CREDENTIALS), after the
        same work; TOO_MANY_ATTEMPTS where this name was tried too often.
        """
        await self._count_attempt(login_name, peer)
        found = await self._kit.store.read(lambda view: _person(view, login_name))
        encoded = found[0].password_hash if found else ""
        right = await self._kit.passwords.verify(password, encoded)
        if not right or found is None:
            await self._audit_failure(login_name, peer)
            raise refuse(Reason.WRONG_CREDENTIALS)
        return await self._open_session(*found, language, peer)

    async def authenticate(self, session_id: str, secret: bytes, language: str, peer: str) -> Caller:
        """Give the person behind a token; UNAUTHENTICATED for a wrong one, SESSION_EXPIRED for an old one."""
        found = await self._kit.store.read(lambda view: _signed_in(view, session_id))
        now = self._kit.clock.now()
        expected = found.session.secret_hash if found else b"\0" * 32
        if not hmac.compare_digest(self._kit.vault.digest("session", secret), expected) or found is None:
            raise refuse(Reason.UNAUTHENTICATED)
        session = found.session
        _refuse_ended(found, now)
        if now >= session.last_used_time + TOUCH_EVERY:
            await self._touch(session_id, now)
        return _caller(found, language or session.language, peer)

    async def look_again(self, caller: Caller) -> Caller:
        """Give the caller as the person is now, for a call that stays open; refuses as ``authenticate`` does.

        The idle time does not move on: nobody is at the keyboard because a window is open.
        """
        found = await self._kit.store.read(lambda view: _signed_in(view, caller.session_id))
        if found is None:
            raise refuse(Reason.UNAUTHENTICATED)
        _refuse_ended(found, self._kit.clock.now())
        return _caller(found, caller.language, caller.peer)

    async def get(self, caller: Caller) -> SignedIn:
        """Give the caller's own session."""
        found = await self._kit.store.read(lambda view: _signed_in(view, caller.session_id))
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

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[bool]:
            start = window_start(now)
            by_both = uow.throttle.add(bucket_both, start)
            by_name = uow.throttle.add(bucket_name, start)
            return Done(by_both > LIMIT_PER_NAME_AND_PEER or by_name > LIMIT_PER_NAME)

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
        self, user: User, organization: Organization, language: str, peer: str
    ) -> SignedIn:
        secret = self._kit.randomness.token(SECRET_BYTES)
        secret_hash = self._kit.vault.digest("session", secret)
        change = Change("session.create", user.user_id, organization.organization_id, peer)

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Session]:
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


def _signed_in(view: ReadView, session_id: str) -> SignedIn | None:
    session = view.sessions.get(session_id)
    user = view.users.get(session.user_id) if session else None
    organization = view.organizations.get(user.organization_id) if user else None
    if session is None or user is None or organization is None:
        return None
    return SignedIn(session, user, organization)


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
