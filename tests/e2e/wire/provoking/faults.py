"""Reasons about what can happen to a server: real faults, on a server that is there to be damaged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from grpc import StatusCode

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_attaching_pb2 as attaching
from tashika.v1 import contract_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import works_service_pb2 as works
from tashika_server.transport.methods import Lane
from tests.e2e.wire.provoking.scene import Scene, raises
from tests.support import data
from tests.support.client import Client, fresh
from tests.support.faults import (
    disk_failing_at_commit,
    full_disk,
    little_patience,
    until,
    workers_dying,
    workers_stopped,
)
from tests.support.people import make_world
from tests.support.refusals import Refusal, refusal
from tests.support.server import Running, running_server

MANY = 200
"""Works of this size fill the free pages of a database long before."""


def _large_works(scene: Scene) -> works.CreateWorksRequest:
    terms = data.works_terms(scene.world.today, name="工" * 200, place="所" * 200, section="課" * 200)
    return works.CreateWorksRequest(request_id=fresh(), works=terms)


async def _until_refused(scene: Scene) -> tuple[works.CreateWorksRequest, Refusal, int]:
    """Enter works until that is refused; give the request, the refusal, and how many were acknowledged."""
    person = scene.person("contractor")
    for acknowledged in range(MANY):
        request = _large_works(scene)
        call = person.works.CreateWorks(request)
        if await call.code() is not StatusCode.OK:
            return request, await refusal(call), acknowledged
    raise AssertionError("nothing was refused")


async def _total(scene: Scene) -> int:
    listing = works.ListWorksRequest(page_size=1)
    return (await scene.person("contractor").works.ListWorks(listing)).total_size


@raises("STORE_UNAVAILABLE", StatusCode.UNAVAILABLE, own_server=True)
async def store_unavailable(scene: Scene) -> Refusal:
    before = await _total(scene)
    with full_disk(scene.world.running):
        request, told, acknowledged = await _until_refused(scene)
        assert await _total(scene) == before + acknowledged
    await scene.person("contractor").works.CreateWorks(request)
    assert await _total(scene) == before + acknowledged + 1
    return told


@raises("OUTCOME_UNKNOWN", StatusCode.UNAVAILABLE, own_server=True)
async def outcome_unknown(scene: Scene) -> Refusal:
    before = await _total(scene)
    with disk_failing_at_commit():
        request, told, acknowledged = await _until_refused(scene)
    person = scene.person("contractor")
    first = await person.works.CreateWorks(request)
    assert await person.works.CreateWorks(request) == first
    assert await _total(scene) == before + acknowledged + 1
    return told


@raises("RENDERING_UNAVAILABLE", StatusCode.UNAVAILABLE, own_server=True)
async def rendering_unavailable(scene: Scene) -> Refusal:
    contract = await scene.play.paid()
    async with workers_dying(scene.world.running):
        told = await scene.issue(contract)
    assert (await scene.play.issue(contract)).contract.version == 1
    return told


@raises("ISSUE_OVERTAKEN", StatusCode.ABORTED, own_server=True)
async def issue_overtaken(scene: Scene) -> Refusal:
    await scene.play.issued()
    contract = await scene.play.paid()
    report = contracts.ReportErrorRequest(
        request_id=fresh(),
        contract_id=contract.contract_id,
        remarks=[contract_pb2.Remark(field="terms.amount_yen", text="金額が違います。")],
    )
    async with workers_stopped(scene.world.running) as job_waits:
        issuing = asyncio.create_task(scene.issue(contract))
        await job_waits()
        await scene.person("contractor").contracts.ReportError(report)
    return await issuing


@raises("INTERNAL", StatusCode.INTERNAL, own_server=True)
async def internal(scene: Scene) -> Refusal:
    opened = await scene.play.issued()
    person = scene.person("contractor")
    found = await person.certificates.GetCertificate(
        certificates.GetCertificateRequest(contract_id=opened.contract.contract_id)
    )
    digest = found.certificate.pdf_sha256
    folder = scene.world.running.register.settings.data / "blobs"
    (folder / digest[:2] / digest[2:4] / digest).unlink()
    request = certificates.DownloadCertificateRequest(contract_id=opened.contract.contract_id)
    told = await refusal(person.certificates.DownloadCertificate(request))
    assert list(told.info.metadata) == ["reference"]
    logged = [line["reference"] for line in scene.world.running.faults]
    assert logged[-1] == told.info.metadata["reference"]
    return told


class _Held:
    """A stream to the server that is open and says nothing."""

    def __init__(self) -> None:
        self.ends = asyncio.Event()

    async def parts(
        self, *first: attaching.AttachDocumentRequest
    ) -> AsyncIterator[attaching.AttachDocumentRequest]:
        for part in first:
            yield part
        await self.ends.wait()


@asynccontextmanager
async def _held_transfer(running: Running, person: Client) -> AsyncIterator[None]:
    held = _Held()
    task = asyncio.ensure_future(_outcome(person.contracts.AttachDocument(held.parts())))
    await until(lambda: running.server._pipeline.admission.in_flight(Lane.TRANSFERS) > 0)
    try:
        yield
    finally:
        held.ends.set()
        await task


async def _outcome(call: object) -> StatusCode:
    return await call.code()  # type: ignore[attr-defined,no-any-return]


@raises("DEADLINE_EXCEEDED", StatusCode.DEADLINE_EXCEEDED, own_server=True)
async def deadline_exceeded(scene: Scene) -> Refusal:
    held = _Held()
    with little_patience(scene.world.running, 0.02):
        told = await refusal(scene.person("contractor").contracts.AttachDocument(held.parts()))
    held.ends.set()
    return told


@raises("SERVER_BUSY", StatusCode.RESOURCE_EXHAUSTED, own_server=True)
async def server_busy(scene: Scene) -> Refusal:
    person = scene.person("contractor")
    request = certificates.DownloadCertificateRequest(viewing_token="none")
    async with _held_transfer(scene.world.running, person):
        return await refusal(person.certificates.DownloadCertificate(request))


@raises("SHUTTING_DOWN", StatusCode.UNAVAILABLE)
async def shutting_down(scene: Scene) -> Refusal:
    async with running_server(scene.folder, drain_seconds="10") as running:
        world = await make_world(running)
        person = world.people["contractor"].speaking(scene.language)
        async with _held_transfer(running, person):
            draining = asyncio.create_task(running.server.drain())
            await until(running.server._pipeline.admission.draining.is_set)
            told = await refusal(person.sessions.GetServerInfo(sessions.GetServerInfoRequest()))
        await draining
        return told
