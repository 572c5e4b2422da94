"""Lists: every order, forwards and backwards, from the start, the end or a value; and tokens that are not ours."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from tashika.v1 import contract_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import works_service_pb2 as works
from tashika.v1.contract_pb2 import ContractSummary
from tests.support import data
from tests.support.client import Client
from tests.support.people import World
from tests.support.play import Play
from tests.support.refusals import refused

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-paging")]

COUNT = 120
PAGE = 17
SORTS: list[Any] = [sort for sort in contracts.ContractSort.values() if sort]
KEYS: dict[int, Callable[[ContractSummary], Any]] = {
    contracts.CONTRACT_SORT_REGISTERED_TIME: lambda c: c.register_time.ToNanoseconds(),
    contracts.CONTRACT_SORT_NUMBER: lambda c: c.contract_number,
    contracts.CONTRACT_SORT_UPDATED_TIME: lambda c: c.update_time.ToNanoseconds(),
    contracts.CONTRACT_SORT_WORKS_NAME: lambda c: c.works_name,
    contracts.CONTRACT_SORT_AMOUNT_YEN: lambda c: c.amount_yen,
    contracts.CONTRACT_SORT_PERIOD_END: lambda c: (c.period_end.year, c.period_end.month, c.period_end.day),
}


def _text(sort: int, row: ContractSummary) -> str:
    """The value of the sort column as a request writes it."""
    if sort == contracts.CONTRACT_SORT_PERIOD_END:
        return "{:04}-{:02}-{:02}".format(*KEYS[sort](row))
    if sort in (contracts.CONTRACT_SORT_REGISTERED_TIME, contracts.CONTRACT_SORT_UPDATED_TIME):
        moment = row.register_time if sort == contracts.CONTRACT_SORT_REGISTERED_TIME else row.update_time
        return moment.ToJsonString()
    return str(KEYS[sort](row))


@dataclass(frozen=True)
class Listed:
    """A contractor's contracts, all of them, as a list of one page gives them."""

    person: Client
    rows: list[ContractSummary]

    def ordered(self, sort: int, descending: bool) -> list[str]:
        """The ids in an order."""
        rows = sorted(self.rows, key=lambda row: (KEYS[sort](row), row.contract_id), reverse=descending)
        return [row.contract_id for row in rows]

    async def page(self, **fields: Any) -> tuple[list[str], contracts.ListContractsResponse]:
        """The ids of a page, and the answer."""
        found = await self.person.contracts.ListContracts(
            contracts.ListContractsRequest(page_size=PAGE, **fields)
        )
        return [row.contract_id for row in found.contracts], found

    async def walk(self, backwards: bool, **fields: Any) -> list[list[str]]:
        """The pages from the one that the fields give, in the order of the walk."""
        pages, token = [], None
        while token != "":
            ids, found = await self.page(**fields, page_token=token or "")
            pages.append(ids)
            token = found.previous_page_token if backwards else found.next_page_token
            assert len(pages) <= COUNT
        return pages


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def listed(world: World) -> Listed:
    """Contracts with many equal values, in three states."""
    play = Play(world, contractor="monthly_contractor")
    chance = random.Random(7)
    works_ids = [await play.works(name=f"{name}工事") for name in ("いろは", "あさひ", "亜", "𠮷田", "ﾊﾝｶｸ")]
    for place in range(COUNT):
        end = data.day(world.today + timedelta(days=120 + chance.randrange(4)))
        amount = data.PRICE_YEN // 10 + chance.randrange(5)
        fresh_works: dict[str, Any] = {"works_id": chance.choice(works_ids)} if place % 3 else {}
        contract = await play.draft(amount_yen=amount, period_end=end, **fresh_works)
        if place % 3 == 0:
            contract = await play.submit(contract)
        if place % 9 == 0:
            await play.accept(contract)
    found = await play.contractor.contracts.ListContracts(contracts.ListContractsRequest(page_size=200))
    assert len(found.contracts) == COUNT
    return Listed(play.contractor, list(found.contracts))


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", SORTS, ids=[contracts.ContractSort.Name(sort) for sort in SORTS])
async def test_pages_forwards_are_the_whole_list_and_backwards_the_same_pages(
    listed: Listed, sort: int, descending: bool
) -> None:
    wanted = listed.ordered(sort, descending)
    order = {"sort": sort, "descending": descending}
    pages = await listed.walk(False, **order)
    assert [each for page in pages for each in page] == wanted
    assert [len(page) for page in pages] == [PAGE] * (COUNT // PAGE) + [COUNT % PAGE]
    last, token = await listed.page(**order), ""
    for _ in pages[1:]:
        last = await listed.page(**order, page_token=token)
        token = last[1].next_page_token
    _, found = await listed.page(**order, page_token=token)
    assert not found.next_page_token
    seen = []
    while found.previous_page_token:
        ids, found = await listed.page(**order, page_token=found.previous_page_token)
        seen.append(ids)
    assert seen == pages[-2::-1]


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", SORTS, ids=[contracts.ContractSort.Name(sort) for sort in SORTS])
async def test_a_list_from_its_end_is_the_list_backwards_in_full_pages(
    listed: Listed, sort: int, descending: bool
) -> None:
    wanted = listed.ordered(sort, descending)
    pages = await listed.walk(True, sort=sort, descending=descending, from_end=True)
    assert pages[0] == wanted[-PAGE:]
    assert [each for page in reversed(pages) for each in page] == wanted


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", SORTS, ids=[contracts.ContractSort.Name(sort) for sort in SORTS])
async def test_a_list_from_a_value_begins_with_the_first_thing_of_that_value(
    listed: Listed, sort: int, descending: bool
) -> None:
    wanted = listed.ordered(sort, descending)
    rows = {row.contract_id: row for row in listed.rows}
    for row in (rows[wanted[40]], rows[wanted[80]], rows[wanted[-1]]):
        if not _text(sort, row):
            continue
        first = next(place for place, each in enumerate(wanted) if KEYS[sort](rows[each]) == KEYS[sort](row))
        order = {"sort": sort, "descending": descending, "from_value": _text(sort, row)}
        ids, found = await listed.page(**order)
        assert ids == wanted[first : first + PAGE]
        before, _ = await listed.page(**order, page_token=found.previous_page_token) if first else ([], None)
        assert before == wanted[max(0, first - PAGE) : first]


async def test_totals_are_exact_for_the_whole_list_and_for_each_state(listed: Listed) -> None:
    states = [contract_pb2.CONTRACT_STATE_UNSPECIFIED, *{row.state for row in listed.rows}]
    for state in states:
        wanted = [row for row in listed.rows if not state or row.state == state]
        _, found = await listed.page(filter=contracts.ContractFilter(state=state))
        assert (found.total_size, found.total_size_exact) == (len(wanted), True), state


async def test_filters_together_give_what_fits_all_of_them(listed: Listed) -> None:
    works_id = listed.rows[-1].works_id
    filters = contracts.ContractFilter(
        works_id=works_id, product=data.PERFORMANCE, form=data.ELECTRONIC, orderer_id="kashiwa"
    )
    pages = await listed.walk(False, filter=filters)
    wanted = {row.contract_id for row in listed.rows if row.works_id == works_id}
    assert {each for page in pages for each in page} == wanted
    _, none = await listed.page(filter=contracts.ContractFilter(works_id=works_id, product=data.PREPAYMENT))
    assert (len(none.contracts), none.total_size) == (0, 0)
    assert not none.next_page_token
    assert not none.previous_page_token


async def test_a_number_finds_its_contract(listed: Listed) -> None:
    row = next(row for row in listed.rows if row.contract_number)
    ids, _ = await listed.page(filter=contracts.ContractFilter(contract_number=row.contract_number))
    assert ids == [row.contract_id]


async def test_the_guarantors_list_has_no_drafts(world: World, listed: Listed) -> None:
    found = await world.underwriter.contracts.ListContracts(contracts.ListContractsRequest(page_size=200))
    assert contract_pb2.CONTRACT_STATE_DRAFT not in {row.state for row in found.contracts}
    mine = {row.contract_id for row in listed.rows if row.contract_number}
    assert mine <= {row.contract_id for row in found.contracts}


async def test_a_page_token_that_was_changed_is_refused(listed: Listed) -> None:
    _, found = await listed.page()
    token = found.next_page_token
    for place in (0, len(token) // 2, len(token) - 2):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with refused("PAGE_TOKEN_INVALID", "page_token"):
            await listed.page(page_token=changed)
    for junk in ("x", "%%%", token + token, token[:-3], "A" * 2001, "ページ"):
        with refused("PAGE_TOKEN_INVALID", "page_token"):
            await listed.page(page_token=junk)


@pytest.mark.parametrize(
    "other",
    [
        {"sort": contracts.CONTRACT_SORT_AMOUNT_YEN},
        {"descending": True},
        {"from_end": True},
        {"from_value": "2026-01-01T00:00:00Z"},
        {"filter": contracts.ContractFilter(product=data.PERFORMANCE)},
    ],
    ids=["sort", "descending", "from_end", "from_value", "filter"],
)
async def test_a_page_token_is_for_the_list_that_it_came_from(listed: Listed, other: dict[str, Any]) -> None:
    _, found = await listed.page()
    with refused("PAGE_TOKEN_INVALID", "page_token"):
        await listed.page(page_token=found.next_page_token, **other)


async def test_a_page_token_is_for_another_page_size_too(listed: Listed) -> None:
    _, found = await listed.page()
    request = contracts.ListContractsRequest(page_size=5, page_token=found.next_page_token)
    assert len((await listed.person.contracts.ListContracts(request)).contracts) == 5


async def test_a_page_token_is_for_its_own_company_and_its_own_method(world: World, listed: Listed) -> None:
    _, found = await listed.page()
    request = contracts.ListContractsRequest(page_size=PAGE, page_token=found.next_page_token)
    for person in (world.contractor, world.underwriter):
        with refused("PAGE_TOKEN_INVALID", "page_token"):
            await person.contracts.ListContracts(request)
    with refused("PAGE_TOKEN_INVALID", "page_token"):
        await listed.person.works.ListWorks(works.ListWorksRequest(page_token=found.next_page_token))


async def test_sizes_and_beginnings_that_make_no_sense_are_refused(listed: Listed) -> None:
    for size, reason in ((-1, "AMOUNT_NOT_POSITIVE"), (201, "AMOUNT_TOO_LARGE")):
        with refused(reason, "page_size"):
            await listed.person.contracts.ListContracts(contracts.ListContractsRequest(page_size=size))
    with refused("FIELD_NOT_ALLOWED", "from_value"):
        await listed.page(from_end=True, from_value="2026-01-01T00:00:00Z")
    for sort, text in (
        (contracts.CONTRACT_SORT_REGISTERED_TIME, "昨日"),
        (contracts.CONTRACT_SORT_REGISTERED_TIME, "2026-01-01T00:00:00"),
        (contracts.CONTRACT_SORT_PERIOD_END, "2026-02-30"),
        (contracts.CONTRACT_SORT_AMOUNT_YEN, "多い"),
    ):
        with refused("FIELD_FORMAT", "from_value"):
            await listed.page(sort=sort, from_value=text)
    with refused("CHOICE_UNKNOWN", "sort"):
        await listed.page(sort=99)


async def test_huge_and_odd_beginnings_give_a_page_or_a_reason_but_no_fault(listed: Listed) -> None:
    for text in (
        "9" * 200,
        "-5",
        "１２３",
        "1e9",
        "9999-12-31T23:59:59+00:00",
        "0001-01-01T00:00:00+14:00",
        "\u0000",
    ):
        for sort in SORTS:
            call = listed.person.contracts.ListContracts(
                contracts.ListContractsRequest(sort=sort, from_value=text)
            )
            assert (await call.code()).name in ("OK", "INVALID_ARGUMENT"), (sort, text)


async def test_offices_are_listed_for_anybody_with_how_they_stand(world: World) -> None:
    answer = await world.anonymous.directory.ListOffices(directory.ListOfficesRequest(page_size=1))
    found = list(answer.guarantors)
    while answer.next_page_token:
        request = directory.ListOfficesRequest(page_size=1, page_token=answer.next_page_token)
        answer = await world.anonymous.directory.ListOffices(request)
        assert len(answer.guarantors) <= 1
        found += answer.guarantors
    told, untold = next(each for each in found if each.offices).offices
    assert told.branch.hours.opens_minute == 540
    assert told.HasField("change_time")
    assert told.open_now == (told.closed_reason == directory.OFFICE_CLOSED_REASON_UNSPECIFIED)
    assert not untold.branch.HasField("hours")
    assert not untold.HasField("change_time")


async def test_lists_of_orderers_organisations_and_people_page_as_well(world: World) -> None:
    desk = world.operator.directory
    total, token, seen = 0, None, []
    while token != "":
        page = await desk.ListOrderers(directory.ListOrderersRequest(page_size=10, page_token=token or ""))
        seen += [orderer.orderer_id for orderer in page.orderers]
        total, token = page.total_size, page.next_page_token
    assert len(seen) == len(set(seen)) == total
    people = await desk.ListUsers(directory.ListUsersRequest(page_size=2))
    more = await desk.ListUsers(directory.ListUsersRequest(page_size=2, page_token=people.next_page_token))
    assert not {user.user_id for user in people.users} & {user.user_id for user in more.users}
    for person, kinds in ((world.operator, 4), (world.contractor, 1)):
        request = directory.ListOrganizationsRequest(page_size=200)
        found = await person.directory.ListOrganizations(request)
        assert len({each.kind for each in found.organizations}) == kinds
