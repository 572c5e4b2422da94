"""A throw-away register to measure on: parties, contracts in force that can be opened, contracts ready to issue.

The first contract goes the whole way through the domain's own rules; the others are copies of it under their own
numbers. Contracts in force are issued by the server's own use case, so their certificates are rendered and signed.
"""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tashika_formats.number import make_number
from tashika_server.application.caller import Caller
from tashika_server.application.ports import Change, Done, Ids, UnitOfWork
from tashika_server.config import Settings, load_settings
from tashika_server.domain import lifecycle
from tashika_server.domain.calendar import fiscal_year, japan_day
from tashika_server.domain.model import (
    Application,
    BankAccount,
    Branch,
    Contact,
    Contract,
    FeeEntry,
    FeeEntryKind,
    Form,
    GuarantorKind,
    Organization,
    OrganizationKind,
    Principal,
    Product,
    Registrant,
    Role,
    Session,
    User,
    WorksTerms,
)
from tashika_server.domain.policy import ElectronicPolicy, Orderer, Policy, PolicyVersion
from tashika_server.host.register import Register, open_register
from tashika_server.transport.tokens import make_session_token

CHANGE = Change("bench.make", "bench")
GUARANTOR_CODE = 99
FEE_YEN = 100_000
GROUP = 250
WORLD_FILE = "world.json"


@dataclass(frozen=True)
class World:
    """What a client needs to know. ``openable``: pairs of number and key. Ids are those of contracts."""

    contractor_token: str
    guarantor_token: str
    openable: list[list[str]]
    in_force: list[str]
    ready: list[str]
    guarantor_id: str

    def save(self, data: Path) -> None:
        """Write it beside the data, for another run of the same folder."""
        (data.parent / f"{data.name}.{WORLD_FILE}").write_text(json.dumps(asdict(self)), encoding="utf-8")


@dataclass(frozen=True)
class Store:
    """A store with `count` contracts of one organisation."""

    data: Path
    world: World
    count: int


@dataclass(frozen=True)
class _Parties:
    guarantor: Organization
    contractor: Organization
    clerk: User
    underwriter: User


def settings_for(data: Path, listen: str = "", render_workers: int = 2) -> Settings:
    """The settings of a demonstration server on a folder."""
    return load_settings(
        {"data": str(data), "listen": listen, "demo": "yes", "log_level": "WARNING"},
        {"TASHIKA_RENDER_WORKERS": str(render_workers)},
    )


async def make_world(data: Path, *, openable: int, ready: int) -> World:
    """Make a register in an empty folder with ``openable`` contracts in force and ``ready`` ones to be issued."""
    async with open_register(settings_for(data)) as register:
        parties = _parties(register.kit.ids)
        await _keep_parties(register, parties)
        contracts = [_ready_contract(register, parties, place) for place in range(1, openable + ready + 1)]
        for start in range(0, len(contracts), GROUP):
            await _add(register, "contracts", contracts[start : start + GROUP])
        issued = contracts[:openable]
        pairs = [await _issue(register, parties, contract) for contract in issued]
        world = World(
            contractor_token=await _sign_in(register, parties.clerk),
            guarantor_token=await _sign_in(register, parties.underwriter),
            openable=pairs,
            in_force=[each.contract_id for each in issued],
            ready=[each.contract_id for each in contracts[openable:]],
            guarantor_id=parties.guarantor.organization_id,
        )
    world.save(data)
    return world


async def _add(register: Register, room: str, things: list[Any]) -> None:
    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        for each in things:
            getattr(unit, room).add(each, CHANGE)
        return Done(None)

    await register.kit.store.run(command)


async def _keep_parties(register: Register, parties: _Parties) -> None:
    await _add(register, "organizations", [parties.guarantor, parties.contractor])
    await _add(register, "users", [parties.clerk, parties.underwriter])
    policies = (PolicyVersion(1, Policy(electronic=ElectronicPolicy())),)
    await _add(register, "orderers", [Orderer("kashiwa", "柏市", policies=policies)])


async def _sign_in(register: Register, user: User) -> str:
    """Keep a session without a password: what is measured begins after the sign-in."""
    kit, secret = register.kit, secrets.token_bytes(32)
    session_id, now = kit.ids.new("ses"), kit.clock.now()
    digest = kit.vault.digest("session", secret)
    await _add(
        register, "sessions", [Session(session_id, user.user_id, digest, now, now, now + timedelta(hours=12))]
    )
    return make_session_token(session_id, secret)


