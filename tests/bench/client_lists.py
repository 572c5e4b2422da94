"""The client's list over very many contracts against one over a thousand: the same keys, in the same rounds.

The whole way is measured, from the client's list over gRPC to the server's store and back to the screen; what a
person waits for on purpose, such as the pause before a filter is sent, is not.
"""

import asyncio
import contextlib
import io
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tashika_tui.app import TashikaApp
from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts
from tashika_tui.screens.contractor.lists import ContractList
from tashika_tui.sign_in import SignIn, remember
from tashika_tui.terminal import Console
from tashika_tui.widgets.paged_list import PagedList, Query
from tests.bench.processes import Server, running
from tests.bench.report import Row
from tests.bench.rounds import ratio, spread
from tests.bench.world import Store

TARGET = 2.0
_SIZE = (80, 24)
_NEWEST_FIRST = Query(sort="REGISTERED_TIME", descending=True)
# One in a store of any size has it, and nearly all have it.
_RARE, _COMMON = "第0000042号", "改良"
# So many in a store of any size have the end of a number: more than there are lines.
_SOME = 100


class WrongRowsError(Exception):
    """The list did not show what it was asked for."""


Task = Callable[["_Hand"], Coroutine[Any, Any, None]]


class _Hand:
    """A client with its list open."""

    def __init__(self, pilot: Pilot[int], count: int) -> None:
        self.pilot = pilot
        self.count = count
        self.screen: ContractList | None = None

    @property
    def list(self) -> PagedList[Any]:
        assert self.screen is not None
        return self.screen.list

    async def until(self, holds: Callable[[], bool]) -> None:
        """Lets the client work until something holds. The runner of the bench ends what never does."""
        while not holds():
            await self.pilot.pause(0)


async def _open(hand: _Hand) -> None:
    """From the menu to the first rows."""
    hand.screen = ContractList()
    await hand.pilot.app.push_screen(hand.screen)
    await hand.until(lambda: hand.list.row is not None)
    _expect(hand, hand.count)


async def _end(hand: _Hand) -> None:
    """From the first row to the last."""
    first = hand.list.row
    hand.list.action_last()
    await hand.until(lambda: hand.list.row is not None and hand.list.row != first)
    await hand.list.load(_NEWEST_FIRST)


def _shows(query: Query, expected: int | None = None) -> Task:
    async def show(hand: _Hand) -> None:
        await hand.list.load(query)
        _expect(hand, hand.count if expected is None else expected)

    return show


async def _filter_by_end(hand: _Hand) -> None:
    digits = len(str(hand.count // _SOME)) - 1
    await hand.list.load(Query(text=f"{42:0{digits}}"[-digits:] + "号", sort="AMOUNT_YEN"))
    _expect(hand, _SOME)


TASKS: Mapping[str, Task] = {
    "opens": _open,
    "jumps to the end and back": _end,
    "sorts by amount": _shows(Query(sort="AMOUNT_YEN")),
    "filters by a rare word": _shows(Query(text=_RARE, sort="REGISTERED_TIME", descending=True), 1),
    "filters by the end of a number": _filter_by_end,
    "filters by a common word": _shows(Query(text=_COMMON, sort="AMOUNT_YEN"), -1),
}


def client_lists(folder: Path, small: Store, large: Store, rounds: int) -> list[Row]:
    """A row for each thing that is done with a list."""
    with (
        running("small", "tests.bench.register_server", str(small.data)) as few,
        running("large", "tests.bench.register_server", str(large.data)) as many,
    ):
        servers = {"small": (few, small), "large": (many, large)}
        samples = asyncio.run(_rounds(folder, servers, rounds))
    return [_row(name, samples[name], small, large) for name in TASKS]


async def _rounds(
    folder: Path, servers: Mapping[str, tuple[Server, Store]], rounds: int
) -> dict[str, dict[str, list[float]]]:
    """Both sides in turn, after a round that does not count; seconds by task and side."""
    samples: dict[str, dict[str, list[float]]] = {name: {side: [] for side in servers} for name in TASKS}
    for number in range(rounds + 1):
        sides = sorted(servers, reverse=number % 2 == 0)
        for side in sides:
            server, store = servers[side]
            async with _client(folder / side, server, store) as hand:
                for name, task in TASKS.items():
                    seconds = await _timed(hand, task)
                    if number:
                        samples[name][side].append(seconds)
    return samples


async def _timed(hand: _Hand, task: Task) -> float:
    await hand.pilot.pause()
    started = time.perf_counter()
    await task(hand)
    await hand.pilot.pause(0)
    return time.perf_counter() - started


@contextlib.asynccontextmanager
async def _client(folder: Path, server: Server, store: Store) -> AsyncIterator[_Hand]:
    """A client that finds itself signed in at this server."""
    environment = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    silent = Console(io.BytesIO(), io.StringIO(), io.StringIO(), io.BytesIO(), lambda _: "", True, True)
    now = datetime.now(UTC)
    session = SessionContext(Texts("ja"), silent, environment, lambda: now, server.target)
    token = store.world.contractor_token
    remember(environment, SignIn(session.endpoint().target, "bench", now + timedelta(hours=1), token))
    app = TashikaApp(session)
    async with app.run_test(size=_SIZE) as pilot:
        hand = _Hand(pilot, store.count)
        await hand.until(lambda: app.session.person is not None)
        await pilot.pause()
        yield hand


def _expect(hand: _Hand, count: int) -> None:
    """That the list has so many rows; -1: more than it counts."""
    window = hand.list.query_one("Rows").window  # type: ignore[attr-defined]
    found = window.total if window.total_exact else -1
    if found != count and count != -1:
        raise WrongRowsError(f"{found} rows, wanted {count}")
    if hand.list.row is None:
        raise WrongRowsError("no row")


def _row(name: str, samples: Mapping[str, list[float]], small: Store, large: Store) -> Row:
    times = ratio(samples["large"], samples["small"], lambda s: s)
    low, high = spread(samples["large"], samples["small"], lambda s: s)
    own, other = (sorted(samples[side])[len(samples[side]) // 2] * 1_000 for side in ("large", "small"))
    return Row(
        f"client: a list of {large.count:,} {name}",
        f"at most {TARGET:.0f} x that of {small.count:,}",
        f"{times:.2f} x ({low:.2f}-{high:.2f})",
        times <= TARGET,
        "",
        f"{own:.0f} ms against {other:.0f} ms",
        {"large_ms": round(own, 2), "small_ms": round(other, 2)},
    )
