"""The state of a simulated register, which any number of clients share."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tashika_tui.client.fake import samples, tariffs
from tashika_tui.client.fake.generated import Generated, base32
from tashika_tui.client.fake.papers import Papers, PlainPapers
from tashika_tui.client.fake.refusals import Refused
from tashika_tui.client.records import (
    Certificate,
    Contract,
    ContractRow,
    Guarantor,
    Moment,
    MonthlyPayer,
    Notice,
    NoticePreferences,
    Opening,
    Orderer,
    Tariff,
    Works,
)

if TYPE_CHECKING:
    from tashika_tui.client.fake.ssh_keys import OwnedKey

JAPAN = timezone(timedelta(hours=9))
START = datetime(2026, 4, 20, 0, 30, tzinfo=UTC)
# Of people who do not exist, in a register that does not either.
PASSWORD = "見本の長いパスワード"  # noqa: S105

_OVER = {"IN_FORCE": "EXPIRED", "ACCEPTED": "LAPSED"}


@dataclass(frozen=True, slots=True)
class Company:
    """A contractor."""

    organization_id: str
    name: str
    address: str
    representative: str
    corporate_number: str = ""
    monthly_payer: bool = False


@dataclass(slots=True)
class Person:
    """Somebody with an account. `kind` is CONTRACTOR or GUARANTOR, that of the organisation."""

    user_id: str
    login_name: str
    name: str
    title: str
    roles: tuple[str, ...]
    organization_id: str
    organization: str
    kind: str
    password: str = field(default=PASSWORD, repr=False)
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """A change of a contract: as it was and as it is; None: not there."""

    revision: int
    action: str
    time: Moment
    before: Contract | None
    after: Contract | None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of a person, by its place among all of them."""

    place: int
    notice: Notice


@dataclass(slots=True)
class Faults:
    """What a test wants to go wrong. `offline`: nothing is answered. `lose_answer`: the next change is made, and
    its answer does not arrive. `session_expired`: nobody is signed in any more. `refuse_next` is raised by the
    next call of a method; `pause` is awaited before every call.
    """

    offline: bool = False
    lose_answer: bool = False
    session_expired: bool = False
    refuse_next: dict[str, Refused] = field(default_factory=dict)
    pause: Callable[[str], "asyncio.Future[None] | None"] = lambda _method: None


