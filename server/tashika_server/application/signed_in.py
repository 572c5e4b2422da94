"""Who is signed in: looked up for nearly every call, and remembered between two commits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tashika_server.application.ports import ReadView, Store
from tashika_server.domain.model import Organization, Session, User

CAPACITY = 4_096
"""Sessions that are remembered: the people of one server on one day."""

LONGEST = timedelta(seconds=1)
"""A database that another server took over changes without this one being told; that shows after this time."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with the person and the organisation; ``secret`` is there once, at sign-in."""

    session: Session
    user: User
    organization: Organization
    secret: bytes = field(default=b"", repr=False)


class SignedInPeople:
    """Finds who a session belongs to.

    What was found is used again only while the store stands where it stood before that was read. A sign-out, a
    disabled account or a changed password is a commit, and the store moves on before that is answered: the next
    call is refused as if nothing were remembered. The secret is not in here; each call's own is checked.
    """

    def __init__(self, store: Store, capacity: int = CAPACITY) -> None:
        self._store = store
        self._capacity = capacity
        self._standing: int | None = None
        self._found: dict[str, tuple[datetime, SignedIn]] = {}

    async def find(self, session_id: str, now: datetime) -> SignedIn | None:
        """Give the session with its person, also one that is past its time; ``None`` for one that is not there."""
        # Asked before reading: a commit in between makes what was read look too old, never too new.
        standing = self._store.standing()
        if standing is None or standing != self._standing:
            self._found.clear()
            self._standing = standing
        kept = self._found.get(session_id)
        if kept is not None and kept[0] <= now < kept[0] + LONGEST:
            return kept[1]
        found = await self._store.read(lambda view: look_up(view, session_id))
        if found is not None and standing is not None and standing == self._standing:
            if len(self._found) >= self._capacity:
                self._found.clear()
            self._found[session_id] = (now, found)
        return found


def look_up(view: ReadView, session_id: str) -> SignedIn | None:
    """Read a session with its person and organisation."""
    session = view.sessions.get(session_id)
    user = view.users.get(session.user_id) if session else None
    organization = view.organizations.get(user.organization_id) if user else None
    if session is None or user is None or organization is None:
        return None
    return SignedIn(session, user, organization)
