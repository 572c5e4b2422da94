"""Invented works contracts: what is built, where, for whom, when and for how much."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tashika_server.demo.samples import passages
from tashika_server.domain.calendar import fiscal_year
from tashika_server.domain.model import GuarantorKind, Product, WorksTerms
from tashika_server.domain.policy import ElectronicPolicy
from tashika_server.domain.policy_file import ParsedOrderer

LOW_BID_SHARE = 0.06
LONG_NAME_SHARE = 0.03

# Above every price from which the sample orderers pay an advance.
_LEAST_PRICE_YEN = 6_600_000
_TAX_PERCENT = 10
# Prices in steps of 10,000 yen before tax, most of them small: thousands of yen would look computed.
_PRICE_STEP_YEN = 10_000
_PRICE_MEDIAN_LOG = 17.3
_PRICE_SPREAD_LOG = 1.1
_LARGEST_PRICE_YEN = 3_000_000_000

# Every second sample is of the city that the project starts from.
_FIRST_CITY = "kashiwa"
_FIRST_CITY_SHARE = 0.45
_KIND_WEIGHTS = {"CONSTRUCTION": 75, "CONSULTING": 20, "SERVICES": 5}
# The one sample orderer that pays advances for services.
_SERVICES_ORDERER = "mihon"
_PAPER_ORDERERS = ("ageo", "fukagawa", "toyoyama", "ikoma", "kakuu")


@dataclass(frozen=True, slots=True)
class OrdererBook:
    """The sample orderers by what they take: certificates by register, or only paper."""

    electronic: tuple[ParsedOrderer, ...]
    paper: tuple[ParsedOrderer, ...]


def make_book(parsed: Sequence[ParsedOrderer], first_day: date) -> OrdererBook:
    """Sort the orderers. Electronic are those that take both products on every day from `first_day` on."""
    latest = {entry.orderer_id: entry for entry in parsed}
    electronic = tuple(
        entry for entry in latest.values() if _takes_all(entry.policy.electronic, entry, first_day)
    )
    paper = tuple(latest[orderer_id] for orderer_id in _PAPER_ORDERERS if orderer_id in latest)
    return OrdererBook(electronic, paper)


def _takes_all(electronic: ElectronicPolicy | None, entry: ParsedOrderer, first_day: date) -> bool:
    if electronic is None or (entry.policy.valid_from or date.min) > first_day:
        return False
    products = {Product.PERFORMANCE, Product.PREPAYMENT} <= (electronic.products or set(Product))
    companies = GuarantorKind.GUARANTEE_COMPANY in (electronic.guarantor_kinds or set(GuarantorKind))
    return products and companies and (electronic.since or date.min) <= first_day


class WorksMaker:
    """Makes works contracts from one seeded source of chance."""

    def __init__(self, chance: random.Random, book: OrdererBook) -> None:
        self._chance = chance
        self._book = book
        self._made = 0

    def make(self, signing: date, days: int, *, paper: bool) -> WorksTerms:
        """Make a works contract that is going to be signed on `signing`, for works of `days` from then on.

        Number and contract date are not known before the signing; see `signed`.
        """
        self._made += 1
        chance = self._chance
        orderer, kind = self._choose(paper=paper)
        place = self._chance.choice(passages.PLACES.get(orderer.orderer_id, passages.ELSEWHERE))
        name, section = self._name(place, kind)
        end = signing + timedelta(days=days)
        return WorksTerms(
            name=name,
            place=f"{orderer.name}{place}地内",
            kind=kind,
            orderer_id=orderer.orderer_id,
            section=section if chance.random() < 0.85 else "",
            price_yen=self._price(),
            notice_date=signing - timedelta(days=chance.randint(20, 45)),
            expected_contract_date=signing,
            period_start=signing + timedelta(days=1),
            period_end=end,
            low_bid=chance.random() < LOW_BID_SHARE,
        )

    def sign(self, terms: WorksTerms, signing: date) -> WorksTerms:
        """Give the works contract as it is from its signing on."""
        number = f"{fiscal_year(signing) % 100:02d}-{self._chance.randint(1, 999):03d}-{self._made:04d}"
        return replace(terms, number=number, contract_date=signing, initial_contract_date=signing)

    def _choose(self, *, paper: bool) -> tuple[ParsedOrderer, str]:
        chance = self._chance
        if paper:
            return chance.choice(self._book.paper or self._book.electronic), "CONSTRUCTION"
        kind = chance.choices(list(_KIND_WEIGHTS), list(_KIND_WEIGHTS.values()))[0]
        by_id = {entry.orderer_id: entry for entry in self._book.electronic}
        if kind == "SERVICES" and _SERVICES_ORDERER in by_id:
            return by_id[_SERVICES_ORDERER], kind
        kind = "CONSTRUCTION" if kind == "SERVICES" else kind
        if _FIRST_CITY in by_id and chance.random() < _FIRST_CITY_SHARE:
            return by_id[_FIRST_CITY], kind
        return chance.choice(list(by_id.values())), kind

    def _name(self, place: str, kind: str) -> tuple[str, str]:
        chance = self._chance
        name, section = chance.choice(passages.NAMES[kind])
        if kind == "CONSTRUCTION" and chance.random() < LONG_NAME_SHARE:
            name = passages.LONG_NAME
        return name.format(place=place, n=chance.randint(1, 48)), section

    def _price(self) -> int:
        drawn = self._chance.lognormvariate(_PRICE_MEDIAN_LOG, _PRICE_SPREAD_LOG)
        net = int(min(drawn, _LARGEST_PRICE_YEN)) // _PRICE_STEP_YEN * _PRICE_STEP_YEN
        return max(_LEAST_PRICE_YEN, net * (100 + _TAX_PERCENT) // 100)
