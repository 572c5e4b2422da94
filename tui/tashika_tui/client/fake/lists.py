"""Lists of a simulated register: filters, orders, keyset pages both ways, totals."""

import heapq
import itertools
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tashika_formats.search import matches, searchable, words
from tashika_tui.client.fake import samples
from tashika_tui.client.fake.generated import SortKey, micros
from tashika_tui.client.fake.owing import COUNT_LIMIT as COUNT_LIMIT
from tashika_tui.client.fake.owing import Owing
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.searching import Search
from tashika_tui.client.fake.world import Person, World, row_of
from tashika_tui.client.records import ContractFilter, ContractRow, Page, PageRequest

T = TypeVar("T")

_AFTER_ALL = "\U0010ffff"


def page_of(
    request: PageRequest,
    from_key: SortKey | None,
    filters: object,
    rows: Callable[[bool, SortKey | None], Iterator[tuple[SortKey, T]]],
    total: tuple[int, bool],
) -> Page[T]:
    """A page. `rows` gives keys and items in ascending or descending order, those after a key only."""
    digest = f"{zlib.crc32(repr((filters, request.descending)).encode()):08x}"
    backwards, after = request.from_end, from_key
    if request.token:
        backwards, after = _read_token(request.token, digest)
    size = request.size or 50
    found = []
    for keyed in rows(request.descending != backwards, after):
        found.append(keyed)
        if len(found) > size:
            break
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    before = bool(after) if not backwards else more
    following = more if not backwards else bool(after)
    # A page that starts at a value has a page before it only where something stands there.
    if from_key is not None and not request.token:
        before = found != [] and next(rows(not request.descending, found[0][0]), None) is not None
    return Page(
        items=tuple(item for _, item in found),
        next_page_token=_token(found[-1][0], False, digest) if following and found else "",
        previous_page_token=_token(found[0][0], True, digest) if before and found else "",
        total_size=total[0],
        total_size_exact=total[1],
    )


def of_sequence(
    keyed: Iterable[tuple[SortKey, T]],
) -> Callable[[bool, SortKey | None], Iterator[tuple[SortKey, T]]]:
    """Rows for `page_of` from items with their keys."""
    items = sorted(keyed, key=lambda pair: pair[0])

    def rows(descending: bool, after: SortKey | None) -> Iterator[tuple[SortKey, T]]:
        for key, item in reversed(items) if descending else items:
            if after is None or (key < after if descending else key > after):
                yield key, item

    return rows


def contract_page(
    world: World, person: Person, wanted: ContractFilter, request: PageRequest
) -> Page[ContractRow]:
    """A page of a person's contracts, those that were generated among them."""
    if wanted.fee_standing:
        orderers = tuple(world.orderers[each][0].name for each in samples.ORDERER_IDS)
        owing = Owing(world, person, wanted, Search(world.generated, wanted.search, orderers))
        start: SortKey | None = None
        if wanted.from_value:
            credit = wanted.fee_standing == "CREDIT"
            start = (int(wanted.from_value) if credit else wanted.from_value), ""
        return page_of(request, start, wanted, owing.rows, owing.total())
    listing = _Listing(world, person, wanted)
    from_key = listing.from_key(request.descending)
    return page_of(request, from_key, wanted, listing.rows, listing.total())


