"""Searching by part of a name or number, on every store."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from tashika_formats.search import grams, matches, searchable, words
from tashika_server.application.ports import Done, ListKind, ListQuery, Page
from tashika_server.domain.model import Contract, ContractState, Principal, Works, WorksTerms
from tashika_server.domain.policy import Orderer
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.storage import migrations, search_ways
from tashika_server.storage.derived import widen_search
from tashika_server.storage.fsck import check_store
from tashika_server.storage.kinds import CONTRACT
from tashika_server.storage.lists import Lists, plan_of
from tashika_server.storage.migrations import CURRENT
from tashika_server.storage.search_ways import Gram, Search
from tashika_server.storage.searching import SEARCHED
from tashika_server.storage.statements import spell
from tashika_server.storage.store import SqlStore, migrate_store, open_store
from tests.storage.databases import Database
from tests.storage.world import (
    CHANGE,
    CONTRACTOR,
    GUARANTOR,
    CountingIds,
    ManualClock,
    adds,
    contract,
    organization,
    user,
)

NAMES = [
    "市道０１－２３号線道路改良工事",
    "㈱髙﨑橋梁補修工事",
    "ﾀﾞﾑ点検業務",
    "霞ヶ関庁舎①改修",
    "柏の葉公園整備工事",
]
CITIES = {"kashiwa": "柏市", "nagareyama": "流山市", "": ""}


def orderer(orderer_id: str = "kashiwa", **changes: Any) -> Orderer:
    made = Orderer(orderer_id, CITIES[orderer_id], kana="かしわし", prefecture="千葉県")
    return replace(made, **changes)


def contracts(count: int = 40) -> list[Contract]:
    made = []
    for number in range(1, count + 1):
        one = contract(
            number,
            ContractState.DRAFT if number % 4 == 0 else ContractState.SUBMITTED,
            organization_id=CONTRACTOR if number % 3 else "org_other",
            principal=None if number % 2 else Principal("𠮷田土木", "住所", "代表"),
        )
        works = replace(
            one.application.works,
            name=NAMES[number % 5],
            number=f"道整第{number}号",
            orderer_id=list(CITIES)[number % 3],
        )
        made.append(replace(one, application=replace(one.application, works=works)))
    return made


def saves(*entities: Any) -> Any:
    def command(unit: Any, now: Any, ids: Any) -> Done[None]:
        for entity in entities:
            room = {Orderer: unit.orderers, Contract: unit.contracts}[type(entity)]
            present = room.get(CONTRACT.identify(entity) if type(entity) is Contract else entity.orderer_id)
            (room.save if present else room.add)(
                replace(entity, revision=present.revision) if present else entity, CHANGE
            )
        return Done(None)

    return command


@pytest.fixture
async def filled(store: SqlStore) -> SqlStore:
    await store.run(saves(orderer("kashiwa"), orderer("nagareyama"), *contracts()))
    return store


async def page(store: SqlStore, search: str, kind: ListKind = ListKind.CONTRACTS, **query: Any) -> Page:
    asked = ListQuery(kind, search=search, **query)
    return await store.read(lambda view: view.list(asked), slow=True)


def ids(found: Page) -> list[str]:
    return [cast(Contract, each).contract_id for each in found.items]


def fits(each: Contract, search: str) -> bool:
    """The reference: every contract's text looked through."""
    return matches(
        words(search), searchable(SEARCHED["contract"](each, lambda orderer_id: CITIES[orderer_id]))
    )


SEARCHES = [
    "柏市",
    "柏",
    "髙﨑",
    "高崎",
    "ダム",
    "ﾀﾞﾑ",
    "①",
    "1",
    "12",
    "第12号",
    "００００２",
    "吉田 改修",
    "霞ケ関",
    "流山 工事",
]


WAYS = [
    (0, 0, 0),
    (0, 0, 50_000),
    (3, 3, 50_000),
    (5_000, 3, 50_000),
    (20, 20, 50_000),
    (5_000, 2_500, 50_000),
]
"""Limits under which each of the ways is gone: see ``set_way``."""


def set_way(monkeypatch: pytest.MonkeyPatch, way: tuple[int, int, int]) -> None:
    """Without candidates each row is looked through, in its grams first where they are not common; with three at
    most, grams lead together; with more, one does, unless too many fit.
    """
    for name, most in zip(("MAX_CANDIDATES", "MAX_FITTING", "MAX_SHARED"), way, strict=True):
        monkeypatch.setattr(search_ways, name, most)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("search", SEARCHES)
