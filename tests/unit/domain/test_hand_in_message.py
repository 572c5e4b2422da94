from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tashika_server.domain import lifecycle
from tashika_server.domain.hand_in_message import HandInMessage, hand_in_message, orderer_notice
from tashika_server.domain.handing_in import HandInAdvice, advise
from tashika_server.domain.model import Contact, Contract, JointVenture
from tashika_server.domain.policy import BodyItem, Channel, HandInRule, Policy
from tests.unit.domain.making import NOW, NUMBER, accepted, draft, in_force, paid, prepayment, submitted

ADVICE = HandInAdvice("MAIL", section="契約課", to="keiyaku@city.example.jp", subject="【電子保証】第1号")
LATER = NOW + timedelta(hours=4, minutes=5)


def worded(contract: Contract | None = None, advice: HandInAdvice = ADVICE, **more: str) -> HandInMessage:
    return hand_in_message(contract or in_force(), advice, orderer_name="柏市", version=1, **more)


def text(message: HandInMessage) -> str:
    return message.before_key + "THE-KEY" + message.after_key


def reissued(contract: Contract, *, by_guarantor: bool, now: datetime = LATER) -> Contract:
    return lifecycle.reissue(
        contract,
        by_guarantor=by_guarantor,
        opened=by_guarantor,
        reason="LEAKED" if by_guarantor else "",
        note="",
        user_id="usr_2",
        now=now,
    )


def with_application(**changes: object) -> Contract:
    return in_force(paid(accepted(submitted(draft(prepayment(**changes))))))


def test_the_message_is_addressed_and_holds_number_and_key_on_lines_of_their_own() -> None:
    lines = text(worded()).splitlines()
    assert lines[0] == "柏市　契約課　御中"
    assert f"保証契約番号：{NUMBER}" in lines and "認証キー：THE-KEY" in lines
    assert text(worded(advice=replace(ADVICE, section=""))).startswith("柏市　御中\n")


def test_without_a_wish_of_the_orderer_it_says_all_that_a_clerk_needs() -> None:
    lines = text(worded()).splitlines()
    at = lines.index("認証キー：THE-KEY")
    assert lines[at + 1 : at + 5] == [
        "保証の種類：前払金保証（第1版）",
        "工事名：柏駅東口周辺道路改良工事（工事番号　第2026-0123号）",
        "受注者：株式会社髙﨑建設",
        "連絡先：山田 花子　04-0000-0000　yamada@example.jp",
    ]


def test_what_the_orderer_wants_to_read_stands_there_in_its_order_and_nothing_else() -> None:
    rule = HandInRule(channel=Channel.MAIL, body_items=(BodyItem.CONTACT, BodyItem.PRODUCT))
    advice = advise(Policy(hand_in=(rule,)), in_force())
    body = text(worded(advice=advice))
    assert body.index("連絡先：") < body.index("保証の種類：")
    assert "受注者：" not in body and "工事名：" not in body


def test_the_subject_is_the_orderers_or_else_ours_and_told_so() -> None:
    assert (worded().subject, worded().own_subject) == ("【電子保証】第1号", False)
    own = worded(advice=replace(ADVICE, subject=""))
    assert own.own_subject and NUMBER in own.subject


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"works_kind": "CONSULTING", "works_number": ""}, "業務名：柏駅東口周辺道路改良工事"),
        ({"joint_venture": JointVenture("甲・乙共同企業体")}, "受注者：甲・乙共同企業体"),
        ({"contact": Contact()}, "連絡先：山田 花子"),
    ],
)
def test_it_says_what_is_known_in_the_words_of_the_works(changes: dict[str, object], line: str) -> None:
    assert line in text(worded(with_application(**changes))).splitlines()


def test_how_to_reach_the_register_is_said_where_it_is_known() -> None:
    assert "登録簿（register.example.jp）に" in text(worded(viewer="register.example.jp"))
    assert "登録簿に" in text(worded())


def test_a_new_key_says_that_the_one_before_is_void() -> None:
    assert "再発行" not in text(worded())
    again = text(worded(reissued(in_force(), by_guarantor=False)))
    assert "この認証キーは令和8年5月11日に再発行したものです。先に提出したものは使えません。" in again


def test_the_orderer_is_told_of_a_re_issue_by_the_guarantor_without_any_key() -> None:
    notice = orderer_notice(
        reissued(in_force(), by_guarantor=True),
        ADVICE,
        orderer_name="柏市",
        guarantor_name="見本保証株式会社",
    )
    assert notice is not None
    assert (notice.section, notice.to) == ("契約課", "keiyaku@city.example.jp")
    assert NUMBER in notice.subject
    for line in (
        "柏市　契約課　御中",
        "見本保証株式会社 千葉支店",
        "次の電子保証の認証キーを、令和8年5月11日に再発行しました（理由　漏えい）。",
        f"保証契約番号：{NUMBER}",
        "受注者：株式会社髙﨑建設",
    ):
        assert line in notice.text.splitlines(), line


def test_there_is_nothing_to_tell_of_a_first_key_or_of_one_that_the_contractor_made() -> None:
    for contract in (
        in_force(),
        reissued(in_force(), by_guarantor=False),
        reissued(reissued(in_force(), by_guarantor=True), by_guarantor=False, now=LATER + timedelta(hours=1)),
    ):
        assert orderer_notice(contract, ADVICE, orderer_name="柏市", guarantor_name="見本") is None
