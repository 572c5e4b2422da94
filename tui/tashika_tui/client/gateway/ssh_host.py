"""What an SSH host asks of the register for the people who come to it, each from where they are."""

from tashika.v1 import session_service_pb2 as sessions
from tashika_tui.client.errors import BrokenAnswer
from tashika_tui.client.gateway.calls import CALL_SECONDS, Calls, Metadata
from tashika_tui.client.intent import new_request_id


class SshHostCalls(Calls):
    """The register at the SSH host's door. One connection serves everybody; `source` is each person's address."""

    async def whose_key(self, public_key: str, source: str, login_name: str = "") -> str:
        """The login name of the person whom a key signs in. Raises RefusedByServer (WRONG_CREDENTIALS)."""
        request = sessions.CheckSshKeyRequest(login_name=login_name, public_key=public_key)
        with self._translated():
            answer = await self._sessions.CheckSshKey(
                request, timeout=CALL_SECONDS, metadata=self._from(source)
            )
        return answer.login_name

    async def sign_in_by_key(self, login_name: str, public_key: str, source: str, language: str) -> str:
        """The token of a person who proved to hold the key. Raises RegisterError."""
        request = sessions.CreateSessionRequest(
            login_name=login_name,
            language=language,
            ssh_key_assertion=sessions.SshKeyAssertion(public_key=public_key),
        )
        return await self._sign_in(request, source)

    async def sign_in_by_password(self, login_name: str, password: str, source: str) -> str:
        """The token of a person with this password. Raises RegisterError."""
        request = sessions.CreateSessionRequest(login_name=login_name, password=password)
        return await self._sign_in(request, source)

    async def sign_out(self, token: str, source: str) -> None:
        """Ends a session. Raises RegisterError, also where it is over already."""
        metadata = (*self._from(source), ("authorization", f"Bearer {token}"))
        request = sessions.DeleteSessionRequest(request_id=new_request_id())
        with self._translated():
            await self._sessions.DeleteSession(request, timeout=CALL_SECONDS, metadata=metadata)

    async def _sign_in(self, request: sessions.CreateSessionRequest, source: str) -> str:
        with self._translated():
            answer = await self._sessions.CreateSession(
                request, timeout=CALL_SECONDS, metadata=self._from(source)
            )
        if not answer.token:
            raise BrokenAnswer("no token")
        return answer.token

    def _from(self, source: str) -> Metadata:
        return (("accept-language", self._language), ("tashika-source", source))
