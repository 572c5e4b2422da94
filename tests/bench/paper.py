"""The rows about certificates: rendered beside typst, issued beside rendering and signing alone, more workers."""

import asyncio
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import grpc.aio

from tashika.v1 import certificate_service_pb2 as certificates
from tashika_formats.statement import build_envelope, parse_envelope, statement_digest
from tashika_server.documents.certificate import render_certificate
from tashika_server.documents.content import SignerRef
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import ensure_fonts, open_fonts
from tashika_server.documents.pool import DocumentPool
from tashika_server.host.register import open_register
from tashika_server.security.authority import CHAIN_FILE, KEY_FILE
from tashika_server.security.signer import open_signer
from tests.bench.processes import Server, children, cpu_seconds, running
from tests.bench.report import Row
from tests.bench.rounds import interleave, middle, ratio, spread
from tests.bench.typst_page import TypstPage
from tests.bench.world import World, settings_for

ISSUE = "/tashika.v1.CertificateService/IssueCertificate"
PAGES = 20
IN_FLIGHT = 8


@dataclass(frozen=True)
class Timing:
    """Some pieces of work: how many, the seconds in all, and processor seconds of this and of other processes."""

    count: int
    seconds: float
    cpu: float = 0.0
    children_cpu: float = 0.0

    @property
    def each_ms(self) -> float:
        """Milliseconds of each."""
        return self.seconds / self.count * 1000


def envelopes(pattern: bytes, count: int, first: int = 0) -> list[bytes]:
    """Statements like the pattern's that differ in number, works and amounts, so that no cache knows them."""
    made = []
    for place in range(first, first + count):
        told: dict[str, Any] = dict(parse_envelope(pattern))
        told["works"] = {
            **told["works"],
            "name": f"市道第{place:05d}号線改良工事（その{place % 9 + 1}・①工区）",
            "price_yen": 50_000_000 + place * 10_000,
        }
        told["guaranteed_amount_yen"] = 20_000_000 + place * 1_000
        made.append(build_envelope(told))
    return made


async def pattern_of(data: Path, world: World) -> bytes:
    """The statement of a certificate in a register that is not served."""
    async with open_register(settings_for(data)) as register:
        contract_id = world.in_force[0]
        found = await register.kit.store.read(lambda view: view.certificates.version(contract_id, 1))
    assert found is not None
    return found.envelope


# --- Rendered beside typst ---------------------------------------------------------------------------------------


def rendered(pattern: bytes, rounds: int) -> list[Row]:
    """The page in one warm process each way; neither has seen the statement before."""
    fonts = ensure_fonts(None)
    library = FaceLibrary(open_fonts(fonts.folder))
    places = iter(range(0, 1_000_000, PAGES))
    with TemporaryDirectory() as folder:
        peer = TypstPage(Path(folder), fonts.folder)

        def ours() -> Timing:
            return _timed(envelopes(pattern, PAGES, next(places)), _our_page(library))

        def theirs() -> Timing:
            work = envelopes(pattern, PAGES, next(places))
            return _timed(work, lambda each: peer.render(each, statement_digest(each)))

        samples = interleave({"ours": ours, "typst": theirs}, rounds)
        sizes = len(_our_page(library)(pattern)), len(peer.render(pattern, statement_digest(pattern)))
    times = ratio(samples["ours"], samples["typst"], lambda s: s.each_ms)
    low, high = spread(samples["ours"], samples["typst"], lambda s: s.each_ms)
    own, other = (middle(samples[name], lambda s: s.each_ms) for name in ("ours", "typst"))
    return [
        Row(
            "certificate rendered",
            "at most 1.5 x typst's time",
            f"{times:.2f} x ({low:.2f}-{high:.2f})",
            times <= 1.5,
            f"{own:.1f} ms, typst {other:.1f} ms",
            f"{sizes[0] // 1000} KB, typst {sizes[1] // 1000} KB",
            {"ours_ms": round(own, 3), "typst_ms": round(other, 3)},
        )
    ]


def _our_page(library: FaceLibrary) -> Callable[[bytes], bytes]:
    return lambda envelope: render_certificate(envelope, library, demo=True)[0]


def _timed(work: Sequence[bytes], render: Callable[[bytes], bytes]) -> Timing:
    started = time.perf_counter()
    for each in work:
        render(each)
    return Timing(len(work), time.perf_counter() - started)


# --- Issued ------------------------------------------------------------------------------------------------------


async def issued(data: Path, world: World, pattern: bytes, rounds: int, share: int) -> list[Row]:
    """IssueCertificate through the whole server, beside the same pool without server or store, and with one worker.

    The calls come from this process, in Python, on the same cores: that is counted against the server.
    """
    waiting = iter(world.ready)
    signer = _signer(data, world)
    rates: dict[int, dict[str, list[Timing]]] = {}
    for workers in (2, 1):
        arguments = ("tests.bench.register_server", str(data), "--render-workers", str(workers))
        with running(f"register with {workers}", *arguments) as server:
            rates[workers] = await _rounds(server, world, waiting, pattern, signer, workers, rounds, share)
    return [_issue_row(rates[2]), _scaling_row(rates)]


