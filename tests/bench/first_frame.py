"""How long a person waits for the client's first frame, beside a bare Textual app in the same rounds."""

import fcntl
import os
import pty
import resource
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bare_app import MARK
from tests.bench.report import Row
from tests.bench.rounds import interleave, middle, ratio, spread

COLUMNS, LINES = 80, 24
TARGET = 1.5
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Start:
    """From starting the process until the words stood there: seconds on the wall, and of its processor time."""

    seconds: float
    cpu_seconds: float


def first_frame(folder: Path, rounds: int) -> list[Row]:
    """The client's sign-in screen, with no server there, against one word of Textual's."""
    # Nobody answers at this address: the first frame must not wait for anybody.
    nobody = {"TASHIKA_SERVER": f"unix:{folder}/none.sock", "HOME": str(folder), "LANG": "ja_JP.UTF-8"}
    samples = interleave(
        {
            "client": lambda: _start(["-m", "tashika_tui"], "ログイン名", nobody),
            "stock": lambda: _start(["-m", "tests.bench.bare_app", "stock"], MARK, nobody),
            "bare": lambda: _start(["-m", "tests.bench.bare_app"], MARK, nobody),
        },
        2 * rounds,
    )
    return [
        _row("a bare Textual app (header, input, footer)", samples["client"], samples["stock"], TARGET),
        _row("one word of Textual's", samples["client"], samples["bare"], None),
    ]


def _row(peer: str, ours: Sequence[Start], theirs: Sequence[Start], most: float | None) -> Row:
    times = ratio(ours, theirs, lambda s: s.seconds)
    low, high = spread(ours, theirs, lambda s: s.seconds)
    own, other = (middle(side, lambda s: s.seconds) * 1_000 for side in (ours, theirs))
    own_cpu, cpu = middle(ours, lambda s: s.cpu_seconds), ratio(ours, theirs, lambda s: s.cpu_seconds)
    return Row(
        f"client: first frame, against {peer}",
        f"at most {most} x" if most else "-",
        f"{times:.2f} x ({low:.2f}-{high:.2f})",
        times <= most if most else None,
        f"{own_cpu * 1_000:.0f} ms, {cpu:.2f} x theirs",
        f"{own:.0f} ms against {other:.0f} ms, {COLUMNS}x{LINES}",
        {"client_ms": round(own, 1), "peer_ms": round(other, 1)},
    )


def _start(arguments: Sequence[str], words: str, environment: dict[str, str]) -> Start:
    """Start a programme in a terminal of its own until it has shown some words, and end it."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    before = _children_cpu()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=far,
        stdout=far,
        stderr=far,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(far)
    try:
        shown = b""
        while words.encode() not in shown:
            ready, _, _ = select.select([near], [], [], _PATIENCE_SECONDS)
            if not ready:
                raise TimeoutError(f"{words} never came: {shown[-500:]!r}")
            shown += os.read(near, 65536)
        seconds = time.perf_counter() - started
    finally:
        process.kill()
        process.wait()
        os.close(near)
    return Start(seconds, _children_cpu() - before)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
