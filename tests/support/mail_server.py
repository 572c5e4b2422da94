"""A real mail server for tests, on loopback and in the test's own loop; a test chooses its troubles stage by stage."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from enum import Enum, auto
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

GONE_SECONDS = 20.0
"""A connection that is still there after this long is a fault of the test."""


class Stage(Enum):
    """Where something can go wrong."""

    CONNECT = auto()
    EHLO = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    END = auto()


class Act(Enum):
    """What the server does at a stage.

    ``LATER`` is a reply that begins with 4, ``NEVER`` one with 5. ``DROP`` hangs up; at the end of a mail the server
    has taken it all the same. ``SLOW`` answers nothing. ``FORGET`` says that it has the mail, and loses it.
    """

    OK = auto()
    LATER = auto()
    NEVER = auto()
    CLOSING = auto()
    DROP = auto()
    SLOW = auto()
    FORGET = auto()


@dataclass(frozen=True)
class Kept:
    """A mail that the server has. ``acknowledged``: it said so."""

    receiver: str
    sender: str
    content: bytes
    acknowledged: bool
    options: tuple[str, ...] = ()

    @property
    def message(self) -> EmailMessage:
        """The mail, as a mail program reads it."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def from_name(self) -> str:
        """The name before the address that it comes from. The newer reader of headers has a space between two words of
        a long name, where there is none (RFC 2047, 6.2)."""
        header = str(message_from_bytes(self.content, policy=policy.compat32)["From"])
        return str(make_header(decode_header(header))).rpartition("<")[0].strip().strip('"')

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])


Plan = Callable[[Stage, str], Act]
"""What to do at a stage; from RCPT on for this receiver."""


@dataclass
class MailServer:
    """A server that runs. ``kept`` are the mails that it has, ``tried`` how often each stage was reached."""

    port: int = 0
    plan: Plan = lambda stage, receiver: Act.OK
    kept: list[Kept] = field(default_factory=list)
    tried: list[Stage] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    protected: list[bool] = field(default_factory=list)
    said_at_end: Callable[[Kept], None] = lambda kept: None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    connected: set[asyncio.BaseTransport] = field(default_factory=set)

    async def act(self, desk: SMTP, stage: Stage, receiver: str = "") -> str | None:
        """What to answer at a stage; ``None``: as usual."""
        self.tried.append(stage)
        match self.plan(stage, receiver):
            case Act.LATER:
                return f"451 4.3.0 Not now, at {stage.name}"
            case Act.NEVER:
                return f"550 5.1.1 Never, at {stage.name}"
            case Act.CLOSING:
                return "421 4.3.2 Closing"
            case Act.DROP:
                hang_up(desk)
            case Act.SLOW:
                await self.stopped.wait()
                hang_up(desk)
        return None

    def keep(self, envelope: Envelope, *, acknowledged: bool) -> None:
        """Have a mail."""
        content = bytes(cast(bytes, envelope.original_content))
        options = tuple(envelope.mail_options)
        kept = Kept(envelope.rcpt_tos[0], str(envelope.mail_from), content, acknowledged, options)
        self.kept.append(kept)
        self.said_at_end(kept)

    def of(self, receiver: str) -> list[Kept]:
        """The mails that the server has for a receiver."""
        return [each for each in self.kept if each.receiver == receiver]


def hang_up(desk: SMTP) -> None:
    """End the connection without a word."""
    cast(asyncio.Transport, desk.transport).abort()
    raise asyncio.CancelledError


class _Desk(SMTP):
    """aiosmtpd with a plan for what comes before its hooks."""

    def __init__(self, server: MailServer, **options: Any) -> None:
        with warnings.catch_warnings():
            # It does not know of TLS that was there from the first byte on.
            warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
            super().__init__(_Hooks(server), loop=asyncio.get_running_loop(), hostname="mail.test", **options)
        self._server = server
        self._lines: list[asyncio.BaseTransport] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._lines.append(transport)
        self._server.connected.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._server.connected.difference_update(self._lines)

    async def _handle_client(self) -> None:
        said = await self._server.act(self, Stage.CONNECT)
        if said is not None:
            await self.push(said)
            cast(asyncio.Transport, self.transport).close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        receiver = self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""
        said = await self._server.act(self, Stage.DATA, receiver)
        if said is not None:
            await self.push(said)
            return
        await super().smtp_DATA(arg)


class _Hooks:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_EHLO(
        self, desk: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        said = await self._server.act(desk, Stage.EHLO)
        return responses if said is None else [said]

    async def handle_MAIL(
        self, desk: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._server.act(desk, Stage.MAIL)
        if said is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(
        self, desk: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._server.act(desk, Stage.RCPT, address)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, desk: SMTP, session: Session, envelope: Envelope) -> str:
        server = self._server
        server.protected.append(session.ssl is not None)
        server.tried.append(Stage.END)
        match server.plan(Stage.END, envelope.rcpt_tos[0]):
            case Act.LATER:
                return "452 4.3.1 Disk is full"
            case Act.NEVER:
                return "554 5.6.0 Not that"
            case Act.DROP:
                server.keep(envelope, acknowledged=False)
                hang_up(desk)
            case Act.SLOW:
                server.keep(envelope, acknowledged=False)
                await server.stopped.wait()
                hang_up(desk)
            case Act.FORGET:
                return "250 OK"
        server.keep(envelope, acknowledged=True)
        return "250 OK"


@asynccontextmanager
async def mail_server(
    *,
    plan: Plan | None = None,
    users: dict[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
    implicit_tls: bool = False,
    utf8: bool = False,
    **options: Any,
) -> AsyncIterator[MailServer]:
    """Serve mail. ``users``: names and passwords of those who may sign in; everybody must then."""
    server = MailServer()
    if plan is not None:
        server.plan = plan

    def may(_: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
        assert isinstance(login, LoginPassword)
        server.signed_in.append((login.login.decode(), login.password.decode()))
        right = (users or {}).get(login.login.decode()) == login.password.decode()
        return AuthResult(success=right, handled=False, auth_data=login.login)

    wanted: dict[str, Any] = {"enable_SMTPUTF8": utf8, **options}
    if tls is not None and not implicit_tls:
        wanted |= {"tls_context": tls, "require_starttls": True}
    if users is not None:
        wanted |= {"authenticator": may, "auth_required": True, "auth_require_tls": not implicit_tls}
    listening = await asyncio.get_running_loop().create_server(
        lambda: _Desk(server, **wanted), "127.0.0.1", 0, ssl=tls if implicit_tls else None
    )
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        server.stopped.set()
        listening.close()
        async with asyncio.timeout(GONE_SECONDS):
            while server.connected:
                for transport in tuple(server.connected):
                    cast(asyncio.Transport, transport).abort()
                await asyncio.sleep(0.001)
        await listening.wait_closed()
