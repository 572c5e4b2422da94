from dataclasses import replace
from datetime import datetime, timedelta

from tashika_server.domain import lifecycle
from tashika_server.domain.lead_time import (
    DAY,
    HOUR,
    STEPS,
    Milestones,
    Spread,
    histogram,
    lead_time_seconds,
    milestones,
)
from tashika_server.domain.model import Contract, Remark
from tests.unit.domain.making import NOW, TODAY, accepted, draft, in_force, paid, payment, submitted

H = timedelta(hours=1)


def approved(contract: Contract, now: datetime) -> Contract:
    return lifecycle.approve(contract, "usr_3", now)


def whole() -> Contract:
    """Submitted at NOW, accepted 1 hour later and approved after 2, paid after 3, issued after 4, handed in after 5."""
    contract = accepted(submitted(), approval_required=True, now=NOW + H)
    contract = approved(contract, NOW + 2 * H)
    contract = lifecycle.record_fee(contract, payment(), now=NOW + 3 * H)
    contract = lifecycle.issue(contract, version=1, now=NOW + 4 * H, today=TODAY)
    return lifecycle.hand_in(contract, 1, "MAIL", "", NOW + 5 * H, "usr_1", NOW + 6 * H)


def test_the_way_goes_from_the_submission_to_the_handing_in() -> None:
    assert milestones(whole()) == Milestones(NOW, NOW + 2 * H, NOW + 3 * H, NOW + 4 * H, NOW + 5 * H)
    assert lead_time_seconds(whole()) == 5 * HOUR
    assert milestones(draft()) == Milestones()


def test_an_acceptance_that_waits_for_its_approval_is_none_yet() -> None:
    assert milestones(accepted(approval_required=True)) == Milestones(NOW)
    assert milestones(accepted()) == Milestones(NOW, NOW)


def test_what_was_undone_does_not_count() -> None:
    twice = lifecycle.report_error(
        paid(), (Remark("", "工事名が違います。"),), entry_id="fee_back", user_id="usr_1", now=NOW + H
    )
    assert milestones(twice) == Milestones(NOW)
    again = accepted(twice, now=NOW + 2 * H, fee_yen=200_000, entry_id="fee_2")
    assert milestones(again) == Milestones(NOW, NOW + 2 * H)


def test_a_monthly_payers_certificate_waits_for_no_payment() -> None:
    contract = in_force(accepted(monthly_payer=True))
    assert milestones(contract) == Milestones(NOW, NOW, None, NOW)


def test_the_first_issue_and_the_first_handing_in_count() -> None:
    contract = whole()
    amended = replace(contract, version=2, steps=replace(contract.steps, issued=NOW + 50 * H))
    again = lifecycle.reissue(
        amended, by_guarantor=True, opened=False, reason="LOST", note="", user_id="usr_2", now=NOW + 60 * H
    )
    handed = lifecycle.hand_in(again, 2, "FAX", "", NOW + 70 * H, "usr_1", NOW + 70 * H)
    assert milestones(handed) == milestones(contract)
    assert lead_time_seconds(handed) == 5 * HOUR


def test_a_handing_in_told_to_the_minute_is_not_before_the_issue() -> None:
    contract = in_force()
    issued = NOW + timedelta(seconds=40)
    contract = replace(contract, steps=replace(contract.steps, issued=issued, first_issued=issued))
    handed = lifecycle.hand_in(contract, 1, "MAIL", "", NOW, "usr_1", NOW + H)
    assert milestones(handed).handed_in == issued


def test_percentiles_are_by_nearest_rank() -> None:
    ten = Spread(tuple((minute * 60, 1) for minute in range(1, 11)), longest_seconds=650)
    assert (ten.count, ten.percentile(50), ten.percentile(90), ten.percentile(100)) == (10, 300, 540, 650)
    many = Spread(((60, 97), (7200, 3)), longest_seconds=7259)
    assert (many.percentile(50), many.percentile(90), many.percentile(98)) == (60, 60, 7200)
    one = Spread(((0, 1),), longest_seconds=0)
    assert (one.percentile(50), one.percentile(100)) == (0, 0)
    assert Spread().percentile(50) is None


def test_each_time_stands_in_the_bar_below_whose_end_it_is() -> None:
    times = [(0, 1), (HOUR - 60, 2), (HOUR, 4), (DAY - 60, 8), (DAY, 16), (14 * DAY, 32), (400 * DAY, 64)]
    bars = histogram(times)
    assert len(bars) == len(STEPS) + 1
    assert (bars[0], bars[1], bars[4], bars[5], bars[-1]) == (3, 4, 8, 16, 96)
    assert sum(bars) == sum(count for _, count in times)
