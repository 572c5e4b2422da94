from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tashika_server.domain import lifecycle
from tashika_server.domain.hand_in_message import hand_in_message
from tashika_server.domain.handing_in import HandInAdvice
from tashika_server.domain.key_mail import (
    KeyMail,
    KeyMailDraft,
    confirm_mail,
    draft_mail,
    mail_failed,
    mail_sent,
)
from tashika_server.domain.limits import MAX_HAND_INS
from tashika_server.domain.mail_facts import waiting_mails
from tashika_server.domain.model import Contact, Contract, FactKind, Form, MailFailure, PaperIssue
from tashika_server.domain.reasons import Reason, RefusedError
from tests.unit.domain.making import NOW, TODAY, accepted, draft, in_force, paid, prepayment, submitted

POLICY_ADDRESS = "keiyaku@city.example.jp"
ADVICE = HandInAdvice("MAIL", section="契約課", to=POLICY_ADDRESS, subject="【電子保証】第1号")
LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)


def drafted(
    contract: Contract | None = None, advice: HandInAdvice = ADVICE, to: str = "", *, demo: bool = False
) -> KeyMailDraft:
    contract = contract or in_force()
    message = hand_in_message(contract, advice, orderer_name="柏市", version=1)
    return draft_mail(
        contract,
        advice,
        message,
        to=to,
        from_address="noreply@register.example.jp",
        reply_to="hanako@company.example.jp",
        demo=demo,
    )


def mail(number: int = 1, generation: int = 1, address: str = POLICY_ADDRESS) -> KeyMail:
    return KeyMail(f"mil_{number}", "con_1", 1, generation, address, b"digest", "usr_1")


def confirmed(number: int = 1) -> Contract:
    return confirm_mail(in_force(), mail(number), LATER)


def reissued(contract: Contract) -> Contract:
    return lifecycle.reissue(
        contract, by_guarantor=False, opened=False, reason="", note="", user_id="usr_1", now=LAST
    )


def refusal(call: Callable[[], object]) -> tuple[Reason, str]:
    with pytest.raises(RefusedError) as refused:
        call()
    first = refused.value.violations[0]
    return first.reason, first.field


def kinds(contract: Contract) -> list[FactKind]:
    return [fact.kind for fact in contract.facts]


# --- What it says, and where it goes -------------------------------------------------------------------------------


def test_it_goes_to_the_policys_address_in_the_contractors_name_from_the_registers_address() -> None:
    found = drafted()
    assert (found.to, found.policy_to, found.other_address) == (POLICY_ADDRESS, POLICY_ADDRESS, False)
    assert found.from_name == "株式会社髙﨑建設（電子保証登録簿）"
    assert found.from_address == "noreply@register.example.jp"
    assert (found.subject, found.section) == ("【電子保証】第1号", "契約課")
    lines = found.text("THE-KEY").splitlines()
    assert lines[0] == "柏市　契約課　御中" and "認証キー：THE-KEY" in lines


def test_answers_go_to_the_contact_of_the_application_or_else_to_who_sends_it() -> None:
    assert drafted().reply_to == "yamada@example.jp"
    without = prepayment(contact=Contact("山田 花子", "04-0000-0000"))
    assert (
        drafted(in_force(paid(accepted(submitted(draft(without)))))).reply_to == "hanako@company.example.jp"
    )


def test_another_address_is_told_as_such_however_it_is_written() -> None:
    assert drafted(to="other@city.example.jp").other_address
    assert not drafted(to="Keiyaku@City.example.jp").other_address
    assert drafted(advice=replace(ADVICE, to=""), to=POLICY_ADDRESS).other_address


@pytest.mark.parametrize("channel", ["UNSPECIFIED", "WEB_FORM", "FAX", "PRINT", ""])
def test_an_orderer_that_does_not_want_mails_gets_none(channel: str) -> None:
    assert refusal(lambda: drafted(advice=replace(ADVICE, channel=channel))) == (
        Reason.HAND_IN_NOT_BY_MAIL,
        "",
    )
    assert drafted(advice=replace(ADVICE, channel="MAIL_OR_FAX")).to == POLICY_ADDRESS


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("", Reason.FIELD_REQUIRED),
        ("keiyaku", Reason.FIELD_FORMAT),
        ("a@city.example.jp, b@city.example.jp", Reason.FIELD_FORMAT),
        ("a@city.example.jp\r\nBcc: b@city.example.jp", Reason.FIELD_CHARACTER),
    ],
)
def test_an_address_must_be_known_and_be_one(to: str, reason: Reason) -> None:
    assert refusal(lambda: drafted(advice=replace(ADVICE, to=""), to=to)) == (reason, "to")


@pytest.mark.parametrize("words", ["", "FAX 04-0000-0000", "https://city.example.jp/form"])
def test_what_a_policy_has_may_be_no_address_and_then_one_is_asked_for(words: str) -> None:
    advice = replace(ADVICE, channel="MAIL_OR_FAX", to=words)
    assert refusal(lambda: drafted(advice=advice)) == (Reason.FIELD_REQUIRED, "to")
    found = drafted(advice=advice, to=POLICY_ADDRESS)
    assert (found.policy_to, found.other_address) == (words, True)


