"""What a command or a screen may know of the world: nothing else is read from the process."""

import datetime
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tashika_tui.client.endpoint import Endpoint, find_endpoint
from tashika_tui.connect import over_grpc
from tashika_tui.delivery import Delivery, LocalDelivery
from tashika_tui.faults import record_nowhere
from tashika_tui.i18n import Texts
from tashika_tui.terminal import Console

if TYPE_CHECKING:
    from tashika_tui.client.port import Register


@dataclass(frozen=True, slots=True)
class Start:
    """Where the client begins: an entry of the menu by its id (empty: the menu), and what it is about, such as a
    contract's number.
    """

    entry: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True)
class SessionContext:
    """One person's session: language, terminal, environment, clock, and which server was asked for.

    `server` is an address as typed and `ca` a PEM file; None means: by the environment, else the default.
    `connect` opens the register for a token (empty: for nobody). `delivery` saves documents. `theme` is a name
    of theme.py, empty: by the environment. `hosted` says that the client runs on a host that is not the
    person's own computer, so that its files and its sign-ins are not theirs. `record_fault` keeps a fault of
    this programme for the operator, under the reference that the person sees.
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
    start: Start = Start()
    record_fault: Callable[[str, BaseException], None] = record_nowhere

    @property
    def language(self) -> str:
        """`ja` or `en`."""
        return self.texts.language

    def endpoint(self) -> Endpoint:
        """The server that this session is about. Raises LocalError."""
        return find_endpoint(self.server, self.ca, self.environment)

    def at(self, server: str | None, ca: Path | None) -> "SessionContext":
        """The same session with the server that a command's options name, where they name one."""
        return replace(self, server=server or self.server, ca=ca or self.ca)


# Opens the register for a session's token, or for nobody. Raises LocalError on entering.
Connect = Callable[[SessionContext, str], AbstractAsyncContextManager["Register"]]
