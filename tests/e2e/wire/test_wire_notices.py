"""Notices over the wire: the list both ways, what is read, what is wanted, and the watch that tells of them."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio
from grpc import StatusCode

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_watching_pb2 as watching
from tashika.v1 import key_service_pb2 as keys
from tashika.v1 import notice_pb2
from tashika.v1 import notice_service_pb2 as notices
from tests.support.client import Client, fresh
from tests.support.people import World
from tests.support.play import Play
from tests.support.refusals import refusal

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-notices")]

ISSUED = notice_pb2.NOTICE_KIND_ISSUED
SECONDS = 30.0
"""A test that waits longer has found a fault."""


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def told_before(world: World) -> None:
    """What other tests of this server opened is told before, and not in the middle of, a test of notices."""
    store = world.running.register.kit.store
    async with asyncio.timeout(SECONDS):
        while await store.read(lambda view: view.notices.waiting(1)):  # noqa: ASYNC110 - the register's own job
            await asyncio.sleep(0.05)


async def page(person: Client, **fields: Any) -> notices.ListNoticesResponse:
    answer: notices.ListNoticesResponse = await person.notices.ListNotices(
        notices.ListNoticesRequest(**fields)
    )
    return answer


def kinds(answer: notices.ListNoticesResponse) -> list[str]:
    return [notice_pb2.NoticeKind.Name(each.kind).removeprefix("NOTICE_KIND_") for each in answer.notices]


async def test_an_issue_is_told_to_the_contractor_with_number_and_works_alone(
    world: World, play: Play
) -> None:
    issued = (await play.issued()).contract
    found = (await page(world.contractor, page_size=5)).notices
    (first,) = (each for each in found if each.contract_id == issued.contract_id and each.kind == ISSUED)
    assert (first.contract_id, first.contract_number, first.works_name) == (
        issued.contract_id,
        issued.contract_number,
        issued.application.works.name,
    )
    assert first.HasField("notice_time") and not first.HasField("read_time")
    told = first.SerializeToString()
    for kept in (issued.fee_yen, issued.application.amount_yen, issued.application.works.price_yen):
        assert str(kept).encode() not in told
    for other in (world.other_contractor, world.underwriter):
        assert first.contract_id not in [each.contract_id for each in (await page(other)).notices]


async def test_a_list_goes_on_both_ways_and_its_tokens_are_its_own(world: World, play: Play) -> None:
    for _ in range(3):
        await play.accepted()
    person = world.contractor
    whole = [each.notice_id for each in (await page(person, page_size=200)).notices]
    assert len(whole) >= 3
    seen, token = [], ""
    while True:
        answer = await page(person, page_size=2, page_token=token)
        seen += [each.notice_id for each in answer.notices]
        if not (token := answer.next_page_token):
            break
    assert seen == whole
    before = await page(person, page_size=2, page_token=answer.previous_page_token)
    last = len(answer.notices)
    assert [each.notice_id for each in before.notices] == whole[-2 - last : -last]
    end = await page(person, page_size=2, from_end=True)
    assert [each.notice_id for each in end.notices] == whole[-2:]
    oldest = [each.notice_id for each in (await page(person, page_size=200, oldest_first=True)).notices]
    # The register itself may have told more meanwhile.
    assert [each for each in oldest if each in whole] == whole[::-1]
    assert (answer.total_size, answer.total_size_exact) == (len(whole), True)
    first = await page(person, page_size=2)
    for changed in ({"unread_only": True}, {"oldest_first": True}, {"from_end": True}):
        told = await refusal(page(person, page_token=first.next_page_token, **changed))
        assert told.reason == "PAGE_TOKEN_INVALID"
    told = await refusal(page(world.underwriter, page_token=first.next_page_token))
    assert told.reason == "PAGE_TOKEN_INVALID"


async def test_what_was_read_is_not_unread_any_more(world: World, play: Play) -> None:
    await play.accepted()
    person = world.contractor
    before = await page(person, unread_only=True)
    mark = notices.MarkReadRequest(request_id=fresh(), notice_ids=[before.notices[0].notice_id])
    for _ in range(2):
        assert (await person.notices.MarkRead(mark)).unread_size == before.unread_size - 1
    after = await page(person, page_size=200)
    assert after.notices[0].HasField("read_time") and after.unread_size == before.unread_size - 1
    everything = notices.MarkReadRequest(request_id=fresh(), up_to_notice_id=after.notices[0].notice_id)
    assert (await person.notices.MarkRead(everything)).unread_size == 0
    assert (await page(person, unread_only=True)).total_size == 0
    theirs = notices.MarkReadRequest(request_id=fresh(), notice_ids=[after.notices[0].notice_id])
    told = await refusal(world.other_contractor.notices.MarkRead(theirs))
    assert (told.code, told.reason, told.fields) == (StatusCode.NOT_FOUND, "NOT_FOUND", {"notice_ids[0]"})
    nothing = await refusal(person.notices.MarkRead(notices.MarkReadRequest(request_id=fresh())))
    assert (nothing.reason, nothing.fields) == ("FIELD_REQUIRED", {"notice_ids"})


async def test_preferences_are_of_the_persons_own_kinds_and_say_where_mails_go(world: World) -> None:
    contractor = (await world.contractor.notices.GetPreferences(notices.GetPreferencesRequest())).preferences
    desk = (await world.underwriter.notices.GetPreferences(notices.GetPreferencesRequest())).preferences
    assert len(contractor.choices) == len(notice_pb2.NoticeKind.values()) - 1
    assert {each.kind for each in desk.choices} == {
        notice_pb2.NOTICE_KIND_HANDED_IN,
        notice_pb2.NOTICE_KIND_OPENED,
        notice_pb2.NOTICE_KIND_KEY_REISSUED,
        notice_pb2.NOTICE_KIND_KEY_GUESSING,
    }
    assert desk.mail == "underwriter@example.jp"
    assert not desk.mail_off
    wanted = notice_pb2.NoticePreferences(
        language="en", choices=[notice_pb2.NoticeChoice(kind=notice_pb2.NOTICE_KIND_OPENED, mail=False)]
    )
    change = notices.SetPreferencesRequest(request_id=fresh(), etag=desk.etag, preferences=wanted)
    first = await world.underwriter.notices.SetPreferences(change)
    assert await world.underwriter.notices.SetPreferences(change) == first
    chosen = {each.kind: each.mail for each in first.preferences.choices}
    assert chosen.pop(notice_pb2.NOTICE_KIND_OPENED) is False and set(chosen.values()) == {True}
    stale = notices.SetPreferencesRequest(request_id=fresh(), etag=desk.etag, preferences=wanted)
    assert (await refusal(world.underwriter.notices.SetPreferences(stale))).reason == "ETAG_MISMATCH"
    back = notice_pb2.NoticePreferences(language="ja")
    await world.underwriter.notices.SetPreferences(
        notices.SetPreferencesRequest(request_id=fresh(), preferences=back)
    )


async def counted(watch: Any) -> int:
    """The next count of unread notices that a watch tells."""
    async with asyncio.timeout(SECONDS):
        while True:
            message: watching.WatchContractsResponse = await watch.read()
            if message.HasField("unread_notices"):
                return message.unread_notices


async def test_a_watch_tells_how_many_are_unread_and_an_opening_shows_by_itself(
    world: World, play: Play
) -> None:
    person = world.contractor
    watch = person.contracts.WatchContracts(watching.WatchContractsRequest())
    unread = await counted(watch)
    assert unread == (await page(person, page_size=1)).unread_size
    issued = (await play.issued()).contract
    assert await counted(watch) in (unread + 1, unread + 2)
    key = (await person.keys.GetKey(keys.GetKeyRequest(contract_id=issued.contract_id))).key
    await world.anonymous.certificates.OpenCertificate(
        certificates.OpenCertificateRequest(contract_number=issued.contract_number, key=key)
    )
    async with asyncio.timeout(SECONDS):
        while kinds(await page(person, page_size=1)) != ["OPENED"]:  # noqa: ASYNC110 - as a client would
            await asyncio.sleep(0.05)
    assert kinds(await page(world.underwriter, page_size=1)) == ["OPENED"]
    newest = (await page(person, page_size=1)).notices[0].notice_id
    await person.notices.MarkRead(notices.MarkReadRequest(request_id=fresh(), up_to_notice_id=newest))
    while await counted(watch):
        pass
    watch.cancel()
