"""Signing in and out, and what the server is."""

from tashika.v1 import session_service_pb2 as sessions
from tashika_tui.client import records
from tashika_tui.client.errors import BrokenAnswer
from tashika_tui.client.gateway.calls import Calls
from tashika_tui.client.wire import people


class SessionCalls(Calls):
    """The port's `Sessions`. What needs no session does not show one: a session that is over would be refused."""

    async def server_info(self) -> records.ServerInfo:
        """What the server is."""
        request = sessions.GetServerInfoRequest()
        answer = await self._unary(self._sessions.GetServerInfo, request, session=False)
        return people.server_info(answer)

    async def create_session(self, login_name: str, password: str) -> records.NewSession:
        """Signs a person in."""
        request = sessions.CreateSessionRequest(
            login_name=login_name, password=password, language=self._language
        )
        answer = await self._unary(self._sessions.CreateSession, request, session=False)
        if not answer.token:
            raise BrokenAnswer("no token")
        return records.NewSession(answer.token, people.session(answer.session))

    async def get_session(self) -> records.Session:
        """Who is signed in."""
        answer = await self._unary(self._sessions.GetSession, sessions.GetSessionRequest())
        return people.session(answer.session)

    async def delete_session(self, request_id: str) -> None:
        """Signs out; the token is void at once."""
        await self._unary(self._sessions.DeleteSession, sessions.DeleteSessionRequest(request_id=request_id))

    async def change_password(self, old_password: str, new_password: str) -> None:
        """Changes the caller's password."""
        request = sessions.ChangePasswordRequest(old_password=old_password, new_password=new_password)
        await self._unary(self._sessions.ChangePassword, request)
