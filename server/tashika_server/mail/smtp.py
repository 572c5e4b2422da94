"""Handing mails to a mail server by SMTP: TLS unless the settings say otherwise, a time for everything, and for each
refusal what it means."""

import asyncio
import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from tashika_server.application.ports import Handover, KeyLetter, Letter
from tashika_server.domain.mailing import Delivery
from tashika_server.mail.message import AddressError, Message, Sender, compose, compose_key_letter

ANSWER_FACTOR: Final = 5
"""The answer to a whole mail takes longer than any other: the mail server looks through it first. Giving up early there
means a second mail (RFC 5321 section 4.5.3.2.6)."""

LONGEST_FACTOR: Final = 8
"""All of a handing over, connecting and signing in included, in times of the setting."""

_WANTS_SIGN_IN: Final = 530
_CLOSING: Final = 421
_REASON_CHARACTERS: Final = 200
_LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)


class Security(Enum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class SmtpOptions:
    """The mail server and how to speak to it. ``bounces`` is the envelope's sender; ``seconds`` is for one answer."""

    server: str
    port: int
    security: Security
    sender: Sender
    bounces: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    seconds: float = 30.0


class SmtpMailer:
    """The port ``Mailer``."""

    def __init__(self, options: SmtpOptions) -> None:
        self._options = options

    @property
    def address(self) -> str:
        """The address that mails come from."""
        return self._options.sender.address.addr_spec

    @property
    def host(self) -> str:
        """The domain of the address that mails come from."""
        return self._options.sender.address.domain

    @property
    def longest_seconds(self) -> float:
        """How long a handing over can take."""
        return self._options.seconds * LONGEST_FACTOR

    def line(self) -> "SmtpLine":
        """A connection that is not made yet."""
        return SmtpLine(self._options)


class _Stage(Enum):
    """How far a handing over came."""

    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"
    ANSWER = "the answer to the mail"


class _Client(smtplib.SMTP):
    """smtplib's client on a socket of ours, which can be cut off from outside."""

    def __init__(self, server: str, line: socket.socket, own_name: str, seconds: float) -> None:
        super().__init__(local_hostname=own_name, timeout=seconds)
        self._host = server  # whose name STARTTLS looks for in the certificate
        self.sock = line


def _context(options: SmtpOptions) -> ssl.SSLContext:
    """Read anew for each connection: authorities that were renewed count without a restart."""
    return ssl.create_default_context(cafile=str(options.ca) if options.ca else None)


class SmtpLine:
    """The port ``MailLine``: a connection of its own thread, since smtplib waits where it stands."""

    def __init__(self, options: SmtpOptions) -> None:
        self._options = options
        self._thread = ThreadPoolExecutor(1, "tashika-mail")
        self._client: smtplib.SMTP | None = None
        self._socket: socket.socket | None = None
        self._stage = _Stage.MAIL

    async def hand_over(self, letter: Letter | KeyLetter) -> Handover:
        """Hand a mail over, within the longest time."""
        return await self._timed(lambda: self._hand_over(letter))

    async def close(self) -> None:
        """Hang up."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._quit)
        self._thread.shutdown(wait=False)

    def cut(self) -> None:
        """Hang up at once, whatever is under way: that ends with an error within moments. Safe from any thread."""
        with contextlib.suppress(OSError):
            if self._socket is not None:
                # The plain one also where TLS lies over it, whose own shutdown would wait for the other side.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    async def _timed(self, work: Callable[[], Handover]) -> Handover:
        running = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            async with asyncio.timeout(self._options.seconds * LONGEST_FACTOR):
                return await asyncio.shield(running)
        except TimeoutError:
            self.cut()
            return await running
        except asyncio.CancelledError:
            self.cut()
            raise

    # --- in the thread -----------------------------------------------------------------------------------------

    def _hand_over(self, letter: Letter | KeyLetter) -> Handover:
        sender = self._options.sender
        try:
            message = (
                compose_key_letter(letter, sender)
                if isinstance(letter, KeyLetter)
                else compose(letter, sender)
            )
        except AddressError as error:
            return Handover(Delivery.NEVER, str(error))
        reused = self._client is not None
        result = self._attempt(message)
        if (
            reused
            and result.delivery is Delivery.LATER
            and self._client is None
            and self._stage is _Stage.MAIL
        ):
            # The mail server had closed the line between two mails, as it may.
            result = self._attempt(message)
        return result

    def _attempt(self, message: Message) -> Handover:
        self._stage = _Stage.MAIL
        try:
            client = self._client or self._connect()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._drop()
            return Handover(Delivery.UNREACHABLE, f"no connection to the mail server: {self._words(error)}")
        try:
            return self._converse(client, message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._drop()
            doubtful = self._stage is _Stage.ANSWER
            words = f"{self._stage.value}: {self._words(error)}"
            return Handover(Delivery.LATER, words, doubtful)

    def _converse(self, client: smtplib.SMTP, message: Message) -> Handover:
        """The three steps of a mail. Raises what the line does."""
        options = []
        if message.utf8:
            if not client.has_extn("smtputf8"):
                return Handover(Delivery.NEVER, "the mail server takes no address beyond ASCII (SMTPUTF8)")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        code, said = client.mail(self._options.bounces, options)
        if code != 250:
            return self._refused(code, said)
        self._stage = _Stage.RCPT
        code, said = client.rcpt(message.receiver)
        if code not in (250, 251):
            return self._refused(code, said)
        self._stage = _Stage.DATA
        code, said = client.docmd("DATA")
        if code != 354:
            return self._refused(code, said)
        client.send(_LEADING_DOT.sub(b"..", message.content))  # which ends with a line's end
        # From its last line on the mail server may have it, whether it says so or not.
        self._stage = _Stage.ANSWER
        self._set_timeout(self._options.seconds * ANSWER_FACTOR)
        client.send(b".\r\n")
        code, said = client.getreply()
        self._set_timeout(self._options.seconds)
        return Handover(Delivery.ACCEPTED) if code == 250 else self._refused(code, said)

    def _refused(self, code: int, said: bytes) -> Handover:
        """What a refusal means: only an address that is refused for good is given up at once."""
        words = f"{self._stage.value}: {code} {self._plain(said)}".rstrip()
        self._clear(keep=code not in (_CLOSING, -1))
        if code == _WANTS_SIGN_IN:
            return Handover(Delivery.UNREACHABLE, words)
        if self._stage is _Stage.RCPT and 500 <= code <= 599:
            return Handover(Delivery.NEVER, words)
        return Handover(Delivery.LATER, words)

    def _clear(self, *, keep: bool) -> None:
        """Make the line ready for another mail, or hang up. What was refused stays refused, however this ends."""
        try:
            if keep and self._client is not None and self._client.rset()[0] == 250:
                return
        except (OSError, smtplib.SMTPException, ValueError):
            pass
        self._drop()

    def _connect(self) -> smtplib.SMTP:
        """Connect, protect the line, and sign in. Raises OSError, SMTPException."""
        options = self._options
        self._socket = socket.create_connection((options.server, options.port), options.seconds)
        if options.security is Security.TLS:
            self._socket = _context(options).wrap_socket(self._socket, server_hostname=options.server)
        client = self._client = _Client(
            options.server, self._socket, options.sender.address.domain, options.seconds
        )
        code, said = client.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        client.ehlo_or_helo_if_needed()
        if options.security is Security.STARTTLS:
            # Raises where the mail server does not offer it: never in clear instead.
            client.starttls(context=_context(options))
            self._socket = client.sock
            client.ehlo()
        if options.user:
            client.login(options.user, options.password)
        return client

    def _set_timeout(self, seconds: float) -> None:
        if self._socket is not None:
            self._socket.settimeout(seconds)

    def _quit(self) -> None:
        if self._client is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException, ValueError):
                self._set_timeout(min(self._options.seconds, 5.0))
                self._client.docmd("QUIT")
        self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        line, self._socket = self._socket, None
        for each in (client, line):
            if each is not None:
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    each.close()

    # --- words -------------------------------------------------------------------------------------------------

    def _words(self, error: Exception) -> str:
        """What went wrong on the line; of signing in the code alone, whose words may hold what was sent."""
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"signing in was refused ({error.smtp_code})"
        if isinstance(error, smtplib.SMTPResponseException):
            said = error.smtp_error
            return f"{error.smtp_code} {self._plain(said if isinstance(said, bytes) else said.encode())}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {error.verify_message}"
        if isinstance(error, TimeoutError):
            return "no answer in time"
        if isinstance(error, OSError) and error.strerror:
            return self._plain(error.strerror.encode(errors="replace"))
        if isinstance(error, smtplib.SMTPException):
            return self._plain(str(error).encode(errors="replace"))
        return type(error).__name__

    def _plain(self, said: bytes) -> str:
        """The mail server's words in one line of ASCII, without our password, should it quote it."""
        text = said.decode("ascii", errors="replace")
        line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
        line = line.replace("\ufffd", "?")
        if self._options.password:
            line = line.replace(self._options.password, "***")
        return line[:_REASON_CHARACTERS]
