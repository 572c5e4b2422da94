"""The statement: what a guarantor signs, as data.

The envelope {"format": "tashika-certificate/1", "statement": {...}} in canonical JSON is what is signed
(detached), what is attached to the certificate's PDF as `statement.json`, and what the register's record
has the digest of.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, cast

from tashika_formats import schema
from tashika_formats.canonical import CanonicalError, JsonValue, canonical_bytes, parse_canonical
from tashika_formats.money import MAX_YEN
from tashika_formats.schema import SchemaError, optional, required

STATEMENT_FORMAT: Final = "tashika-certificate/1"
STATEMENT_FILE_NAME: Final = "statement.json"
# The longest statement (20 venture members, all texts at their limits) stays below 128 KiB.
MAX_STATEMENT_BYTES: Final = 131_072
MAX_VERSION: Final = 999

PRODUCTS: Final = ("PERFORMANCE", "PREPAYMENT", "MIDTERM_PREPAYMENT")

_SIGNING_LABEL = b"tashika-statement/1\x00"


class StatementError(SchemaError):
    """A statement breaks its form: `path` is the JSON path of the place, `problem` what is wrong there."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem, "STATEMENT_FORM")


def build_envelope(statement: Mapping[str, JsonValue]) -> bytes:
    """The canonical bytes of the envelope around a valid statement. Raises StatementError."""
    validate_statement(statement)
    try:
        return canonical_bytes({"format": STATEMENT_FORMAT, "statement": dict(statement)})
    except CanonicalError as error:
        raise StatementError(error.path, error.en.rstrip(".")) from None


def parse_envelope(data: bytes) -> dict[str, Any]:
    """The statement inside the envelope `data`, which must be canonical and valid. Raises StatementError."""
    try:
        envelope = parse_canonical(data, max_bytes=MAX_STATEMENT_BYTES)
    except CanonicalError as error:
        raise StatementError(error.path, error.en.rstrip(".")) from None
    _as_statement_error(_ENVELOPE, envelope, "$")
    statement = cast("dict[str, Any]", envelope)["statement"]
    validate_statement(statement)
    return cast("dict[str, Any]", statement)


def validate_statement(statement: object) -> None:
    """Raises StatementError unless `statement` has all fields of its form, each of its type, and no other."""
    _as_statement_error(_STATEMENT, statement, "$.statement")


def statement_digest(envelope: bytes) -> str:
    """SHA-256 of the envelope's bytes, in lower-case hex."""
    return hashlib.sha256(envelope).hexdigest()


def signing_input(envelope: bytes) -> bytes:
    """What the guarantor's detached signature is over: a label, a zero byte and the envelope's bytes."""
    return _SIGNING_LABEL + envelope


def _as_statement_error(rule: schema.Rule, value: object, path: str) -> None:
    try:
        rule(value, path)
    except SchemaError as error:
        raise StatementError(error.path, error.problem) from None


def _guarantee_period(value: Mapping[str, object], path: str) -> None:
    if ("from" in value) == ("from_signing" in value):
        raise SchemaError(path, "exactly one of from and from_signing is needed")
    _ordered(value, path)


def _ordered(value: Mapping[str, object], path: str) -> None:
    # Days of one form compare as text.
    if "from" in value and str(value["from"]) > str(value["to"]):
        raise SchemaError(path, "the period ends before it begins")


def _versions(value: Mapping[str, object], path: str) -> None:
    version = cast("int", value["version"])
    previous = cast("Mapping[str, int] | None", value.get("previous"))
    if (version > 1) != (previous is not None):
        raise SchemaError(f"{path}.previous", "it stands in every version but the first")
    if previous is not None and previous["version"] >= version:
        raise SchemaError(f"{path}.previous.version", "it must be lower than this version")


