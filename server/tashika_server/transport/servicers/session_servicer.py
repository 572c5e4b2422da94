"""SessionService."""

from collections.abc import Sequence
from dataclasses import dataclass

from tashika.v1 import session_service_pb2 as pb
from tashika_server.application.ports import Clock
from tashika_server.application.sessions import Sessions
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.limits import MAX_ATTACHMENT_BYTES
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.call import Call
from tashika_server.transport.convert.directory import session_to_proto
from tashika_server.transport.convert.values import date_to_proto, moment_to_proto
from tashika_server.transport.methods import Handler, Lane, Method, service
from tashika_server.transport.servicers.files import CHUNK_BYTES
from tashika_server.transport.tokens import make_session_token


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What GetServerInfo says and what does not change while the server runs."""

    version: str
    demo: bool
    log_origin: str
    log_verifier_key: str
    root_certificates: Sequence[str] = ()


class SessionServicer:
    """Signing in and out."""

    def __init__(self, sessions: Sessions, clock: Clock, facts: ServerFacts) -> None:
        self._sessions = sessions
        self._clock = clock
        self._facts = facts

    async def create_session(self, request: pb.CreateSessionRequest, call: Call) -> pb.CreateSessionResponse:
        """Sign in."""
        language = request.language or call.language
        by_key = request.HasField("ssh_key_assertion")
        if not by_key and not request.password:
            raise refuse(Reason.FIELD_REQUIRED, "password")
        if by_key and request.password:
            raise refuse(Reason.FIELD_NOT_ALLOWED, "password")
        if by_key:
            made = await self._sessions.create_by_key(
                call.caller, request.login_name, request.ssh_key_assertion.public_key, language
            )
        else:
            made = await self._sessions.create(
                request.login_name, request.password, language, call.peer, over_ssh=call.caller.ssh_host
            )
        token = make_session_token(made.session.session_id, made.secret)
        return pb.CreateSessionResponse(token=token, session=session_to_proto(made))

    async def get_session(self, _: pb.GetSessionRequest, call: Call) -> pb.GetSessionResponse:
        """Say who is signed in."""
        return pb.GetSessionResponse(session=session_to_proto(await self._sessions.get(call.caller)))

    async def delete_session(self, _: pb.DeleteSessionRequest, call: Call) -> pb.DeleteSessionResponse:
        """Sign out."""
        await self._sessions.delete(call.caller)
        return pb.DeleteSessionResponse()

    async def change_password(
        self, request: pb.ChangePasswordRequest, call: Call
    ) -> pb.ChangePasswordResponse:
        """Change the caller's password."""
        await self._sessions.change_password(call.caller, request.old_password, request.new_password)
        return pb.ChangePasswordResponse()

    async def check_ssh_key(self, request: pb.CheckSshKeyRequest, call: Call) -> pb.CheckSshKeyResponse:
        """Say whose key a key is."""
        name = await self._sessions.check_key(call.caller, request.login_name, request.public_key)
        return pb.CheckSshKeyResponse(login_name=name)

    async def get_server_info(self, _: pb.GetServerInfoRequest, call: Call) -> pb.GetServerInfoResponse:
        """Say what this server is."""
        now = self._clock.now()
        return pb.GetServerInfoResponse(
            version=self._facts.version,
            demo=self._facts.demo,
            server_time=moment_to_proto(now),
            today=date_to_proto(japan_day(now)),
            log_origin=self._facts.log_origin,
            log_verifier_key=self._facts.log_verifier_key,
            max_attachment_bytes=MAX_ATTACHMENT_BYTES,
            max_chunk_bytes=CHUNK_BYTES,
            root_certificates=self._facts.root_certificates,
        )

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "CreateSession": self.create_session,
            "GetSession": self.get_session,
            "DeleteSession": self.delete_session,
            "ChangePassword": self.change_password,
            "CheckSshKey": self.check_ssh_key,
            "GetServerInfo": self.get_server_info,
        }
        lanes = {"CreateSession": Lane.SIGN_INS, "ChangePassword": Lane.SIGN_INS}
        return service("tashika.v1.SessionService", handlers, lanes)
