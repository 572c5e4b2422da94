"""The mail that hands a key in by the port, on the real register with a real mail server, and on the simulation."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.intent import new_request_id
from tests.e2e.client.stage import BOUNCING, Stage, real, simulated

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS = 30.0
"""A test that waits longer has found a fault."""

POLICY_ADDRESS = "keiyaku@city.hinokawa.example.jp"


async def refused(call: object) -> str:
    with pytest.raises(RefusedByServer) as told:
        await call  # type: ignore[misc]
    assert told.value.sentence and told.value.next_steps
    return told.value.reason


async def mailable(stage: Stage) -> records.Contract:
    """A contract of an orderer that wants its keys by mail."""
    return await stage.issued(works_orderer_id="hinokawa")


async def until(stage: Stage, contract: records.Contract, kind: str) -> records.Contract:
    """The contract, once its last fact is of that kind: a mail goes a moment later."""
    contractor = await stage.as_("contractor")
    stage.post()
    async with asyncio.timeout(SECONDS):
        while True:
            seen = await contractor.get_contract(contract.contract_id)
            if seen.facts and seen.facts[-1].kind == kind:
                return seen
            await asyncio.sleep(0.05)


async def test_the_mail_is_shown_with_everything_but_the_key(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    issued = await mailable(stage)
    seen = await contractor.get_contract(issued.contract_id)
    mail = await contractor.show_hand_in_mail(seen, 1)
    assert (mail.to, mail.policy_to, mail.section) == (POLICY_ADDRESS, POLICY_ADDRESS, "契約課")
    assert (mail.from_name, mail.from_address, mail.reply_to) == (
        "㈱髙﨑建設（電子保証登録簿）",
        "noreply@register.example.jp",
        "hanako@takasaki.example.jp",
    )
    message = seen.hand_in_message
    assert message is not None
    assert (mail.subject, mail.text_before_key, mail.text_after_key) == (
        f"【見本 DEMO】{message.subject}",
        message.text_before_key,
        message.text_after_key,
    )
    assert mail.confirmation
    assert (await contractor.get_contract(issued.contract_id)).facts == ()
    other = await contractor.show_hand_in_mail(seen, 1, to="douro@city.hinokawa.example.jp")
    assert (other.to, other.policy_to) == ("douro@city.hinokawa.example.jp", POLICY_ADDRESS)
    assert other.confirmation != mail.confirmation


async def test_the_key_is_handed_in_when_the_mail_server_has_it(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    issued = await mailable(stage)
    mail = await contractor.show_hand_in_mail(issued, 1)
    intent = new_request_id()
    waits = await contractor.hand_in_by_mail(issued, 1, mail, request_id=intent)
    assert await contractor.hand_in_by_mail(issued, 1, mail, request_id=intent) == waits
    fact = waits.facts[-1]
    assert (fact.kind, fact.to, fact.channel, fact.version, fact.generation) == (
        "MAIL_CONFIRMED",
        POLICY_ADDRESS,
        "MAIL",
        1,
        1,
    )
    assert waits.steps.hand_in_time is None
    handed = await until(stage, issued, "HANDED_IN")
    assert [each.kind for each in handed.facts] == ["MAIL_CONFIRMED", "HANDED_IN"]
    assert (handed.facts[-1].mail_id, handed.facts[-1].to) == (fact.mail_id, POLICY_ADDRESS)
    assert handed.steps.hand_in_time == handed.facts[-1].fact_time


async def test_a_mail_that_bounces_is_told_and_hands_nothing_in(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    issued = await mailable(stage)
    mail = await contractor.show_hand_in_mail(issued, 1, to=BOUNCING)
    await contractor.hand_in_by_mail(issued, 1, mail, request_id=new_request_id())
    failed = await until(stage, issued, "MAIL_FAILED")
    assert (failed.facts[-1].failure, failed.facts[-1].note) == (
        "REFUSED",
        "RCPT TO: 550 5.1.1 Never, at RCPT",
    )
    assert failed.steps.hand_in_time is None
    for name in ("contractor", "colleague"):
        notice = (await (await stage.as_(name)).list_notices(records.PageRequest(size=1))).items[0]
        assert (notice.kind, notice.contract_id) == ("KEY_MAIL_FAILED", issued.contract_id)


async def test_what_is_not_as_it_was_shown_does_not_go(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    issued = await mailable(stage)
    mail = await contractor.show_hand_in_mail(issued, 1)
    for changed in (replace(mail, to="douro@city.hinokawa.example.jp"), replace(mail, confirmation="")):
        call = contractor.hand_in_by_mail(issued, 1, changed, request_id=new_request_id())
        assert await refused(call) == "MAIL_CHANGED"
    again = await contractor.reissue_key(issued, request_id=new_request_id())
    call = contractor.hand_in_by_mail(again, 1, mail, request_id=new_request_id())
    assert await refused(call) == "MAIL_CHANGED"
    assert await refused(contractor.show_hand_in_mail(issued, 1)) == "ETAG_MISMATCH"


@pytest.mark.parametrize(
    ("to", "reason"), [("keiyaku", "FIELD_FORMAT"), ("a@b.example.jp c@d.example.jp", "FIELD_FORMAT")]
)
async def test_an_address_that_is_none_is_refused_at_its_field(stage: Stage, to: str, reason: str) -> None:
    contractor = await stage.as_("contractor")
    issued = await mailable(stage)
    with pytest.raises(RefusedByServer) as told:
        await contractor.show_hand_in_mail(issued, 1, to=to)
    assert (told.value.reason, [each.field for each in told.value.fields]) == (reason, ["to"])


async def test_an_orderer_that_does_not_want_mails_gets_none(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    issued = await stage.issued()
    call = contractor.show_hand_in_mail(issued, 1, to="keiyaku@city.kashiwa.example.jp")
    assert await refused(call) == "HAND_IN_NOT_BY_MAIL"


@pytest.mark.parametrize("kind", ["fake", "gateway"])
async def test_a_register_without_a_mail_server_says_so(tmp_path: Path, kind: str) -> None:
    async with simulated() if kind == "fake" else real(tmp_path) as stage:
        contractor = await stage.as_("contractor")
        assert (await contractor.get_notice_preferences()).mail_off
        assert await refused(contractor.show_hand_in_mail(await mailable(stage), 1)) == "MAIL_NOT_AVAILABLE"
