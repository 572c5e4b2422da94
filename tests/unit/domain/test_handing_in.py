from dataclasses import replace

import pytest

from tashika_server.domain.handing_in import HandInAdvice, advise
from tashika_server.domain.model import Application, JointVenture, Product
from tashika_server.domain.policy import (
    Before,
    BodyItem,
    Channel,
    HandInRule,
    Policy,
    Section,
    VersionScope,
)
from tests.unit.domain.making import accepted, draft, in_force, paid, performance, prepayment, submitted


def advised(policy: Policy, application: Application | None = None, version: int = 1) -> HandInAdvice:
    return advise(policy, paid(accepted(submitted(draft(application or prepayment())))), version)


def test_without_a_rule_the_section_is_to_be_asked() -> None:
    assert advised(Policy()) == HandInAdvice("UNSPECIFIED", section="道路整備課")


def test_the_first_rule_for_product_and_version_counts() -> None:
    policy = Policy(
        hand_in=(
            HandInRule((Product.PERFORMANCE,), channel=Channel.PRINT),
            HandInRule((Product.PREPAYMENT,), VersionScope.AMENDED, channel=Channel.FAX),
            HandInRule((Product.PREPAYMENT,), VersionScope.INITIAL, channel=Channel.MAIL),
            HandInRule(channel=Channel.WEB_FORM),
        )
    )
    assert advised(policy, performance()).channel == "PRINT"
    assert advised(policy, version=1).channel == "MAIL"
    assert advised(policy, version=2).channel == "FAX"
    assert advised(Policy(hand_in=policy.hand_in[:1])).channel == "UNSPECIFIED"


def test_a_contract_that_is_not_issued_yet_is_advised_for_its_first_version() -> None:
    policy = Policy(hand_in=(HandInRule(version=VersionScope.INITIAL, channel=Channel.MAIL),))
    assert advise(policy, submitted()).channel == "MAIL"
    assert advise(policy, in_force()).channel == "MAIL"


def test_a_rule_for_the_works_own_section_comes_first() -> None:
    policy = Policy(
        hand_in=(
            HandInRule(section="財政課", channel=Channel.MAIL),
            HandInRule(section="道路整備課", channel=Channel.FAX),
        )
    )
    assert advised(policy).channel == "FAX"
    assert advised(policy, prepayment(works_section="建築課")).section == "財政課"


def test_everything_that_a_rule_says_is_passed_on() -> None:
    rule = HandInRule(
        section="財政課",
        channel=Channel.MAIL_OR_FAX,
        to="zaisei@example.jp",
        body_items=(BodyItem.CONTACT, BodyItem.PRODUCT),
        before=Before.PREPAYMENT_REQUEST,
        phone_confirmation=True,
        other_documents=("請求書",),
    )
    assert advised(Policy(hand_in=(rule,))) == HandInAdvice(
        "MAIL_OR_FAX",
        "財政課",
        "zaisei@example.jp",
        "",
        ("CONTACT", "PRODUCT"),
        "PREPAYMENT_REQUEST",
        True,
        ("請求書",),
    )


def test_the_address_may_stand_with_the_section() -> None:
    sections = (Section("財政課", "zaisei@example.jp"), Section("道路整備課", "doro@example.jp"))
    named = Policy(hand_in=(HandInRule(section="財政課"),), sections=sections)
    assert advised(named).to == "zaisei@example.jp"
    in_charge = Policy(hand_in=(HandInRule(section="担当課"),), sections=sections)
    assert advised(in_charge).to == "doro@example.jp"


@pytest.mark.parametrize(
    ("subject", "application", "filled"),
    [
        (
            "【電子保証】{works_number} {works_name}",
            prepayment(),
            "【電子保証】第2026-0123号 柏駅東口周辺道路改良工事",
        ),
        ("{product_name} {contractor_name}", performance(), "契約保証 株式会社髙﨑建設"),
        ("{works_name} {works_number}", prepayment(works_number=""), "柏駅東口周辺道路改良工事"),
        ("{works_name}", prepayment(works_name="{contractor_name}工事"), "{contractor_name}工事"),
        ("{works_name}", prepayment(works_name="\\1 \\g<0> {0}"), "\\1 \\g<0> {0}"),
        ("{contractor_name}", prepayment(joint_venture=JointVenture("甲・乙共同企業体")), "甲・乙共同企業体"),
    ],
)
def test_the_subject_is_filled_once(subject: str, application: Application, filled: str) -> None:
    assert advised(Policy(hand_in=(HandInRule(subject=subject),)), application).subject == filled


def test_a_draft_is_advised_by_the_company_of_its_registrant() -> None:
    policy = Policy(hand_in=(HandInRule(subject="{contractor_name}"),))
    registered = replace(draft(), principal=None)
    assert advise(policy, registered).subject == "株式会社髙﨑建設"
