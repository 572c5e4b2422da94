"""Judgements on the wire."""

from tashika.v1 import errors_pb2
from tashika_server.domain.assessment import Assessment
from tashika_server.domain.reasons import Caution, Reason, Violation, WarningReason
from tashika_server.transport.convert.quote import assessment_to_proto

ASSESSMENT = Assessment(
    violations=(
        Violation(Reason.PREPAYMENT_ABOVE_MAXIMUM, "application.amount_yen", {"maximum_yen": 22_000_000}),
    ),
    warnings=(Caution(WarningReason.EXPECTED_DATE_USED),),
    maximum_yen=22_000_000,
    policy_version=2,
)


def test_a_violation_has_its_reason_its_place_and_what_it_quotes() -> None:
    violation = assessment_to_proto(ASSESSMENT, "ja").violations[0]
    assert violation.reason == errors_pb2.ERROR_REASON_PREPAYMENT_ABOVE_MAXIMUM
    assert (violation.field, dict(violation.params)) == (
        "application.amount_yen",
        {"maximum_yen": "22000000"},
    )


def test_the_sentences_are_in_the_callers_language() -> None:
    japanese, english = (assessment_to_proto(ASSESSMENT, language) for language in ("ja", "en"))
    assert not japanese.violations[0].message.isascii()
    assert english.cautions[0].message.isascii()
    assert english.cautions[0].message


def test_a_bound_that_is_not_known_is_unset() -> None:
    message = assessment_to_proto(ASSESSMENT, "ja")
    assert (message.HasField("minimum_yen"), message.maximum_yen, message.policy_version) == (
        False,
        22_000_000,
        2,
    )
