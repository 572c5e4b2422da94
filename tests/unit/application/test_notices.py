"""Who is told of what happens in the register, in the transaction in which it happens."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tashika_formats.key import make_key
from tashika_formats.number import make_number
from tashika_server.application.caller import Caller
from tashika_server.application.notifying import tell
from tashika_server.application.ports import Done, Ids, NoticeQuery, UnitOfWork
from tashika_server.documents.pool import DocumentPool
from tashika_server.domain.mailing import MailState
from tashika_server.domain.model import Contract, Form, Product, Remark, Role
from tashika_server.domain.notices import NoticeKind
from tashika_server.domain.policy import Channel
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.storage.opening import ThrottleLimits
from tests.unit.application.office import FEE_YEN, Office, furnish, open_office, replay

NOTICE_MAIL = "keiri@takasaki.example.jp"


@pytest.fixture
async def mailing(tmp_path: Path, pool: DocumentPool) -> AsyncIterator[Office]:
    """A furnished office with a mail server."""
    async with open_office(tmp_path, pool, sends_mail=True) as opened:
        await furnish(opened)
        yield opened


async def told(office: Office, person: Caller) -> list[str]:
    """What a person was told, the newest first."""
    page = await office.uses.notices.list(person, NoticeQuery(""))
    return [each.event.kind.value for each in page.items]


async def outbox(office: Office) -> list[tuple[str, str, str]]:
    rows = await office.kit.store.read(lambda view: view.outbox.rows(MailState.PENDING, 100))
    return [(row.kind, row.address, row.contract_number) for row in rows]


async def mailed(office: Office, kind: str) -> set[str]:
    return {address for each, address, _ in await outbox(office) if each == kind}


async def opened(office: Office, contract: Contract, peer: str = "203.0.113.5") -> None:
    revealed = await office.uses.keys.reveal(office.contractor, contract.contract_id)
    await office.uses.opening.open(contract.number, revealed.key, peer)
    await office.uses.notices.tell_waiting()


async def test_an_issue_is_told_to_everybody_of_the_contractor_and_to_nobody_else(mailing: Office) -> None:
    contract = await mailing.issued(notice_mail=NOTICE_MAIL)
    assert await told(mailing, mailing.contractor) == await told(mailing, mailing.colleague)
    assert await told(mailing, mailing.contractor) == ["ISSUED", "ACCEPTED"]
    for other in (mailing.stranger, mailing.underwriter, mailing.rival):
        assert await told(mailing, other) == []
    assert await mailed(mailing, "ISSUED") == {"contractor@example.jp", "colleague@example.jp", NOTICE_MAIL}
    (first, _) = (await mailing.uses.notices.list(mailing.contractor, NoticeQuery(""))).items
    assert (first.event.contract_id, first.event.contract_number, first.event.works_name) == (
        contract.contract_id,
        contract.number,
        contract.application.works.name,
    )


async def test_an_acceptance_is_told_with_its_approval_only(mailing: Office) -> None:
    contract = await mailing.submitted(Product.PREPAYMENT)
    desk = mailing.uses.underwriting
    await desk.accept(mailing.underwriter, contract.contract_id, None, FEE_YEN, None, None)
    assert await told(mailing, mailing.contractor) == []
    await desk.approve(mailing.approver, contract.contract_id, None, None)
    assert await told(mailing, mailing.contractor) == ["ACCEPTED"]


async def test_a_return_and_a_refusal_are_told_without_their_words(mailing: Office) -> None:
    first, second = await mailing.submitted(), await mailing.submitted()
    desk = mailing.uses.underwriting
    secret = "金額 5,500,000 円は誤り"
    await desk.return_(mailing.underwriter, first.contract_id, (Remark("", secret),), None, None)
    await desk.refuse(mailing.underwriter, second.contract_id, secret, None, None)
    assert await told(mailing, mailing.contractor) == ["REFUSED", "RETURNED"]
    dump = await mailing.kit.store.read(lambda view: view._session.all("SELECT * FROM notice_event"))  # type: ignore[attr-defined]
    assert secret not in repr(dump)


async def test_who_did_it_is_not_told_and_the_guarantors_handlers_are(mailing: Office) -> None:
    contract = await mailing.issued(Product.PREPAYMENT, notice_mail=NOTICE_MAIL)
    await mailing.uses.keys.record_hand_in(
        mailing.colleague, contract.contract_id, 0, Channel.MAIL, "", None, None, None
    )
    assert "HANDED_IN" not in await told(mailing, mailing.colleague)
    for person in (mailing.contractor, mailing.underwriter, mailing.approver):
        assert (await told(mailing, person))[0] == "HANDED_IN"
    assert await told(mailing, mailing.deputy) == []
    assert await mailed(mailing, "HANDED_IN") == {
        "contractor@example.jp",
        NOTICE_MAIL,
        "underwriter@example.jp",
        "approver@example.jp",
    }


async def test_where_no_handler_is_left_all_of_the_guarantor_are_told(mailing: Office) -> None:
    contract = await mailing.issued()
    await disable(mailing, mailing.underwriter)
    await opened(mailing, contract)
    assert await told(mailing, mailing.underwriter) == []
    assert await told(mailing, mailing.approver) == await told(mailing, mailing.deputy) == ["OPENED"]
    assert await told(mailing, mailing.rival) == []


async def disable(office: Office, person: Caller) -> None:
    def command(uow: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        user = uow.users.get(person.user_id)
        assert user is not None
        from tashika_server.application.ports import Change

        uow.users.save(replace(user, disabled=True), Change("user.disable", "system"))
        return Done(None)

    await office.kit.store.run(command)


async def test_who_left_gets_neither_notice_nor_mail(mailing: Office) -> None:
    await disable(mailing, mailing.colleague)
    await mailing.issued()
    assert await told(mailing, mailing.colleague) == []
    assert "colleague@example.jp" not in await mailed(mailing, "ISSUED")


async def test_the_first_opening_is_told_to_both_and_the_second_to_nobody(mailing: Office) -> None:
    contract = await mailing.issued()
    for _ in range(3):
        await opened(mailing, contract)
    assert (await told(mailing, mailing.contractor)).count("OPENED") == 1
    assert (await told(mailing, mailing.underwriter)).count("OPENED") == 1
    assert await mailed(mailing, "OPENED") == {
        "contractor@example.jp",
        "colleague@example.jp",
        "underwriter@example.jp",
    }


async def test_many_wrong_keys_alarm_both_and_an_unknown_number_alarms_nobody(mailing: Office) -> None:
    contract = await mailing.issued()
    unknown = make_number(11, 2026, 999_999)
    for number in (contract.number, unknown):
        for attempt in range(ThrottleLimits().failures_per_number):
            wrong = make_key(bytes([attempt]) * 12)
            with pytest.raises(RefusedError):
                await mailing.uses.opening.open(number, wrong, f"203.0.113.{attempt}")
    assert await mailing.uses.notices.tell_waiting() == 2
    assert (await told(mailing, mailing.contractor))[0] == "KEY_GUESSING"
    assert await told(mailing, mailing.underwriter) == ["KEY_GUESSING"]
    assert {number for _, _, number in await outbox(mailing)} == {contract.number}
    assert await mailing.uses.notices.tell_waiting() == 0


async def test_a_reissue_is_told_by_one_call(mailing: Office) -> None:
    contract = await mailing.issued()

    def command(uow: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        by = mailing.underwriter.user_id
        tell(mailing.kit, uow, NoticeKind.KEY_REISSUED, contract, by=by, now=now, ids=ids)
        return Done(None)

    await mailing.kit.store.run(command)
    assert (await told(mailing, mailing.contractor))[0] == "KEY_REISSUED"
    assert await told(mailing, mailing.underwriter) == []
    assert await mailed(mailing, "KEY_REISSUED") == {"contractor@example.jp", "colleague@example.jp"}


async def test_a_paper_certificate_has_no_notice(mailing: Office) -> None:
    contract = await mailing.paid(form=Form.PAPER)
    day = mailing.clock.now().date()
    await mailing.uses.underwriting.record_paper_issue(
        mailing.underwriter, contract.contract_id, day, "証第７号", None, None
    )
    assert await told(mailing, mailing.contractor) == ["ACCEPTED"]


async def test_a_repeated_call_tells_once(mailing: Office) -> None:
    contract = await mailing.submitted()
    desk, same = mailing.uses.underwriting, replay(mailing.underwriter, "AcceptContract")
    for _ in range(2):
        await desk.accept(mailing.underwriter, contract.contract_id, None, FEE_YEN, None, same)
    assert await told(mailing, mailing.contractor) == ["ACCEPTED"]
    assert len(await outbox(mailing)) == 2


async def test_without_a_mail_server_nothing_waits_in_the_outbox(office: Office) -> None:
    await office.issued(notice_mail=NOTICE_MAIL)
    assert await told(office, office.contractor) == ["ISSUED", "ACCEPTED"]
    assert await outbox(office) == []
    assert (await office.uses.notices.preferences(office.contractor)).sends_mail is False


async def test_what_a_person_chose_counts_from_the_next_notice_on(mailing: Office) -> None:
    notices = mailing.uses.notices
    before = await notices.preferences(mailing.colleague)
    assert (before.chosen.language, before.chosen.no_mail, before.mail) == (
        "ja",
        frozenset(),
        "colleague@example.jp",
    )
    await mailing.accepted()
    none = frozenset({NoticeKind.ACCEPTED})
    chosen = await notices.choose(mailing.colleague, "en", none, before.chosen.revision, None)
    assert (chosen.chosen.language, chosen.chosen.no_mail) == ("en", none)
    assert chosen.kinds == tuple(NoticeKind)
    await mailing.accepted()
    assert [address for _, address, _ in await outbox(mailing)].count("colleague@example.jp") == 1
    assert (await told(mailing, mailing.colleague)).count("ACCEPTED") == 2
    with pytest.raises(RefusedError) as stale:
        await notices.choose(mailing.colleague, "ja", none, before.chosen.revision, None)
    assert stale.value.reason is Reason.ETAG_MISMATCH
    with pytest.raises(RefusedError) as strange:
        await notices.choose(mailing.colleague, "fr", none, None, None)
    assert strange.value.reason is Reason.CHOICE_UNKNOWN
    assert await mailing.audited("notice.choose") == 1


async def test_marking_is_all_or_nothing_and_each_persons_own(mailing: Office) -> None:
    await mailing.issued()
    notices = mailing.uses.notices
    mine = [each.notice_id for each in (await notices.list(mailing.contractor, NoticeQuery(""))).items]
    foreign = [each.notice_id for each in (await notices.list(mailing.colleague, NoticeQuery(""))).items]
    with pytest.raises(RefusedError) as refused:
        await notices.mark_read(mailing.contractor, [mine[0], foreign[0]], "", None)
    assert (refused.value.reason, refused.value.violations[0].field) == (Reason.NOT_FOUND, "notice_ids[1]")
    assert (await notices.list(mailing.contractor, NoticeQuery(""))).unread == 2
    assert await notices.mark_read(mailing.contractor, [mine[0]], "", None) == 1
    assert await notices.mark_read(mailing.contractor, (), mine[0], None) == 0
    for ids, up_to, reason in (
        ((), "", Reason.FIELD_REQUIRED),
        (mine, mine[0], Reason.FIELD_NOT_ALLOWED),
        ((), foreign[0], Reason.NOT_FOUND),
    ):
        with pytest.raises(RefusedError) as caught:
            await notices.mark_read(mailing.contractor, ids, up_to, None)
        assert caught.value.reason is reason


async def test_a_repeated_marking_is_answered_again(mailing: Office) -> None:
    await mailing.issued()
    notices = mailing.uses.notices
    mine = [each.notice_id for each in (await notices.list(mailing.contractor, NoticeQuery(""))).items]
    same = replay(mailing.contractor, "MarkRead", request_id=str(uuid.uuid4()))
    for _ in range(2):
        assert await notices.mark_read(mailing.contractor, mine[:1], "", same) == 1


async def test_a_person_without_an_address_has_the_notice_alone(mailing: Office) -> None:
    newcomer = await mailing.hire("newcomer", "company", Role.CONTRACTOR, mail="")
    await mailing.accepted()
    assert await told(mailing, newcomer) == ["ACCEPTED"]
    assert {address for _, address, _ in await outbox(mailing)} == {
        "contractor@example.jp",
        "colleague@example.jp",
    }
