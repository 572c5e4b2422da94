"""Notices by the port, on the real register and on the simulation: the same people are told the same."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from tashika_formats.key import make_key
from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer, SessionExpired
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.port import Register
from tests.e2e.client.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS = 30.0
"""A test that waits longer has found a fault."""


async def told(person: Register, contract: records.Contract) -> list[str]:
    """The kinds of a person's notices of a contract, the oldest first."""
    page = await person.list_notices(records.PageRequest(size=200))
    return [each.kind for each in reversed(page.items) if each.contract_id == contract.contract_id]


async def until_told(person: Register, contract: records.Contract, kind: str) -> list[str]:
    """The same, once that kind is among them: an opening is told a moment later."""
    async with asyncio.timeout(SECONDS):
        while kind not in (found := await told(person, contract)):  # noqa: ASYNC110 - as somebody looks
            await asyncio.sleep(0.05)
    return found


async def test_a_contract_is_told_of_step_by_step_to_whom_it_concerns(stage: Stage) -> None:
    contractor, colleague = await stage.as_("contractor"), await stage.as_("colleague")
    desk, approver = await stage.as_("underwriter"), await stage.as_("approver")
    contract = await stage.issued("PREPAYMENT")
    assert await told(contractor, contract) == await told(colleague, contract) == ["ACCEPTED", "ISSUED"]
    seen = await contractor.get_contract(contract.contract_id)
    await contractor.record_hand_in(seen, 1, "MAIL", request_id=new_request_id())
    assert (await told(contractor, contract), await told(colleague, contract)) == (
        ["ACCEPTED", "ISSUED"],
        ["ACCEPTED", "ISSUED", "HANDED_IN"],
    )
    key = await contractor.get_key(contract.contract_id)
    city = await stage.as_("")
    for _ in range(2):
        await city.open_certificate(contract.contract_number, key.key)
    assert await until_told(contractor, contract, "OPENED") == ["ACCEPTED", "ISSUED", "OPENED"]
    for person in (desk, approver):
        assert await until_told(person, contract, "OPENED") == ["HANDED_IN", "OPENED"]
    for name in ("deputy", "other_underwriter", "other_contractor"):
        assert await told(await stage.as_(name), contract) == []


