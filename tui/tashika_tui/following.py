"""Follows what changes at the register, for as long as somebody is signed in. Knows nothing of a screen."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from tashika_tui.client.errors import RefusedByServer, RegisterError, SessionExpired
from tashika_tui.problems import LocalError
from tashika_tui.session import ClientSession

if TYPE_CHECKING:
    from tashika_tui.client.records import WatchEvent

# Before a watch that ended is begun again, in seconds; the last one repeats. (A lost connection is not among the
# ends: a watch makes it again by itself.)
PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)

# Who may watch nothing today may not a minute later either.
_NEVER = frozenset({"PERMISSION_DENIED", "PASSWORD_CHANGE_REQUIRED"})


class Following:
    """One person's watch over the contracts.

    `tell` gets every event of a contract; a WatchGap also when the watch begins, since what was read before may be
    older. `unread` gets how many notices are unread, when the watch begins and whenever it is another number. `over`
    is called when the session ended, after which `run` returns; begun again, it goes on where it was. `fault` gets
    what is a fault of this programme.
    """

    def __init__(
        self,
        session: ClientSession,
        tell: Callable[["WatchEvent"], None],
        unread: Callable[[int], None],
        over: Callable[[], None],
        fault: Callable[[Exception], None],
    ) -> None:
        self._session = session
        self._tell = tell
        self._unread = unread
        self._over = over
        self._fault = fault
        self._revision: int | None = None
        self._heard = False

    def forget(self) -> None:
        """The next one who watches is somebody else."""
        self._revision = None

    async def run(self) -> None:
        """Watches until the session ends, or somebody cancels it."""
        waits = _pauses()
        while True:
            self._heard = False
            try:
                await self._watch()
            except SessionExpired:
                self._over()
                return
            except RefusedByServer as error:
                if error.reason in _NEVER:
                    return
            except (RegisterError, LocalError):
                pass
            except Exception as error:
                self._fault(error)
            if self._heard:
                waits = _pauses()
            await asyncio.sleep(next(waits))

    async def _watch(self) -> None:
        # The records take long to import, and nobody watches before they have signed in.
        from tashika_tui.client.records import UnreadNotices, WatchGap

        register = await self._session.register()
        async with aclosing(register.watch_contracts(self._revision)) as events:
            async for event in events:
                self._heard = True
                first, self._revision = self._revision is None, event.revision
                if first:
                    self._tell(WatchGap(event.revision))
                if isinstance(event, UnreadNotices):
                    self._unread(event.count)
                else:
                    self._tell(event)


def _pauses() -> Iterator[float]:
    return itertools.chain(PAUSES, itertools.repeat(PAUSES[-1]))
