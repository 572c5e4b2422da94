"""The mail that hands a key in, over a real store and to a real mail server: what was confirmed goes, and is handed in
when the mail server has it, and not before."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tashika_formats.key import format_key
from tashika_server.application.caller import Caller
from tashika_server.application.key_mails import Shown
from tashika_server.application.mailing import Mailing
from tashika_server.application.ports import Handover, NoticeQuery
from tashika_server.documents.pool import DocumentPool
from tashika_server.domain.key_mail import GIVE_UP_AFTER
from tashika_server.domain.mailing import Delivery
from tashika_server.domain.model import Contact, Contract, FactKind, MailFailure
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.mail.message import Sender, sender_of
from tashika_server.mail.smtp import Security, SmtpMailer, SmtpOptions
from tashika_server.storage.fsck import check_store
from tests.support.mail_server import Act, MailServer, Stage, mail_server
from tests.support.orderers import policy_file
from tests.unit.application.office import (
    CITY,
    MORNING,
    REGISTER_ADDRESS,
    Office,
    furnish,
    open_office,
    replay,
)

SECONDS = 20.0
POLICY_ADDRESS = "keiyaku@city.example.jp"
BY_MAIL: dict[str, Any] = {
    **CITY,
    "hand_in": [
        {
            "version": "ANY",
            "channel": "MAIL",
            "section": "契約課",
            "to": POLICY_ADDRESS,
            "subject": "【電子保証】{works_number} {contractor_name}",
        }
    ],
}


@pytest.fixture
async def office(tmp_path: Path, pool: DocumentPool) -> AsyncIterator[Office]:
    """A furnished office with a mail server, and an orderer that wants keys by mail."""
    async with open_office(tmp_path, pool, sends_mail=True) as opened:
        await furnish(opened)
        await opened.uses.orderers.import_from_host(policy_file(BY_MAIL))
        yield opened


@pytest.fixture
async def post() -> AsyncIterator[MailServer]:
    """The mail server. It sees the mails that hand keys in alone: notices have nowhere to go here."""
    async with mail_server() as server:
        yield server


def sender(office: Office, post: MailServer) -> Mailing:
    """A sender as a server that has just started has it."""
    options = SmtpOptions(
        "127.0.0.1",
        post.port,
        Security.PLAIN,
        Sender(sender_of(REGISTER_ADDRESS)),
        REGISTER_ADDRESS,
        seconds=SECONDS,
    )
    return Mailing(office.kit, SmtpMailer(options))


def for_city(post: MailServer, receiver: str = POLICY_ADDRESS) -> list[Any]:
    return post.of(receiver)


async def refusal(call: Awaitable[object]) -> tuple[Reason, str]:
    with pytest.raises(RefusedError) as raised:
        await call
    return raised.value.reason, raised.value.violations[0].field


async def key_of(office: Office, contract: Contract) -> str:
    """The key as it stands in a mail."""
    return format_key((await office.uses.keys.reveal(office.contractor, contract.contract_id)).key)


async def show(office: Office, contract: Contract, to: str = "", who: Caller | None = None) -> Shown:
    return await office.uses.key_mails.show(who or office.contractor, contract.contract_id, 0, to, None)


async def confirm(office: Office, contract: Contract, shown: Shown, to: str = "", **more: Any) -> Contract:
    return await office.uses.key_mails.confirm(
        office.contractor, contract.contract_id, 0, to, shown.confirmation, None, more.get("replay")
    )


async def confirmed(office: Office, to: str = "", **changes: Any) -> Contract:
    contract = await office.issued(**changes)
    return await confirm(office, contract, await show(office, contract, to), to)


async def now(office: Office, contract: Contract) -> Contract:
    return (await office.uses.contracts.get(office.contractor, contract.contract_id)).contract


async def kinds(office: Office, contract: Contract) -> list[str]:
    return [fact.kind.value for fact in (await now(office, contract)).facts]


async def told(office: Office, person: Caller) -> list[str]:
    page = await office.uses.notices.list(person, NoticeQuery(""))
    return [each.event.kind.value for each in page.items]


# --- What was shown is what goes -----------------------------------------------------------------------------------


async def test_what_goes_is_what_was_shown_with_the_key(office: Office, post: MailServer) -> None:
    contract = await office.issued(contact=Contact("葛城 花子", "04-7000-0000", "hanako@company.example.jp"))
    shown = await show(office, contract)
    draft, key = shown.draft, await key_of(office, contract)
    assert (draft.to, draft.policy_to, draft.section) == (POLICY_ADDRESS, POLICY_ADDRESS, "契約課")
    assert key not in draft.before_key + draft.after_key
    await confirm(office, contract, shown)
    await sender(office, post).send_due()

    (kept,) = for_city(post)
    message = kept.message
    assert kept.from_name == draft.from_name == "㈱髙﨑建設（電子保証登録簿）"
    assert message["From"].addresses[0].addr_spec == draft.from_address == REGISTER_ADDRESS
    assert (message["Reply-To"], message["To"]) == ("hanako@company.example.jp", POLICY_ADDRESS)
    assert str(message["Subject"]) == draft.subject
    assert message.get_content().replace("\r\n", "\n") == draft.before_key + key + draft.after_key
    opened = await office.uses.opening.open(contract.number, key, "203.0.113.5")
    assert opened.generation == 1


async def test_it_goes_where_the_contractor_wants_it_and_nowhere_else(
    office: Office, post: MailServer
) -> None:
    other = "douro@city.example.jp"
    contract = await office.issued()
    shown = await show(office, contract, other)
    assert shown.draft.other_address
    assert await refusal(confirm(office, contract, shown)) == (Reason.MAIL_CHANGED, "confirmation")
    await confirm(office, contract, shown, other)
    await sender(office, post).send_due()
    assert len(for_city(post, other)) == 1 and for_city(post) == []
    assert (await now(office, contract)).facts[-1].to == other


async def test_the_key_is_nowhere_in_the_register_before_the_mail_or_after_it(
    office: Office, post: MailServer
) -> None:
    contract = await confirmed(office)
    key = await key_of(office, contract)

    def held() -> list[Path]:
        bare = key.replace("-", "").encode()
        # in the middle of a text of any length, as a mail has it
        within = (base64.b64encode(b"x" * place + key.encode())[4:-4] for place in range(3))
        bodies = (key.encode(), bare, *within)
        files = [path for path in office.folder.rglob("*") if path.is_file()]
        return [path for path in files if any(body in path.read_bytes() for body in bodies)]

    assert held() == []
    await sender(office, post).send_due()
    assert len(for_city(post)) == 1 and held() == []


# --- Handed in when the mail server has it -------------------------------------------------------------------------


async def test_it_is_handed_in_when_the_mail_server_has_it_and_not_before(
    office: Office, post: MailServer
) -> None:
    contract = await confirmed(office)
    assert await kinds(office, contract) == ["MAIL_CONFIRMED"]
    assert (await now(office, contract)).steps.handed_in is None
    assert "HANDED_IN" not in await told(office, office.underwriter)

    office.clock.move(minutes=10)
    await sender(office, post).send_due()
    handed = await now(office, contract)
    assert [fact.kind for fact in handed.facts] == [FactKind.MAIL_CONFIRMED, FactKind.HANDED_IN]
    assert handed.facts[-1].time == MORNING + timedelta(minutes=10) == handed.steps.handed_in
    assert handed.facts[-1].channel == "MAIL"
    assert (await told(office, office.underwriter))[0] == "HANDED_IN"
    assert await office.audited("contract.mailed") == 1
    # there is nothing left to be sent
    await sender(office, post).send_due()
    assert len(for_city(post)) == 1


async def test_a_mail_server_that_is_busy_is_asked_again(office: Office, post: MailServer) -> None:
    contract = await confirmed(office)
    post.plan = lambda stage, receiver: Act.LATER if stage is Stage.RCPT else Act.OK
    sending = sender(office, post)
    await sending.send_due()
    assert await kinds(office, contract) == ["MAIL_CONFIRMED"]
    post.plan = lambda stage, receiver: Act.OK
    office.clock.move(hours=1)
    await sending.send_due()
    assert await kinds(office, contract) == ["MAIL_CONFIRMED", "HANDED_IN"]


async def test_an_address_that_is_refused_is_told_and_nothing_is_handed_in(
    office: Office, post: MailServer
) -> None:
    contract = await confirmed(office)
    post.plan = lambda stage, receiver: Act.NEVER if stage is Stage.RCPT else Act.OK
    await sender(office, post).send_due()
    failed = await now(office, contract)
    assert [fact.kind for fact in failed.facts] == [FactKind.MAIL_CONFIRMED, FactKind.MAIL_FAILED]
    assert (failed.facts[-1].failure, failed.facts[-1].note) == (
        MailFailure.REFUSED,
        "RCPT TO: 550 5.1.1 Never, at RCPT",
    )
    assert failed.steps.handed_in is None
    for person in (office.contractor, office.colleague):
        assert (await told(office, person))[0] == "KEY_MAIL_FAILED"
    assert await told(office, office.underwriter) == []


async def test_a_mail_server_that_is_away_for_a_day_is_told(office: Office, post: MailServer) -> None:
    contract = await confirmed(office)
    post.plan = lambda stage, receiver: Act.DROP
    sending = sender(office, post)
    while office.clock.now() < MORNING + GIVE_UP_AFTER - timedelta(hours=1):
        await sending.send_due()
        office.clock.move(hours=1)
    assert await kinds(office, contract) == ["MAIL_CONFIRMED"]
    office.clock.move(hours=3)
    await sending.send_due()
    failed = await now(office, contract)
    assert failed.facts[-1].failure == MailFailure.UNREACHABLE
    post.plan = lambda stage, receiver: Act.OK
    office.clock.move(hours=3)
    await sending.send_due()
    assert for_city(post) == []


async def test_a_failed_mail_is_sent_again_only_by_confirming_it_again(
    office: Office, post: MailServer
) -> None:
    contract = await confirmed(office)
    post.plan = lambda stage, receiver: Act.NEVER if stage is Stage.RCPT else Act.OK
    sending = sender(office, post)
    await sending.send_due()
    mail_id = (await now(office, contract)).facts[0].mail_id
    assert (await refusal(sending.revive(mail_id)))[0] is Reason.NOT_FOUND
    post.plan = lambda stage, receiver: Act.OK
    await confirm(office, contract, await show(office, contract))
    await sending.send_due()
    assert (await kinds(office, contract))[-2:] == ["MAIL_CONFIRMED", "HANDED_IN"]


class Killed(BaseException):
    """The process is gone."""


async def test_a_sender_that_dies_before_it_has_noted_the_acceptance_sends_the_same_mail_again(
    office: Office, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = await confirmed(office)
    store = office.kit.store

    class Dying:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        async def run(self, command: Any, replay: Any = None) -> Any:
            if post.kept:
                raise Killed
            return await store.run(command, replay)

    object.__setattr__(office.kit, "store", Dying())
    with pytest.raises(Killed):
        await sender(office, post).send_due()
    object.__setattr__(office.kit, "store", store)
    assert await kinds(office, contract) == ["MAIL_CONFIRMED"]

    office.clock.move(hours=1)
    await sender(office, post).send_due()
    first, second = for_city(post)
    assert first.content == second.content and first.message_id == second.message_id
    assert await kinds(office, contract) == ["MAIL_CONFIRMED", "HANDED_IN"]


# --- What was confirmed is checked when it is sent ------------------------------------------------------------------


async def test_a_new_key_keeps_the_mail_with_the_old_one_from_going(office: Office, post: MailServer) -> None:
    contract = await confirmed(office)
    before = await told(office, office.contractor)
    await office.uses.keys.reissue(office.contractor, contract.contract_id, "", "", None, None)
    await sender(office, post).send_due()
    assert for_city(post) == []
    assert await kinds(office, contract) == ["MAIL_CONFIRMED", "MAIL_FAILED", "KEY_REISSUED"]
    # who did that knows it
    assert "KEY_MAIL_FAILED" not in await told(office, office.contractor) and before
    shown = await show(office, contract)
    await confirm(office, contract, shown)
    await sender(office, post).send_due()
    (kept,) = for_city(post)
    assert await key_of(office, contract) in kept.message.get_content()


async def test_an_old_key_that_went_out_while_a_new_one_was_made_hands_in_nothing_of_the_new_one(
    office: Office, post: MailServer
) -> None:
    contract = await confirmed(office)
    letter = await office.uses.key_mails.claim("lse_1", timedelta(minutes=5), "example.jp")
    assert letter is not None
    await office.uses.keys.reissue(office.contractor, contract.contract_id, "", "", None, None)
    await office.uses.key_mails.settle(letter, Handover(Delivery.ACCEPTED), 0)
    after = await now(office, contract)
    assert (after.facts[-1].kind, after.facts[-1].generation) == (FactKind.HANDED_IN, 1)
    assert after.steps.handed_in is None


async def test_a_mail_that_would_say_something_else_does_not_go(office: Office, post: MailServer) -> None:
    contract = await confirmed(office)
    await office.uses.orderers.import_from_host(policy_file({**BY_MAIL, "name": "新柏市"}))
    await sender(office, post).send_due()
    assert for_city(post) == []
    assert (await now(office, contract)).facts[-1].failure == MailFailure.CHANGED
    assert (await told(office, office.contractor))[0] == "KEY_MAIL_FAILED"


async def test_what_changed_since_it_was_shown_must_be_looked_at_again(office: Office) -> None:
    contract = await office.issued()
    shown = await show(office, contract)
    await office.uses.orderers.import_from_host(policy_file({**BY_MAIL, "name": "新柏市"}))
    assert await refusal(confirm(office, contract, shown)) == (Reason.MAIL_CHANGED, "confirmation")
    nothing = replace(shown, confirmation=b"")
    assert await refusal(confirm(office, contract, nothing)) == (Reason.MAIL_CHANGED, "confirmation")
    elsewhere = await show(office, await office.issued())
    assert await refusal(confirm(office, contract, elsewhere)) == (Reason.MAIL_CHANGED, "confirmation")
    assert await kinds(office, contract) == []


async def test_a_repeated_call_sends_one_mail(office: Office, post: MailServer) -> None:
    contract = await office.issued()
    shown = await show(office, contract)
    calls = replay(office.contractor, "HandInByMail")
    answers = await asyncio.gather(*(confirm(office, contract, shown, replay=calls) for _ in range(3)))
    assert answers[0] == answers[1] == answers[2]
    await sender(office, post).send_due()
    assert len(for_city(post)) == 1
    assert await confirm(office, contract, shown, replay=calls) == answers[0]
    await sender(office, post).send_due()
    assert len(for_city(post)) == 1


async def test_a_second_confirmation_takes_the_place_of_the_first(office: Office, post: MailServer) -> None:
    contract = await confirmed(office)
    other = "douro@city.example.jp"
    await confirm(office, contract, await show(office, contract, other), other)
    await sender(office, post).send_due()
    assert for_city(post) == [] and len(for_city(post, other)) == 1
    facts = (await now(office, contract)).facts
    assert [fact.failure for fact in facts if fact.kind is FactKind.MAIL_FAILED] == [MailFailure.REPLACED]


# --- What is refused ------------------------------------------------------------------------------------------------


async def test_a_mail_server_that_quotes_the_key_is_not_listened_to(office: Office) -> None:
    contract = await confirmed(office)
    key = await key_of(office, contract)
    letter = await office.uses.key_mails.claim("lse_1", timedelta(minutes=5), "example.jp")
    assert letter is not None
    quoted = Handover(Delivery.NEVER, f"554 5.7.1 found <{key.replace('-', ' ').lower()}>")
    assert await office.uses.key_mails.settle(letter, quoted, 0)
    assert (await now(office, contract)).facts[-1].note == ""


async def test_strangers_see_no_mail(office: Office) -> None:
    contract = await office.issued()
    assert await refusal(show(office, contract, who=office.stranger)) == (Reason.NOT_FOUND, "contract_id")
    assert (await show(office, contract, who=office.colleague)).draft.to == POLICY_ADDRESS


async def test_an_orderer_that_says_nothing_of_mails_gets_none(office: Office) -> None:
    await office.uses.orderers.import_from_host(policy_file(CITY))
    contract = await office.issued()
    assert (await refusal(show(office, contract, POLICY_ADDRESS)))[0] is Reason.HAND_IN_NOT_BY_MAIL


async def test_a_register_without_a_mail_server_sends_none(tmp_path: Path, pool: DocumentPool) -> None:
    async with open_office(tmp_path, pool) as opened:
        await furnish(opened)
        await opened.uses.orderers.import_from_host(policy_file(BY_MAIL))
        contract = await opened.issued()
        assert (await refusal(show(opened, contract)))[0] is Reason.MAIL_NOT_AVAILABLE


async def test_the_register_stays_sound(office: Office, post: MailServer) -> None:
    contract = await confirmed(office)
    waiting = await confirmed(office)
    await sender(office, post).send_due()
    await confirm(office, contract, await show(office, contract))
    assert await kinds(office, waiting) == ["MAIL_CONFIRMED", "HANDED_IN"]
    await office.kit.store.close()
    assert [each for each in check_store(office.folder / "data") if each.is_error] == []
