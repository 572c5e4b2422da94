"""Load from h2load: a C client, since one in Python costs as much as the server and flatters whatever is measured.

h2load sends one fixed body for each process, so a call on many things is several processes, each with its own body
and its own connections. It knows HTTP's status only; gRPC's is checked by the reply's length and by a probe.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.processes import Server

PROGRAM = "h2load"
_VERSION = re.compile(r"nghttp2/([\d.]+)")
_DATA = re.compile(r"([\d.]+)([KMG]?)B \((\d+)\) data")
_SUCCEEDED = re.compile(r"(\d+) succeeded, (\d+) failed, (\d+) errored")
_TIMEOUT_SECONDS = 300.0


class LoadError(Exception):
    """A load that can't be trusted: calls failed, or their answers have another length than the right one."""


@dataclass(frozen=True)
class Call:
    """A call to load a server with. ``bodies``: requests, one for each process; ``reply_bytes``: of each answer.

    A reply may be up to ``slack_bytes`` shorter or longer, for what is made anew with each.
    """

    method: str
    bodies: Sequence[bytes]
    token: str = ""
    reply_bytes: int = 0
    slack_bytes: int = 16


@dataclass(frozen=True)
class Sample:
    """One load: calls, seconds from the first request to the last answer, latencies in ms, processor time per call.

    ``cpu_us``: of the server with all its threads, in microseconds; ``child_cpu_us``: of the processes it started.
    """

    calls: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    child_cpu_us: float

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds


def version() -> str:
    """h2load's version; empty where it is not installed."""
    if shutil.which(PROGRAM) is None:
        return ""
    told = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    found = _VERSION.search(told)
    return found[1] if found else "unknown"


def framed(message: bytes) -> bytes:
    """A message as gRPC sends it: not compressed, with its length."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def run(server: Server, call: Call, *, calls: int, in_flight: int) -> Sample:
    """Load a server with ``calls`` calls, ``in_flight`` at a time. Raises LoadError."""
    share = len(call.bodies)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = [
            _command(server, call, folder, place, max(1, calls // share), max(1, in_flight // share))
            for place in range(share)
        ]
        before, before_children = server.cpu_seconds(), server.children_cpu_seconds()
        started = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for command in commands
        ]
        outputs = [process.communicate(timeout=_TIMEOUT_SECONDS)[0] for process in started]
        cpu, children = server.cpu_seconds() - before, server.children_cpu_seconds() - before_children
        made = share * max(1, calls // share)
        check_answers(outputs, made, call)
        starts, latencies = _latencies(folder, share)
    seconds = max(s + d for s, d in zip(starts, latencies, strict=True)) - min(starts)
    if len(latencies) != made:
        raise LoadError(f"{call.method}: {len(latencies)} of {made} calls were logged")
    return Sample(
        made,
        seconds / 1e6,
        percentile(latencies, 0.5) / 1000,
        percentile(latencies, 0.99) / 1000,
        cpu / made * 1e6,
        children / made * 1e6,
    )


def _command(server: Server, call: Call, folder: Path, place: int, calls: int, in_flight: int) -> list[str]:
    body = folder / f"body{place}"
    body.write_bytes(framed(call.bodies[place]))
    # Some connections with some streams each, as gateways and clients come: never one connection alone for many.
    connections = next(n for n in (8, 4, 2, 1) if in_flight % n == 0 and in_flight // n >= min(in_flight, 2))
    command = [
        PROGRAM,
        *("-n", str(calls)),
        *("-c", str(connections)),
        *("-m", str(in_flight // connections)),
        *("-d", str(body)),
        *("--log-file", str(folder / f"log{place}")),
        *("-H", "content-type: application/grpc"),
        *("-H", "te: trailers"),
    ]
    if call.token:
        # On a loopback to a throw-away server: this token opens nothing else.
        command += ["-H", f"authorization: Bearer {call.token}"]
    return [*command, f"http://{server.target}{call.method}"]


def check_answers(outputs: Sequence[str], calls: int, call: Call) -> None:
    """See in what h2load prints that each call succeeded and brought an answer of the right length."""
    received = succeeded = 0
    for output in outputs:
        data, counts = _DATA.search(output), _SUCCEEDED.search(output)
        if data is None or counts is None:
            raise LoadError(f"h2load said something unexpected:\n{output}")
        received += int(data[3])
        succeeded += int(counts[1])
    if succeeded != calls:
        raise LoadError(f"{call.method}: {succeeded} of {calls} calls succeeded")
    expected = call.reply_bytes + len(framed(b""))
    if abs(received / calls - expected) > call.slack_bytes:
        raise LoadError(f"{call.method}: {received / calls:.1f} bytes an answer, {expected} expected")


def _latencies(folder: Path, share: int) -> tuple[list[int], list[int]]:
    """When each call began, and how long it took, in microseconds."""
    starts, latencies = [], []
    for place in range(share):
        for line in (folder / f"log{place}").read_text(encoding="ascii").splitlines():
            start, status, took = line.split("\t")
            if status != "200":
                raise LoadError(f"a call was answered with HTTP status {status}")
            starts.append(int(start))
            latencies.append(int(took))
    return starts, latencies


def percentile(values: Sequence[int], part: float) -> float:
    """The value that ``part`` of all values do not exceed."""
    if part == 0.5:
        return float(median(values))
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(part * len(ordered)))])
