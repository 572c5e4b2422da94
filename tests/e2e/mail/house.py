"""People, contracts and a sender of mail over a real store and a real mail server, on a clock that a test moves."""

import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from tashika_server.application.kit import Kit
from tashika_server.application.mailing import Mailing
from tashika_server.application.notices import Notices
from tashika_server.application.notifying import tell_change
from tashika_server.application.ports import Change, Done, Ids, UnitOfWork
from tashika_server.domain.mailing import MailState
from tashika_server.domain.model import (
    Application,
    Contract,
    ContractState,
    Fact,
    FactKind,
    Organization,
    OrganizationKind,
    Registrant,
    Role,
    User,
    WorksTerms,
)
from tashika_server.domain.notices import NoticePreferences
from tashika_server.mail.message import Sender, sender_of
from tashika_server.mail.smtp import Security, SmtpMailer, SmtpOptions
from tashika_server.security.root_secret import RootSecret
from tashika_server.security.vault import RootVault
from tashika_server.storage.store import SqlStore, open_store
from tashika_server.system import TimeOrderedIds
from tests.storage.databases import Database

MONDAY = datetime(2026, 5, 11, 0, 0, tzinfo=UTC)
CHANGE = Change("contract.test", "system")
SENDER = Sender(sender_of("電子保証登録簿 <noreply@register.example.jp>"))
S = ContractState

COMPANIES = ("㈱髙﨑建設", "𠮷田土木㈱", "あけぼの道路㈱")
BOUNCING = ("gone@takasaki.example.jp", "left@guarantor.example.jp")

Step = tuple[str, Callable[[Contract, datetime], Contract]]


@dataclass
class Clock:
    """The port ``Clock``: it stands until it is moved."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        """The moment of the test."""
        return self.at

    def move(self, **by: float) -> None:
        """Let time pass at once."""
        self.at += timedelta(**by)


class SeededRandomness:
    """The port ``Randomness``, the same in each run."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def token(self, size: int) -> bytes:
        """So many bytes."""
        return self._chance.randbytes(size)


@dataclass
class House:
    """A register of which only notices and mails matter."""

    kit: Kit
    clock: Clock
    store: SqlStore
    chance: random.Random
    mailer: SmtpMailer
    events: int = 0
    contracts: list[str] = field(default_factory=list)

    def sender(self) -> Mailing:
        """A sender as a server that has just started has it."""
        return Mailing(self.kit, self.mailer)

    async def happen(self) -> None:
        """Let the next thing happen to some contract."""
        contract_id = self.chance.choice(self.contracts)

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[int]:
            before = uow.contracts.get(contract_id)
            assert before is not None
            after = self._next(before, now)
            uow.contracts.save(after, CHANGE)
            # Who hands in is the contractor's first person; all else the guarantor's people do.
            by = before.registrant.user_id if len(after.facts) > len(before.facts) else "usr_desk"
            tell_change(self.kit, uow, before, after, by=by, now=now, ids=ids)
            return Done(0)

        await self.store.run(command)
        self.events += 1

    def _next(self, contract: Contract, now: datetime) -> Contract:
        match contract.state:
            case S.SUBMITTED:
                state = self.chance.choice((S.ACCEPTED, S.ACCEPTED, S.RETURNED))
                return replace(contract, state=state, accepted_by="usr_desk", approved_by="usr_chief")
            case S.RETURNED:
                # Submitting again is no notice: straight on to the acceptance.
                return replace(contract, state=S.ACCEPTED, accepted_by="usr_desk")
            case S.ACCEPTED:
                return replace(contract, state=S.IN_FORCE, version=1)
            case _:
                fact = Fact(FactKind.HANDED_IN, 1, now, contract.registrant.user_id)
                return replace(contract, facts=(*contract.facts, fact))

    async def mails(self) -> list[tuple[str, str, str, str, str]]:
        """Every mail of the outbox: id, receiver, state, reason, Message-ID."""
        sql = "SELECT id, receiver, state, reason, message_id FROM mail ORDER BY id"
        rows = await self.store.read(lambda view: cast(Any, view)._session.all(sql))
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

    async def states(self) -> Counter[str]:
        """How many mails are in each state."""
        return Counter(state for _, _, state, _, _ in await self.mails())

    async def pending(self) -> int:
        """How many mails wait."""
        counts = await self.store.read(lambda view: view.outbox.counts())
        return counts[MailState.PENDING]


