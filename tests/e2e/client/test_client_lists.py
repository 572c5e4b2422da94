"""Lists and watches by the port, on the real register and on the simulation."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer, SessionExpired
from tashika_tui.client.intent import new_request_id
from tests.e2e.client.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def five(stage: Stage, place: str) -> list[records.Contract]:
    """Five drafts whose works can be told by a place, with amounts that rise and names that fall."""
    return [
        await stage.draft(amount_yen=6_000_000 + number, works_name=f"{place}{9 - number}号橋梁補修工事")
        for number in range(5)
    ]


@pytest.mark.parametrize(("descending", "places"), [(False, [0, 1, 2, 3, 4]), (True, [4, 3, 2, 1, 0])])
@pytest.mark.parametrize("sort", ["AMOUNT_YEN", "REGISTERED_TIME"])
async def test_pages_go_on_both_ways_in_any_order(
    stage: Stage, sort: str, descending: bool, places: list[int]
) -> None:
    contractor = await stage.as_("contractor")
    place = f"試験{sort[0]}{'逆' if descending else '順'}町"
    made = [contract.contract_id for contract in await five(stage, place)]
    wanted = records.ContractFilter(search=place, sort=sort)
    request = records.PageRequest(size=2, descending=descending)
    pages = [await contractor.list_contracts(wanted, request)]
    while pages[-1].next_page_token:
        pages.append(
            await contractor.list_contracts(wanted, replace(request, token=pages[-1].next_page_token))
        )
    assert [row.contract_id for page in pages for row in page.items] == [made[i] for i in places]
    assert (pages[0].total_size, pages[0].total_size_exact) == (5, True)
    assert pages[0].previous_page_token == ""
    before = await contractor.list_contracts(wanted, replace(request, token=pages[-1].previous_page_token))
    assert before.items == pages[-2].items
    end = await contractor.list_contracts(wanted, replace(request, from_end=True))
    assert [row.contract_id for row in end.items] == [made[i] for i in places[-2:]]
    assert end.next_page_token == ""
    assert end.previous_page_token


async def test_a_list_starts_at_a_value(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    made = await five(stage, "途中町")
    wanted = records.ContractFilter(search="途中町", sort="AMOUNT_YEN", from_value="6000002")
    page = await contractor.list_contracts(wanted, records.PageRequest(size=2))
    assert [row.contract_id for row in page.items] == [made[2].contract_id, made[3].contract_id]
    before = await contractor.list_contracts(
        wanted, records.PageRequest(size=2, token=page.previous_page_token)
    )
    assert [row.contract_id for row in before.items] == [made[0].contract_id, made[1].contract_id]
    down = await contractor.list_contracts(wanted, records.PageRequest(size=2, descending=True))
    assert [row.contract_id for row in down.items] == [made[2].contract_id, made[1].contract_id]


async def test_filters_and_words_narrow_a_list(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    contract = await stage.submitted(works_name="柏の葉みらい公園整備工事")
    for wanted in (
        records.ContractFilter(search="みらい公園"),
        records.ContractFilter(search="ミライ　公園整備"),
        records.ContractFilter(contract_number=contract.contract_number),
        records.ContractFilter(
            search="みらい公園", state="SUBMITTED", product="PERFORMANCE", form="ELECTRONIC"
        ),
        records.ContractFilter(search="みらい公園", orderer_id="kashiwa", guarantor_id=stage.guarantor_id),
    ):
        page = await contractor.list_contracts(wanted, records.PageRequest())
        assert [row.contract_id for row in page.items] == [contract.contract_id], wanted
    for wanted in (
        records.ContractFilter(search="みらい公園", state="DRAFT"),
        records.ContractFilter(search="みらい公園", product="PREPAYMENT"),
        records.ContractFilter(search="存在しない工事名"),
    ):
        page = await contractor.list_contracts(wanted, records.PageRequest())
        assert (page.items, page.total_size) == ((), 0)


async def test_a_token_belongs_to_its_list(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    await five(stage, "札町")
    page = await contractor.list_contracts(records.ContractFilter(search="札町"), records.PageRequest(size=2))
    for wanted, token in (
        (records.ContractFilter(search="別町"), page.next_page_token),
        (records.ContractFilter(search="札町"), "nonsense"),
    ):
        with pytest.raises(RefusedByServer) as raised:
            await contractor.list_contracts(wanted, records.PageRequest(size=2, token=token))
        assert raised.value.reason == "PAGE_TOKEN_INVALID"


async def test_a_watch_tells_each_party_what_concerns_it(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    async with aclosing(contractor.watch_contracts()) as own, aclosing(desk.watch_contracts()) as queue:
        assert isinstance(await anext(own), records.WatchHeartbeat)
        assert isinstance(await anext(queue), records.WatchHeartbeat)
        contract = await stage.submitted()
        created, submitted = await change(own), await change(own)
        assert (created.action, submitted.action) == ("contract.create", "contract.submit")
        assert submitted.row is not None
        assert (submitted.contract_id, submitted.row.state) == (contract.contract_id, "SUBMITTED")
        # A draft is the contractor's own affair.
        arrived = await change(queue)
        assert (arrived.contract_id, arrived.action) == (contract.contract_id, "contract.submit")
        await contractor.withdraw_contract(contract, request_id=new_request_id())
        assert (await change(queue)).action == "contract.withdraw"


async def test_a_watch_goes_on_after_a_revision_and_tells_of_deletion(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    async with aclosing(contractor.watch_contracts()) as watch:
        start = await anext(watch)
    draft = await stage.draft()
    await contractor.delete_draft(draft, request_id=new_request_id())
    async with aclosing(contractor.watch_contracts(start.revision)) as watch:
        told = [await change(watch), await change(watch)]
    assert [(event.contract_id, event.row is None) for event in told] == [
        (draft.contract_id, False),
        (draft.contract_id, True),
    ]


async def test_a_watch_needs_a_session(stage: Stage) -> None:
    async with aclosing((await stage.enter("")).watch_contracts()) as watch:
        with pytest.raises(SessionExpired):
            await anext(watch)


async def change(watch: object) -> records.ContractChanged:
    """The next change; how far the register is does not count."""
    async with asyncio.timeout(20):
        async for event in watch:  # type: ignore[attr-defined]
            if isinstance(event, records.ContractChanged):
                return event
    raise AssertionError("the watch ended")
