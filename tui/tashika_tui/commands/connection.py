"""The way from a session to the register."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tashika_tui.client.errors import RegisterError
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.port import Register
from tashika_tui.context import Arrival, SessionContext
from tashika_tui.problems import Exit, LocalError
from tashika_tui.sign_in import SignIn, recall


@asynccontextmanager
async def connected(session: SessionContext, token: str = "") -> AsyncIterator[Register]:
    """The register, as an anonymous caller or with a session's token. Raises LocalError."""
    async with session.connect(session, token) as register:
        yield register


@asynccontextmanager
async def signed_in(session: SessionContext) -> AsyncIterator[Register]:
    """The register as the person who signed in. Raises LocalError where nobody did."""
    if session.arrival is not None:
        async with _arrived(session, session.arrival) as register:
            yield register
        return
    async with connected(session, required_sign_in(session).token) as register:
        yield register


@asynccontextmanager
async def _arrived(session: SessionContext, arrival: Arrival) -> AsyncIterator[Register]:
    async with connected(session, await arrival.token()) as register:
        try:
            yield register
        finally:
            if arrival.ends:
                with contextlib.suppress(RegisterError):
                    await register.delete_session(new_request_id())


def required_sign_in(session: SessionContext) -> SignIn:
    """The remembered sign-in at this server. Raises LocalError where there is none, or it is over."""
    where = session.endpoint()
    found = recall(session.environment, where.target)
    if found is None or (found.expire_time is not None and found.expire_time <= session.now()):
        raise LocalError("problem.not_signed_in", Exit.REFUSED, server=where.target)
    return found