async def test_a_notice_says_number_works_and_moment(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    contract = await stage.accepted(works_name="試験通知橋補修工事")
    notice = (await contractor.list_notices(records.PageRequest(size=1))).items[0]
    assert (notice.kind, notice.contract_number, notice.works_name) == (
        "ACCEPTED",
        contract.contract_number,
        "試験通知橋補修工事",
    )
    assert notice.notice_time is not None and notice.read_time is None


async def test_returns_and_refusals_are_told_to_the_contractor(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    remarks = (records.Remark("application.branch", "東京支店でお願いします。"),)
    returned = await desk.return_contract(await stage.submitted(), remarks, request_id=new_request_id())
    refused = await desk.refuse_contract(await stage.submitted(), "対象外です。", request_id=new_request_id())
    assert (await told(contractor, returned), await told(contractor, refused)) == (["RETURNED"], ["REFUSED"])
    paper = await stage.paid(form="PAPER")
    await desk.record_paper_issue(paper, stage.today, "証第７号", request_id=new_request_id())
    assert await told(contractor, paper) == ["ACCEPTED"]


async def test_many_wrong_keys_are_told_to_both(stage: Stage) -> None:
    contractor, city = await stage.as_("contractor"), await stage.as_("")
    contract = await stage.issued()
    for attempt in range(20):
        with pytest.raises(RefusedByServer):
            await city.open_certificate(contract.contract_number, make_key(bytes([attempt]) * 12))
    assert "KEY_GUESSING" in await until_told(contractor, contract, "KEY_GUESSING")
    assert await until_told(await stage.as_("underwriter"), contract, "KEY_GUESSING") == ["KEY_GUESSING"]


async def test_pages_go_on_both_ways_and_tokens_are_for_their_list(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    for _ in range(3):
        await stage.accepted()
    whole = (await contractor.list_notices(records.PageRequest(size=200))).items
    request = records.PageRequest(size=2)
    pages = [await contractor.list_notices(request)]
    while pages[-1].next_page_token:
        pages.append(await contractor.list_notices(replace(request, token=pages[-1].next_page_token)))
    assert [each for page in pages for each in page.items] == list(whole)
    assert (pages[0].total_size, pages[0].total_size_exact) == (len(whole), True)
    before = await contractor.list_notices(replace(request, token=pages[1].previous_page_token))
    assert (before.items, before.previous_page_token) == (pages[0].items, "")
    end = await contractor.list_notices(replace(request, from_end=True))
    assert end.items == whole[-2:]
    with pytest.raises(RefusedByServer) as refused:
        await contractor.list_notices(replace(request, token=pages[0].next_page_token), unread_only=True)
    assert refused.value.reason == "PAGE_TOKEN_INVALID"


async def test_reading_counts_down_and_is_each_persons_own(stage: Stage) -> None:
    contractor, colleague = await stage.as_("contractor"), await stage.as_("colleague")
    await stage.issued()
    mine = (await contractor.list_notices(records.PageRequest(size=2))).items
    theirs = (await colleague.list_notices(records.PageRequest(size=1))).items
    unread = (await contractor.list_notices(records.PageRequest(), unread_only=True)).total_size
    request_id = new_request_id()
    for _ in range(2):
        left = await contractor.mark_read([mine[0].notice_id], request_id=request_id)
        assert left == unread - 1
    assert (await contractor.list_notices(records.PageRequest(size=1))).items[0].read_time is not None
    assert (await colleague.list_notices(records.PageRequest(size=1))).items[0].read_time is None
    with pytest.raises(RefusedByServer) as foreign:
        await contractor.mark_read([mine[1].notice_id, theirs[0].notice_id], request_id=new_request_id())
    assert (foreign.value.reason, [each.field for each in foreign.value.fields]) == (
        "NOT_FOUND",
        ["notice_ids[1]"],
    )
    assert await contractor.mark_read(up_to=mine[0].notice_id, request_id=new_request_id()) == 0
    assert (await contractor.list_notices(records.PageRequest(), unread_only=True)).items == ()
    for ids, up_to, reason in (
        ((), "", "FIELD_REQUIRED"),
        ([mine[0].notice_id], mine[0].notice_id, "FIELD_NOT_ALLOWED"),
    ):
        with pytest.raises(RefusedByServer) as wrong:
            await contractor.mark_read(ids, up_to=up_to, request_id=new_request_id())
        assert wrong.value.reason == reason


async def test_what_a_person_wants_is_kept_by_its_etag(stage: Stage) -> None:
    colleague, desk = await stage.as_("colleague"), await stage.as_("underwriter")
    first = await colleague.get_notice_preferences()
    assert (first.language, dict(first.mails)) == ("ja", dict.fromkeys(records.NOTICE_KINDS, True))
    assert (first.mail, first.mail_off) == ("colleague@example.jp", False)
    assert [kind for kind, _ in (await desk.get_notice_preferences()).mails] == [
        "HANDED_IN",
        "OPENED",
        "KEY_REISSUED",
        "KEY_GUESSING",
    ]
    none = tuple((kind, kind != "ACCEPTED") for kind, _ in first.mails)
    chosen = await colleague.set_notice_preferences(
        replace(first, language="en", mails=none), request_id=new_request_id()
    )
    assert (chosen.language, chosen.mails) == ("en", none)
    assert await colleague.get_notice_preferences() == chosen
    with pytest.raises(RefusedByServer) as stale:
        await colleague.set_notice_preferences(first, request_id=new_request_id())
    assert stale.value.reason == "ETAG_MISMATCH"


async def counts(watch: AsyncGenerator[records.WatchEvent, None], wanted: int) -> None:
    """Read on until so many are told to be unread."""
    async with asyncio.timeout(SECONDS):
        async for event in watch:
            if isinstance(event, records.UnreadNotices) and event.count == wanted:
                return
    raise AssertionError("the watch ended")


async def test_a_watch_tells_how_many_are_unread(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    newest = (await contractor.list_notices(records.PageRequest(size=1))).items
    if newest:
        await contractor.mark_read(up_to=newest[0].notice_id, request_id=new_request_id())
    async with aclosing(contractor.watch_contracts()) as watch:
        await counts(watch, 0)
        await stage.accepted()
        await counts(watch, 1)
        (notice,) = (await contractor.list_notices(records.PageRequest(), unread_only=True)).items
        await contractor.mark_read([notice.notice_id], request_id=new_request_id())
        await counts(watch, 0)


async def test_nobody_else_may_ask_for_notices(stage: Stage) -> None:
    with pytest.raises(SessionExpired):
        await (await stage.as_("")).list_notices(records.PageRequest())
