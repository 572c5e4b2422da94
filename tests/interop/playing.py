"""Plays a client against a live register, restarting it where the client asks for that."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.interop.languages import Language
from tests.interop.register import LiveRegister
from tools.tree import ROOT

# Nothing waits for this to pass: it ends a client that hangs.
PLAY_SECONDS = 300.0
_RESTART = "restart:"


@dataclass(frozen=True)
class Played:
    """How a client ended. ``steps`` are what it reports as done; ``said`` is all that it wrote."""

    code: int
    said: str

    @property
    def steps(self) -> list[str]:
        """The lines of its steps, without the mark."""
        return [line[2:].strip() for line in self.said.splitlines() if line.startswith("ok ")]


async def play(language: Language, register: LiveRegister, show: Callable[[str], None]) -> Played:
    """Run the client of a language to its end; ``show`` gets each line as it comes."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *language.command,
        cwd=ROOT,
        env=register.environment(),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdin is not None and process.stdout is not None
    said = []
    try:
        async with asyncio.timeout(PLAY_SECONDS):
            while line := (await process.stdout.readline()).decode(errors="replace"):
                said.append(line)
                show(line.rstrip("\n"))
                if line.startswith(_RESTART):
                    await register.restart()
                    process.stdin.write(b"\n")
                    await process.stdin.drain()
            code = await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return Played(code, "".join(said))
