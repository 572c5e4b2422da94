"""Watching contracts: whoever sees one is told of each change, in the order of the commits, none twice, none missed.

One reader goes through the feed for all watchers, so that a thousand of them cost one read and not a thousand; a
commit only wakes it. Whoever comes back reads what was missed page by page, then joins the others.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from tashika_server.application.access import authorise
from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit
from tashika_server.application.sessions import Sessions
from tashika_server.application.watch_hub import Subscriber, WatchEvent, WatchHub, events_of
from tashika_server.domain.reasons import Reason, refuse

METHOD: Final = "/tashika.v1.ContractService/WatchContracts"

HEARTBEAT_SECONDS = 8.0
"""Watchers hear something at least every 10 seconds, also when the server is busy for a moment."""

MAX_BEHIND = 10_000
"""Reading a list anew takes less than being told of more changes than this."""

PAGE = 200
"""Changes read at once for one who comes back: about a megabyte of contracts."""


class Watching:
    """The use case of watching."""

    def __init__(self, kit: Kit, sessions: Sessions) -> None:
        self._store = kit.store
        self._sessions = sessions
        self._hub = WatchHub(kit.store)

    def stop(self) -> None:
        """End every watch with SHUTTING_DOWN, now and from now on."""
        self._hub.stop()

    async def watch(self, caller: Caller, after_revision: int) -> AsyncGenerator[WatchEvent, None]:
        """Tell the changes of what the caller's organisation sees, after a revision (0: from now on), for ever.

        An event without changes says how far the register is; the first is one, and then there is one at least every
        10 seconds. How many of the caller's notices are unread is told once what was missed is told, and whenever it
        changes. Refuses WATCH_TOO_FAR_BEHIND above 10,000 changes and WATCH_REVISION_UNKNOWN for a revision that
        the register has not reached, both with its ``current_revision``; ends with WATCH_READER_TOO_SLOW,
        SHUTTING_DOWN, or what is refused to the person by now (SESSION_EXPIRED, UNAUTHENTICATED, ...).
        """
        if not caller.organization_id:
            raise refuse(Reason.PERMISSION_DENIED)
        beat = _Beat()
        reached = after_revision
        if after_revision:
            await self._check_distance(caller.organization_id, after_revision)
            yield WatchEvent(reached)
            # Until little is missing, nothing is collected for this one meanwhile.
            async with aclosing(self._missed(caller, beat, reached)) as missed:
                async for event in missed:
                    reached = event.revision
                    yield event
        async with self._hub.joined(caller.organization_id, caller.user_id) as mine:
            # What is committed after this was read is handed on by the hub.
            head, unread = await self._store.read(
                lambda view: (view.revision(), view.notices.unread(caller.user_id))
            )
            if after_revision:
                async with aclosing(self._missed(caller, beat, reached)) as missed:
                    async for event in missed:
                        reached = event.revision
                        yield event
            reached = max(head, reached)
            yield WatchEvent(reached, unread=unread)
            async with aclosing(self._live(caller, beat, mine, reached)) as events:
                async for event in events:
                    yield event

    async def _check_distance(self, organization_id: str, after: int) -> None:
        """Refuse what can't be gone on from."""
        head, behind = await self._store.read(
            lambda view: (view.revision(), view.feed.behind(organization_id, after, MAX_BEHIND + 1)),
            slow=True,
        )
        if after > head:
            raise refuse(Reason.WATCH_REVISION_UNKNOWN, "after_revision", current_revision=head)
        if behind > MAX_BEHIND:
            raise refuse(Reason.WATCH_TOO_FAR_BEHIND, "after_revision", current_revision=head)

    async def _missed(self, caller: Caller, beat: "_Beat", reached: int) -> AsyncGenerator[WatchEvent, None]:
        """What was committed after a revision, until a page is not full."""
        mine = caller.organization_id
        while True:
            after = reached
            entries = await self._store.read(
                lambda view: view.feed.of_organization(mine, after, PAGE),  # noqa: B023 - read at once
                slow=True,
            )
            for event in events_of(entries):
                await self._check(caller, beat)
                reached = event.revision
                yield event
            if len(entries) < PAGE:
                return

    async def _live(
        self, caller: Caller, beat: "_Beat", mine: Subscriber, reached: int
    ) -> AsyncGenerator[WatchEvent, None]:
        """What comes from now on."""
        while True:
            event = mine.take()
            if event is not None and (event.revision > reached or event.unread is not None):
                await self._check(caller, beat)
                reached = max(reached, event.revision)
                yield replace(event, revision=reached)
            elif event is None:
                await mine.wait(beat.left)
                if await self._check(caller, beat) and mine.empty:
                    reached = max(reached, self._hub.position)
                    yield WatchEvent(reached)

    async def _check(self, caller: Caller, beat: "_Beat") -> bool:
        """At each heartbeat see that the person may still watch; answers whether it was time."""
        self._hub.refuse_stopped()
        if beat.left > 0:
            return False
        beat.begin()
        present = await self._sessions.look_again(caller)
        authorise(METHOD, present)
        if present.organization_id != caller.organization_id:
            raise refuse(Reason.UNAUTHENTICATED)
        return True


class _Beat:
    """When the next heartbeat is due."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin the time to the next one."""
        self._ends = asyncio.get_running_loop().time() + HEARTBEAT_SECONDS

    @property
    def left(self) -> float:
        """Seconds to the next one."""
        return max(0.0, self._ends - asyncio.get_running_loop().time())
