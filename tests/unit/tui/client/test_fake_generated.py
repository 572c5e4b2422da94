"""A million contracts in memory: in every order, without being made up before they are looked at."""

import itertools
from dataclasses import replace

import pytest

from tashika_formats.search import matches, searchable, words
from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.fake.generated import Generated
from tashika_tui.client.fake.searching import Search
from tashika_tui.client.intent import new_request_id

MILLION = 1_000_000
SORTS = ("REGISTERED_TIME", "NUMBER", "UPDATED_TIME", "WORKS_NAME", "AMOUNT_YEN", "PERIOD_END")
_VALUE = {
    "REGISTERED_TIME": "register_time",
    "NUMBER": "contract_number",
    "UPDATED_TIME": "update_time",
    "WORKS_NAME": "works_name",
    "AMOUNT_YEN": "amount_yen",
    "PERIOD_END": "period_end",
}


def generated(count: int) -> Generated:
    return World(count=count).generated


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("count", [1, 2, 39, 40, 41, 203])
def test_every_order_has_every_contract_once_and_in_order(sort: str, count: int) -> None:
    made = generated(count)
    indexes = list(made.in_order(sort, False))
    assert sorted(indexes) == list(range(count))
    values = [getattr(made.row(index), _VALUE[sort]) for index in indexes]
    assert values == sorted(values)
    assert list(made.in_order(sort, True)) == indexes[::-1]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_an_order_goes_on_after_any_of_its_keys(sort: str, descending: bool) -> None:
    made = generated(83)
    indexes = list(made.in_order(sort, descending))
    for place, index in enumerate(indexes):
        assert list(made.in_order(sort, descending, made.key(sort, index))) == indexes[place + 1 :]


def test_ids_and_numbers_lead_back_to_their_contract() -> None:
    made = generated(MILLION)
    for index in (0, 1, 31, 32, 12_345, MILLION - 1):
        row = made.row(index)
        assert made.index_of(row.contract_id) == made.index_of_number(row.contract_number) == index
    assert made.index_of("con_" + "Z" * 26) is None
    assert made.index_of("con_I") is None
    assert made.index_of_number("99999999999999") is None


def test_what_is_over_ended_before_today_and_nothing_else_did() -> None:
    world = World(count=400)
    for index in range(400):
        row = world.generated.row(index)
        assert row.period_end is not None
        assert (row.period_end < world.today) == (row.state == "EXPIRED")


@pytest.mark.parametrize("sort", SORTS)
async def test_a_million_contracts_are_listed_by_looking_at_a_page_of_them(
    sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = itertools.count()
    row = Generated.row

    def counted(self: Generated, index: int) -> records.ContractRow:
        next(looked)
        return row(self, index)

    world = World(count=MILLION)
    officer = await FakeRegister.signed_in(world, "underwriter")
    monkeypatch.setattr(Generated, "row", counted)
    for request in (
        records.PageRequest(),
        records.PageRequest(descending=True),
        records.PageRequest(from_end=True),
    ):
        page = await officer.list_contracts(records.ContractFilter(sort=sort), request)
        assert (len(page.items), page.total_size, page.total_size_exact) == (50, MILLION, True)
        following = page.next_page_token or page.previous_page_token
        again = records.PageRequest(token=following, descending=request.descending)
        assert len((await officer.list_contracts(records.ContractFilter(sort=sort), again)).items) == 50
    assert next(looked) < 500


async def test_a_filter_over_a_million_counts_to_a_thousand_and_one() -> None:
    officer = await FakeRegister.signed_in(World(count=MILLION), "underwriter")
    page = await officer.list_contracts(
        records.ContractFilter(search="みどり台"), records.PageRequest(size=20)
    )
    assert (len(page.items), page.total_size, page.total_size_exact) == (20, 1_001, False)
    assert all("みどり台" in row.works_name for row in page.items)


async def test_a_generated_contract_comes_to_life_as_its_row_says() -> None:
    world = World(count=400)
    contractor = await FakeRegister.signed_in(world, "contractor")
    before = await contractor.list_contracts(records.ContractFilter(), records.PageRequest(size=200))
    for row in before.items:
        contract = await contractor.get_contract(row.contract_id)
        assert (contract.state, contract.contract_number) == (row.state, row.contract_number)
        assert (contract.version, contract.application.amount_yen) == (row.version, row.amount_yen)
    after = await contractor.list_contracts(records.ContractFilter(), records.PageRequest(size=200))
    assert [row.contract_id for row in after.items] == [row.contract_id for row in before.items]
    assert after.total_size == before.total_size == 200


async def test_a_generated_certificate_opens_with_its_key() -> None:
    world = World(count=400)
    contractor = await FakeRegister.signed_in(world, "contractor")
    wanted = records.ContractFilter(state="IN_FORCE", form="ELECTRONIC")
    row = (await contractor.list_contracts(wanted, records.PageRequest(size=1))).items[0]
    key = await contractor.get_key(row.contract_id)
    opened = await FakeRegister(world).open_certificate(key.contract_number, key.key)
    assert opened.contract_id == row.contract_id


async def test_the_last_application_can_be_copied_for_other_works() -> None:
    world = World(count=400)
    contractor = await FakeRegister.signed_in(world, "contractor")
    last = (
        await contractor.list_contracts(records.ContractFilter(), records.PageRequest(from_end=True))
    ).items[-1]
    application = (await contractor.get_contract(last.contract_id)).application
    assert application.works is not None
    assert (await contractor.get_works(application.works.works_id)).name == application.works.name
    works = (await contractor.list_works(records.PageRequest())).items
    assert len(works) > 5
    other = next(each for each in works if each.works_id != application.works.works_id)
    copied = replace(application, works=other)
    assert (
        await contractor.create_contract(copied, request_id=new_request_id())
    ).application.works is not None


@pytest.mark.parametrize(
    "search",
    [
        "",
        "みどり台",
        "橋梁　補修",
        "ミドリ台 三丁目",
        "髙﨑",
        "高崎 檜川",
        "柏市",
        "存在しない",
        "第0000123号",
        "0000123",
        "123",
        "11250000010",
        "1125000001",
        "5000001",
        "その２",
        "99999",
        "橋梁 123",
        "橋梁 0000123",
    ],
)
async def test_a_search_finds_what_looking_at_every_row_finds(search: str) -> None:
    world = World(count=2_003)
    officer = await FakeRegister.signed_in(world, "underwriter")
    asked = words(search)
    expected = []
    for index in range(2_003):
        row = world.generated.row(index)
        orderer = world.orderers[row.orderer_id][0].name
        texts = (row.contract_number, row.works_name, row.works_number, orderer, row.registrant.company)
        if matches(asked, searchable(texts)):
            expected.append(row.contract_id)
    page = await officer.list_contracts(records.ContractFilter(search=search), records.PageRequest(size=200))
    assert [row.contract_id for row in page.items] == expected[:200]
    if search:
        assert page.total_size == min(len(expected), 1_001)


@pytest.mark.parametrize(
    "search", ["存在しない", "0765432", "11250007654", "みどり台二丁目地先橋梁補修工事", "柏市"]
)
async def test_a_search_among_a_million_looks_at_few_of_them(
    search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = itertools.count()
    finds = Search.finds_index

    def counted(self: Search, index: int) -> bool:
        next(looked)
        return finds(self, index)

    officer = await FakeRegister.signed_in(World(count=MILLION), "underwriter")
    monkeypatch.setattr(Search, "finds_index", counted)
    await officer.list_contracts(records.ContractFilter(search=search), records.PageRequest())
    assert next(looked) < MILLION // 20
