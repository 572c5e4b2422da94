"""What goes over the wire for a refusal: small enough to arrive, and the same for what must look the same."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from tashika.v1 import errors_pb2
from tashika_server.domain.reasons import Param, Reason, RefusedError, Violation
from tashika_server.transport.errors import MAX_DETAILS_BYTES, fault_error, wire_error
from tests.transport.echo import Echo, World, refused, refusing, serving

LONG_FIELD = "application.joint_venture.members[19].representative"
WIDE: dict[str, Param] = {**{f"name_{n}": "𠮷" * 300 for n in range(30)}, "character": "𠮷" * 300}


def details(violations: Sequence[Violation], language: str = "ja") -> dict[type[Any], Any]:
    status = status_pb2.Status.FromString(wire_error(RefusedError(*violations), language).details)
    kinds = (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.PreconditionFailure,
        error_details_pb2.RetryInfo,
        error_details_pb2.QuotaFailure,
        error_details_pb2.LocalizedMessage,
        error_details_pb2.Help,
    )
    found = {
        kind: kind.FromString(d.value) for d in status.details for kind in kinds if d.Is(kind.DESCRIPTOR)
    }
    assert len(found) == len(status.details)
    return found


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("reason", Reason)
async def test_every_reason_arrives_at_its_worst(tmp_path: Path, reason: Reason, language: str) -> None:
    worst = RefusedError(*[Violation(reason, LONG_FIELD, WIDE)] * 150)
    error = wire_error(worst, language)
    assert len(error.details) <= MAX_DETAILS_BYTES < 6 * 1024
    assert error.message.isascii()
    assert len(error.message) <= 200
    async with serving(World(get=refusing(worst)), tmp_path) as client:
        refusal = await refused(client.get(Echo(name="n"), (("accept-language", language),)))
    assert (refusal.code, refusal.message, refusal.raw) == (error.code, error.message, error.details)
    assert refusal.reason == reason.value


def test_twenty_violations_are_told_and_the_rest_counted() -> None:
    violations = [Violation(Reason.FIELD_REQUIRED, f"a{n}") for n in range(33)]
    found = details(violations)[error_details_pb2.BadRequest].field_violations
    assert [v.field for v in found[:-1]] == [f"a{n}" for n in range(20)]
    assert found[-1].localized_message.message == "ほかに13件あります。"


def test_what_does_not_fit_is_counted_too() -> None:
    violations = [Violation(Reason.GLYPH_MISSING, LONG_FIELD + "x" * 200, {"character": "𠮷" * 40})] * 25
    found = details(violations)[error_details_pb2.BadRequest].field_violations
    assert 5 < len(found) < 21
    assert found[-1].localized_message.message == f"ほかに{25 - (len(found) - 1)}件あります。"


def test_one_violation_without_a_field_is_no_bad_request() -> None:
    assert error_details_pb2.BadRequest not in details([Violation(Reason.SERVER_BUSY)])


def test_a_wrong_state_is_a_failed_precondition() -> None:
    violation = Violation(Reason.WRONG_STATE, params={"state": "DRAFT"})
    [one] = details([violation])[error_details_pb2.PreconditionFailure].violations
    assert one.type == "WRONG_STATE"
    assert wire_error(RefusedError(violation), "ja").code is grpc.StatusCode.FAILED_PRECONDITION


def test_a_throttled_peer_is_told_how_long_to_wait() -> None:
    found = details([Violation(Reason.TOO_MANY_ATTEMPTS, params={"retry_after_seconds": 90})])
    assert found[error_details_pb2.RetryInfo].retry_delay.seconds == 90
    assert found[error_details_pb2.QuotaFailure].violations[0].subject == "peer"
    assert "2分ほど待ち" in found[error_details_pb2.Help].links[0].description


def test_a_busy_server_asks_to_try_again() -> None:
    assert details([Violation(Reason.SERVER_BUSY)])[error_details_pb2.RetryInfo].retry_delay.seconds == 1


def test_the_quoted_values_are_there_for_programs() -> None:
    found = details([Violation(Reason.PREPAYMENT_ABOVE_MAXIMUM, "amount_yen", {"maximum_yen": 4_000_000})])
    info = found[error_details_pb2.ErrorInfo]
    assert (info.reason, info.domain) == ("PREPAYMENT_ABOVE_MAXIMUM", "tashika")
    assert dict(info.metadata) == {"maximum_yen": "4000000", "field": "amount_yen"}


def test_help_says_what_to_do_and_who_can_do_it() -> None:
    [link] = details([Violation(Reason.APPROVAL_BY_SAME_PERSON)])[error_details_pb2.Help].links
    assert link.description == "別の承認者に承認を依頼してください。（対応できる方：保証会社の承認者）"
    assert link.url == "tashika:help/APPROVAL_BY_SAME_PERSON"


@pytest.mark.parametrize(
    "reason", [Reason.WRONG_NUMBER_OR_KEY, Reason.WRONG_CREDENTIALS, Reason.VIEWING_TOKEN_INVALID]
)
def test_wrong_unknown_and_revoked_are_the_same_bytes(reason: Reason) -> None:
    plain = wire_error(RefusedError(Violation(reason)), "ja")
    telling = wire_error(
        RefusedError(Violation(reason, "key", {"position": 3}), Violation(reason, "x")), "ja"
    )
    assert plain == telling


def test_a_fault_tells_a_reference_and_nothing_else() -> None:
    error = fault_error("0123456789abcdef", "ja")
    status = status_pb2.Status.FromString(error.details)
    info = error_details_pb2.ErrorInfo.FromString(status.details[0].value)
    assert dict(info.metadata) == {"reference": "0123456789abcdef"}
    assert error.code is grpc.StatusCode.INTERNAL


def test_the_reason_of_the_proto_and_of_the_domain_are_one_list() -> None:
    names = [n.removeprefix("ERROR_REASON_") for n in errors_pb2.ErrorReason.DESCRIPTOR.values_by_name]
    assert set(names) == {reason.value for reason in Reason} | {"UNSPECIFIED"}