class _Listing:
    def __init__(self, world: World, person: Person, wanted: ContractFilter) -> None:
        self._world = world
        self._person = person
        self._wanted = wanted
        orderers = tuple(world.orderers[each][0].name for each in samples.ORDERER_IDS)
        self._search = Search(world.generated, wanted.search, orderers)
        self._sort = wanted.sort or "REGISTERED_TIME"
        self._step = 2 if person.kind == "CONTRACTOR" else 1
        parties = (world.generated.contractor_id, world.generated.guarantor_id)
        self._generated = person.organization_id in parties

    def rows(self, descending: bool, after: SortKey | None) -> Iterator[tuple[SortKey, ContractRow]]:
        """Both kinds of contracts in one order."""
        lived = of_sequence(self._lived())(descending, after)
        made = self._made(descending, after)
        return heapq.merge(lived, made, key=lambda pair: pair[0], reverse=descending)

    def total(self) -> tuple[int, bool]:
        """How many there are; for a filter up to COUNT_LIMIT."""
        wanted = self._wanted
        if replace(wanted, sort="", from_value="") == ContractFilter(sort=""):
            made = self._made_count() if self._generated else 0
            return made + sum(1 for _ in self._lived()), True
        few = self._few()
        fitting = self._made_rows(self._search.likely() if few is None else few)
        found = itertools.chain(self._lived(), fitting)
        count = sum(1 for _ in itertools.islice(found, COUNT_LIMIT))
        return count, count < COUNT_LIMIT

    def from_key(self, descending: bool) -> SortKey | None:
        """Where a list starts that starts at a value."""
        text = self._wanted.from_value
        if not text:
            return None
        tie = _AFTER_ALL if descending else ""
        try:
            if self._sort in ("REGISTERED_TIME", "UPDATED_TIME", ""):
                return micros(datetime.fromisoformat(text)), tie
            return (int(text) if self._sort == "AMOUNT_YEN" else text), tie
        except ValueError:
            raise refuse("FIELD_FORMAT", "from_value") from None

    def _lived(self) -> Iterator[tuple[SortKey, ContractRow]]:
        for contract in self._world.contracts.values():
            party = contract.organization_id if self._person.kind == "CONTRACTOR" else contract.guarantor_id
            hidden = self._person.kind != "CONTRACTOR" and contract.state == "DRAFT"
            if party != self._person.organization_id or hidden:
                continue
            row = replace(row_of(contract), state=self._world.state_today(contract))
            if self._fits(row):
                yield self._key(row), row

    def _made(self, descending: bool, after: SortKey | None) -> Iterator[tuple[SortKey, ContractRow]]:
        made, sort, few = self._world.generated, self._sort, self._few()
        if few is None:
            yield from self._made_rows(made.in_order(sort, descending, after))
            return
        for key, row in sorted(self._made_rows(few), key=lambda pair: pair[0], reverse=descending):
            if after is None or (key < after if descending else key > after):
                yield key, row

    def _few(self) -> Iterable[int] | None:
        """The only generated contracts that may fit, where that is known; None: any may."""
        made, wanted = self._world.generated, self._wanted
        strange = wanted.orderer_id and wanted.orderer_id not in samples.ORDERER_IDS
        elsewhere = wanted.guarantor_id not in ("", made.guarantor_id)
        if not self._generated or wanted.works_id or strange or elsewhere:
            return ()
        if wanted.contract_number:
            index = made.index_of_number(wanted.contract_number)
            return () if index is None else (index,)
        return self._search.few

    def _made_rows(self, indexes: Iterable[int]) -> Iterator[tuple[SortKey, ContractRow]]:
        made, wanted = self._world.generated, self._wanted
        for index in indexes:
            fits = (
                index % self._step == 0
                and wanted.state in ("", made.state(index))
                and wanted.product in ("", made.product(index))
                and wanted.form in ("", made.form(index))
                and wanted.orderer_id in ("", made.orderer_id(index))
                and self._search.finds_index(index)
            )
            if fits and not self._lives(made.contract_id(index)):
                yield made.key(self._sort, index), made.row(index)

    def _made_count(self) -> int:
        made = self._world.generated
        known = {*self._world.contracts, *self._world.deleted}
        living = [index for index in map(made.index_of, known) if index is not None]
        return -(-made.count // self._step) - sum(1 for index in living if index % self._step == 0)

    def _lives(self, contract_id: str) -> bool:
        return contract_id in self._world.contracts or contract_id in self._world.deleted

    def _fits(self, row: ContractRow) -> bool:
        wanted = self._wanted
        pairs = (
            (wanted.state, row.state),
            (wanted.product, row.product),
            (wanted.form, row.form),
            (wanted.orderer_id, row.orderer_id),
            (wanted.guarantor_id, row.guarantor_id),
            (wanted.works_id, row.works_id),
            (wanted.contract_number, row.contract_number),
        )
        if any(asked and asked != found for asked, found in pairs):
            return False
        orderer, _ = self._world.orderers.get(row.orderer_id, (None, None))
        texts = (
            row.contract_number,
            row.works_name,
            row.works_number,
            orderer.name if orderer is not None else "",
            row.registrant.company,
        )
        return self._search.finds(texts)

    def _key(self, row: ContractRow) -> SortKey:
        if self._sort in ("REGISTERED_TIME", "UPDATED_TIME", ""):
            time = row.update_time if self._sort == "UPDATED_TIME" else row.register_time
            return (micros(time) if time is not None else 0), row.contract_id
        values: dict[str, int | str] = {
            "NUMBER": row.contract_number,
            "WORKS_NAME": row.works_name,
            "AMOUNT_YEN": row.amount_yen if row.amount_yen is not None else -1,
            "PERIOD_END": row.period_end.isoformat() if row.period_end is not None else "",
        }
        return values[self._sort], row.contract_id


def is_found(search: str, *texts: str) -> bool:
    """Whether each word of a search is part of one of the texts."""
    return not search or matches(words(search), searchable(texts))


def _token(key: SortKey, backwards: bool, digest: str) -> str:
    return json.dumps([*key, backwards, digest])


def _read_token(token: str, digest: str) -> tuple[bool, SortKey]:
    try:
        value, tie, backwards, made_for = json.loads(token)
    except ValueError:
        raise refuse("PAGE_TOKEN_INVALID", "page_token") from None
    if made_for != digest:
        raise refuse("PAGE_TOKEN_INVALID", "page_token")
    return backwards, (value, tie)