async def test_a_search_finds_what_each_word_is_part_of_and_pages_in_order_both_ways(
    filled: SqlStore, search: str, way: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_way(monkeypatch, way)
    expected = sorted(each.contract_id for each in contracts() if fits(each, search))
    assert expected, "nothing would be compared"
    for descending in (False, True):
        wanted = expected[::-1] if descending else expected
        query: dict[str, Any] = {"sort": "registered_time", "descending": descending, "page_size": 3}
        found: list[str] = []
        position = None
        while position is not None or not found:
            part = await page(filled, search, after=position, **query)
            assert (part.total, part.total_exact) == (len(expected), True)
            found, position = found + ids(part), part.next_after
        assert found == wanted
        end = await page(filled, search, backwards=True, **query)
        assert ids(end) == wanted[-3:]
        assert (end.previous_before is None) == (len(wanted) <= 3)


async def test_a_search_goes_on_from_a_value_and_within_scope_and_filters(filled: SqlStore) -> None:
    half = contracts()[19]
    found = await page(
        filled, "工事", from_value=str(CONTRACT.row(half)["registered_time"]), sort="registered_time"
    )
    assert ids(found) == [each.contract_id for each in contracts()[19:] if fits(each, "工事")]
    own = await page(filled, "柏市", scope=("guarantor_id", GUARANTOR), equals={"orderer_id": "kashiwa"})
    assert ids(own) == [
        each.contract_id
        for each in contracts()
        if each.state is not ContractState.DRAFT and each.application.works.orderer_id == "kashiwa"
    ]


async def test_whichever_way_a_search_goes_its_pages_are_the_same(
    filled: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    made = random.Random(seed)
    for _ in range(60):
        half = made.choice(contracts())
        sort = made.choice(["registered_time", "works_name", "amount_yen", "number"])
        position = (str(CONTRACT.row(half)[sort]), half.contract_id)
        query: dict[str, Any] = {
            "search": " ".join(made.sample(SEARCHES, made.choice([1, 1, 2]))),
            "sort": sort,
            "descending": made.random() < 0.5,
            "backwards": made.random() < 0.5,
            "page_size": made.choice([1, 3, 50]),
            "after": made.choice([None, position]),
            "from_value": made.choice([None, position[0]]),
            "scope": made.choice([None, ("organization_id", CONTRACTOR), ("guarantor_id", GUARANTOR)]),
            "equals": made.choice([{}, {"state": "SUBMITTED"}, {"orderer_id": "kashiwa"}]),
        }
        pages = []
        for way in WAYS:
            set_way(monkeypatch, way)
            pages.append(await page(filled, **query))
        assert pages == pages[:1] * len(WAYS), query


async def test_a_search_for_nothing_is_no_search(filled: SqlStore) -> None:
    for nothing in ("", " 　", "\0", "\ud800"):
        assert (await page(filled, nothing)).total == 40


@pytest.mark.parametrize(
    "search", ["'; DROP TABLE contract; --", "%", "_", '"', "\\", "*", "\ud800柏\0市", "柏\U0010ffff"]
)
async def test_hostile_searches_find_what_they_say_and_nothing_else(filled: SqlStore, search: str) -> None:
    assert ids(await page(filled, search, sort="registered_time")) == sorted(
        each.contract_id for each in contracts() if fits(each, search)
    )


async def test_too_long_a_search_and_one_where_there_is_none_are_refused(filled: SqlStore) -> None:
    for search, kind, reason in (
        ("柏" * 1_000_000, ListKind.CONTRACTS, Reason.FIELD_TOO_LONG),
        ("柏", ListKind.USERS, Reason.FIELD_NOT_ALLOWED),
    ):
        with pytest.raises(RefusedError) as refused:
            await page(filled, search, kind)
        assert refused.value.reason is reason


async def test_a_hundred_one_character_words_are_still_a_search(filled: SqlStore) -> None:
    assert (await page(filled, " ".join("柏市工事道路改良線号整第０１２３" * 3)[:100])).total >= 0


async def test_orderers_works_and_organizations_are_found_by_name_reading_and_number(store: SqlStore) -> None:
    works = Works(
        "wrk_1", CONTRACTOR, WorksTerms(name="柏駅前広場整備工事", number="第７号", orderer_id="kashiwa")
    )

    def command(unit: Any, now: Any, made: Any) -> Done[None]:
        unit.works.add(works, CHANGE)
        return Done(None)

    await store.run(saves(orderer("kashiwa"), orderer("nagareyama", kana="ながれやまし")))
    await store.run(adds(organization(), user()))
    await store.run(command)
    found = {
        (kind, search): (await page(store, search, kind)).total
        for kind, search in (
            (ListKind.ORDERERS, "ﾅｶﾞﾚ"),
            (ListKind.ORDERERS, "千葉"),
            (ListKind.WORKS, "駅前 7号"),
            (ListKind.WORKS, "流山"),
            (ListKind.ORGANIZATIONS, "高崎"),
            (ListKind.ORGANIZATIONS, "たかさき"),
        )
    }
    assert list(found.values()) == [1, 2, 1, 0, 1, 1]


async def test_what_is_found_follows_changes_renamed_orderers_and_deletions(
    store: SqlStore, database: Database
) -> None:
    first = contracts(1)[0]
    named = replace(
        first,
        application=replace(first.application, works=replace(first.application.works, orderer_id="kashiwa")),
    )
    await store.run(saves(named))
    assert (await page(store, "柏市")).total == 0
    await store.run(saves(orderer()))
    assert (await page(store, "柏市")).total == 1
    await store.run(saves(orderer(name="東葛市")))
    assert [(await page(store, each)).total for each in ("柏市", "東葛", "髙﨑橋")] == [0, 1, 1]
    other = replace(named.application.works, name="別の工事", orderer_id="")
    await store.run(saves(replace(named, application=replace(named.application, works=other))))
    assert [(await page(store, each)).total for each in ("東葛", "髙﨑橋", "別の")] == [0, 0, 1]

    def deletes(unit: Any, now: Any, made: Any) -> Done[None]:
        unit.contracts.delete(named.contract_id, CHANGE)
        return Done(unit.list(ListQuery(ListKind.CONTRACTS, search="別の")).total)

    assert (await store.run(deletes)).value == 0
    await store.close()
    assert check_store(database.location) == []
    assert database.count("search_text") == 1
    assert database.count("search_gram") == len(grams("東葛市\nかしわし\n千葉県"))


async def test_random_changes_leave_the_index_as_if_made_anew(store: SqlStore, database: Database) -> None:
    made = random.Random(7)
    for _ in range(12):
        await store.run(saves(*(made.choice(contracts()) for _ in range(3))))
        if made.random() < 0.3:
            await store.run(
                saves(orderer(made.choice(["kashiwa", "nagareyama"]), name=made.choice(["柏市", "新市"])))
            )
    await store.close()
    assert check_store(database.location) == []


# --- Indexes -----------------------------------------------------------------------------------------------------


@pytest.fixture
def planned(database: Database) -> Iterator[Callable[[Any], str]]:
    """How the store reads what a query asks for."""
    session = database.session()
    if database.kind == "postgresql":
        # Tables of no rows are scanned and sorted for good reason; what is asked is whether an index could serve.
        for setting in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "sort"):
            session.do(f"SET enable_{setting} = off")

    def plan(query: Any) -> str:
        sql, parameters = spell(session.dialect, query)
        explain = "EXPLAIN QUERY PLAN " if database.kind == "sqlite" else "EXPLAIN "
        return "\n".join(str(row[-1]) for row in session.all(explain + sql, *parameters))

    yield plan
    session.close()


@pytest.mark.parametrize(
    "search",
    [Search(("柏市役所",)), Search(("柏市役所",), gram=Gram("役所"), narrow=True)],
    ids=["common", "narrow"],
)
async def test_what_is_common_is_read_in_the_lists_own_order_by_its_index(
    store: SqlStore, database: Database, planned: Callable[[Any], str], search: Search
) -> None:
    lists = Lists(database.backend().dialect)
    plan = plan_of(ListQuery(ListKind.CONTRACTS, scope=("organization_id", "org_1"), sort="updated_time"))
    text = planned(lists.select(replace(plan, search=search), True, (1, "id", False), 50))
    if database.kind == "sqlite":
        assert "SCAN" not in text.replace("SCALAR", ""), text
        assert "contract_list_organization_id_updated_time" in text, text
        assert "TEMP B-TREE" not in text, text
        assert text.count("USING PRIMARY KEY (kind=? AND id=?)") == 1, text
        assert ("USING PRIMARY KEY (kind=? AND gram=? AND id=?)" in text) == search.narrow, text
    else:
        assert "Seq Scan" not in text and "Sort" not in text, text
        assert "search_text_pkey" in text, text
        assert ("search_gram_pkey" in text) == search.narrow, text


async def test_what_is_found_by_grams_or_ids_is_read_by_an_index(
    store: SqlStore, database: Database, planned: Callable[[Any], str]
) -> None:
    dialect = database.backend().dialect
    by_gram = search_ways.led_by_gram(dialect, CONTRACT, Search(("柏市役所",)), Gram("柏市"))
    by_ids = search_ways.led_by_ids(dialect, CONTRACT, ("con_1", "con_2"))
    for joined, wanted in (by_gram, by_ids):
        table: Any = CONTRACT.table
        text = planned(table.select(table.id).from_(joined).where(*wanted))
        if database.kind == "sqlite":
            assert "SCAN t" not in text, text
            assert "INDEX sqlite_autoindex_contract_1 (id=?)" in text, text
            assert (joined is by_ids[0]) or "USING PRIMARY KEY (kind=? AND gram" in text, text
        else:
            assert "Seq Scan" not in text and "contract_pkey" in text, text
            assert (joined is by_ids[0]) or "search_gram_pkey" in text, text


async def test_the_rarest_gram_leads_and_common_ones_do_not(filled: SqlStore, database: Database) -> None:
    session = database.session()
    found = {
        search: search_ways.directed(session, CONTRACT, words(search), reachable).ids
        for search, reachable in (("工事 橋梁", 40), ("工事", 10), ("柏", 40), ("無い", 40))
    }
    session.close()
    fitting = {search: {each.contract_id for each in contracts() if fits(each, search)} for search in found}
    assert {search: ids if ids is None else set(ids) for search, ids in found.items()} == {
        **fitting,
        "工事": None,
    }


async def test_grams_that_are_common_lead_where_they_are_rare_together(
    filled: SqlStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Eight works on a bridge and fourteen things of Nagareyama, but only three bridges there.
    monkeypatch.setattr(search_ways, "MAX_CANDIDATES", 6)
    monkeypatch.setattr(search_ways, "MAX_FITTING", 6)
    session = database.session()
    counts = [search_ways._count(session, CONTRACT, Gram(gram), 100) for gram in ("橋梁", "流山")]
    together = search_ways.directed(session, CONTRACT, words("橋梁 流山"), 40)
    alone = search_ways.directed(session, CONTRACT, words("流山"), 40)
    few_in_all = search_ways.directed(session, CONTRACT, words("橋梁 流山"), 6)
    monkeypatch.setattr(search_ways, "MAX_SHARED", 6)
    too_common = search_ways.directed(session, CONTRACT, words("橋梁 流山"), 40)
    session.close()
    assert counts == [8, 14]
    found = {each.contract_id for each in contracts() if fits(each, "橋梁 流山")}
    assert len(found) == 3
    assert set(together.ids or ()) == found
    assert alone == Search(("流山",), gram=Gram("流山"), narrow=True)
    assert few_in_all == Search(("橋梁", "流山"))
    assert too_common == Search(("橋梁", "流山"), gram=Gram("橋梁"))
    assert found == set(ids(await page(filled, "橋梁 流山")))


async def test_a_gram_of_very_many_things_takes_no_rarer_ones_place(
    filled: SqlStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Thirteen things of Kashiwa, which are counted up to the eight bridges only.
    monkeypatch.setattr(search_ways, "SHARED_GRAMS", 1)
    session = database.session()
    found = search_ways._rarest(session, CONTRACT, words("橋梁 柏市"))
    session.close()
    assert found == [(8, Gram("橋梁"))]


async def test_an_older_registers_numbers_are_found_by_longer_parts_after_migrating(
    database: Database, clock: ManualClock
) -> None:
    before = next(version for version, each in enumerate(migrations.MIGRATIONS) if widen_search in each.fills)
    migrate_store(database.location)
    store = open_store(database.location, clock=clock, ids=CountingIds())
    await store.run(saves(orderer("kashiwa"), orderer("nagareyama"), *contracts()))
    await store.close()
    whole = database.count("search_gram")
    database.go_back(before)
    # Three digits stood in it before, four did not, nor what stands beside digits.
    database.execute("DELETE FROM search_gram WHERE length(gram) = 4")
    database.execute("DELETE FROM search_gram WHERE gram LIKE '第%' AND length(gram) = 3")
    assert database.count("search_gram") < whole
    assert migrate_store(database.location) == (before, CURRENT)
    assert database.count("search_gram") == whole
    assert check_store(database.location) == []
