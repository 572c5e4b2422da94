"""The gateway: the register over grpc.aio, with deadlines, retries and errors for people.

A gateway belongs to the event loop in which it was made; a process needs one. Nothing of the wire leaves this package
and `wire`.
"""

from types import TracebackType

from tashika_tui.client.gateway.certificates import CertificateCalls
from tashika_tui.client.gateway.contracts import ApplyingCalls, ContractCalls
from tashika_tui.client.gateway.directory import DirectoryCalls, WorksCalls
from tashika_tui.client.gateway.keys import KeyCalls
from tashika_tui.client.gateway.notices import NoticeCalls
from tashika_tui.client.gateway.reports import ReportCalls
from tashika_tui.client.gateway.sessions import SessionCalls
from tashika_tui.client.gateway.ssh_keys import SshKeyCalls
from tashika_tui.client.gateway.underwriting import UnderwritingCalls
from tashika_tui.client.gateway.watching import WatchCalls

__all__ = ["GrpcGateway"]


class GrpcGateway(
    SessionCalls,
    SshKeyCalls,
    DirectoryCalls,
    WorksCalls,
    ContractCalls,
    WatchCalls,
    ApplyingCalls,
    UnderwritingCalls,
    CertificateCalls,
    KeyCalls,
    ReportCalls,
    NoticeCalls,
):
    """The register at one endpoint for one caller. Use it with `async with`.

    `language` is `ja` or `en`; `token` is a session's bearer token, empty for an anonymous caller. Raises
    LocalError if the file of trusted authorities can't be read. `source` is where the person is who came over an SSH
    host.
    """

    async def __aenter__(self) -> "GrpcGateway":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
