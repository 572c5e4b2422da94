"""One reader of the feed for all watchers: it reads each change once and hands it to whoever sees it."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tashika_server.application.ports import FeedEntry, Store, UnreadCount
from tashika_server.domain.reasons import Reason, RefusedError, refuse

MAX_WAITING: Final = 1_000
"""Changes that wait for one watcher: some megabytes at most, shared with all others of the organisation."""

PAGE: Final = 500
"""Changes read at once: what the writer commits in a second."""

POLL_SECONDS: Final = 1.0
"""A commit wakes the reader; it looks by itself in case nobody did."""

PACE_SECONDS: Final = 0.02
"""Reads begin at least this far apart, however often something is committed: nobody sees the difference."""


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """Everything that a commit changed for an organisation; without changes: how far the register is.

    After it the watcher knows all there is up to ``revision``, and can go on from there. ``unread``: how many of the
    watcher's own notices are unread, where that is told.
    """

    revision: int
    changes: tuple[FeedEntry, ...] = ()
    unread: int | None = None


def events_of(entries: Iterable[FeedEntry]) -> Iterator[WatchEvent]:
    """Put the changes of each revision together; ``entries`` are one organisation's, in order."""
    for revision, changes in groupby(entries, key=lambda entry: entry.revision):
        yield WatchEvent(revision, tuple(changes))


class Subscriber:
    """One watcher's place: what waits for it, never more than it may, and why it ends."""

    __slots__ = ("_ended", "_queue", "_ready", "_unread", "_waiting", "organization_id", "user_id")

    def __init__(self, organization_id: str, user_id: str) -> None:
        self.organization_id = organization_id
        self.user_id = user_id
        self._queue: deque[WatchEvent] = deque()
        self._unread: WatchEvent | None = None
        self._waiting = 0
        self._ready = asyncio.Event()
        self._ended: BaseException | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing waits and nothing has ended."""
        return not self._queue and self._unread is None and self._ended is None

    def give(self, event: WatchEvent) -> None:
        """Let an event wait; a watcher that has too much of them already is given up."""
        if self._ended is not None:
            return
        if self._queue and self._waiting + len(event.changes) > MAX_WAITING:
            self.end(refuse(Reason.WATCH_READER_TOO_SLOW))
            return
        self._queue.append(event)
        self._waiting += len(event.changes)
        self._ready.set()

    def give_unread(self, revision: int, unread: int) -> None:
        """Let a count wait, in place of one that does: only the latest is of use."""
        if self._ended is None:
            self._unread = WatchEvent(revision, unread=unread)
            self._ready.set()

    def end(self, error: BaseException) -> None:
        """End the watch; what waits is not told any more."""
        self._ended = self._ended or error
        self._queue.clear()
        self._unread = None
        self._waiting = 0
        self._ready.set()

    def take(self) -> WatchEvent | None:
        """Give the next event, if there is one. Raises why the watch has ended."""
        if isinstance(self._ended, RefusedError):
            # Each watcher raises its own: an error that many raise would remember all their stacks.
            raise RefusedError(*self._ended.violations)
        if self._ended is not None:
            raise RuntimeError("the reader of the feed has failed") from self._ended
        if self._queue:
            event = self._queue.popleft()
            self._waiting -= len(event.changes)
            return event
        count, self._unread = self._unread, None
        if count is None:
            self._ready.clear()
        return count

    async def wait(self, seconds: float) -> None:
        """Wait until there is something to take, or for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ready.wait()


class WatchHub:
    """Reads the feed while anybody watches."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._subscribers: dict[str, set[Subscriber]] = {}
        self._people: dict[str, set[Subscriber]] = {}
        self._counted = 0
        self._reader: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = False
        self.position = 0
        """Up to this revision every change was handed on."""

    @asynccontextmanager
    async def joined(self, organization_id: str, user_id: str) -> AsyncIterator[Subscriber]:
        """Hand on to a person of an organisation what is committed from now on, and a little that was before."""
        self.refuse_stopped()
        mine = Subscriber(organization_id, user_id)
        for places, place in ((self._subscribers, organization_id), (self._people, user_id)):
            places.setdefault(place, set()).add(mine)
        try:
            await self._start()
            yield mine
        finally:
            for places, place in ((self._subscribers, organization_id), (self._people, user_id)):
                places[place].remove(mine)
                if not places[place]:
                    del places[place]
            if not self._subscribers and self._reader is not None:
                self._reader.cancel()
                self._reader = None

    def stop(self) -> None:
        """End every watch with SHUTTING_DOWN, and let none begin."""
        self._stopped = True
        self._end(refuse(Reason.SHUTTING_DOWN))

    def refuse_stopped(self) -> None:
        """Raise SHUTTING_DOWN once the hub has stopped."""
        if self._stopped:
            raise refuse(Reason.SHUTTING_DOWN)

    async def _start(self) -> None:
        """Begin to read, unless somebody else has; where the reading begins must be known before anybody goes on."""
        async with self._starting:
            if self._reader is not None:
                return
            if self._loop is None:
                self._store.after_commit(self._wake)
            self._loop = asyncio.get_running_loop()
            self.position, self._counted = await self._store.read(
                lambda view: (view.revision(), view.notices.last_change())
            )
            self._reader = asyncio.create_task(self._read())

    def _wake(self, revision: int) -> None:
        """Called after each commit, on the store's own thread."""
        loop = self._loop
        if loop is not None and self._subscribers:
            with contextlib.suppress(RuntimeError):  # the loop has closed, and nobody watches any more
                loop.call_soon_threadsafe(self._woken.set)

    async def _read(self) -> None:
        me = asyncio.current_task()
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._woken.wait()
                self._woken.clear()
                await self._hand_on()
                await asyncio.sleep(PACE_SECONDS)
        except Exception as error:
            # Whoever watches is told; the next one to join begins anew.
            if self._reader is me:
                self._reader = None
                self._end(error)

    async def _hand_on(self) -> None:
        """Read what is new, and hand it on."""
        # Whoever joins while this is read must find in it what was committed after joining, so the store is given
        # the subscribers as they are when it has read, not as they are now.
        page, counts = await self._store.read(
            lambda view: (
                view.feed.after(self.position, PAGE, self._subscribers.keys()),
                view.notices.changed(self._counted, PAGE),
            ),
            slow=True,
        )
        by_organization: dict[str, list[FeedEntry]] = {}
        for entry in page.entries:
            by_organization.setdefault(entry.organization_id, []).append(entry)
        for organization_id, theirs in by_organization.items():
            for event in events_of(theirs):
                for subscriber in tuple(self._subscribers.get(organization_id, ())):
                    subscriber.give(event)
        self.position = page.upto
        self._hand_on_counts(counts)
        if page.more or len(counts) == PAGE:
            self._woken.set()

    def _hand_on_counts(self, counts: Sequence[UnreadCount]) -> None:
        for count in counts:
            for subscriber in self._people.get(count.user_id, ()):
                subscriber.give_unread(self.position, count.unread)
            self._counted = count.change

    def _end(self, error: BaseException) -> None:
        for subscribers in self._subscribers.values():
            for subscriber in subscribers:
                subscriber.end(error)
