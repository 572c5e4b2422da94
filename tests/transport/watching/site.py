"""A register on a socket for those who watch: the real store and pipeline, people who are signed in, no documents."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import grpc
import grpc.aio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import contract_watching_pb2 as watches
from tashika.v1.contract_service_pb2_grpc import ContractServiceStub
from tashika_server.application.access import authorise
from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit
from tashika_server.application.ports import Done
from tashika_server.application.use_cases import UseCases, make_use_cases
from tashika_server.domain.model import Organization, OrganizationKind, Role, Session, User
from tashika_server.security.log_key import RegisterKey
from tashika_server.security.root_secret import RootSecret
from tashika_server.security.vault import RootVault
from tashika_server.storage.store import SqlStore, open_store
from tashika_server.system import SystemRandomness, TimeOrderedIds
from tashika_server.transport.admission import Admission
from tashika_server.transport.assembly import make_pipeline
from tashika_server.transport.pipeline import Limits, Pipeline
from tashika_server.transport.server import GrpcServer, ServerOptions
from tashika_server.transport.servicers.session_servicer import ServerFacts
from tashika_server.transport.tokens import make_session_token, parse_session_token
from tests.storage.databases import Database
from tests.storage.world import CHANGE, CONTRACTOR, GUARANTOR, ManualClock

SECONDS = 30.0
"""A test that waits longer has found a fault."""

PEOPLE = {
    "contractor": (CONTRACTOR, OrganizationKind.CONTRACTOR, Role.CONTRACTOR),
    "other": ("org_other", OrganizationKind.CONTRACTOR, Role.CONTRACTOR),
    "underwriter": (GUARANTOR, OrganizationKind.GUARANTOR, Role.UNDERWRITER),
    "officer": ("org_city", OrganizationKind.ORDERER, Role.OFFICER),
}


@dataclass
class Site:
    """A server that runs, and who is signed in there."""

    clock: ManualClock
    store: SqlStore
    use_cases: UseCases
    pipeline: Pipeline
    server: GrpcServer
    channel: grpc.aio.Channel
    tokens: dict[str, str] = field(default_factory=dict)

    def stub(self) -> Any:
        """A stub on the shared channel."""
        return ContractServiceStub(self.channel)

    def watch(self, who: str = "contractor", after: int = 0, **options: Any) -> "Watch":
        """Watch as somebody."""
        request = watches.WatchContractsRequest(after_revision=after)
        metadata = [("authorization", f"Bearer {self.tokens[who]}")]
        return Watch(self.stub().WatchContracts(request, metadata=metadata, **options))

    async def list(self, who: str, **asked: Any) -> contracts.ListContractsResponse:
        """List as somebody."""
        metadata = [("authorization", f"Bearer {self.tokens[who]}")]
        request = contracts.ListContractsRequest(**asked)
        answer: contracts.ListContractsResponse = await self.stub().ListContracts(
            request, metadata=metadata, timeout=SECONDS
        )
        return answer

    def caller(self, who: str = "contractor") -> Caller:
        """Somebody, without the wire."""
        organization_id, kind, role = PEOPLE[who]
        session_id = parse_session_token(self.tokens[who]).session_id
        return Caller(f"usr_{who}", organization_id, kind, roles=frozenset({role}), session_id=session_id)


class Watch:
    """A watch, read message by message."""

    def __init__(self, call: Any) -> None:
        self.call = call
        self._messages = aiter(call)

    async def next(self) -> Any:
        """The next message, with or without changes."""
        async with asyncio.timeout(SECONDS):
            return await anext(self._messages)

    async def change(self) -> Any:
        """The next message with changes."""
        while not (message := await self.next()).changes:
            pass
        return message

    async def end(self) -> None:
        """Read until it ends; raises what it ends with."""
        while True:
            await self.next()


async def _sign_in(site: Site, vault: RootVault) -> None:
    ids = TimeOrderedIds(site.clock, SystemRandomness())

    def command(unit: Any, now: Any, made: Any) -> Done[None]:
        for who, (organization_id, kind, role) in PEOPLE.items():
            secret = secrets.token_bytes(32)
            session_id = ids.new("ses")
            site.tokens[who] = make_session_token(session_id, secret)
            unit.organizations.add(Organization(organization_id, kind, f"{who}の会社"), CHANGE)
            unit.users.add(User(f"usr_{who}", organization_id, who, who, roles=frozenset({role})), CHANGE)
            digest = vault.digest("session", secret)
            unit.sessions.add(
                Session(session_id, f"usr_{who}", digest, now, now, now + timedelta(hours=12)), CHANGE
            )
        return Done(None)

    await site.store.run(command)


def disables(who: str) -> Any:
    """A command that closes somebody's account."""

    def command(unit: Any, now: Any, ids: Any) -> Done[None]:
        unit.users.save(replace(unit.users.get(f"usr_{who}"), disabled=True), CHANGE)
        return Done(None)

    return command


@asynccontextmanager
async def serving(
    database: Database, folder: Path, *, admission: Admission | None = None, limits: Limits | None = None
) -> AsyncIterator[Site]:
    """Serve an empty register on a socket in ``folder``."""
    clock, randomness = ManualClock(), SystemRandomness()
    ids = TimeOrderedIds(clock, randomness)
    store = open_store(database.location, clock=clock, ids=ids)
    vault = RootVault(RootSecret({1: hashlib.sha256(b"invented").digest()}))
    nothing = cast(Any, None)
    kit = Kit(
        store,
        clock,
        ids,
        randomness,
        vault,
        passwords=nothing,
        documents=nothing,
        blobs=nothing,
        holidays=nothing,
    )
    key = RegisterKey("tashika.example/log", Ed25519PrivateKey.generate())
    use_cases = make_use_cases(kit, key, nothing)

    async def authenticate(token: str, peer: str) -> Caller:
        parsed = parse_session_token(token)
        return await use_cases.sessions.authenticate(parsed.session_id, parsed.secret, "en", peer)

    pipeline = make_pipeline(
        use_cases,
        kit,
        facts=ServerFacts("0", True, key.name, key.verifier_key),
        authenticate=authenticate,
        authorise=authorise,
        admission=admission or Admission(),
        client_certificates=False,
    )
    if limits is not None:
        pipeline._limits = limits
    server = GrpcServer(ServerOptions(f"unix:{folder / 's'}", drain_seconds=SECONDS), pipeline)
    target = await server.start()
    # A line that keeps to 64 KiB, instead of the megabytes that gRPC finds a fast one to be good for.
    async with grpc.aio.insecure_channel(target, options=[("grpc.http2.bdp_probe", 0)]) as channel:
        site = Site(clock, store, use_cases, pipeline, server, channel)
        await _sign_in(site, vault)
        yield site
        await channel.close()
    await server.drain()
    await store.close()
