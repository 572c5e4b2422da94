"""What a command or a screen may know of the world: nothing else is read from the process."""

import datetime
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tashika_tui.client.endpoint import Endpoint, find_endpoint
from tashika_tui.connect import over_grpc
from tashika_tui.delivery import Delivery, LocalDelivery
from tashika_tui.faults import record_nowhere
from tashika_tui.i18n import Said, Texts
from tashika_tui.terminal import Console

if TYPE_CHECKING:
    from tashika_tui.client.port import Register


# How long leaving a host in good order may take, in seconds. A terminal that is gone, or is not read, can hold it up
# for ever.
LAST_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Start:
    """Where the client begins: an entry of the menu by its id (empty: the menu), and what it is about, such as a
    contract's number.
    """

    entry: str = ""
    argument: str = ""


class Hearing(Protocol):
    """A host that has a word to say while the session runs."""

    def listen(self, heard: Callable[[Said, bool], None]) -> None:
        """Calls `heard` in the running event loop with each word, and whether the session ends with it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who has signed in on the way here. `token` gives the session of the register, once the event loop
    runs. `ends`: the session is this client's own, to be ended with it. Raises RegisterError.
    """

    token: Callable[[], Awaitable[str]]
    ends: bool = False


@dataclass(frozen=True, slots=True)
class SessionContext:
    """One person's session: language, terminal, environment, clock, and which server was asked for.

    `server` is an address as typed and `ca` a PEM file; None means: by the environment, else the default.
    `connect` opens the register for a token (empty: for nobody). `delivery` saves documents. `theme` is a name
    of theme.py, empty: by the environment. `hosted` says that the client runs on a host that is not the
    person's own computer, so that its files and its sign-ins are not theirs. `record_fault` keeps a fault of
    this programme for the operator, under the reference that the person sees.

    At a host, `arrival` is who signed in there; without one the person is a visitor and can't sign in at all.
    `host` has a word to say now and then. `shown_as` is what people know the server as, where that is not its address.
    """

    texts: Texts
    console: Console
    environment: Mapping[str, str]
    now: Callable[[], datetime.datetime]
    server: str | None = None
    ca: Path | None = None
    connect: "Connect" = over_grpc
    delivery: Delivery = field(default_factory=LocalDelivery)
    theme: str = ""
    hosted: bool = False
    arrival: Arrival | None = None
    host: Hearing | None = None
    shown_as: str = ""
    start: Start = Start()
    record_fault: Callable[[str, BaseException], None] = record_nowhere

    @property
    def language(self) -> str:
        """`ja` or `en`."""
        return self.texts.language

    @property
    def visitor(self) -> bool:
        """Whether there is the viewer alone."""
        return self.hosted and self.arrival is None

    def endpoint(self) -> Endpoint:
        """The server that this session is about. Raises LocalError."""
        return find_endpoint(self.server, self.ca, self.environment)

    def at(self, server: str | None, ca: Path | None) -> "SessionContext":
        """The same session with the server that a command's options name, where they name one."""
        return replace(self, server=server or self.server, ca=ca or self.ca)


# Opens the register for a session's token, or for nobody. Raises LocalError on entering.
Connect = Callable[[SessionContext, str], AbstractAsyncContextManager["Register"]]
