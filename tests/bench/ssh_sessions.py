"""Sessions over SSH: how much memory each takes, how soon its screen is there, and how soon a key shows."""

import asyncio
import contextlib
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from tests.bench.report import Row
from tests.e2e.ssh.site import CONTRACTOR, Emulated, Screen, Site, open_site
from tests.e2e.ssh.stock import LocalTerminal, on_terminal

SESSIONS = 50
MOST_MIB = 60
KEYS = 20

_BETWEEN_SECONDS = 0.05


@dataclass(frozen=True)
class Memory:
    """Shares of memory (PSS) in MiB: of each session, of the host and of the fork server."""

    each: list[float]
    host: float
    fork_server: float


def ssh_sessions(rounds: int) -> list[Row]:
    """The rows about sessions over SSH."""
    if sys.platform != "linux":
        return [Row("a session over SSH", f"at most {MOST_MIB} MB each", "SKIPPED: needs /proc", None)]
    with TemporaryDirectory(prefix="tashika-bench-ssh-") as folder:
        return asyncio.run(_measure(Path(folder), rounds))


async def _measure(folder: Path, rounds: int) -> list[Row]:
    async with open_site(folder, max_connections=500, max_unauthenticated=200) as site:
        config = folder / "one.toml"
        config.write_text(f'server = "{site.door}"\n', encoding="utf-8")
        async with contextlib.AsyncExitStack() as stack:
            first = [await _open(site, stack) for _ in range(10)]
            rest = await asyncio.gather(*(_open(site, stack) for _ in range(SESSIONS - len(first))))
            memory = _memory(site)
            idle = await _processor_time(site)
            visitor = await stack.enter_async_context(site.screen("city"))
            await visitor.until("保証契約番号")
            local = await stack.enter_async_context(_local(config))
            await local.until("保証契約番号")
            over_ssh, here = await _keys(visitor, local, rounds)
        return _rows(memory, first, list(rest), idle, over_ssh, here)


async def _open(site: Site, stack: contextlib.AsyncExitStack) -> float:
    """Connects and waits for the menu; gives the seconds."""
    began = time.monotonic()
    screen = await stack.enter_async_context(site.screen(CONTRACTOR))
    await screen.until("メニュー")
    return time.monotonic() - began


def _local(config: Path) -> "contextlib.AbstractAsyncContextManager[LocalTerminal]":
    """The same viewer on a terminal of this machine, without SSH."""
    command = [
        sys.executable,
        "-m",
        "tashika_tui",
        "ssh-host",
        "--one-session",
        "--viewer",
        "--config",
        str(config),
    ]
    return on_terminal(command, {"TERM": "xterm-256color", "LANG": "ja_JP.UTF-8"})


async def _keys(visitor: Screen, local: LocalTerminal, rounds: int) -> tuple[list[float], list[float]]:
    """Key to screen, by turns, in milliseconds."""
    over_ssh: list[float] = []
    here: list[float] = []
    for number in range(rounds + 1):
        for screen, found in ((visitor, over_ssh), (local, here)):
            taken = [await _key(screen, screen.types) for _ in range(KEYS)]
            # The first round warms both up.
            found += taken if number else []
    return over_ssh, here


async def _key(screen: Emulated, types: object) -> float:
    assert callable(types)
    began = time.monotonic()
    types("9")
    await screen.when(lambda: "9" in screen.text, "the key")
    taken = time.monotonic() - began
    types("\x7f")
    await screen.gone("9")
    await asyncio.sleep(_BETWEEN_SECONDS)
    return taken * 1000


def _share(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


def _memory(site: Site) -> Memory:
    sessions = site.host.session_processes()
    assert len(sessions) == SESSIONS
    return Memory(sorted(map(_share, sessions)), _share(site.host.process.pid), _share(site.host.fork_server))


async def _processor_time(site: Site) -> float:
    """What all idle sessions together take of one processor, in percent."""
    ticks = os.sysconf("SC_CLK_TCK")

    def used() -> float:
        total = 0
        for process in site.host.session_processes():
            fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / ticks

    before, began = used(), time.monotonic()
    await asyncio.sleep(5)
    return (used() - before) / (time.monotonic() - began) * 100


def _rows(
    memory: Memory,
    one_by_one: list[float],
    together: list[float],
    idle: float,
    over_ssh: list[float],
    here: list[float],
) -> list[Row]:
    most = memory.each[-1]
    overhead = median(over_ssh) / median(here)
    slow = quantiles(over_ssh, n=20)[-1]
    return [
        Row(
            f"a session over SSH, {SESSIONS} at once",
            f"at most {MOST_MIB} MB each (PSS)",
            f"{median(memory.each):.1f} MB, at most {most:.1f} MB",
            most <= MOST_MIB,
            note=f"host {memory.host:.0f} MB, fork server {memory.fork_server:.0f} MB, all idle {idle:.1f} % of a CPU",
            details={"pss_median_mib": median(memory.each), "pss_most_mib": most, "idle_percent": idle},
        ),
        Row(
            "connecting to the menu",
            "-",
            f"{median(one_by_one):.2f} s one by one",
            None,
            note=f"{len(together)} at once: {median(together):.1f} s, at most {max(together):.1f} s",
            details={"seconds": median(one_by_one), "together_seconds": max(together)},
        ),
        Row(
            f"key to screen over SSH, {SESSIONS} others connected",
            "-",
            f"{overhead:.2f} x a terminal without SSH",
            None,
            note=f"{median(over_ssh):.1f} ms (19 of 20 below {slow:.1f} ms), without SSH {median(here):.1f} ms",
            details={"milliseconds": median(over_ssh), "without_ssh_milliseconds": median(here)},
        ),
    ]
