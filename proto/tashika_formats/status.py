"""The status: what the register signs about a number, and for how long that holds.

A log proves that something was issued, never that nothing newer was. So the register says, with its log
key: this number's current version is n, its state is s, as of `this_update`; ask again after `next_update`.
"""

import datetime
from dataclasses import dataclass
from typing import Any, Final, cast

from tashika_formats import schema
from tashika_formats.canonical import canonical_bytes
from tashika_formats.checkpoint import MAX_SIZE, SIGNATURE_BYTES
from tashika_formats.encoding import decode_base64, encode_base64, format_moment, parse_moment
from tashika_formats.schema import SchemaError, required
from tashika_formats.statement import MAX_VERSION

STATUS_FORMAT: Final = "tashika-status/1"
# A status holds for a day: a clerk who verifies offline knows the state of yesterday at worst.
STATUS_VALIDITY: Final = datetime.timedelta(hours=24)

IN_FORCE: Final = "IN_FORCE"
# The states in which a guarantee contract gives no cover any more.
ENDED_STATES: Final = ("DISCHARGED", "EXPIRED", "CANCELLED", "SETTLED")

_SIGNING_LABEL = b"tashika-status/1\x00"


@dataclass(frozen=True, slots=True)
class Status:
    """The register's word on a number.

    `state` is IN_FORCE or one of ENDED_STATES; moments are aware datetimes, of which whole seconds are
    signed.
    """

    contract_number: str
    current_version: int
    state: str
    tree_size: int
    this_update: datetime.datetime
    next_update: datetime.datetime


@dataclass(frozen=True, slots=True)
class SignedStatus:
    """A status with the register's Ed25519 signature; `key` is the name of the log key."""

    status: Status
    signature: bytes
    key: str


def status_fields(status: Status) -> dict[str, Any]:
    """The status as the JSON object that is signed. Raises SchemaError if it breaks its form."""
    fields = {
        "format": STATUS_FORMAT,
        "contract_number": status.contract_number,
        "current_version": status.current_version,
        "state": status.state,
        "tree_size": status.tree_size,
        "this_update": format_moment(status.this_update),
        "next_update": format_moment(status.next_update),
    }
    _STATUS(fields, "$.status")
    return fields


def status_signing_input(status: Status) -> bytes:
    """What the register signs: a label, a zero byte and the status in canonical JSON.

    The zero byte keeps it apart from checkpoints, which are signed by the same key and never hold one.
    """
    return _SIGNING_LABEL + canonical_bytes(status_fields(status))


def signed_status_fields(signed: SignedStatus) -> dict[str, Any]:
    """The envelope {"status", "signature", "key"} as JSON. Raises SchemaError if it breaks its form."""
    fields = {
        "status": status_fields(signed.status),
        "signature": encode_base64(signed.signature),
        "key": signed.key,
    }
    check_signed_status(fields, "$")
    return fields


def check_signed_status(value: object, path: str) -> None:
    """Raises SchemaError unless `value` is the JSON of a signed status. A rule for
    `tashika_formats.schema`."""
    _ENVELOPE(value, path)


def read_signed_status(value: object, path: str = "$") -> SignedStatus:
    """The signed status of parsed JSON. Its signature is not verified. Raises SchemaError."""
    check_signed_status(value, path)
    envelope = cast("dict[str, Any]", value)
    fields = envelope["status"]
    status = Status(
        contract_number=fields["contract_number"],
        current_version=fields["current_version"],
        state=fields["state"],
        tree_size=fields["tree_size"],
        this_update=parse_moment(fields["this_update"]),
        next_update=parse_moment(fields["next_update"]),
    )
    return SignedStatus(status, decode_base64(envelope["signature"]), envelope["key"])


def _later(value: Any, path: str) -> None:
    # Moments of one form compare as text.
    if value["this_update"] >= value["next_update"]:
        raise SchemaError(path, "the next update is not after this one")


def _signature(value: object, path: str) -> None:
    schema.base64_text(value, path)
    if len(decode_base64(str(value))) != SIGNATURE_BYTES:
        raise SchemaError(path, "an Ed25519 signature is needed")


_STATUS = schema.record(
    {
        "format": required(schema.choice(STATUS_FORMAT)),
        "contract_number": required(schema.contract_number),
        "current_version": required(schema.integer(1, MAX_VERSION)),
        "state": required(schema.choice(IN_FORCE, *ENDED_STATES)),
        # JSON integers end at 2^53, far above any log.
        "tree_size": required(schema.integer(1, min(MAX_SIZE, 2**53 - 1))),
        "this_update": required(schema.moment),
        "next_update": required(schema.moment),
    },
    _later,
)

_ENVELOPE = schema.record(
    {
        "status": required(_STATUS),
        "signature": required(_signature),
        "key": required(schema.text(200)),
    }
)
