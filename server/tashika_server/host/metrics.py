"""Figures for Prometheus, where the settings ask for them: on this host alone, since they are for its operator."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from tashika_server.application.mailing import Round
from tashika_server.config import SettingsError
from tashika_server.domain.mailing import MailState

_HELP: Final = {
    "handed_over": "Mails by what became of handing them to the mail server",
    "doubtful": "Mails after which the mail server hung up without an answer; it may have them, and gets them again",
    "stand": "Mails that wait or were given up",
}


class MailMetrics:
    """What is counted of mail."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._results = Counter(
            "tashika_mail_handed_over", _HELP["handed_over"], ("result",), registry=registry
        )
        self._doubtful = Counter("tashika_mail_doubtful", _HELP["doubtful"], registry=registry)
        self._stand = Gauge("tashika_mail_stand", _HELP["stand"], ("state",), registry=registry)

    def count(self, done: Round) -> None:
        """Add a round."""
        for delivery, number in done.results.items():
            self._results.labels(result=delivery.lower()).inc(number)
        self._doubtful.inc(done.doubtful)

    def stand(self, counts: Mapping[MailState, int]) -> None:
        """Note how many wait, and how many were given up."""
        for state, number in counts.items():
            self._stand.labels(state=state.lower()).set(number)


@contextmanager
def metrics_served(registry: CollectorRegistry, listen: str) -> Iterator[None]:
    """Give the figures at ``HOST:PORT``; nowhere where that is empty. Raises ``SettingsError``."""
    if not listen:
        yield
        return
    host, port = _address(listen)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise SettingsError(f"metrics_listen: can't listen at {listen}: {error.strerror}") from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local or not (port.isascii() and port.isdecimal() and 0 <= int(port) <= 65_535):
        raise SettingsError("metrics_listen must be HOST:PORT of this host, such as 127.0.0.1:9464")
    return host, int(port)
