"""Processes that are measured: started, asked for their processor time, and ended. Linux's /proc is read for that."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_READY = re.compile(r"ready at 127\.0\.0\.1:(\d+)")
_TICK = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0


class ServerDiedError(Exception):
    """A measured server ended, or never said that it is ready."""


@dataclass(frozen=True)
class Server:
    """A running server on a loopback port."""

    name: str
    process: "subprocess.Popen[str]"
    port: int

    @property
    def target(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Processor time of the process with all its threads, user and system; children are not in it."""
        return cpu_seconds(self.process.pid)

    def children_cpu_seconds(self) -> float:
        """Processor time of the processes that it started and that still run: those that render."""
        return sum(cpu_seconds(pid) for pid in children(self.process.pid))


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Server]:
    """Run `python -m ARGUMENTS` until it says where it listens; at the end SIGTERM, and wait.

    Raises ServerDiedError with what it printed.
    """
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    # What it says after its first lines is read away, so that a full pipe never holds it up.
    reading = threading.Thread(target=process.communicate, daemon=True)
    try:
        server = Server(name, process, _port(process, name))
        reading.start()
        yield server
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if reading.is_alive():
            reading.join(_STOP_SECONDS)
        elif process.stdout is not None:
            process.stdout.close()


def _port(process: "subprocess.Popen[str]", name: str) -> int:
    assert process.stdout is not None
    alarm = threading.Timer(_START_SECONDS, process.kill)
    alarm.start()
    printed = []
    try:
        for line in process.stdout:
            printed.append(line)
            found = _READY.search(line)
            if found:
                return int(found[1])
    finally:
        alarm.cancel()
    raise ServerDiedError(f"{name} did not start: {''.join(printed)}")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process; 0 where it is gone."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICK if fields else 0.0


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields and int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may itself hold spaces and brackets."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
