"""From bytes to a message that keeps its proto's rules, or to the reasons why not."""

from collections.abc import Iterable
from typing import Any

import protovalidate
from google.protobuf.message import DecodeError, Message

from tashika_server.domain.reasons import Param, Reason, RefusedError, Violation, refuse

# What a person can work through; the answer shows 20 of them. Without an end, a request of 1 MiB could ask
# for some hundred thousand sentences.
_MAX_VIOLATIONS = 200

_LENGTH_RULES = frozenset(
    f"{kind}.{rule}" for kind in ("string", "bytes") for rule in ("max_len", "max_bytes")
)
# Rules that an empty text breaks because it is empty.
_FILLED_RULES = ("min_len", "min_bytes", "len", "pattern", "uuid")
_LOWER_BOUNDS = ("gt", "gte")
_UPPER_BOUNDS = ("lt", "lte")

_FIELD_REASONS = {"request_id": Reason.REQUEST_ID_FORMAT, "page_token": Reason.PAGE_TOKEN_INVALID}


def parse(request_type: type[Message], data: bytes) -> Message:
    """Read a message. Raises ``RefusedError`` with MALFORMED_REQUEST, also for text that is not UTF-8."""
    try:
        return request_type.FromString(data)
    except DecodeError:
        # From None: the decoder's text may quote what was sent.
        raise refuse(Reason.MALFORMED_REQUEST) from None


def validate(message: Message) -> None:
    """Check the rules that the proto states. Raises ``RefusedError`` with a violation for each broken one."""
    broken = protovalidate.collect_violations(message)
    if broken:
        raise RefusedError(*_distinct(_violation(one) for one in broken[:_MAX_VIOLATIONS]))


def _distinct(violations: Iterable[Violation]) -> list[Violation]:
    """One reason at one field is said once: an empty text that is also too short needs one sentence."""
    found: dict[tuple[Reason, str], Violation] = {}
    for violation in violations:
        found.setdefault((violation.reason, violation.field), violation)
    missing = {v.field for v in found.values() if v.reason is Reason.FIELD_REQUIRED}
    return [v for v in found.values() if v.reason is Reason.FIELD_REQUIRED or v.field not in missing]


def _violation(broken: protovalidate.Violation) -> Violation:
    path = _path(broken.proto.field)
    reason, params = _reason(str(broken.proto.rule_id), path, broken.field_value, broken.rule_value)
    return Violation(reason, path, params)


def _path(field: Any) -> str:
    """Write a field's path as ``application.joint_venture.members[2].company``."""
    text = ""
    for element in field.elements if field is not None else ():
        text += f".{element.field_name}" if text else str(element.field_name)
        subscript = element.subscript
        if subscript is not None and subscript.field == "index":
            text += f"[{subscript.value}]"
    return text


def _reason(rule_id: str, path: str, value: Any, bound: Any) -> tuple[Reason, dict[str, Param]]:
    if rule_id in Reason.__members__:
        return Reason[rule_id], {}
    own = _FIELD_REASONS.get(path.rpartition(".")[2])
    if own is not None:
        return own, {}
    kind, _, rule = rule_id.partition(".")
    if rule_id == "required" or (value in ("", b"") and rule in _FILLED_RULES):
        return Reason.FIELD_REQUIRED, {}
    if rule_id in _LENGTH_RULES:
        return Reason.FIELD_TOO_LONG, {"maximum": int(bound)}
    if kind in ("repeated", "map"):
        return _count_reason(rule, bound)
    if rule in ("in", "not_in", "const") and kind != "enum":
        return Reason.CHOICE_UNKNOWN, {}
    if kind == "enum":
        return (Reason.FIELD_REQUIRED if value == 0 else Reason.CHOICE_UNKNOWN), {}
    if kind in ("int32", "int64", "uint32", "uint64"):
        return _number_reason(rule, path, value, bound)
    return Reason.FIELD_FORMAT, {}


def _count_reason(rule: str, bound: Any) -> tuple[Reason, dict[str, Param]]:
    if rule in ("max_items", "max_pairs"):
        return Reason.TOO_MANY_ITEMS, {"maximum": int(bound)}
    if rule in ("min_items", "min_pairs"):
        return Reason.FIELD_REQUIRED, {}
    return Reason.FIELD_FORMAT, {}


def _number_reason(rule: str, path: str, value: int, bound: Any) -> tuple[Reason, dict[str, Param]]:
    """Tell too small from too large. A rule with both ends gives its lower one as the bound."""
    suffix = "_yen" if path.endswith("_yen") else ""
    lower, _, upper = rule.partition("_")
    if lower in _LOWER_BOUNDS and (not upper or value <= int(bound)):
        return Reason.AMOUNT_NOT_POSITIVE, {}
    if rule in _UPPER_BOUNDS:
        largest = int(bound) - (rule == "lt")
        return Reason.AMOUNT_TOO_LARGE, {f"maximum{suffix}": largest}
    if upper in _UPPER_BOUNDS:
        return Reason.AMOUNT_TOO_LARGE, {}
    return Reason.FIELD_FORMAT, {}
