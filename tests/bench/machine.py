"""The machine and the versions that a figure was taken on: without them it says nothing."""

import os
import platform
import sqlite3
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

from tests.bench import load

_SYNCS = 60
_PAGE = b"\0" * 4096


def describe(folder: Path) -> dict[str, str | float]:
    """Name the machine; ``fdatasync_ms`` is what syncing 4 KiB takes on the disk of ``folder``."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "grpcio": version("grpcio"),
        "protobuf": version("protobuf"),
        "sqlite": sqlite3.sqlite_version,
        "typst": version("typst"),
        "h2load": load.version() or "not installed",
        "fdatasync_ms": round(sync_ms(folder), 3),
        "load_average": round(os.getloadavg()[0], 2),
    }


def sync_ms(folder: Path) -> float:
    """The median time of writing a page to a file and syncing it, in milliseconds."""
    took = []
    with TemporaryFile(dir=folder) as file:
        for _ in range(_SYNCS):
            started = time.perf_counter()
            os.write(file.fileno(), _PAGE)
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - started) * 1000)
    return median(took)


def _cpu_model() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
