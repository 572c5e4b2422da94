"""How many may come, and how fast: by where they come from, by who they are, and in all."""

import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

# Sources that are remembered; when there are more, those with a full bucket are forgotten, which changes nothing.
MAX_SOURCES = 10_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The host's limits. `connections_per_minute` is per source: an address, or the /64 of an IPv6 address."""

    connections: int = 500
    unauthenticated: int = 100
    unauthenticated_per_source: int = 20
    connections_per_minute: int = 60
    sessions: int = 200
    sessions_per_user: int = 5


def source_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 address, which one household has whole."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.IPv6Network((found, 64), strict=False))


def plain_address(address: str) -> str:
    """An address as the register takes it: an IPv4 address in IPv6 clothes is undressed."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


class Pace:
    """A bucket of permits for each source, which fills again with time. `now` gives seconds on a steady clock."""

    def __init__(self, per_minute: int, now: Callable[[], float]) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60.0
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, source: str) -> bool:
        """Takes a permit; False where there is none left."""
        now = self._now()
        left = self._level(source, now)
        if left < 1.0:
            self._buckets[source] = (left, now)
            return False
        if len(self._buckets) >= MAX_SOURCES and source not in self._buckets:
            self._tidy(now)
        self._buckets[source] = (left - 1.0, now)
        return True

    def _level(self, source: str, now: float) -> float:
        left, at = self._buckets.get(source, (self._size, now))
        return min(self._size, left + (now - at) * self._per_second)

    def _tidy(self, now: float) -> None:
        for source in list(self._buckets):
            if self._level(source, now) >= self._size:
                del self._buckets[source]
        # All of them busy: the oldest half goes, which lets some of them try a little more.
        if len(self._buckets) >= MAX_SOURCES:
            for source in list(self._buckets)[: MAX_SOURCES // 2]:
                del self._buckets[source]


class Limits:
    """Counts connections and sessions. What is taken is given back once."""

    def __init__(self, bounds: Bounds, now: Callable[[], float]) -> None:
        self._bounds = bounds
        self._pace = Pace(bounds.connections_per_minute, now)
        self.connections = 0
        self._waiting: Counter[str] = Counter()
        self._sessions: Counter[str] = Counter()

    @property
    def unauthenticated(self) -> int:
        """Connections of people who have not signed in yet."""
        return self._waiting.total()

    @property
    def sessions(self) -> int:
        """Sessions that run."""
        return self._sessions.total()

    def connect(self, source: str) -> str:
        """Lets a connection in; gives why not, in a word for the log, empty where it may come in."""
        bounds = self._bounds
        if self.connections >= bounds.connections:
            return "connections"
        if self.unauthenticated >= bounds.unauthenticated:
            return "unauthenticated"
        if self._waiting[source] >= bounds.unauthenticated_per_source:
            return "unauthenticated_per_source"
        # Last, so that who is turned away for another reason does not use up permits.
        if not self._pace.take(source):
            return "pace"
        self.connections += 1
        self._waiting[source] += 1
        return ""

    def authenticated(self, source: str) -> None:
        """Who waited is known now, or gone."""
        _give_back(self._waiting, source)

    def disconnect(self) -> None:
        """The connection is over."""
        self.connections -= 1

    def open_session(self, person: str) -> str:
        """Lets a session begin; gives the key of the sentence that says why not, empty where it may."""
        if self._sessions[person] >= self._bounds.sessions_per_user:
            return "hosting.too_many_of_yours"
        if self.sessions >= self._bounds.sessions:
            return "hosting.too_many"
        self._sessions[person] += 1
        return ""

    def close_session(self, person: str) -> None:
        """A session is over."""
        _give_back(self._sessions, person)


def _give_back(counter: Counter[str], name: str) -> None:
    counter[name] -= 1
    if counter[name] <= 0:
        del counter[name]
