"""A clock for tests: the machine's own, moved ahead by hand. Time is never set back, as on a real machine."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """The port ``Clock``. ``ahead`` is how far it goes before the machine's clock."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Give the present moment of the test."""
        return datetime.now(UTC) + self.ahead

    def move(self, by: timedelta) -> None:
        """Let time pass at once."""
        if by < timedelta():
            raise ValueError("time goes forwards")
        self.ahead += by
