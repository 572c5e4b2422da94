"""Somebody who types a command in a test, and what they see."""

import datetime
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tashika_tui.cli import run
from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts
from tashika_tui.terminal import Console, NoTerminalError


@dataclass(frozen=True)
class Seen:
    """What a command left: exit code, standard output (as text and as bytes), standard error, and the prompts."""

    code: int
    out: str
    err: str
    binary: bytes
    prompts: list[str]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Person:
    """Types commands. `answers` are what is typed at prompts; without a terminal there are none."""

    home: Path
    server: str = ""
    answers: Sequence[str] = ()
    terminal: bool = True
    output_is_terminal: bool = False

    def types(self, *arguments: str, stdin: bytes = b"") -> Seen:
        out, err, binary = io.StringIO(), io.StringIO(), io.BytesIO()
        prompts: list[str] = []
        left = iter(self.answers)

        def ask(prompt: str) -> str:
            if not self.terminal:
                raise NoTerminalError
            prompts.append(prompt)
            return next(left)

        console = Console(io.BytesIO(stdin), out, err, binary, ask, False, self.output_is_terminal)
        environment = {"HOME": str(self.home), "XDG_STATE_HOME": str(self.home / "state")}
        if self.server:
            environment["TASHIKA_SERVER"] = self.server
        session = SessionContext(Texts(), console, environment, lambda: datetime.datetime.now(datetime.UTC))
        code = run(arguments, session)
        return Seen(code, out.getvalue(), err.getvalue(), binary.getvalue(), prompts)
