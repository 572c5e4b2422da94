"""What an SSH host asks of the register for the people who come to it, each from where they are."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tashika.v1 import session_service_pb2 as sessions
from tashika_tui.client.errors import BrokenAnswer, RefusedByServer
from tashika_tui.client.gateway.calls import CALL_SECONDS, Calls, Metadata
from tashika_tui.client.intent import new_request_id

T = TypeVar("T")

# So many come at once, after a restart of the host or in the morning, that the register lets some in later. Who waits
# this long has a better answer in the sentence that says so.
BUSY_SECONDS = 15.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.05, 1.0
_BUSY = "SERVER_BUSY"


class SshHostCalls(Calls):
    """The register at the SSH host's door. One connection serves everybody; `source` is each person's address.

    While the register says that it is busy, whoever wants in is not sent away, but asked for again for some seconds.
    """

    async def whose_key(self, public_key: str, source: str, login_name: str = "") -> str:
        """The login name of the person whom a key signs in. Raises RefusedByServer (WRONG_CREDENTIALS)."""
        request = sessions.CheckSshKeyRequest(login_name=login_name, public_key=public_key)

        async def ask() -> sessions.CheckSshKeyResponse:
            with self._translated():
                return await self._sessions.CheckSshKey(
                    request, timeout=CALL_SECONDS, metadata=self._from(source)
                )

        return (await _in_turn(ask)).login_name

    async def sign_in_by_key(self, login_name: str, public_key: str, source: str, language: str) -> str:
        """The token of a person who proved to hold the key. Raises RegisterError."""
        request = sessions.CreateSessionRequest(
            login_name=login_name,
            language=language,
            ssh_key_assertion=sessions.SshKeyAssertion(public_key=public_key),
        )
        return await self._sign_in(request, source, language)

    async def sign_in_by_password(self, login_name: str, password: str, source: str) -> str:
        """The token of a person with this password. Raises RegisterError."""
        request = sessions.CreateSessionRequest(login_name=login_name, password=password)
        return await self._sign_in(request, source)

    async def sign_out(self, token: str, source: str) -> None:
        """Ends a session. Raises RegisterError, also where it is over already."""
        metadata = (*self._from(source), ("authorization", f"Bearer {token}"))
        request = sessions.DeleteSessionRequest(request_id=new_request_id())

        async def ask() -> None:
            with self._translated():
                await self._sessions.DeleteSession(request, timeout=CALL_SECONDS, metadata=metadata)

        await _in_turn(ask)

    async def _sign_in(self, request: sessions.CreateSessionRequest, source: str, language: str = "") -> str:

        async def ask() -> sessions.CreateSessionResponse:
            with self._translated():
                return await self._sessions.CreateSession(
                    request, timeout=CALL_SECONDS, metadata=self._from(source, language)
                )

        answer = await _in_turn(ask)
        if not answer.token:
            raise BrokenAnswer("no token")
        return answer.token

    def _from(self, source: str, language: str = "") -> Metadata:
        return (("accept-language", language or self._language), ("tashika-source", source))


async def _in_turn(call: Callable[[], Awaitable[T]]) -> T:
    """The answer of a call that is made again while the register is busy. Raises RegisterError."""
    loop = asyncio.get_running_loop()
    until, pause = loop.time() + BUSY_SECONDS, _FIRST_PAUSE_SECONDS
    while True:
        try:
            return await call()
        except RefusedByServer as error:
            # Not all at the same moment again.
            wait = pause * random.uniform(0.5, 1.5)  # noqa: S311
            if error.reason != _BUSY or loop.time() + wait > until:
                raise
        await asyncio.sleep(wait)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
