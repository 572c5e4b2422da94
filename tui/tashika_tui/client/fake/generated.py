"""Any number of made-up contracts, each computed when it is looked at, in every order without being sorted.

Every attribute follows from a row's index by arithmetic, so that a list over a million of them costs no more than
one over a thousand.
"""

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tashika_formats.number import make_number
from tashika_tui.client.fake import samples, tariffs
from tashika_tui.client.records import ContractRow, FeeBasis, Registrant, TariffVersion

# Of forty contracts in a row so many are in each state; the first five are over.
_STATES = (
    ("EXPIRED",) * 5
    + ("SUBMITTED",) * 2
    + ("RETURNED", "WITHDRAWN", "REFUSED", "PENDING_APPROVAL", "PENDING_APPROVAL")
    + ("ACCEPTED",) * 3
    + ("IN_FORCE",) * 25
)
_CYCLE = len(_STATES)
_UNPAID = ("PENDING_APPROVAL", "ACCEPTED")
_FEE_TOLD = (*_UNPAID, "IN_FORCE", "EXPIRED")
PAY_DAYS = 14
_FEE_SHARE = 1_000
_OVER = 5
_REGISTER_STEP = timedelta(minutes=37)
_UPDATE_AFTER = timedelta(minutes=11)
_PAST_DAYS, _FUTURE_DAYS = 2_000, 900
_SEQUENCE_FROM = 1_000
NUMBER_DIGITS, RANK_DIGITS = 9, 7
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

SortKey = tuple[int | str, str]


