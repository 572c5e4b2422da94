"""A register without a wire: the use cases over a real store, vault and pool, and people who call them."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit
from tashika_server.application.ports import Replay
from tashika_server.application.use_cases import UseCases, make_use_cases
from tashika_server.documents.pool import DocumentPool
from tashika_server.documents.service import PooledDocuments
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Branch,
    Contact,
    Contract,
    FeeEntryKind,
    Form,
    GuarantorKind,
    Organization,
    OrganizationKind,
    Product,
    Role,
    User,
    WorksTerms,
)
from tashika_server.host.guarantor_signers import GuarantorSigners
from tashika_server.security.log_key import create_log_key, load_log_key
from tashika_server.security.passwords import ArgonPasswords, Cost
from tashika_server.security.root_secret import create_root_secret, load_root_secret
from tashika_server.security.vault import RootVault
from tashika_server.storage.blobs import FolderBlobs
from tashika_server.storage.store import open_store
from tashika_server.storage.witness import FileWitness
from tashika_server.system import JapaneseHolidays, SystemRandomness, TimeOrderedIds
from tests.support.orderers import policy_file

MORNING = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
"""10 o'clock in Japan, on a Monday."""

CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
FIRST_PASSWORD = "はじめに渡す長い合言葉-1"
PASSWORD = "あとから決めた長い合言葉-2"
REGISTER_ADDRESS = "noreply@register.example.jp"
FEE_YEN = 123_400
PRICE_YEN = 55_000_000

CITY: dict[str, Any] = {
    "id": "kashiwa",
    "name": "柏市",
    "kana": "かしわし",
    "electronic": {"products": ["PERFORMANCE", "PREPAYMENT"]},
}

COMPANY = Organization(
    "",
    OrganizationKind.CONTRACTOR,
    "㈱髙﨑建設",
    address="千葉県柏市架空１番１号",
    representative="代表取締役　𠮷田 葛\U000e0100男",
)
GUARANTOR = Organization(
    "",
    OrganizationKind.GUARANTOR,
    "架空建設業保証株式会社",
    address="東京都架空区１番１号",
    representative="取締役社長　保証 花子",
    telephone="03-0000-0000",
    guarantor_kind=GuarantorKind.GUARANTEE_COMPANY,
    guarantor_code=11,
    branches=(Branch("千葉支店", "043-000-0000"),),
    approval_from_yen=10_000_000,
    terms_reference_performance="契約保証約款（見本）",
    terms_reference_prepayment="前払金保証約款（見本）",
)


