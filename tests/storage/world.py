"""A small world for the storage tests: a clock that stands still until it is moved, ids that count, sample things."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tashika_server.application.ports import (
    Change,
    Done,
    Ids,
    OpeningAttempt,
    ReadView,
    Replay,
    UnitOfWork,
)
from tashika_server.domain.model import (
    Application,
    Certificate,
    Contract,
    ContractState,
    Form,
    Organization,
    OrganizationKind,
    Product,
    Registrant,
    SealedKey,
    Session,
    SshKey,
    User,
    WorksTerms,
)

START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
CHANGE = Change("test.change", "usr_tester", "org_contractor", "192.0.2.1")
CONTRACTOR, GUARANTOR = "org_contractor", "org_guarantor"


@dataclass
class ManualClock:
    """Time that moves when told to."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def forward(self, **step: float) -> None:
        self.time += timedelta(**step)


class CountingIds:
    """Ids in order."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):026d}"


def organization(organization_id: str = CONTRACTOR, name: str = "株式会社髙﨑土木") -> Organization:
    return Organization(organization_id, OrganizationKind.CONTRACTOR, name, kana="タカサキドボク")


def user(user_id: str = "usr_1", login_name: str = "yoshida") -> User:
    return User(user_id, CONTRACTOR, login_name, "𠮷田 葛󠄁男")


def contract(number: int = 1, state: ContractState = ContractState.DRAFT, **changes: Any) -> Contract:
    application = Application(
        guarantor_id=GUARANTOR,
        product=Product.PREPAYMENT,
        form=Form.ELECTRONIC,
        works_id="wrk_1",
        works=WorksTerms(name=f"市道第{number:03d}号線改良工事", orderer_id="kashiwa", kind="CONSTRUCTION"),
        amount_yen=1_000_000 + number,
        period_end=date(2026, 12, 1) + timedelta(days=number),
    )
    made = Contract(
        f"con_{number:026d}",
        CONTRACTOR,
        GUARANTOR,
        application,
        Registrant("usr_1", "𠮷田 葛󠄁男", "株式会社髙﨑土木"),
        START + timedelta(seconds=number),
        state,
        number="" if state is ContractState.DRAFT else f"{number:014d}",
    )
    return replace(made, **changes)


def certificate(number: int = 1, version: int = 1) -> Certificate:
    return Certificate(
        certificate_id=f"crt_{number:020d}{version:06d}",
        contract_id=f"con_{number:026d}",
        contract_number=f"{number:014d}",
        version=version,
        organization_id=CONTRACTOR,
        guarantor_id=GUARANTOR,
        orderer_id="kashiwa",
        product=Product.PREPAYMENT,
        issued_time=START,
        issue_date=START.date(),
        envelope=b'{"format":"tashika-certificate/1"}',
        statement_signature=b"signature",
        chain=("-----BEGIN CERTIFICATE-----",),
        pdf_sha256=f"{number:058x}{version:06x}",
        pdf_size_bytes=1,
        record=b"record",
        salt=b"salt",
        leaf=f"leaf {number} {version}".encode(),
    )


def sealed_key(number: int = 1, generation: int = 1, digest: bytes = b"d" * 32) -> SealedKey:
    return SealedKey(
        f"key_{number:020d}{generation:06d}",
        f"con_{number:026d}",
        f"{number:014d}",
        generation,
        START,
        b"ciphertext",
        b"nonce",
        b"wrapped",
        1,
        digest,
    )


def signed_in(session_id: str = "ses_1", user_id: str = "usr_1") -> Session:
    return Session(session_id, user_id, b"hash", START, START, START + timedelta(hours=8))


def attempt(number: int = 1, digest: bytes = b"d" * 32, peer: str = "192.0.2.9") -> OpeningAttempt:
    return OpeningAttempt(
        f"{number:014d}", digest, peer, lambda: (b"peer " + peer.encode(), f"number {number}".encode())
    )


def adds(*entities: Any, value: Any = None) -> Callable[[UnitOfWork, datetime, Ids], Done[Any]]:
    """A command that adds things, each among its own."""

    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[Any]:
        rooms: dict[type[Any], Any] = {
            Organization: unit.organizations,
            User: unit.users,
            Contract: unit.contracts,
            Certificate: unit.certificates,
            SealedKey: unit.keys,
            SshKey: unit.ssh_keys,
            Session: unit.sessions,
        }
        for entity in entities:
            rooms[type(entity)].add(entity, CHANGE)
        return Done(value, ("made",))

    return command


def issues(number: int, digest: bytes = b"d" * 32) -> Callable[[UnitOfWork, datetime, Ids], Done[Any]]:
    """A command that makes a contract in force, with certificate and key."""
    return adds(
        contract(number, ContractState.IN_FORCE, version=1),
        certificate(number),
        sealed_key(number, digest=digest),
    )


def renames(name: str, organization_id: str = CONTRACTOR) -> Callable[[UnitOfWork, datetime, Ids], Done[str]]:
    """A command that renames an organisation; answers the former name."""

    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[str]:
        found = unit.organizations.get(organization_id)
        assert found is not None
        unit.organizations.save(replace(found, name=name), CHANGE)
        return Done(found.name, (organization_id,))

    return command


def name_of(view: ReadView) -> str:
    found = view.organizations.get(CONTRACTOR)
    return "" if found is None else found.name


def replay(request_id: str = "r-1", digest: bytes = b"body") -> Replay:
    return Replay("usr_1", "CreateContract", request_id, digest)


@dataclass
class Gate:
    """A command that keeps the writer busy, so that what is sent meanwhile becomes one group."""

    entered: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def command(self, unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        self.entered.set()
        assert self.opened.wait(20), "nobody opened the gate"
        return Done(None)