@dataclass(frozen=True, slots=True)
class Generated:
    """`count` contracts, registered one after the other until `until`, Japan's day then being `today`.

    Every other one is `contractor_id`'s, all are at `guarantor_id`. Fees come of `tariff` where there is one.
    """

    count: int
    until: datetime
    today: date
    contractor_id: str
    guarantor_id: str
    tariff: TariffVersion | None = None

    def row(self, index: int) -> ContractRow:
        """The contract with this index (0 to `count` - 1)."""
        state = self.state(index)
        registered = self._registered(index)
        own = index % 2 == 0
        person, title = samples.REGISTRANTS[index // 2 % len(samples.REGISTRANTS)]
        company = (samples.COMPANY, *samples.OTHER_COMPANIES)[self.company_place(index)]
        accepted = state == "ACCEPTED"
        form = self.form(index)
        basis = self.fee_basis(index)
        return ContractRow(
            contract_id=self.contract_id(index),
            contract_number=self.number(index),
            register_time=registered,
            registrant=Registrant(person, company, title),
            state=state,
            product=self.product(index),
            form=form,
            orderer_id=self.orderer_id(index),
            section=samples.SECTIONS[index // 3 % len(samples.SECTIONS)],
            works_number=self.works_number(index),
            works_name=self.works_name(index),
            amount_yen=self._amount(index),
            period_end=self.period_end(index),
            pay_by=self.pay_by(index) if accepted else None,
            # The register holds versions of electronic certificates only.
            version=1 if state in ("IN_FORCE", "EXPIRED") and form == "ELECTRONIC" else 0,
            update_time=registered + _UPDATE_AFTER,
            guarantor_id=self.guarantor_id,
            organization_id=self.contractor_id if own else f"org_{'0' * 24}X{index % 10}",
            works_id="wrk_" + base32(index),
            balance_yen=self.fee_yen(index) or 0 if state in _UNPAID else 0,
            fee_due_date=self.pay_by(index) if accepted else None,
            fee_label=basis.label if basis is not None else "",
        )

    def fee_yen(self, index: int) -> int | None:
        """Its fee, once it was accepted."""
        if self.state(index) not in _FEE_TOLD:
            return None
        basis = self.fee_basis(index)
        return self._amount(index) // _FEE_SHARE if basis is None else basis.fee_yen

    def fee_basis(self, index: int) -> FeeBasis | None:
        """How its fee came about, where a tariff gave it."""
        if self.state(index) not in _FEE_TOLD:
            return None
        return tariffs.propose(self.tariff, self.product(index), self._amount(index))

    def pay_by(self, index: int) -> date:
        """The last day for the fee of one that is accepted."""
        return self.today + timedelta(days=index % PAY_DAYS)

    def owing(self, descending: bool) -> Iterator[Iterator[int]]:
        """The contracts whose fee is owed, those with one last day for it together."""
        for place in reversed(range(PAY_DAYS)) if descending else range(PAY_DAYS):
            indexes = range(place, self.count, PAY_DAYS)
            there = (i for i in (reversed(indexes) if descending else indexes) if self.state(i) == "ACCEPTED")
            yield there

    def state(self, index: int) -> str:
        """Where it stands."""
        return _STATES[index % _CYCLE]

    def product(self, index: int) -> str:
        """What it guarantees."""
        return "PREPAYMENT" if index // 2 % 3 else "PERFORMANCE"

    def form(self, index: int) -> str:
        """How its certificate is delivered."""
        return "PAPER" if index % 17 == 3 else "ELECTRONIC"

    def orderer_id(self, index: int) -> str:
        """Who ordered its works."""
        return samples.ORDERER_IDS[index % len(samples.ORDERER_IDS)]

    def company_place(self, index: int) -> int:
        """Which company registered it: 0 is the contractor, the others are `samples.OTHER_COMPANIES`."""
        return 0 if index % 2 == 0 else 1 + index % len(samples.OTHER_COMPANIES)

    def contract_id(self, index: int) -> str:
        """Its id, in the order of the indexes."""
        return "con_0" + base32(index)[1:]

    def index_of(self, contract_id: str) -> int | None:
        """The index of an id, None where it is no generated contract's."""
        digits = contract_id.removeprefix("con_")
        if len(digits) != 26 or any(digit not in _ALPHABET for digit in digits):
            return None
        index = 0
        for digit in digits:
            index = index * 32 + _ALPHABET.index(digit)
        return index if index < self.count else None

    def number(self, index: int) -> str:
        """Its number, in the order of the indexes."""
        return make_number(samples.GUARANTOR_CODE, 2025, _SEQUENCE_FROM + index)

    def index_of_number(self, number: str) -> int | None:
        """The index of a number, None where it is no generated contract's."""
        if len(number) != 14 or not number.isdecimal():
            return None
        index = self.of_sequence(int(number[4:13]))
        return index if index is not None and self.number(index) == number else None

    def works_name(self, index: int) -> str:
        """The name of its works, in the order of the ranks."""
        return samples.ALL_WORKS_NAMES[self.name_place(index)]

    def name_place(self, index: int) -> int:
        """Which of `samples.ALL_WORKS_NAMES` that is."""
        return self._rank(index, _NAME) * len(samples.ALL_WORKS_NAMES) // self.count

    def with_name(self, place: int) -> Iterator[int]:
        """The contracts with this name of works."""
        names = len(samples.ALL_WORKS_NAMES)
        for rank in range(-(-place * self.count // names), -(-(place + 1) * self.count // names)):
            yield self.of_rank(rank)

    def works_number(self, index: int) -> str:
        """The orderer's number of its works."""
        return f"工第{self._rank(index, _NAME):0{RANK_DIGITS}d}号"

    def of_rank(self, rank: int) -> int:
        """The contract whose works' number has these digits."""
        return self._unrank(rank, _NAME)

    def of_sequence(self, sequence: int) -> int | None:
        """The contract whose number has this sequence."""
        index = sequence - _SEQUENCE_FROM
        return index if 0 <= index < self.count else None

    def period_end(self, index: int) -> date:
        """The last day of the guarantee, in the past for those that are over."""
        return self._end_at(self._end_place(index))

    def in_order(self, sort: str, descending: bool, after: SortKey | None = None) -> Iterator[int]:
        """The indexes by a sort column, those after a key only."""
        places = range(self._places(sort))
        start = self._first_after(sort, descending, after) if after is not None else 0
        for place in reversed(places[: len(places) - start]) if descending else places[start:]:
            index = self._at(sort, place)
            if index < self.count:
                yield index

    def key(self, sort: str, index: int) -> SortKey:
        """What an order goes by: the column's value, and what decides among equal ones."""
        return self._key_at(sort, self._place_of(sort, index))

    def _first_after(self, sort: str, descending: bool, after: SortKey) -> int:
        places = self._places(sort)
        low, high = 0, places
        while low < high:
            middle = (low + high) // 2
            found = self._key_at(sort, places - 1 - middle if descending else middle)
            if found < after if descending else found > after:
                high = middle
            else:
                low = middle + 1
        return low

    def _key_at(self, sort: str, place: int) -> SortKey:
        tie = f"{place:09d}"
        if sort == "PERIOD_END":
            return self._end_at(place).isoformat(), tie
        index = self._at(sort, place)
        if sort == "NUMBER":
            return self.number(index), tie
        if sort == "WORKS_NAME":
            return self.works_name(index), tie
        if sort == "AMOUNT_YEN":
            return self._amount(index), tie
        moment = self._registered(index) + (_UPDATE_AFTER if sort == "UPDATED_TIME" else timedelta())
        return micros(moment), tie

    def _registered(self, index: int) -> datetime:
        return self.until - _REGISTER_STEP * (self.count - index)

    def _amount(self, index: int) -> int:
        return 500_000 + self._rank(index, _AMOUNT) * 10_000

    def _places(self, sort: str) -> int:
        # Orders by the end of the period have room for a last block that is not full.
        return -(-self.count // _CYCLE) * _CYCLE if sort == "PERIOD_END" else self.count

    def _at(self, sort: str, place: int) -> int:
        if sort in _RANKED:
            return self._unrank(place, _RANKED[sort])
        return self._end_index(place) if sort == "PERIOD_END" else place

    def _place_of(self, sort: str, index: int) -> int:
        if sort in _RANKED:
            return self._rank(index, _RANKED[sort])
        return self._end_place(index) if sort == "PERIOD_END" else index

    def _rank(self, index: int, factor: int) -> int:
        return index * _coprime(factor, self.count) % self.count

    def _unrank(self, rank: int, factor: int) -> int:
        return rank * _inverse(factor, self.count) % self.count

    def _end_place_of_living(self) -> int:
        return -(-self.count // _CYCLE) * _OVER

    def _end_at(self, place: int) -> date:
        over = self._end_place_of_living()
        if place < over:
            return self.today - timedelta(days=_PAST_DAYS - place * (_PAST_DAYS - 1) // over)
        return self.today + timedelta(
            days=(place - over) * _FUTURE_DAYS // max(1, self._places("PERIOD_END") - over)
        )

    def _end_place(self, index: int) -> int:
        block, within = divmod(index, _CYCLE)
        if within < _OVER:
            return block * _OVER + within
        return self._end_place_of_living() + block * (_CYCLE - _OVER) + within - _OVER

    def _end_index(self, place: int) -> int:
        over = self._end_place_of_living()
        if place < over:
            return place // _OVER * _CYCLE + place % _OVER
        block, within = divmod(place - over, _CYCLE - _OVER)
        return block * _CYCLE + within + _OVER


_NAME, _AMOUNT = 7_919, 104_729
_RANKED = {"WORKS_NAME": _NAME, "AMOUNT_YEN": _AMOUNT}


@functools.lru_cache
def _coprime(factor: int, count: int) -> int:
    while math.gcd(factor, count) != 1:
        factor += 1
    return factor


@functools.lru_cache
def _inverse(factor: int, count: int) -> int:
    return pow(_coprime(factor, count), -1, count) if count > 1 else 0


def base32(number: int) -> str:
    """26 characters of Crockford's base32."""
    digits = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def micros(moment: datetime) -> int:
    """A moment as whole microseconds."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
