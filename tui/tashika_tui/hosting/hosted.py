"""The session context of somebody who came over SSH: whose it is comes from the order, and no file is written."""

import datetime
import shlex
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tashika_tui.client.endpoint import Endpoint, parse_endpoint
from tashika_tui.context import Arrival, Hearing, SessionContext
from tashika_tui.faults import fault_lines
from tashika_tui.hosting.order import Fault, Order, Place
from tashika_tui.i18n import Texts, environment_language
from tashika_tui.problems import LocalError

if TYPE_CHECKING:
    from tashika_tui.client.port import Register

_SSH_PORT = 22


def endpoint_of(place: Place) -> Endpoint:
    """The register as the host reaches it. Raises LocalError."""
    found = parse_endpoint(place.server, Path(place.ca) if place.ca else None)
    if not place.certificate:
        return found
    return replace(found, certificate=Path(place.certificate), key=Path(place.key))


@dataclass(frozen=True, slots=True)
class HostedDelivery:
    """Tells the command that gets a document, since what this process could write would lie on the host."""

    ssh: str

    def command(self, get: Sequence[str]) -> str | None:
        """The command line. Raises LocalError for what no command gets."""
        if not get:
            raise LocalError("hosting.no_save")
        kind, number = get[0], get[1]
        given = " < key.txt" if "--with-key" in get else ""
        return f"{self.ssh} get {shlex.join(get)}{given} > {kind}-{number}.pdf"

    def suggest(self, name: str) -> str | None:
        """There is nothing to choose."""
        return None

    def taken(self, where: str) -> bool:
        """Nothing stands anywhere."""
        return False

    def deliver(self, where: str, name: str, content: bytes, *, overwrite: bool) -> str:
        """Raises LocalError: no file of this host is anybody's."""
        raise LocalError("hosting.no_save")


def ssh_command(order: Order) -> str:
    """The command by which this person comes here."""
    place = order.place
    port = f"-p {place.port} " if place.port != _SSH_PORT else ""
    return f"ssh {port}{shlex.quote(f'{order.login_name}@{place.host}')}"


def hosted_session(
    session: SessionContext,
    order: Order,
    arrival: Arrival | None,
    host: Hearing | None,
    report: Callable[[Fault], None],
) -> SessionContext:
    """`session` with the streams, the environment and the clock of this process, as one that serves this order."""
    where = endpoint_of(order.place)

    @asynccontextmanager
    async def connect(context: SessionContext, token: str) -> AsyncIterator["Register"]:
        from tashika_tui.client.gateway import GrpcGateway

        async with GrpcGateway(where, context.language, token, order.source) as gateway:
            yield gateway

    return replace(
        session,
        texts=Texts(order.language or environment_language(order.environment)),
        environment=order.environment,
        server=order.place.server,
        ca=Path(order.place.ca) if order.place.ca else None,
        connect=connect,
        delivery=HostedDelivery(ssh_command(order)),
        hosted=True,
        arrival=arrival,
        host=host,
        shown_as=order.place.host,
        record_fault=_recorder(session.now, report),
    )


def _recorder(
    now: Callable[[], datetime.datetime], report: Callable[[Fault], None]
) -> Callable[[str, BaseException], None]:
    def record(reference: str, error: BaseException) -> None:
        report(Fault(reference, type(error).__name__, tuple(fault_lines(reference, error, now())[1:])))

    return record