class World:
    """Organisations, people, works, contracts, certificates, keys; and the clock, which goes by hand.

    `count` generated contracts stand behind those that come later, with some works that have no guarantee yet (0:
    nothing but people and orderers); `papers` makes what an issue signs. With `tariff` the first guarantor has one,
    and the generated contracts' fees come of it.
    """

    def __init__(
        self,
        *,
        count: int = 400,
        now: datetime = START,
        papers: Papers | None = None,
        tariff: bool = False,
    ) -> None:
        self.now = now
        self.papers = papers or PlainPapers()
        self.faults = Faults()
        self.guarantors: dict[str, Guarantor] = {g.organization_id: g for g in samples.guarantors()}
        self.orderers: dict[str, tuple[Orderer, samples.Rates]] = {
            orderer.orderer_id: (orderer, rates) for orderer, rates in samples.orderers()
        }
        self.companies: dict[str, Company] = {}
        self.people: dict[str, Person] = {}
        self.sessions: dict[str, Person] = {}
        self.works: dict[str, tuple[str, Works]] = {}
        self.contracts: dict[str, Contract] = {}
        self.numbers: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.certificates: dict[str, list[Certificate]] = {}
        self.pdfs: dict[tuple[str, int], bytes] = {}
        self.openings: dict[str, list[Opening]] = {}
        self.bundles: dict[str, tuple[str, int, bytes]] = {}
        self.viewing: dict[str, tuple[str, datetime]] = {}
        self.attachments: dict[str, bytes] = {}
        self.tariffs: dict[str, Tariff] = {}
        self.payers: dict[tuple[str, str], MonthlyPayer] = {}
        self.ssh_keys: dict[str, OwnedKey] = {}
        self.answers: dict[tuple[str, str, str], tuple[object, object]] = {}
        self.deleted: set[str] = set()
        self.history: list[Happening] = []
        self.told: dict[str, list[Told]] = {}
        self.preferences: dict[str, NoticePreferences] = {}
        self.acting = ""
        self.sends_mail = True
        self.revision = 0
        self._serial = 1 << 40
        self._sequence = 0
        self._watchers: set[asyncio.Event] = set()
        self._make_people()
        contractor, guarantor = next(iter(self.companies)), next(iter(self.guarantors))
        if tariff:
            self.tariffs[guarantor] = tariffs.sample_tariff(guarantor, self.today)
        version = tariffs.on_day(self.tariffs.get(guarantor, Tariff()), self.today)
        self.generated = Generated(count, now - timedelta(days=1), self.today, contractor, guarantor, version)
        for works in samples.works(self.today) if count else ():
            self.save_works(contractor, replace(works, works_id=self.new_id("wrk")))

    @property
    def today(self) -> date:
        """Japan's day."""
        return self.day_of(self.now)

    @staticmethod
    def day_of(moment: datetime) -> date:
        """The day in Japan at a moment."""
        return moment.astimezone(JAPAN).date()

    def tick(self, by: timedelta = timedelta(seconds=1)) -> datetime:
        """Lets time pass."""
        self.now += by
        return self.now

    def new_id(self, prefix: str) -> str:
        """The next id; they are the same in each run."""
        self._serial += 1
        return f"{prefix}_{base32(self._serial)}"

    def next_sequence(self) -> int:
        """The next sequence for a guarantee contract number."""
        self._sequence += 1
        return self._sequence

    def contract(self, contract_id: str) -> Contract | None:
        """A contract as it stands today; a generated one comes to life when it is asked for."""
        found = self.contracts.get(contract_id)
        if found is None:
            index = self.generated.index_of(contract_id)
            if index is None or contract_id in self.deleted:
                return None
            from tashika_tui.client.fake.awakening import awaken

            found = awaken(self, index)
        return replace(found, state=self.state_today(found))

    def state_today(self, contract: Contract) -> str:
        """What the day makes of the recorded state."""
        end = contract.terms.period_end if contract.terms is not None else None
        day = {"IN_FORCE": end, "ACCEPTED": contract.pay_by}.get(contract.state)
        return _OVER[contract.state] if day is not None and self.today > day else contract.state

    def save(self, contract: Contract, action: str) -> Contract:
        """Keeps a changed contract, and tells the watchers; gives it with its etag."""
        self.revision += 1
        before = self.contracts.get(contract.contract_id)
        contract = replace(contract, etag=f"e{self.revision}", update_time=self.now)
        self.contracts[contract.contract_id] = contract
        if contract.contract_number:
            self.numbers[contract.contract_number] = contract.contract_id
        self._tell(Happening(self.revision, action, self.now, before, contract))
        if before is not None:
            from tashika_tui.client.fake.noticing import tell_change

            tell_change(self, before, contract)
        return contract

    def delete(self, contract: Contract, action: str) -> None:
        """Removes a draft."""
        self.revision += 1
        self.deleted.add(contract.contract_id)
        del self.contracts[contract.contract_id]
        self._tell(Happening(self.revision, action, self.now, contract, None))

    def save_works(self, organization_id: str, works: Works) -> Works:
        """Keeps a works contract, and gives it with its etag."""
        self.revision += 1
        works = replace(works, etag=f"e{self.revision}")
        self.works[works.works_id] = (organization_id, works)
        return works

    def watcher(self) -> asyncio.Event:
        """An event that is set after each change, until `forget`."""
        event = asyncio.Event()
        self._watchers.add(event)
        return event

    def forget(self, event: asyncio.Event) -> None:
        """The watcher is gone."""
        self._watchers.discard(event)

    def wake(self) -> None:
        """Something that watchers are told of is another one than before."""
        self._wake_watchers()

    def go_offline(self) -> None:
        """Nothing is answered any more; whoever watches notices at once."""
        self.faults.offline = True
        self._wake_watchers()

    def come_back(self) -> None:
        """Everything is answered again; whoever watches notices at once."""
        self.faults.offline = False
        self._wake_watchers()

    def end_sessions(self) -> None:
        """Nobody is signed in any more; whoever watches notices at once."""
        self.faults.session_expired = True
        self._wake_watchers()

    def _wake_watchers(self) -> None:
        for event in self._watchers:
            event.set()

    def _tell(self, happening: Happening) -> None:
        self.history.append(happening)
        self._wake_watchers()

    def add_company(
        self, name: str, address: str, representative: str, *, monthly_payer: bool = False
    ) -> Company:
        """Another contractor."""
        place = len(self.companies) + 1
        company = Company(
            f"org_{'0' * 24}C{place}", name, address, representative, monthly_payer=monthly_payer
        )
        self.companies[company.organization_id] = company
        return company

    def add_person(self, login_name: str, name: str, title: str, organization_id: str, *roles: str) -> Person:
        """Another account of a contractor or a guarantor."""
        company = self.companies.get(organization_id)
        kind = "GUARANTOR" if company is None else "CONTRACTOR"
        organization = self.guarantors[organization_id].name if company is None else company.name
        person = Person(
            self.new_id("usr"), login_name, name, title, roles, organization_id, organization, kind
        )
        self.people[login_name] = person
        return person

    def _make_people(self) -> None:
        address, head = "千葉県柏市あけぼの一丁目１番１号", "代表取締役　𠮷田 葛󠄀男"
        own = self.add_company(samples.COMPANY, address, head).organization_id
        other = self.add_company(samples.OTHER_COMPANIES[0], address, head).organization_id
        guarantor, second = list(self.guarantors)[:2]
        self.add_person("contractor", "髙﨑 花子", "契約部長", own, "CONTRACTOR")
        self.add_person("colleague", "葛󠄀城 太郎", "主任", own, "CONTRACTOR")
        self.add_person("other_contractor", "𠮷田 次郎", "工事課長", other, "CONTRACTOR")
        self.add_person("underwriter", "中村 一郎", "審査役", guarantor, "UNDERWRITER")
        self.add_person("approver", "山本 春子", "支店長", guarantor, "APPROVER")
        self.add_person("deputy", "小林 秋子", "副支店長", guarantor, "UNDERWRITER", "APPROVER")
        self.add_person("other_underwriter", "渡辺 冬子", "審査役", second, "UNDERWRITER")


def row_of(contract: Contract) -> ContractRow:
    """A contract as a row of a list. Amount and period are the terms' once there are any."""
    held = contract.terms or contract.application
    works = contract.application.works or Works()
    return ContractRow(
        contract_id=contract.contract_id,
        contract_number=contract.contract_number,
        register_time=contract.register_time,
        registrant=contract.registrant,
        state=contract.state,
        product=held.product,
        form=held.form,
        orderer_id=works.orderer_id,
        section=works.section,
        works_number=works.number,
        works_name=works.name,
        amount_yen=held.amount_yen,
        period_end=held.period_end,
        pay_by=contract.pay_by,
        version=contract.version,
        update_time=contract.update_time,
        guarantor_id=contract.guarantor_id,
        organization_id=contract.organization_id,
        works_id=works.works_id,
        balance_yen=contract.balance_yen,
        fee_due_date=contract.fee_due_date,
        monthly_payer=contract.monthly_payer,
        advance_request_date=next(
            (each.day for each in contract.advance_requests if each.withdraw_time is None), None
        ),
        fee_label=next((each.label for each in contract.ledger if each.label), ""),
    )
