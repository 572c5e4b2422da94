"""One SSH connection: who comes, how they show who they are, and the sessions that they open."""

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import asyncssh

from tashika_tui.hosting.asked import Command
from tashika_tui.hosting.limits import plain_address, source_of
from tashika_tui.hosting.log import Value
from tashika_tui.hosting.order import Kind, Order
from tashika_tui.hosting.register import Refused
from tashika_tui.hosting.session_channel import SessionChannel
from tashika_tui.i18n import Texts, Wording, say

if TYPE_CHECKING:
    from tashika_tui.hosting.host import Host

# An agent offers its keys one by one; more than this is somebody who tries.
MAX_KEYS = 20
MAX_PASSWORDS = 6
MAX_CHANNELS = 10

# Bytes that wait for a connection which is not read.
_CLOGGED_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody showed to be: by a key that is registered, or by a password, which gave a token at once."""

    login_name: str
    public_key: str = ""
    token: str = field(default="", repr=False)


class Visit(asyncssh.SSHServer):
    """The callbacks of one connection. Nothing of it is believed but what was proven: not the name alone."""

    def __init__(self, host: "Host", address: str) -> None:
        self.host = host
        self.address = plain_address(address)
        self.source = source_of(address)
        self._connection: asyncssh.SSHServerConnection | None = None
        self._proof: Proof | None = None
        self._visitor = False
        self._keys = self._passwords = self._channels = 0
        self._authenticated = False
        self._token = ""
        self._signing_in = asyncio.Lock()
        self._gone = False
        self._sessions = 0
        self._unused: asyncio.TimerHandle | None = None

    # --- the connection ---

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Somebody is there."""
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone; a session of the register that was theirs ends with it."""
        self._gone = True
        self._settle()
        self._used()
        self._sign_out()
        token = self._proof.token if self._proof is not None else ""
        self._proof = None
        if token:
            self.host.later(self.host.register.sign_out(token, self.address))

    def dismiss(self) -> None:
        """The host stops."""
        if self._connection is not None:
            self._connection.close()

    def is_clogged(self) -> bool:
        """Whether much waits to be sent."""
        transport = getattr(self._connection, "_transport", None)
        waiting: int = transport.get_write_buffer_size() if transport is not None else 0
        return waiting > _CLOGGED_BYTES

    def log(self, event: str, **values: Value) -> None:
        """A line of the log about this connection."""
        self.host.log.event(
            event, user=self.person if self._authenticated else "", source=self.address, **values
        )

    # --- who it is ---

    @property
    def person(self) -> str:
        """The login name that was proven; the visitors' name for a visitor."""
        if self._proof is not None:
            return self._proof.login_name
        return self.host.settings.viewer_user if self._visitor else ""

    def begin_auth(self, username: str) -> bool:
        """The visitors' name needs nothing, and gives nothing but the viewer."""
        self._visitor = bool(username) and username == self.host.settings.viewer_user
        return not self._visitor

    def public_key_auth_supported(self) -> bool:
        """Keys are taken."""
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether this key is registered for this person. asyncssh asks before and with the proof."""
        self._keys += 1
        if self._keys > 2 * MAX_KEYS:
            self._enough()
            return False
        line = " ".join(key.export_public_key("openssh").decode("ascii", "replace").split()[:2])
        try:
            owned = await self.host.register.owns(username, line, self.address)
        except Refused as refused:
            self._explain(refused)
            return False
        if owned:
            self._prove(Proof(username, public_key=line))
        return owned

    def password_auth_supported(self) -> bool:
        """Passwords are taken."""
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Asks the register, whose throttle counts by where the person is."""
        self._passwords += 1
        if self._passwords > MAX_PASSWORDS:
            self._enough()
            return False
        try:
            token = await self._taken(self.host.register.by_password(username, password, self.address))
        except Refused as refused:
            self.log("sign_in.refused", how="password", reason=refused.reason)
            self._explain(refused)
            return False
        self._prove(Proof(username, token=token))
        return True

    def kbdint_auth_supported(self) -> bool:
        """The same, asked for in words."""
        return True

    def get_kbdint_challenge(
        self, username: str, lang: str, submethods: str
    ) -> tuple[str, str, str, Sequence[tuple[str, bool]]]:
        """One line that is not shown."""
        return "", "", "", [(Texts()("hosting.password_prompt"), False)]

    async def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        """The password."""
        return len(responses) == 1 and await self.validate_password(username, responses[0])

    def auth_completed(self) -> None:
        """Somebody is in. Who has proven nothing is a visitor, whatever name was said last."""
        self._settle()
        if self._proof is None and not self._visitor:
            self._hang_up()
            return
        self._authenticated = True
        how = "none" if self._proof is None else "key" if self._proof.public_key else "password"
        self.log("sign_in", how=how)
        self._unused_from_now()

    # --- sessions ---

    def session_requested(self) -> "SessionChannel | bool":
        """Another channel, up to some."""
        if self._channels >= MAX_CHANNELS or not self._authenticated:
            return False
        self._channels += 1
        return SessionChannel(self)

    def open_session(self) -> str:
        """Counts a session; gives the key of the sentence that says why it may not begin."""
        if self.host.stopping:
            return "hosting.stopped"
        refused = self.host.limits.open_session(self._counted)
        if not refused:
            self._sessions += 1
            self._used()
        return refused

    def close_session(self) -> None:
        """It is over. With the last one ends what a key opened at the register; the key can open it again."""
        self.host.limits.close_session(self._counted)
        self._sessions -= 1
        if not self._sessions:
            self._sign_out()
            self._unused_from_now()

    def unread(self) -> None:
        """What a session that is over still had to say is not read. Without another one nobody needs the connection."""
        if not self._sessions:
            self._hang_up()

    async def prepare(
        self, kind: Kind, environment: Mapping[str, str], command: Command | None, language: str
    ) -> "Order | Wording":
        """What a session is to be told; what to say where nobody can be signed in just now."""
        try:
            token = await self._sign_in(language)
        except Refused as refused:
            self.log("sign_in.refused", how="key", reason=refused.reason)
            if not refused.reachable:
                return say("hosting.not_reachable")
            return refused.sentence or say("hosting.key_unknown")
        return Order(
            kind=kind,
            place=self.host.settings.place,
            login_name=self.person,
            source=self.address,
            environment=environment,
            words=command.words if command is not None else (),
            language=command.language if command is not None else "",
            token=token,
        )

    @property
    def _counted(self) -> str:
        # All visitors have one name, so they are told apart by where they are.
        return f"person {self.person}" if self._proof is not None else f"visitor {self.source}"

    async def _sign_in(self, language: str) -> str:
        """The connection's token, made when the first session needs it; empty for a visitor. Raises Refused."""
        proof = self._proof
        if proof is None:
            return ""
        if proof.token:
            return proof.token
        async with self._signing_in:
            if not self._token:
                self._token = await self._taken(
                    self.host.register.by_key(proof.login_name, proof.public_key, self.address, language)
                )
        return self._token

    def _sign_out(self) -> None:
        token, self._token = self._token, ""
        if token:
            self.host.later(self.host.register.sign_out(token, self.address))

    async def _taken(self, asked: Coroutine[Any, Any, str]) -> str:
        """A token that is asked of the register. Where the person is gone before it comes, its session is ended: nobody
        else knows of it. Raises Refused.
        """
        task = asyncio.ensure_future(asked)
        try:
            token = await asyncio.shield(task)
        except asyncio.CancelledError:
            # asyncssh gives up a sign-in whose connection is lost.
            self.host.later(self._ended(task))
            raise
        if self._gone:
            self.host.later(self._ended(task))
            raise Refused
        return token

    async def _ended(self, asked: asyncio.Future[str]) -> None:
        with contextlib.suppress(Refused):
            await self.host.register.sign_out(await asked, self.address)

    def _prove(self, proof: Proof) -> None:
        """What was shown last counts: asyncssh asks about a key once more right before it lets somebody in."""
        before, self._proof = self._proof, proof
        if before is not None and before.token:
            self.host.later(self.host.register.sign_out(before.token, self.address))

    def _explain(self, refused: Refused) -> None:
        """Tells the person what the register says, before they are asked again."""
        sentence = refused.sentence if refused.reachable else Texts()("hosting.not_reachable")
        if sentence and self._connection is not None:
            with contextlib.suppress(asyncssh.Error, OSError):
                self._connection.send_auth_banner(f"{sentence}\r\n")

    def _settle(self) -> None:
        if not self._authenticated and self._connection is not None:
            self.host.known(self)

    def _unused_from_now(self) -> None:
        """A connection without a session is hung up on when a session in which nothing happens would be."""
        if not self._gone:
            self._used()
            loop, seconds = asyncio.get_running_loop(), self.host.settings.idle_seconds
            self._unused = loop.call_later(seconds, self._hang_up_unused)

    def _used(self) -> None:
        if self._unused is not None:
            self._unused.cancel()
            self._unused = None

    def _hang_up_unused(self) -> None:
        self.log("connection.unused")
        self._hang_up()

    def _enough(self) -> None:
        self.log("sign_in.too_many")
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.abort()
