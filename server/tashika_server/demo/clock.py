"""The demo's clock: samples are made as if on earlier days, so that some have lapsed or expired by today."""

import time
from datetime import UTC, datetime, timedelta


class DemoClock:
    """The port `Clock`. It begins at `begin` and goes on from there until `follow_machine`; never backwards.

    Safe to read from other threads while one thread moves it.
    """

    def __init__(self, begin: datetime) -> None:
        self._set: tuple[datetime, float] | None = (begin, time.monotonic())

    def now(self) -> datetime:
        """Give the present moment of the samples, never after the machine's."""
        present, base = datetime.now(UTC), self._set
        if base is None:
            return present
        moment, since = base
        return min(moment + timedelta(seconds=time.monotonic() - since), present)

    def move_to(self, moment: datetime) -> None:
        """Go on from `moment`, or from now where that is later already."""
        self._set = (max(moment, self.now()), time.monotonic())

    def follow_machine(self) -> None:
        """Be the machine's clock from now on."""
        self._set = None
