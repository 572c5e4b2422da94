"""Judgements: every reason and warning with its sentence."""

from collections.abc import Mapping

from tashika.v1 import errors_pb2 as pb
from tashika.v1.contract_service_pb2 import QuoteContractResponse
from tashika_server.domain.assessment import Assessment
from tashika_server.domain.reasons import Caution, Param, Violation
from tashika_server.transport.convert.enums import to_proto_enum
from tashika_server.transport.sentences import caution_sentence, violation_sentence


def assessment_to_proto(assessment: Assessment, language: str) -> QuoteContractResponse:
    """Give the answer of QuoteContract in ``ja`` or ``en``."""
    return QuoteContractResponse(
        violations=[violation_to_proto(each, language) for each in assessment.violations],
        cautions=[caution_to_proto(each, language) for each in assessment.warnings],
        minimum_yen=assessment.minimum_yen,
        maximum_yen=assessment.maximum_yen,
        round_down_to_yen=assessment.round_down_to_yen,
        policy_version=assessment.policy_version,
    )


def violation_to_proto(violation: Violation, language: str) -> pb.Violation:
    """Give a violation's message."""
    return pb.Violation(
        reason=to_proto_enum(pb.ErrorReason, violation.reason),
        field=violation.field,
        params=_params(violation.params),
        message=violation_sentence(violation, language),
    )


def caution_to_proto(caution: Caution, language: str) -> pb.Caution:
    """Give a caution's message."""
    return pb.Caution(
        reason=to_proto_enum(pb.WarningReason, caution.reason),
        field=caution.field,
        params=_params(caution.params),
        message=caution_sentence(caution, language),
    )


def _params(params: Mapping[str, Param]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}