class StandingClock:
    """The port ``Clock``: it stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> datetime:
        """Give the present moment of the test."""
        return self.at

    def move(self, **by: float) -> None:
        """Let time pass at once."""
        self.at += timedelta(**by)


@dataclass
class Office:
    """People at their desks. ``people`` are callers by a short name, ``homes`` the ids of organisations."""

    kit: Kit
    uses: UseCases
    clock: StandingClock
    folder: Path
    people: dict[str, Caller] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Caller:
        """People by their short names: ``office.contractor``."""
        people: dict[str, Caller] = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]

    @property
    def operator(self) -> Caller:
        """Somebody who runs the register."""
        return Caller(
            "usr_operator", "org_operator", OrganizationKind.OPERATOR, roles=frozenset({Role.OPERATOR})
        )

    async def organize(self, short_name: str, wanted: Organization) -> str:
        """Make an organisation, and give its id."""
        made = await self.uses.directory.create_organization(self.operator, wanted, None)
        self.homes[short_name] = made.organization_id
        return made.organization_id

    async def hire(self, name: str, home: str, *roles: Role, mail: str | None = None) -> Caller:
        """Make an account whose password is still the first one, and give the person as a caller."""
        login_name = f"{name}@example.jp"
        address = login_name.replace("_", "-") if mail is None else mail
        wanted = User(
            "", self.homes[home], login_name, f"葛城 {name}", "課長", address, roles=frozenset(roles)
        )
        user = await self.uses.directory.create_user(self.operator, wanted, FIRST_PASSWORD, None)
        organization = await self.kit.store.read(lambda view: view.organizations.get(user.organization_id))
        assert organization is not None
        caller = Caller(
            user.user_id, user.organization_id, organization.kind, organization.orderer_id, user.roles
        )
        self.people[name] = caller
        return caller

    # --- the way of a contract ---

    async def works(self, **changes: Any) -> str:
        """Enter works of 柏市, and give their id."""
        today = japan_day(self.clock.now())
        terms = WorksTerms(
            number="道整第１２号",
            name="市道０１－２３号線道路改良工事",
            place="千葉県柏市架空一丁目地先",
            kind="CONSTRUCTION",
            orderer_id="kashiwa",
            section="道路整備課",
            price_yen=PRICE_YEN,
            expected_contract_date=today,
            period_start=today,
            period_end=today + timedelta(days=120),
        )
        made = await self.uses.works.create(self.contractor, replace(terms, **changes), None)
        return made.works_id

    def application(
        self, works_id: str, product: Product = Product.PERFORMANCE, **changes: Any
    ) -> Application:
        """An application that can be submitted."""
        today, advance = japan_day(self.clock.now()), product is Product.PREPAYMENT
        wanted = Application(
            guarantor_id=self.homes["guarantor"],
            branch="千葉支店",
            product=product,
            form=Form.ELECTRONIC,
            works_id=works_id,
            amount_yen=PRICE_YEN * 4 // 10 if advance else PRICE_YEN // 10,
            prepayment_planned=not advance,
            period_start=today,
            period_end=today + timedelta(days=120),
            depositary=BankAccount("架空銀行", "柏支店", "普通", "1234567", "㈱髙﨑建設")
            if advance
            else None,
            contact=Contact("葛城 花子", "04-7000-0000"),
        )
        return replace(wanted, **changes)

    async def draft(
        self, product: Product = Product.PERFORMANCE, works_id: str = "", **changes: Any
    ) -> Contract:
        """A draft; without ``works_id`` of new works."""
        wanted = self.application(works_id or await self.works(), product, **changes)
        return await self.uses.drafts.create(self.contractor, wanted, None)

    async def submitted(self, product: Product = Product.PERFORMANCE, **changes: Any) -> Contract:
        """A contract that waits for the guarantor."""
        contract = await self.draft(product, **changes)
        return await self.uses.drafts.submit(self.contractor, contract.contract_id, None, None)

    async def accepted(self, product: Product = Product.PERFORMANCE, **changes: Any) -> Contract:
        """A contract that waits for its fee; a prepayment has been approved by a second person."""
        contract_id = (await self.submitted(product, **changes)).contract_id
        desk = self.uses.underwriting
        contract = await desk.accept(self.underwriter, contract_id, None, FEE_YEN, None, None)
        if product is Product.PREPAYMENT:
            contract = await desk.approve(self.approver, contract_id, None, None)
        return contract

    async def paid(self, product: Product = Product.PERFORMANCE, **changes: Any) -> Contract:
        """A contract that can be issued."""
        contract = await self.accepted(product, **changes)
        return await self.pay(contract)

    async def pay(self, contract: Contract) -> Contract:
        """Book the whole fee today."""
        day = japan_day(self.clock.now())
        return await self.uses.underwriting.record_fee(
            self.underwriter, contract.contract_id, FeeEntryKind.PAYMENT, FEE_YEN, day, "", None, None
        )

    async def issued(self, product: Product = Product.PERFORMANCE, **changes: Any) -> Contract:
        """A contract in force, with certificate and key."""
        contract = await self.paid(product, **changes)
        return (await self.uses.issuing.issue(self.underwriter, contract.contract_id, None, None)).contract

    async def audited(self, action: str) -> int:
        """Count the rows of the audit trail with an action."""
        sql = "SELECT count(*) FROM audit WHERE action = ?"
        return int(await self.kit.store.read(lambda view: view._session.one(sql, action)[0]))  # type: ignore[attr-defined]


def replay(caller: Caller, method: str, body: bytes = b"", request_id: str = "1") -> Replay:
    """What the transport makes of a request id and a body."""
    return Replay(caller.user_id, method, request_id, hashlib.sha256(body).digest())


@asynccontextmanager
async def open_office(
    folder: Path, pool: DocumentPool, former: Office | None = None, *, sends_mail: bool = False
) -> AsyncIterator[Office]:
    """Open the register in ``folder``: an empty one, or with the people of a ``former`` opening."""
    clock, randomness = StandingClock(), SystemRandomness()
    ids = TimeOrderedIds(clock, randomness)
    keys = folder / "keys"
    if former is None:
        create_root_secret(keys)
        create_log_key(keys / "log.pem")
    vault = RootVault(load_root_secret(keys))
    passwords = ArgonPasswords(CHEAP)
    store = open_store(folder / "data", clock=clock, ids=ids)
    documents = PooledDocuments(pool, GuarantorSigners(keys / "guarantors", demo=True, clock=clock))
    blobs = FolderBlobs(folder / "data" / "blobs")
    kit = Kit(
        *(store, clock, ids, randomness, vault, passwords, documents, blobs),
        JapaneseHolidays(),
        sends_mail,
        REGISTER_ADDRESS if sends_mail else "",
    )
    signer = load_log_key(keys / "log.pem", "tashika.test/1")
    try:
        uses = make_use_cases(kit, signer, FileWitness(folder / "checkpoint"))
        opened = Office(kit, uses, clock, folder)
        if former is not None:
            opened.people, opened.homes = former.people, former.homes
        yield opened
    finally:
        passwords.close()
        await store.close()


async def furnish(office: Office) -> None:
    """Take in 柏市, and people of two contractors and a guarantor."""
    await office.uses.orderers.import_from_host(policy_file(CITY))
    await office.organize("company", COMPANY)
    await office.organize("other_company", replace(COMPANY, name="𠮷田土木㈱"))
    await office.organize("guarantor", GUARANTOR)
    await office.organize("other_guarantor", replace(GUARANTOR, name="つくし保証㈱", guarantor_code=12))
    await office.hire("contractor", "company", Role.CONTRACTOR)
    await office.hire("colleague", "company", Role.CONTRACTOR)
    await office.hire("stranger", "other_company", Role.CONTRACTOR)
    await office.hire("underwriter", "guarantor", Role.UNDERWRITER)
    await office.hire("approver", "guarantor", Role.APPROVER)
    await office.hire("deputy", "guarantor", Role.UNDERWRITER, Role.APPROVER)
    await office.hire("rival", "other_guarantor", Role.UNDERWRITER, Role.APPROVER)