def _signer(data: Path, world: World) -> SignerRef:
    folder = settings_for(data).keys / "guarantors" / world.guarantor_id
    return SignerRef(folder / KEY_FILE, folder / CHAIN_FILE)


async def _rounds(
    server: Server,
    world: World,
    waiting: Any,
    pattern: bytes,
    signer: SignerRef,
    workers: int,
    rounds: int,
    share: int,
) -> dict[str, list[Timing]]:
    pool = DocumentPool(ensure_fonts(None), open_signer, workers=workers)
    samples: dict[str, list[Timing]] = {"issue": [], "alone": []}
    metadata = (("authorization", f"Bearer {world.guarantor_token}"),)
    try:
        await pool.start()
        async with grpc.aio.insecure_channel(server.target) as channel:
            call: Any = channel.unary_unary(ISSUE)
            for number in range(rounds + 1):
                ids = [next(waiting) for _ in range(share)]
                work: dict[str, Callable[[], Awaitable[Timing]]] = {
                    "issue": lambda ids=ids: _issue(server, call, ids, metadata),  # type: ignore[misc]
                    "alone": lambda at=number: _alone(pool, signer, envelopes(pattern, share, at * share)),  # type: ignore[misc]
                }
                for name in list(work) if number % 2 else list(reversed(work)):
                    taken = await work[name]()
                    if number:
                        samples[name].append(taken)
    finally:
        await asyncio.to_thread(pool.close)
    return samples


async def _issue(server: Server, call: Any, ids: Sequence[str], metadata: Any) -> Timing:
    async def one(contract_id: str) -> None:
        request = certificates.IssueCertificateRequest(contract_id=contract_id, request_id=str(uuid.uuid4()))
        answer = await call(request.SerializeToString(), metadata=metadata)
        certificate = certificates.IssueCertificateResponse.FromString(answer).certificate
        assert certificate.contract_id == contract_id, "another contract was issued"
        assert certificate.leaf_index >= 0, "the certificate is not in the log"

    before, children_before = server.cpu_seconds(), server.children_cpu_seconds()
    seconds = await _together(ids, one)
    cpu, children_cpu = server.cpu_seconds() - before, server.children_cpu_seconds() - children_before
    return Timing(len(ids), seconds, cpu, children_cpu)


async def _alone(pool: DocumentPool, signer: SignerRef, work: Sequence[bytes]) -> Timing:
    async def one(envelope: bytes) -> None:
        await pool.issue(envelope, signer, demo=True, signing_time=datetime.now(UTC))

    before = sum(cpu_seconds(pid) for pid in children(os.getpid()))
    seconds = await _together(work, one)
    return Timing(len(work), seconds, 0.0, sum(cpu_seconds(pid) for pid in children(os.getpid())) - before)


async def _together(work: Sequence[Any], one: Callable[[Any], Awaitable[None]]) -> float:
    """Do it all, some at a time; answers the seconds."""
    left = iter(work)

    async def take() -> None:
        for each in left:
            await one(each)

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(take())
    return time.perf_counter() - started


def _issue_row(samples: dict[str, list[Timing]]) -> Row:
    times = ratio(samples["issue"], samples["alone"], lambda s: s.seconds)
    low, high = spread(samples["issue"], samples["alone"], lambda s: s.seconds)
    own, other = (middle(samples[name], lambda s: s.each_ms) for name in ("issue", "alone"))
    cpu = middle(samples["issue"], lambda s: s.cpu / s.count * 1000)
    children_cpu = middle(samples["issue"], lambda s: s.children_cpu / s.count * 1000)
    return Row(
        f"IssueCertificate, all durable, {IN_FLIGHT} at a time",
        "at most 1.5 x render + sign alone",
        f"{times:.2f} x ({low:.2f}-{high:.2f})",
        times <= 1.5,
        f"{cpu:.1f} ms, render workers {children_cpu:.1f} ms",
        f"{1000 / own:.0f}/s, alone {1000 / other:.0f}/s; the client is Python's",
        {"issue_ms": round(own, 3), "alone_ms": round(other, 3), "cpu_ms": round(cpu, 3)},
    )


def _scaling_row(rates: dict[int, dict[str, list[Timing]]]) -> Row:
    one, two = (
        {name: middle(rates[n][name], lambda s: s.each_ms) for name in ("issue", "alone")} for n in (1, 2)
    )
    gains = {name: one[name] / two[name] for name in one}
    return Row(
        "IssueCertificate, two render workers against one",
        "scales with cores",
        f"{gains['issue']:.2f} x the rate",
        None,
        "",
        f"render + sign alone {gains['alone']:.2f} x; server and client share the cores with the workers",
        {f"{name}_gain": round(value, 3) for name, value in gains.items()},
    )
