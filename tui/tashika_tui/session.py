"""Who is signed in, at which server, and the register that answers them. Knows nothing of a screen."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from tashika_tui.client.errors import RegisterError, SessionExpired
from tashika_tui.client.intent import new_request_id
from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts
from tashika_tui.problems import LocalError
from tashika_tui.sign_in import SignIn, forget, recall, remember

if TYPE_CHECKING:
    from tashika_tui.client import records
    from tashika_tui.client.port import Register

T = TypeVar("T")


class ClientSession:
    """One person at one server. It belongs to one event loop, and opens the register when it is first needed."""

    def __init__(self, context: SessionContext, on_open: Callable[["Register"], None]) -> None:
        self.context = context
        self.person: records.Session | None = None
        self.server: records.ServerInfo | None = None
        self._on_open = on_open
        self._stack = AsyncExitStack()
        self._register: Register | None = None
        self._opening = asyncio.Lock()
        # Who is signed in is changed by one at a time: a remembered sign-in that is looked at slowly must not take
        # the place of the person who has signed in meanwhile.
        self._changing = asyncio.Lock()

    @property
    def texts(self) -> Texts:
        """The texts in the language that is set."""
        return self.context.texts

    @property
    def address(self) -> str:
        """The server's address as people know it; empty where what was asked for is no address."""
        if self.context.shown_as:
            return self.context.shown_as
        try:
            return self.context.endpoint().target
        except LocalError:
            return ""

    async def register(self) -> "Register":
        """The register. Raises LocalError if it can't even be tried."""
        async with self._opening:
            if self._register is None:
                self._register = await self._stack.enter_async_context(self.context.connect(self.context, ""))
                self._on_open(self._register)
            return self._register

    async def call(self, work: Callable[["Register"], Awaitable[T]]) -> T:
        """One call. Raises RegisterError, LocalError."""
        return await work(await self.register())

    async def look_at_server(self) -> "records.ServerInfo":
        """Asks what the server is, and keeps the answer."""
        self.server = await self.call(lambda register: register.server_info())
        return self.server

    def last_login_name(self) -> str:
        """The name that last signed in from this computer and did not sign out since; empty: none."""
        if self.context.hosted:
            return ""
        # A name that can't be offered is typed.
        with contextlib.suppress(LocalError):
            found = recall(self.context.environment, self.address)
            return found.login_name if found is not None else ""
        return ""

    async def resume(self) -> bool:
        """Takes up the sign-in on the way here, or one that an earlier command left on this computer.

        False: there is none that holds.
        """
        if self.context.arrival is not None:
            return await self._take_up(await self.context.arrival.token())
        if self.context.hosted:
            return False
        async with self._changing:
            return self.person is None and await self._take_up_remembered()

    async def _take_up_remembered(self) -> bool:
        found = recall(self.context.environment, self.address)
        if found is None or (found.expire_time is not None and found.expire_time <= self.context.now()):
            return False
        if await self._take_up(found.token):
            return True
        self._forget()
        return False

    async def _take_up(self, token: str) -> bool:
        register = await self.register()
        register.use_token(token)
        try:
            self.person = await register.get_session()
        except SessionExpired:
            register.use_token("")
            return False
        except RegisterError:
            register.use_token("")
            raise
        return True

    async def sign_in(self, login_name: str, password: str) -> "records.Session":
        """Signs a person in. Raises RegisterError."""
        async with self._changing:
            return await self._sign_in(login_name, password)

    async def _sign_in(self, login_name: str, password: str) -> "records.Session":
        register = await self.register()
        begun = await register.create_session(login_name, password)
        register.use_token(begun.token)
        self.person = begun.session
        if not self.context.hosted:
            # To be asked again next time is no reason to refuse now.
            with contextlib.suppress(LocalError):
                remember(
                    self.context.environment,
                    SignIn(self.address, login_name, begun.session.expire_time, begun.token),
                )
        return begun.session

    async def change_password(self, old: str, new: str) -> None:
        """Changes the password of who is signed in. Raises RegisterError."""
        await self.call(lambda register: register.change_password(old, new))
        if self.person is not None:
            self.person = replace(self.person, must_change_password=False)

    async def sign_out(self) -> None:
        """Signs out, here in any case. Raises RegisterError if the server was not told."""
        async with self._changing:
            register = await self.register()
            request_id = new_request_id()
            try:
                with contextlib.suppress(SessionExpired):
                    await register.delete_session(request_id)
            finally:
                register.use_token("")
                self.person = None
                self._forget()

    def set_language(self, language: str) -> None:
        """Speaks this language from now on, the server's sentences too."""
        self.context = replace(self.context, texts=Texts(language))
        if self._register is not None:
            self._register.use_language(language)

    async def close(self) -> None:
        """Closes the connection; a session that was opened for this client alone ends with it."""
        arrival = self.context.arrival
        if arrival is not None and arrival.ends and self.person is not None:
            with contextlib.suppress(RegisterError):
                await self.sign_out()
        self._register = None
        await self._stack.aclose()

    def _forget(self) -> None:
        if not self.context.hosted:
            with contextlib.suppress(LocalError):
                forget(self.context.environment, self.address)
