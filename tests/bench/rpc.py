"""The rows whose load comes from h2load: opening, GetContract and lists, each beside a bare echo or a smaller store."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_service_pb2 as contracts
from tashika_server.storage.sqlite import DATABASE_NAME
from tests.bench import echo, load, probe
from tests.bench.processes import Server, running
from tests.bench.report import Row
from tests.bench.rounds import interleave, middle, ratio, spread
from tests.bench.world import Store, World

OPEN = "/tashika.v1.CertificateService/OpenCertificate"
GET = "/tashika.v1.ContractService/GetContract"
LIST = "/tashika.v1.ContractService/ListContracts"
# Different contracts at a time; each is a process of h2load.
BODIES = 4
PAGE_SIZE = 50

Samples = Mapping[str, list[load.Sample]]


class WrongAnswerError(Exception):
    """What was measured did not do its work: the figures are worthless."""


@dataclass(frozen=True)
class Plan:
    """How much is measured. ``calls`` per load; ``in_flight`` are the numbers of calls at a time, one block each."""

    rounds: int = 5
    calls: int = 4_000
    in_flight: tuple[int, ...] = (16, 64)
    list_calls: int = 600


# --- Opening and looking up --------------------------------------------------------------------------------------


def opening_and_get(data: Path, world: World, plan: Plan) -> list[Row]:
    """OpenCertificate and GetContract beside an echo, in the same rounds."""
    with running("echo", "tests.bench.echo") as peer, running("register", *_register(data)) as server:
        calls = _calls(server, world)
        targets = {name: (server, call) for name, call in calls.items()}
        targets["echo"] = (
            peer,
            load.Call(echo.METHOD, calls["open"].bodies, reply_bytes=_length(calls["open"])),
        )
        before = _attempts(data)
        blocks = {n: _measure(targets, plan, n) for n in plan.in_flight}
        expected = len(plan.in_flight) * (plan.rounds + 1) * (plan.calls // BODIES * BODIES)
        _check_opening(server, world, _attempts(data) - before, expected)
    rows = [row for n, samples in blocks.items() for row in _beside_echo(samples, n)]
    return sorted(rows, key=lambda row: row.what)


def opening_cold(data: Path, world: World, plan: Plan) -> list[Row]:
    """OpenCertificate where nothing that is opened was decoded before."""
    with (
        running("echo", "tests.bench.echo") as peer,
        running("register", *_register(data), "--cold") as server,
    ):
        call = _calls(server, world)["open"]
        targets = {
            "open": (server, call),
            "echo": (peer, load.Call(echo.METHOD, call.bodies, reply_bytes=_length(call))),
        }
        samples = _measure(targets, plan, plan.in_flight[-1])
    return [_row("OpenCertificate, nothing in memory", "(none)", samples, "open", plan.in_flight[-1], None)]


def _register(data: Path) -> tuple[str, ...]:
    return ("tests.bench.register_server", str(data))


def _length(call: load.Call) -> int:
    return len(call.bodies[0])


def _calls(server: Server, world: World) -> dict[str, load.Call]:
    """The calls with answers that were looked at: the right certificate, the right contract."""
    pairs, ids = world.openable[:BODIES], world.in_force[:BODIES]
    openings = [
        certificates.OpenCertificateRequest(contract_number=number, key=key).SerializeToString()
        for number, key in pairs
    ]
    gets = [contracts.GetContractRequest(contract_id=each).SerializeToString() for each in ids]
    answers = [probe.ask(server, OPEN, body) for body in openings]
    for (number, _), answer in zip(pairs, answers, strict=True):
        opened = certificates.OpenCertificateResponse.FromString(answer)
        _expect(opened.certificate.contract_number, number)
        _expect(opened.certificate.statement.contract_number, number)
    found = [probe.ask(server, GET, body, world.contractor_token) for body in gets]
    for contract_id, answer in zip(ids, found, strict=True):
        _expect(contracts.GetContractResponse.FromString(answer).contract.contract_id, contract_id)
    return {
        "open": load.Call(OPEN, openings, reply_bytes=_mean(answers)),
        "get": load.Call(GET, gets, world.contractor_token, _mean(found)),
    }


def _mean(answers: list[bytes]) -> int:
    return round(sum(map(len, answers)) / len(answers))


def _expect(got: str, wanted: str) -> None:
    if got != wanted:
        raise WrongAnswerError(f"got {got}, wanted {wanted}")


def _check_opening(server: Server, world: World, recorded: int, loaded: int) -> None:
    """Each opening has left its row; a right pair still opens, and another contract's key does not."""
    if recorded != loaded:
        raise WrongAnswerError(f"{loaded} openings were answered, {recorded} attempts are in the store")
    _calls(server, world)
    (number, _), (_, other_key) = world.openable[:2]
    wrong = certificates.OpenCertificateRequest(contract_number=number, key=other_key)
    _expect(probe.refused(server, OPEN, wrong.SerializeToString()), "PERMISSION_DENIED")


