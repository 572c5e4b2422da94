"""The simulation's watch."""

import asyncio
from collections.abc import AsyncGenerator

from tashika_tui.client import records
from tashika_tui.client.errors import ServerNotReachable
from tashika_tui.client.fake.entry import PARTIES, FakeCalls, may_see
from tashika_tui.client.fake.noticing import unread_of
from tashika_tui.client.fake.world import Happening, Person, row_of


class FakeWatching(FakeCalls):
    """Watching, as the port's `Contracts` has it. Nothing is told while the world is offline."""

    async def watch_contracts(
        self, after_revision: int | None = None
    ) -> AsyncGenerator[records.WatchEvent, None]:
        """What changes among the caller's contracts."""
        event = self.world.watcher()
        try:
            person = await self._watcher(event)
            revision = after_revision or self.world.revision
            yield records.WatchHeartbeat(revision)
            unread = -1
            while True:
                # Before looking, so that what happens while an event is taken is looked at again.
                event.clear()
                for happening in [h for h in self.world.history if h.revision > revision]:
                    revision = happening.revision
                    change = _change(person, happening)
                    if change is not None:
                        yield change
                count = unread_of(self.world, person.user_id)
                if count != unread:
                    unread = count
                    yield records.UnreadNotices(revision, count)
                await event.wait()
                person = await self._watcher(event)
        finally:
            self.world.forget(event)

    async def _watcher(self, event: asyncio.Event) -> Person:
        """Who watches, once the world can be reached."""
        while True:
            try:
                return await self._read("WatchContracts", PARTIES, lambda person: person)
            except ServerNotReachable:
                event.clear()
                await event.wait()


def _change(person: Person, happening: Happening) -> records.ContractChanged | None:
    before, after = happening.before, happening.after
    saw = before is not None and may_see(person, before)
    sees = after is not None and may_see(person, after)
    held = after or before
    if held is None or not (saw or sees):
        return None
    return records.ContractChanged(
        revision=happening.revision,
        contract_id=held.contract_id,
        action=happening.action,
        change_time=happening.time,
        row=row_of(after) if after is not None and sees else None,
    )