# Limits on lengths: a works name of a public tender reaches about 120 characters, an address about 100,
# names of persons and companies less. Twice and more of these leaves room; longer texts don't fit on a
# certificate.
_NAME = schema.text(300)
_ADDRESS = schema.text(300)
_SHORT = schema.text(100)
_CODE = schema.pattern("[A-Z][A-Z0-9_]{0,39}", "a code in capital letters")
_OPAQUE = schema.pattern("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "an id")
_YEN = schema.integer(1, MAX_YEN)
_SHA256 = schema.hex_bytes(32)


def typed_id(prefix: str) -> schema.Rule:
    """An id: a prefix, an underscore and 26 characters of Crockford's base32, of one case."""
    alphabet = "0-9a-hjkmnp-tv-z"
    return schema.pattern(
        f"{prefix}_(?:[{alphabet}]{{26}}|[{alphabet.upper()}]{{26}})", f"an id {prefix}_..."
    )


_MEMBER = schema.record(
    {
        "company": required(_NAME),
        "address": optional(_ADDRESS),
        "representative": optional(_NAME),
        "ratio_percent_hundredths": required(schema.integer(1, 10_000)),
    }
)

_PRINCIPAL = schema.record(
    {
        "company": required(_NAME),
        "address": required(_ADDRESS),
        "representative": required(_NAME),
        "corporate_number": optional(schema.pattern("[0-9]{13}", "a corporate number of 13 digits")),
        "joint_venture": optional(
            schema.record({"name": required(_NAME), "members": required(schema.array(_MEMBER, 1, 20))})
        ),
    }
)

_WORKS = schema.record(
    {
        "number": optional(_SHORT),
        "name": required(_NAME),
        "place": required(_NAME),
        "kind": required(_CODE),
        "kind_name": required(_SHORT),
        "contract_date": optional(schema.day),
        "period": required(
            schema.record({"from": optional(schema.day), "to": required(schema.day)}, _ordered)
        ),
        "price_yen": required(_YEN),
        "prepayment_yen": optional(_YEN),
        "fiscal_year": optional(schema.integer(1900, 2999)),
        "low_bid": optional(schema.true),
    }
)

_STATEMENT = schema.record(
    {
        "certificate_id": required(typed_id("crt")),
        "contract_id": required(typed_id("con")),
        "contract_number": required(schema.contract_number),
        "version": required(schema.integer(1, MAX_VERSION)),
        "product": required(schema.choice(*PRODUCTS)),
        "guaranteed_amount_yen": required(_YEN),
        "guarantee_period": required(
            schema.record(
                {
                    "from": optional(schema.day),
                    "from_signing": optional(schema.true),
                    "to": required(schema.day),
                },
                _guarantee_period,
            )
        ),
        "obligee": required(
            schema.record(
                {
                    "orderer_id": required(_OPAQUE),
                    "name": required(_NAME),
                    "addressee": required(_NAME),
                    "section": optional(_NAME),
                }
            )
        ),
        "principal": required(_PRINCIPAL),
        "works": required(_WORKS),
        "depositary": optional(
            schema.record(
                {
                    "bank": required(_SHORT),
                    "branch": required(_SHORT),
                    "account_kind": required(_SHORT),
                    "account_number": required(_SHORT),
                    "holder": required(_NAME),
                }
            )
        ),
        "guarantor": required(
            schema.record(
                {
                    "organization_id": required(_OPAQUE),
                    "name": required(_NAME),
                    "address": required(_ADDRESS),
                    "representative": required(_NAME),
                    "branch": optional(_NAME),
                    "telephone": optional(_SHORT),
                }
            )
        ),
        "issue_date": required(schema.day),
        "terms_reference": required(schema.text(500)),
        "previous": optional(
            schema.record(
                {
                    "version": required(schema.integer(1, MAX_VERSION)),
                    "statement_sha256": required(_SHA256),
                }
            )
        ),
    },
    _versions,
)

_ENVELOPE = schema.record(
    {"format": required(schema.choice(STATEMENT_FORMAT)), "statement": required(lambda _value, _path: None)}
)
