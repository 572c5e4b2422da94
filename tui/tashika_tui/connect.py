"""The way from a session to the register of its server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tashika_tui.client.port import Register
    from tashika_tui.context import SessionContext


@asynccontextmanager
async def over_grpc(session: "SessionContext", token: str) -> AsyncIterator["Register"]:
    """The register over gRPC, as an anonymous caller or with a session's token. Raises LocalError."""
    where = session.endpoint()
    # gRPC takes a tenth of a second to import: only what talks to a server pays for it.
    from tashika_tui.client.gateway import GrpcGateway

    async with GrpcGateway(where, session.language, token) as gateway:
        yield gateway