def _attempts(data: Path) -> int:
    connection = sqlite3.connect(f"file:{data / DATABASE_NAME}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(*) FROM opening WHERE success = 1").fetchone()[0])
    finally:
        connection.close()


# --- Lists -------------------------------------------------------------------------------------------------------


def lists(small: Store, large: Store, plan: Plan) -> list[Row]:
    """The first page of the contracts of one organisation, in a large store against a small one, one call at a time."""
    with (
        running("small", *_register(small.data)) as few,
        running("large", *_register(large.data)) as many,
    ):
        targets = {
            "small": (few, _list_call(few, small.world, small.count)),
            "large": (many, _list_call(many, large.world, large.count)),
        }
        samples = interleave(
            {
                name: lambda target=target: load.run(*target, calls=plan.list_calls, in_flight=1)  # type: ignore[misc]
                for name, target in targets.items()
            },
            plan.rounds,
        )
    times = ratio(samples["large"], samples["small"], lambda s: s.p50_ms)
    low, high = spread(samples["large"], samples["small"], lambda s: s.p50_ms)
    return [
        Row(
            f"first page of ListContracts, {large.count:,} contracts against {small.count:,}",
            "at most 1.3 x the time",
            f"{times:.2f} x ({low:.2f}-{high:.2f})",
            times <= 1.3,
            _cpu(samples, "large", "small"),
            f"{PAGE_SIZE} rows, one call at a time",
            _details(samples),
        )
    ]


def _list_call(server: Server, world: World, count: int) -> load.Call:
    body = contracts.ListContractsRequest(page_size=PAGE_SIZE).SerializeToString()
    answer = probe.ask(server, LIST, body, world.contractor_token)
    page = contracts.ListContractsResponse.FromString(answer)
    _expect(f"{len(page.contracts)} of {page.total_size}", f"{PAGE_SIZE} of {count}")
    return load.Call(LIST, [body], world.contractor_token, len(answer), slack_bytes=64)


# --- Rows --------------------------------------------------------------------------------------------------------


def _measure(targets: Mapping[str, tuple[Server, load.Call]], plan: Plan, in_flight: int) -> Samples:
    def one(name: str) -> load.Sample:
        return load.run(*targets[name], calls=plan.calls, in_flight=in_flight)

    return interleave({name: lambda name=name: one(name) for name in targets}, plan.rounds)  # type: ignore[misc]


def _beside_echo(samples: Samples, in_flight: int) -> list[Row]:
    tail = ratio(samples["open"], samples["echo"], lambda s: s.p99_ms)
    opening = _row(
        "OpenCertificate, attempt durably recorded",
        "0.50 x echo, p99 below 4 x echo's",
        samples,
        "open",
        in_flight,
        tail < 4,
    )
    return [opening, _row("GetContract", "0.50 x echo", samples, "get", in_flight, True)]


def _row(what: str, target: str, samples: Samples, name: str, in_flight: int, also: bool | None) -> Row:
    rate = ratio(samples[name], samples["echo"], lambda s: s.rate)
    low, high = spread(samples[name], samples["echo"], lambda s: s.rate)
    tail = ratio(samples[name], samples["echo"], lambda s: s.p99_ms)
    return Row(
        f"{what}, {in_flight} at a time",
        target,
        f"{rate:.2f} x echo ({low:.2f}-{high:.2f}), p99 {tail:.1f} x",
        None if also is None else rate >= 0.5 and also,
        _cpu(samples, name, "echo"),
        f"{middle(samples[name], lambda s: s.rate):.0f}/s, p99 {middle(samples[name], lambda s: s.p99_ms):.1f} ms",
        _details(samples),
    )


def _cpu(samples: Samples, ours: str, theirs: str) -> str:
    own, other = (middle(samples[name], lambda s: s.cpu_us) for name in (ours, theirs))
    return f"{own:.0f} µs, {ratio(samples[ours], samples[theirs], lambda s: s.cpu_us):.1f} x {theirs}'s {other:.0f} µs"


def _details(samples: Samples) -> dict[str, float]:
    found = {}
    for name, taken in samples.items():
        for value in ("rate", "p50_ms", "p99_ms", "cpu_us", "child_cpu_us"):
            found[f"{name}_{value}"] = round(middle(taken, lambda s, value=value: getattr(s, value)), 3)  # type: ignore[misc]
    return found
