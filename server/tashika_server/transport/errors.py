"""From a reason to what goes over the wire: a status, and details for programs and for people (AIP-193).

A peer gets at most 8 KB of headers; above that nothing arrives at all, not even the code. So the details are
kept below 6 KiB: first the English descriptions go, then the violations at the end, which are counted
instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2

from tashika_server.domain.reasons import Reason, RefusedError, Violation
from tashika_server.transport.sentences import Entry, entry, label, render, render_ascii, sentence

DOMAIN = "tashika"
DETAILS_KEY = "grpc-status-details-bin"

MAX_MESSAGE_BYTES = 200
# In base64, as headers carry it, 5,800 bytes become 7,736; the message and the rest fit beside it below 8 KB.
MAX_DETAILS_BYTES = 5800
MAX_VIOLATIONS = 20

# ErrorInfo's metadata are for programs, to which half a value is worse than none: what goes beyond is left out.
_MAX_METADATA_BYTES = 1024
_MAX_FIELD_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class WireError:
    """A refusal as it is sent: code, ASCII English for clients' logs, a serialised ``google.rpc.Status``."""

    code: grpc.StatusCode
    message: str
    details: bytes

    def trailing_metadata(self) -> tuple[tuple[str, bytes], ...]:
        """Give the details as gRPC's richer error model carries them."""
        return ((DETAILS_KEY, self.details),)


def wire_error(refusal: RefusedError, language: str) -> WireError:
    """Word a refusal for a peer in ``ja`` or ``en``. The first violation gives the code."""
    first = refusal.violations[0]
    found = entry(first.reason)
    # What must look the same carries nothing beside the reason.
    violations = (Violation(first.reason),) if found.uniform else refusal.violations
    first = violations[0]
    message = render_ascii(first, MAX_MESSAGE_BYTES)
    shown = min(len(violations), MAX_VIOLATIONS)
    for describe in (True, False):
        details = _details(violations, shown, language, message, describe=describe)
        if len(details) <= MAX_DETAILS_BYTES:
            return WireError(found.code, message, details)
    while len(details) > MAX_DETAILS_BYTES and shown > 0:
        shown -= 1
        details = _details(violations, shown, language, message, describe=False)
    return WireError(found.code, message, details)


def fault_error(reference: str, language: str) -> WireError:
    """Word a fault of the server: a reference id, by which the operator finds the cause, and nothing else."""
    violation = Violation(Reason.INTERNAL, params={"reference": reference})
    return wire_error(RefusedError(violation), language)


def _details(
    violations: Sequence[Violation], shown: int, language: str, message: str, *, describe: bool
) -> bytes:
    first = violations[0]
    found = entry(first.reason)
    status = status_pb2.Status(code=found.code.value[0], message=message)
    parts = [
        _error_info(first),
        _bad_request(violations, shown, language, describe=describe),
        _precondition(violations, shown),
        _quota(first, found),
        _retry(first, found),
        _localized(first, language),
        _help(first, found, language),
    ]
    for part in parts:
        if part is not None:
            packed = any_pb2.Any()
            packed.Pack(part)
            status.details.append(packed)
    data: bytes = status.SerializeToString(deterministic=True)
    return data


def _error_info(violation: Violation) -> error_details_pb2.ErrorInfo:
    metadata = {"field": violation.field[:_MAX_FIELD_CHARACTERS]} if violation.field else {}
    room = _MAX_METADATA_BYTES
    for name, value in violation.params.items():
        text = str(value).encode("utf-8", "replace").decode("utf-8")
        room -= len(name) + len(text.encode("utf-8"))
        if room >= 0:
            metadata[name] = text
    return error_details_pb2.ErrorInfo(reason=violation.reason.value, domain=DOMAIN, metadata=metadata)


def _bad_request(
    violations: Sequence[Violation], shown: int, language: str, *, describe: bool
) -> error_details_pb2.BadRequest | None:
    if len(violations) == 1 and not violations[0].field:
        return None
    locale = _locale(language)
    fields = [
        error_details_pb2.BadRequest.FieldViolation(
            field=violation.field[:_MAX_FIELD_CHARACTERS],
            reason=violation.reason.value,
            description=render_ascii(violation, MAX_MESSAGE_BYTES) if describe else "",
            localized_message=error_details_pb2.LocalizedMessage(
                locale=locale, message=render(violation, language)
            ),
        )
        for violation in violations[:shown]
    ]
    if more := len(violations) - shown:
        text = f"ほかに{more}件あります。" if language == "ja" else f"{more} more."
        fields.append(
            error_details_pb2.BadRequest.FieldViolation(
                description=f"{more} more",
                localized_message=error_details_pb2.LocalizedMessage(locale=locale, message=text),
            )
        )
    return error_details_pb2.BadRequest(field_violations=fields)


def _precondition(
    violations: Sequence[Violation], shown: int
) -> error_details_pb2.PreconditionFailure | None:
    found = [
        error_details_pb2.PreconditionFailure.Violation(
            type=violation.reason.value, subject=violation.field[:_MAX_FIELD_CHARACTERS]
        )
        for violation in violations[:shown]
        if entry(violation.reason).code is grpc.StatusCode.FAILED_PRECONDITION
    ]
    return error_details_pb2.PreconditionFailure(violations=found) if found else None


def _quota(violation: Violation, found: Entry) -> error_details_pb2.QuotaFailure | None:
    if not found.quota:
        return None
    one = error_details_pb2.QuotaFailure.Violation(subject=found.quota, description=violation.reason.value)
    return error_details_pb2.QuotaFailure(violations=[one])


def _retry(violation: Violation, found: Entry) -> error_details_pb2.RetryInfo | None:
    seconds = violation.params.get("retry_after_seconds", found.retry_seconds)
    if not isinstance(seconds, int) or seconds <= 0:
        return None
    return error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=seconds))


def _localized(violation: Violation, language: str) -> error_details_pb2.LocalizedMessage:
    return error_details_pb2.LocalizedMessage(locale=_locale(language), message=render(violation, language))


def _help(violation: Violation, found: Entry, language: str) -> error_details_pb2.Help:
    """Say what to do next and who can do it. The link is a name and no address: nobody need be online."""
    said = sentence(violation, language)
    link = error_details_pb2.Help.Link(
        description=f"{said.next_step}{_who(said.who, language)}",
        url=f"tashika:help/{violation.reason.value}",
    )
    return error_details_pb2.Help(links=[link])


def _who(who: str, language: str) -> str:
    if not who:
        return ""
    return f"（対応できる方：{who}）" if language == "ja" else f" (Who can do it: {who}.)"


def _locale(language: str) -> str:
    return "ja-JP" if language == "ja" else "en"


__all__ = ["DETAILS_KEY", "DOMAIN", "WireError", "fault_error", "label", "wire_error"]