async def _issue(register: Register, parties: _Parties, contract: Contract) -> list[str]:
    desk = _caller(parties.underwriter, OrganizationKind.GUARANTOR)
    issued = await register.use_cases.issuing.issue(desk, contract.contract_id, None, None)
    owner = _caller(parties.clerk, OrganizationKind.CONTRACTOR)
    revealed = await register.use_cases.keys.reveal(owner, contract.contract_id)
    return [issued.contract.number, revealed.key]


def _caller(user: User, kind: OrganizationKind) -> Caller:
    return Caller(
        user_id=user.user_id,
        organization_id=user.organization_id,
        organization_kind=kind,
        roles=user.roles,
        peer="unix",
    )


# --- Who and what ------------------------------------------------------------------------------------------------


def _parties(ids: Ids) -> _Parties:
    guarantor = Organization(
        organization_id=ids.new("org"),
        kind=OrganizationKind.GUARANTOR,
        name="見本保証株式会社",
        address="東京都千代田区見本町一丁目1番1号",
        representative="代表取締役社長　保証 花子",
        telephone="03-0000-0000",
        guarantor_kind=GuarantorKind.GUARANTEE_COMPANY,
        guarantor_code=GUARANTOR_CODE,
        branches=(Branch("千葉支店", "043-000-0000"),),
        terms_reference_performance="契約保証約款（見本）",
        terms_reference_prepayment="前払金保証約款（見本）",
    )
    contractor = Organization(
        organization_id=ids.new("org"),
        kind=OrganizationKind.CONTRACTOR,
        name="株式会社髙﨑建設",
        address="千葉県柏市柏五丁目10番1号",
        representative="代表取締役　𠮷田 葛󠄁男",
        telephone="04-0000-0000",
    )
    clerk = User(
        ids.new("usr"),
        contractor.organization_id,
        "clerk",
        "山田 花子",
        "経理課長",
        roles=frozenset({Role.CONTRACTOR}),
    )
    desk = frozenset({Role.UNDERWRITER, Role.APPROVER})
    underwriter = User(ids.new("usr"), guarantor.organization_id, "desk", "審査 太郎", "審査役", roles=desk)
    return _Parties(guarantor, contractor, clerk, underwriter)


def application_for(guarantor_id: str, works_id: str, today: date) -> Application:
    """A complete application for the guarantee of an advance of 40 million yen."""
    works = WorksTerms(
        number="第2026-0123号",
        name="柏駅東口周辺道路改良工事（その1・①工区）",
        place="千葉県柏市柏一丁目地内",
        kind="CONSTRUCTION",
        orderer_id="kashiwa",
        section="道路整備課",
        price_yen=100_000_000,
        notice_date=today - timedelta(days=30),
        contract_date=today,
        period_start=today,
        period_end=today + timedelta(days=250),
    )
    return Application(
        guarantor_id=guarantor_id,
        branch="千葉支店",
        product=Product.PREPAYMENT,
        form=Form.ELECTRONIC,
        works_id=works_id,
        works=works,
        amount_yen=40_000_000,
        period_start=today,
        period_end=today + timedelta(days=250),
        depositary=BankAccount("見本銀行", "柏支店", "普通", "1234567", "株式会社髙﨑建設"),
        contact=Contact("山田 花子", "04-0000-0000", "yamada@example.jp"),
    )


def _ready_contract(register: Register, parties: _Parties, place: int) -> Contract:
    """A contract that was accepted and paid, by the same steps as any other."""
    kit = register.kit
    now = kit.clock.now()
    today = japan_day(now)
    application = application_for(parties.guarantor.organization_id, kit.ids.new("wrk"), today)
    company, clerk, desk = parties.contractor, parties.clerk, parties.underwriter
    drafted = lifecycle.draft(
        contract_id=kit.ids.new("con"),
        organization_id=company.organization_id,
        application=application,
        registrant=Registrant(clerk.user_id, clerk.name, company.name, clerk.title),
        now=now,
    )
    submitted = lifecycle.submit(
        drafted,
        application=application,
        principal=Principal(company.name, company.address, company.representative),
        number=make_number(GUARANTOR_CODE, fiscal_year(today), place),
        policy_version=1,
        slot=f"bench/{place}",
        now=now,
    )
    accepted = lifecycle.accept(
        submitted,
        terms=application,
        fee_yen=FEE_YEN,
        entry_id=kit.ids.new("fee"),
        user_id=desk.user_id,
        approval_required=False,
        monthly_payer=False,
        now=now,
    )
    payment = FeeEntry(kit.ids.new("fee"), FeeEntryKind.PAYMENT, FEE_YEN, today, now, desk.user_id)
    return replace(lifecycle.record_fee(accepted, payment, now=now), updated_time=now)
