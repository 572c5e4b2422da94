"""Lists of a simulated register by how fees stand: what is overdue, due soon, owed, or paid too much."""

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tashika_tui.client.fake.generated import SortKey
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.searching import Search
from tashika_tui.client.fake.world import Person, World, row_of
from tashika_tui.client.records import ContractFilter, ContractRow

LAPSED_SHOWN_DAYS = 30
COUNT_LIMIT = 1_001


class Owing:
    """The contracts of a person whose fees stand as a filter says, in the order of such lists."""

    def __init__(self, world: World, person: Person, wanted: ContractFilter, search: Search) -> None:
        bare = replace(wanted, fee_standing="", due_within_days=0, search="", sort="", from_value="")
        if bare != ContractFilter(sort="") or wanted.sort:
            raise refuse("FIELD_NOT_ALLOWED", "sort" if wanted.sort else "filter")
        self._world = world
        self._person = person
        self._wanted = wanted
        self._search = search

    def rows(self, descending: bool, after: SortKey | None) -> Iterator[tuple[SortKey, ContractRow]]:
        """Rows with their keys: by the last day for the fee; credits the largest first."""
        lived = sorted(((self._key(row), row) for row in self._lived()), key=lambda pair: pair[0])
        made = ((self._key(row), row) for row in self._made(descending))
        merged = heapq.merge(
            reversed(lived) if descending else lived, made, key=lambda pair: pair[0], reverse=descending
        )
        for key, row in merged:
            if after is None or (key < after if descending else key > after):
                yield key, row

    def total(self) -> tuple[int, bool]:
        """How many there are, up to COUNT_LIMIT."""
        count = sum(1 for _ in itertools.islice(self.rows(False, None), COUNT_LIMIT))
        return count, count < COUNT_LIMIT

    def _key(self, row: ContractRow) -> SortKey:
        credit = self._wanted.fee_standing == "CREDIT"
        return (row.balance_yen if credit else str(row.fee_due_date)), row.contract_id

    def _lived(self) -> Iterator[ContractRow]:
        for contract in list(self._world.contracts.values()):
            mine = contract.organization_id if self._person.kind == "CONTRACTOR" else contract.guarantor_id
            if mine != self._person.organization_id or not contract.contract_number:
                continue
            texts = (contract.contract_number, contract.registrant.company, row_of(contract).works_name)
            row = self._today(row_of(contract))
            if self._search.finds(texts) and self._stands(row):
                yield row

    def _made(self, descending: bool) -> Iterator[ContractRow]:
        made, world = self._world.generated, self._world
        if self._person.organization_id not in (made.contractor_id, made.guarantor_id):
            return
        step = 2 if self._person.kind == "CONTRACTOR" else 1
        for indexes in made.owing(descending):
            for index in indexes:
                if index % step or made.contract_id(index) in world.contracts:
                    continue
                row = self._today(made.row(index))
                if not self._stands(row):
                    # Those of one day stand alike.
                    break
                if self._search.finds_index(index):
                    yield row

    def _today(self, row: ContractRow) -> ContractRow:
        late = row.pay_by is not None and row.pay_by < self._world.today
        if row.state == "ACCEPTED" and late and not row.monthly_payer:
            # What lapsed is not owed any more.
            return replace(row, state="LAPSED", balance_yen=0)
        return row

    def _stands(self, row: ContractRow) -> bool:
        today, due = self._world.today, row.fee_due_date or date.max
        owed = row.balance_yen > 0 and row.fee_due_date is not None
        match self._wanted.fee_standing:
            case "OVERDUE":
                shown = row.state == "LAPSED" and due >= today - timedelta(days=LAPSED_SHOWN_DAYS)
                return due < today and (owed or shown)
            case "DUE_SOON":
                return owed and today <= due <= today + timedelta(days=self._wanted.due_within_days)
            case "OWED":
                return owed
            case "CREDIT":
                return row.balance_yen < 0
        raise refuse("CHOICE_UNKNOWN", "filter.fee_standing")
