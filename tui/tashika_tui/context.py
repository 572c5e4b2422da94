"""What a command, and later a screen, may know of the world: nothing else is read from the process."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tashika_tui.i18n import Texts
from tashika_tui.terminal import Console


@dataclass(frozen=True, slots=True)
class SessionContext:
    """One person's session: language, terminal, environment, clock, and which server was asked for.

    `server` is an address as typed and `ca` a PEM file; None means: by the environment, else the default.
    """

    texts: Texts
    console: Console
    environment: Mapping[str, str]
    now: Callable[[], datetime.datetime]
    server: str | None = None
    ca: Path | None = None

    @property
    def language(self) -> str:
        """`ja` or `en`."""
        return self.texts.language

    def at(self, server: str | None, ca: Path | None) -> "SessionContext":
        """The same session with the server that a command's options name, where they name one."""
        return replace(self, server=server or self.server, ca=ca or self.ca)
