from datetime import date

from tashika_server.domain.contents_check import Difference, differences
from tashika_server.domain.model import JointVenture, VentureMember
from tests.unit.domain.making import performance, prepayment


def test_equal_contents_have_no_difference() -> None:
    assert differences(prepayment(), prepayment()) == ()


def test_each_difference_is_shown_with_both_sides() -> None:
    terms = prepayment(
        amount_yen=39_000_000, works_name="別の工事", works_low_bid=True, period_end=date(2027, 3, 1)
    )
    assert differences(prepayment(), terms) == (
        Difference("works.name", "柏駅東口周辺道路改良工事", "別の工事"),
        Difference("works.low_bid", "false", "true"),
        Difference("amount_yen", "40000000", "39000000"),
        Difference("period_end", "2027-02-26", "2027-03-01"),
    )


def test_what_one_side_lacks_is_empty() -> None:
    venture = JointVenture("共同", (VentureMember("甲"),))
    assert differences(prepayment(joint_venture=venture), prepayment()) == (
        Difference("joint_venture.name", "共同", ""),
        Difference("joint_venture.members[0].company", "甲", ""),
    )
    assert differences(prepayment(), prepayment(joint_venture=venture))[0] == Difference(
        "joint_venture.name", "", "共同"
    )


def test_a_moved_start_shows_both_fields() -> None:
    fields = [
        difference.field for difference in differences(performance(), performance(period_on_signing=False))
    ]
    assert fields == ["period_on_signing"]
