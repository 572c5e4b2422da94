"""Whether the register can be reached, for everybody who wants to show it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto


class Link(Enum):
    """Where the connection stands.

    CONNECTED: the last call was answered. RECONNECTING: an answer failed to come, and it is being tried again.
    OFFLINE: it has been tried for some time without success; it goes on being tried.
    """

    CONNECTED = auto()
    RECONNECTING = auto()
    OFFLINE = auto()


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is known: `attempts` is how often it was tried in vain since the last answer, `retry_in_seconds` the
    pause before the next attempt (0: at once, or none is planned).
    """

    link: Link
    attempts: int = 0
    retry_in_seconds: float = 0.0


LinkCallback = Callable[[LinkState], None]

OFFLINE_AFTER_ATTEMPTS = 3


class Connection:
    """The observable state of one connection. It belongs to one event loop; callbacks run in it, at once.

    `reached` and `lost` are for the gateway (and a simulation); screens read `state` and subscribe.
    """

    def __init__(self) -> None:
        self._state = LinkState(Link.CONNECTED)
        self._callbacks: list[LinkCallback] = []

    @property
    def state(self) -> LinkState:
        """Where it stands now."""
        return self._state

    @property
    def reachable(self) -> bool:
        """Whether the last call was answered."""
        return self._state.link is Link.CONNECTED

    @property
    def observed(self) -> bool:
        """Whether anybody subscribed."""
        return bool(self._callbacks)

    def subscribe(self, callback: LinkCallback) -> Callable[[], None]:
        """Calls `callback` after each change; gives the function that ends that. It is not called at once."""
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def reached(self) -> None:
        """An answer came, be it a refusal."""
        self._become(LinkState(Link.CONNECTED))

    def lost(self, retry_in_seconds: float = 0.0) -> None:
        """No answer came; the next attempt is made after this pause."""
        attempts = self._state.attempts + 1
        link = Link.OFFLINE if attempts >= OFFLINE_AFTER_ATTEMPTS else Link.RECONNECTING
        self._become(LinkState(link, attempts, retry_in_seconds))

    def _become(self, state: LinkState) -> None:
        if state == self._state:
            return
        self._state = state
        for callback in tuple(self._callbacks):
            callback(state)
