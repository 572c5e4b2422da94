"""Verification of an issuance bundle: that the register recorded this certificate, and what it says of it
now."""

import datetime
from dataclasses import dataclass

from tashika_formats.checkpoint import Checkpoint, LogKey, NoteError
from tashika_formats.errors import FormatError
from tashika_formats.issuance import IssuanceBundle, build_leaf
from tashika_formats.merkle import ProofError, leaf_hash, verify_inclusion
from tashika_formats.status import ENDED_STATES, Status
from tashika_formats.verify_errors import NotAuthenticError
from tashika_formats.verify_note import verify_checkpoint, verify_status
from tashika_formats.verify_pdf_file import CLOCK_TOLERANCE

CURRENT = "CURRENT"
SUPERSEDED = "SUPERSEDED"
ENDED = "ENDED"
STALE = "STALE"

# Japan has one time zone and no summer time.
JAPAN = datetime.timezone(datetime.timedelta(hours=9), "JST")

STANDINGS: dict[str, tuple[str, str]] = {
    CURRENT: ("真正です。現在有効な版です。", "Authentic, and the current version."),
    SUPERSEDED: (
        "真正ですが、変更後の新しい版が発行されています。新しい版を受け取ってください。",
        "Authentic, but a newer version was issued. Get the newer version.",
    ),
    ENDED: (
        "真正ですが、この保証は終了しています。保証会社に確かめてください。",
        "Authentic, but this guarantee has ended. Ask the guarantor.",
    ),
    STALE: (
        "真正ですが、現況の確認が古くなっています。登録簿から最新の現況を受け取ってください。",
        "Authentic, but the word on its state is out of date. Fetch the current state from the register.",
    ),
}


@dataclass(frozen=True, slots=True)
class Issuance:
    """A bundle whose proofs hold: the log's checkpoint and the register's status, both with right
    signatures."""

    checkpoint: Checkpoint
    status: Status


def verify_bundle(bundle: IssuanceBundle, log_key: LogKey, now: datetime.datetime) -> Issuance:
    """The verified contents of a bundle.

    Raises NotAuthenticError (CHECKPOINT, PROOF, STATUS, CLOCK). What the record says of a PDF and a
    statement is for the caller to compare.
    """
    try:
        checkpoint = verify_checkpoint(log_key, bundle.checkpoint)
    except NoteError as error:
        raise NotAuthenticError("CHECKPOINT", error.code) from None
    try:
        leaf = leaf_hash(build_leaf(bundle.record, bundle.salt))
        verify_inclusion(leaf, bundle.leaf_index, checkpoint.size, bundle.inclusion_proof, checkpoint.root)
    except (ProofError, ValueError) as error:
        code = error.code if isinstance(error, FormatError) else "RECORD"
        raise NotAuthenticError("PROOF", code) from None
    return Issuance(checkpoint, _verified_status(bundle, log_key, now))


def standing(status: Status, version: int, last_day: datetime.date, now: datetime.datetime) -> str:
    """How a version stands: SUPERSEDED, ENDED, STALE or CURRENT, in this order.

    A newer version and an end stay true however old the status is. A guarantee also ends by itself, at
    00:00 in Japan after `last_day`.
    """
    if version < status.current_version:
        return SUPERSEDED
    if status.state in ENDED_STATES or now.astimezone(JAPAN).date() > last_day:
        return ENDED
    return STALE if now > status.next_update else CURRENT


def _verified_status(bundle: IssuanceBundle, log_key: LogKey, now: datetime.datetime) -> Status:
    try:
        status = verify_status(log_key, bundle.status)
    except FormatError as error:
        raise NotAuthenticError("STATUS", error.code) from None
    record = bundle.record
    if status.contract_number != record.contract_number:
        raise NotAuthenticError("STATUS", "it is of another number")
    if status.current_version < record.version or status.tree_size <= bundle.leaf_index:
        raise NotAuthenticError("STATUS", "it is older than the certificate")
    if status.this_update > now + CLOCK_TOLERANCE:
        raise NotAuthenticError("CLOCK", "the status is from the future")
    return status
