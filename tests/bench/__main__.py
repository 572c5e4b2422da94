"""`python -m tests.bench`: the table of what the server holds, as ratios taken in one run.

A ratio has both its sides in the same rounds, so that a busy machine slows both. Nothing here fails on a figure: it
is for reading. It does fail where an answer is wrong, since then no figure means anything.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import bulk, client_lists, first_frame, load, machine, paper, report, rpc, ssh_sessions
from tests.bench.report import Row
from tests.bench.world import Store, World, make_world

SMALL = 10_000
FEW = 1_000
LARGE = 100_000
FULL = 1_000_000
PARTS = ("rpc", "lists", "paper", "client", "ssh")


def main(arguments: Sequence[str]) -> None:
    """Measure, print the table, write JSON."""
    given = _parse(arguments)
    rows: list[Row] = []
    with TemporaryDirectory(prefix="tashika-bench-", dir=given.folder) as name:
        folder = Path(name)
        described = machine.describe(folder)
        print(f"machine: {report.machine_line(described)}\n", flush=True)
        for part in given.parts:
            rows += _part(part, folder, given)
    print(report.table(rows))
    report.write_json(given.json, described, rows)
    print(f"\nwritten to {given.json}")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the figures go")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count; one more comes first")
    parser.add_argument("--calls", type=int, default=4_000, help="calls in each load")
    parser.add_argument(
        "--full", action="store_true", help=f"lists with {FULL:,} contracts instead of {LARGE:,}"
    )
    parser.add_argument("--folder", type=Path, help="where the throw-away stores go; a real disk")
    parser.add_argument(
        "--parts", nargs="+", choices=PARTS, default=list(PARTS), help="which rows; all of them by default"
    )
    return parser.parse_args(arguments)


def _part(part: str, folder: Path, given: argparse.Namespace) -> list[Row]:
    started = time.monotonic()
    print(f"{part} ...", end="", flush=True)
    rows = {"rpc": _rpc, "lists": _lists, "paper": _paper, "client": _client, "ssh": _ssh}[part](
        folder / part, given
    )
    print(f" {time.monotonic() - started:.0f} s", flush=True)
    return rows


def _rpc(folder: Path, given: argparse.Namespace) -> list[Row]:
    if not load.version():
        target = "0.50 x echo"
        return [report.skipped(name, target) for name in ("OpenCertificate", "GetContract")]
    plan = rpc.Plan(rounds=given.rounds, calls=given.calls)
    world = asyncio.run(make_world(folder / "data", openable=rpc.BODIES, ready=0))
    return [
        *rpc.opening_and_get(folder / "data", world, plan),
        *rpc.opening_cold(folder / "data", world, plan),
    ]


def _lists(folder: Path, given: argparse.Namespace) -> list[Row]:
    large = FULL if given.full else LARGE
    if not load.version():
        return [report.skipped("first page of ListContracts", "at most 1.3 x the time")]
    small, many = (_store(folder, count) for count in (SMALL, large))
    return rpc.lists(small, many, rpc.Plan(rounds=given.rounds))


def _store(folder: Path, count: int) -> Store:
    """A store with so many contracts of one organisation."""
    data = folder / str(count)
    world: World = asyncio.run(make_world(data, openable=1, ready=0))
    bulk.fill(data, count)
    return Store(data, world, count)


def _client(folder: Path, given: argparse.Namespace) -> list[Row]:
    few, many = (_store(folder, count) for count in (FEW, FULL if given.full else LARGE))
    return [
        *first_frame.first_frame(folder, given.rounds),
        *client_lists.client_lists(folder, few, many, given.rounds),
    ]


def _ssh(folder: Path, given: argparse.Namespace) -> list[Row]:
    return ssh_sessions.ssh_sessions(given.rounds)


def _paper(folder: Path, given: argparse.Namespace) -> list[Row]:
    data, share = folder / "data", 40
    ready = 2 * (given.rounds + 1) * share
    world = asyncio.run(make_world(data, openable=1, ready=ready))
    pattern = asyncio.run(paper.pattern_of(data, world))
    return [
        *paper.rendered(pattern, given.rounds),
        *asyncio.run(paper.issued(data, world, pattern, given.rounds, share)),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
