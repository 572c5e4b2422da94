from datetime import date

from tashika_server.domain.policy import Orderer, Policy, PolicyVersion
from tashika_server.domain.policy_choice import choose_policy, kept_policy
from tests.unit.domain.making import TODAY, works

ALWAYS = PolicyVersion(1, Policy(note="always"))
FROM_JUNE = PolicyVersion(2, Policy(valid_from=date(2026, 6, 1), note="June"))
JUNE_CORRECTED = PolicyVersion(3, Policy(valid_from=date(2026, 6, 1), note="June, corrected"))


def orderer(*versions: PolicyVersion) -> Orderer:
    return Orderer("kashiwa", "柏市", policies=versions)


def test_the_version_valid_on_the_contract_date_judges() -> None:
    both = orderer(ALWAYS, FROM_JUNE)
    assert choose_policy(both, works(contract_date=date(2026, 5, 31)), TODAY).version == ALWAYS
    assert choose_policy(both, works(contract_date=date(2026, 6, 1)), TODAY).version == FROM_JUNE


def test_the_order_of_versions_does_not_matter_but_their_days_do() -> None:
    assert (
        choose_policy(orderer(FROM_JUNE, ALWAYS), works(contract_date=date(2026, 6, 1)), TODAY).version
        == FROM_JUNE
    )


def test_a_correction_with_the_same_day_replaces() -> None:
    corrected = orderer(ALWAYS, FROM_JUNE, JUNE_CORRECTED)
    assert choose_policy(corrected, works(contract_date=date(2026, 7, 1)), TODAY).version == JUNE_CORRECTED


def test_the_expected_date_stands_in_for_an_unknown_one() -> None:
    choice = choose_policy(orderer(ALWAYS, FROM_JUNE), works(expected_contract_date=date(2026, 6, 2)), TODAY)
    assert choice.version == FROM_JUNE
    assert choice.decisive is not None
    assert choice.decisive.expected


def test_today_decides_where_no_date_is_known() -> None:
    dateless = works(expected_contract_date=None)
    assert choose_policy(orderer(ALWAYS, FROM_JUNE), dateless, date(2026, 5, 31)).version == ALWAYS
    assert choose_policy(orderer(ALWAYS, FROM_JUNE), dateless, date(2026, 6, 1)).version == FROM_JUNE


def test_no_version_is_valid_yet() -> None:
    choice = choose_policy(orderer(FROM_JUNE), works(contract_date=date(2026, 5, 31)), TODAY)
    assert choice.version is None
    assert choice.valid_from == date(2026, 6, 1)


def test_an_orderer_without_policies_has_the_defaults() -> None:
    choice = choose_policy(orderer(), works(), TODAY)
    assert (choice.version, choice.valid_from, choice.policy) == (None, None, Policy())
    assert choose_policy(None, works(), TODAY).version is None


def test_a_contract_keeps_the_version_that_judged_it() -> None:
    june = works(contract_date=date(2026, 6, 1))
    assert kept_policy(orderer(ALWAYS, FROM_JUNE), 1, june).version == ALWAYS
    assert kept_policy(orderer(ALWAYS, FROM_JUNE), None, june).version is None