def test_a_mail_of_a_demonstration_says_so() -> None:
    assert drafted(demo=True).subject == "【見本 DEMO】【電子保証】第1号"


@pytest.mark.parametrize(
    "changes",
    [
        {"from_name": "x"},
        {"from_address": "x@example.jp"},
        {"reply_to": "x@example.jp"},
        {"to": "x@example.jp"},
        {"subject": "x"},
        {"before_key": "x"},
        {"after_key": "x"},
        {"generation": 2},
    ],
)
def test_what_is_confirmed_is_all_of_it(changes: dict[str, object]) -> None:
    assert replace(drafted(), **changes).parts() != drafted().parts()  # type: ignore[arg-type]


# --- What becomes of it --------------------------------------------------------------------------------------------


def test_a_confirmed_mail_is_not_handed_in_before_the_mail_server_has_it() -> None:
    waits = confirmed()
    assert kinds(waits) == [FactKind.MAIL_CONFIRMED]
    assert waits.steps.handed_in is None
    (fact,) = waiting_mails(waits)
    assert (fact.mail_id, fact.to, fact.channel, fact.user_id, fact.time, fact.version, fact.generation) == (
        "mil_1",
        POLICY_ADDRESS,
        "MAIL",
        "usr_1",
        LATER,
        1,
        1,
    )
    handed = mail_sent(waits, mail(), LAST)
    assert kinds(handed) == [FactKind.MAIL_CONFIRMED, FactKind.HANDED_IN]
    assert (handed.facts[-1].time, handed.facts[-1].to, handed.facts[-1].user_id) == (
        LAST,
        POLICY_ADDRESS,
        "usr_1",
    )
    assert handed.steps.handed_in == LAST and waiting_mails(handed) == ()


def test_a_mail_that_went_out_twice_is_handed_in_once() -> None:
    handed = mail_sent(confirmed(), mail(), LAST)
    assert mail_sent(handed, mail(), LAST + timedelta(hours=1)) is handed


def test_a_second_mail_takes_the_place_of_one_that_waits() -> None:
    again = confirm_mail(confirmed(), mail(2), LAST)
    assert kinds(again) == [FactKind.MAIL_CONFIRMED, FactKind.MAIL_FAILED, FactKind.MAIL_CONFIRMED]
    assert (again.facts[1].mail_id, again.facts[1].failure, again.facts[1].user_id) == (
        "mil_1",
        MailFailure.REPLACED,
        "",
    )
    assert [fact.mail_id for fact in waiting_mails(again)] == ["mil_2"]


def test_a_mail_that_failed_says_why_and_leaves_the_handing_in_open() -> None:
    failed = mail_failed(confirmed(), mail(), MailFailure.REFUSED, "550 5.1.1 no such user", LAST)
    assert kinds(failed) == [FactKind.MAIL_CONFIRMED, FactKind.MAIL_FAILED]
    last = failed.facts[-1]
    assert (last.failure, last.note, last.time) == (MailFailure.REFUSED, "550 5.1.1 no such user", LAST)
    assert failed.steps.handed_in is None and waiting_mails(failed) == ()
    assert kinds(confirm_mail(failed, mail(2), LAST))[-1] is FactKind.MAIL_CONFIRMED


def test_a_new_key_gives_up_the_mail_with_the_old_one() -> None:
    again = reissued(confirmed())
    assert kinds(again) == [FactKind.MAIL_CONFIRMED, FactKind.MAIL_FAILED, FactKind.KEY_REISSUED]
    assert again.facts[1].failure == MailFailure.KEY_REISSUED


def test_an_old_key_that_went_out_after_all_does_not_hand_in_the_new_one() -> None:
    late = mail_sent(reissued(confirmed()), mail(), LAST)
    assert late.facts[-1].kind is FactKind.HANDED_IN and late.facts[-1].generation == 1
    assert late.steps.handed_in is None


def test_it_is_refused_where_a_handing_in_is() -> None:
    paper = paid(accepted(submitted(draft(prepayment(form=Form.PAPER)))))
    paper = lifecycle.record_paper_issue(paper, PaperIssue(TODAY, "第1号", NOW, "usr_2"), now=NOW)
    assert refusal(lambda: confirm_mail(paper, mail(), LATER))[0] is Reason.NO_KEY_FOR_PAPER
    assert refusal(lambda: confirm_mail(paid(), mail(), LATER))[0] is Reason.NOT_ISSUED
    missing = replace(mail(), version=2)
    assert refusal(lambda: confirm_mail(in_force(), missing, LATER)) == (Reason.NOT_ISSUED, "version")


def test_there_is_an_end_of_confirming() -> None:
    contract = in_force()
    for number in range(MAX_HAND_INS):
        contract = confirm_mail(contract, mail(number), LATER)
    assert refusal(lambda: confirm_mail(contract, mail(0), LATER)) == (Reason.TOO_MANY_ITEMS, "facts")