@asynccontextmanager
async def house(database: Database, port: int, seed: int, *, seconds: float = 0.5) -> AsyncIterator[House]:
    """A register with people of three contractors and a guarantor, whose mails go to a port of this machine."""
    clock, randomness = Clock(), SeededRandomness(seed)
    ids = TimeOrderedIds(clock, randomness)
    store = open_store(database.location, clock=clock, ids=ids)
    nothing = cast(Any, None)
    vault = RootVault(RootSecret({1: hashlib.sha256(b"invented").digest()}))
    kit = Kit(store, clock, ids, randomness, vault, nothing, nothing, nothing, nothing, sends_mail=True)
    bounces = "bounces@register.example.jp"
    options = SmtpOptions("127.0.0.1", port, Security.PLAIN, SENDER, bounces, seconds=seconds)
    made = House(kit, clock, store, random.Random(seed), SmtpMailer(options))
    try:
        await _furnish(made)
        yield made
    finally:
        await store.close()


def notices(made: House) -> Notices:
    """The use case of notices."""
    return Notices(made.kit)


async def _furnish(made: House) -> None:
    contractor = frozenset({Role.CONTRACTOR})
    people = [
        User("usr_1", "org_1", "takasaki", "髙﨑 花子", mail="hanako@takasaki.example.jp", roles=contractor),
        User("usr_2", "org_1", "katsuragi", "葛󠄀城 太郎", mail="taro@takasaki.example.jp", roles=contractor),
        User("usr_3", "org_2", "yoshida", "𠮷田 次郎", mail="jiro@yoshida.example.jp", roles=contractor),
        User("usr_4", "org_3", "akebono", "山本 春子", mail=BOUNCING[0], roles=contractor),
        User(
            "usr_desk",
            "org_g",
            "desk",
            "中村 一郎",
            mail="desk@guarantor.example.jp",
            roles=frozenset({Role.UNDERWRITER}),
        ),
        User(
            "usr_chief",
            "org_g",
            "chief",
            "小林 秋子",
            mail=BOUNCING[1],
            roles=frozenset({Role.APPROVER}),
        ),
    ]

    def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        for place, name in enumerate(COMPANIES, start=1):
            uow.organizations.add(Organization(f"org_{place}", OrganizationKind.CONTRACTOR, name), CHANGE)
        uow.organizations.add(Organization("org_g", OrganizationKind.GUARANTOR, "東陽建設業保証㈱"), CHANGE)
        for user in people:
            uow.users.add(user, CHANGE)
        uow.preferences.add(NoticePreferences("usr_3", "en"), CHANGE)
        for number in range(1, 31):
            contract = _contract(number)
            uow.contracts.add(contract, CHANGE)
            made.contracts.append(contract.contract_id)
        return Done(None)

    await made.store.run(command)


def _contract(number: int) -> Contract:
    company = number % len(COMPANIES) + 1
    works = WorksTerms(name=f"市道第{number:03d}号線道路改良工事")
    notice_mail = f"keiri{company}@office.example.jp" if number % 2 else ""
    return Contract(
        f"con_{number:026d}",
        f"org_{company}",
        "org_g",
        Application(works=works, notice_mail=notice_mail),
        Registrant({1: "usr_1", 2: "usr_3", 3: "usr_4"}[company], "葛城", COMPANIES[company - 1]),
        MONDAY,
        S.SUBMITTED,
        number=f"{number:014d}",
    )
