"""Why a thing is refused: one reason per cause, each the bare token of an ``ErrorReason`` on the wire."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto, unique


class Token(StrEnum):
    """An enumeration whose values are its names, as they stand on the wire and in files."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name


@unique
class Reason(Token):
    """Every cause for which Tashika refuses."""

    # The call itself
    INTERNAL = auto()
    MALFORMED_REQUEST = auto()
    REQUEST_TOO_LARGE = auto()
    SERVER_BUSY = auto()
    SHUTTING_DOWN = auto()
    STORE_UNAVAILABLE = auto()
    OUTCOME_UNKNOWN = auto()
    RENDERING_UNAVAILABLE = auto()
    DEADLINE_EXCEEDED = auto()
    UNKNOWN_METHOD = auto()

    # Who is calling
    UNAUTHENTICATED = auto()
    SESSION_EXPIRED = auto()
    WRONG_CREDENTIALS = auto()
    TOO_MANY_ATTEMPTS = auto()
    PASSWORD_UNSUITABLE = auto()
    PASSWORD_CHANGE_REQUIRED = auto()
    PERMISSION_DENIED = auto()

    # One field
    FIELD_REQUIRED = auto()
    FIELD_TOO_LONG = auto()
    FIELD_CHARACTER = auto()
    FIELD_FORMAT = auto()
    FIELD_NOT_ALLOWED = auto()
    CHOICE_UNKNOWN = auto()
    AMOUNT_NOT_POSITIVE = auto()
    AMOUNT_TOO_LARGE = auto()
    DATE_IMPOSSIBLE = auto()
    DATE_OUT_OF_RANGE = auto()
    DATE_IN_FUTURE = auto()
    PERIOD_REVERSED = auto()
    TOO_MANY_ITEMS = auto()
    RATIO_SUM = auto()
    GLYPH_MISSING = auto()
    REQUEST_ID_FORMAT = auto()
    PAGE_TOKEN_INVALID = auto()

    # Identity and order of changes
    NOT_FOUND = auto()
    ALREADY_EXISTS = auto()
    ETAG_MISMATCH = auto()
    REQUEST_ID_REUSED = auto()
    WRONG_STATE = auto()

    # The orderer's policy
    ELECTRONIC_NOT_ACCEPTED = auto()
    ELECTRONIC_PRODUCT_NOT_ACCEPTED = auto()
    ELECTRONIC_WORKS_KIND_NOT_ACCEPTED = auto()
    ELECTRONIC_GUARANTOR_KIND_NOT_ACCEPTED = auto()
    ELECTRONIC_NOT_YET_ACCEPTED = auto()
    ELECTRONIC_BASIS_DATE_UNKNOWN = auto()
    PREPAYMENT_NOT_OFFERED = auto()
    PREPAYMENT_PRICE_BELOW_THRESHOLD = auto()
    PREPAYMENT_PERIOD_TOO_SHORT = auto()
    PREPAYMENT_ABOVE_MAXIMUM = auto()
    PREPAYMENT_NOT_ROUNDED = auto()
    PERFORMANCE_BELOW_MINIMUM = auto()
    PERFORMANCE_ABOVE_PRICE = auto()
    PERFORMANCE_WITHOUT_PREPAYMENT = auto()
    PRODUCT_NOT_OFFERED = auto()
    POLICY_INVALID = auto()
    POLICY_NOT_VALID_YET = auto()

    # The guarantee contract
    GUARANTEE_EXISTS = auto()
    GUARANTEE_PERIOD_TOO_SHORT = auto()
    FISCAL_YEAR_NOT_BEGUN = auto()
    FISCAL_YEAR_OUTSIDE_WORKS = auto()
    PERIOD_BEYOND_FISCAL_YEAR = auto()
    FORM_MIXED = auto()
    TERMS_CHANGED_TOO_FAR = auto()
    APPROVAL_BY_SAME_PERSON = auto()
    FEE_NOT_RECEIVED = auto()
    PAYMENT_LAPSED = auto()
    SIGNER_MISSING = auto()
    ISSUE_OVERTAKEN = auto()

    # Number, key and certificate
    NUMBER_TYPING_ERROR = auto()
    KEY_TYPING_ERROR = auto()
    WRONG_NUMBER_OR_KEY = auto()
    VIEWING_TOKEN_INVALID = auto()
    NOT_ISSUED = auto()
    NO_KEY_FOR_PAPER = auto()
    REISSUE_BY_GUARANTOR = auto()
    REISSUE_BY_CONTRACTOR = auto()
    NOT_HANDED_IN = auto()
    KEY_NOT_REISSUED = auto()
    HAND_IN_NOT_BY_MAIL = auto()
    MAIL_NOT_AVAILABLE = auto()
    MAIL_CHANGED = auto()

    # Attachments
    ATTACHMENT_NOT_PDF = auto()
    ATTACHMENT_TOO_LARGE = auto()
    ATTACHMENT_INCOMPLETE = auto()

    # Fees and the advance
    TARIFF_BANDS_OVERLAP = auto()
    TARIFF_BANDS_GAP = auto()
    TARIFF_NOT_IN_ORDER = auto()
    TARIFF_RETROACTIVE = auto()
    FEE_DIFFERS_FROM_TARIFF = auto()
    FEE_NOT_TOLD = auto()
    RECEIPT_WITHOUT_PAYMENT = auto()
    RECEIPT_ALREADY_SENT = auto()
    NOT_MONTHLY_PAYER = auto()
    ADVANCE_NOT_FOR_PRODUCT = auto()
    ADVANCE_ALREADY_REQUESTED = auto()
    ADVANCE_NOT_REQUESTED = auto()

    # Watching
    WATCH_TOO_FAR_BEHIND = auto()
    WATCH_REVISION_UNKNOWN = auto()
    WATCH_READER_TOO_SLOW = auto()

    # Signing in over SSH
    SSH_KEY_UNSUITABLE = auto()
    OPERATOR_OVER_SSH = auto()


@unique
class WarningReason(Token):
    """What does not refuse, but what a clerk should see before the application goes out."""

    THRESHOLD_NOT_CHECKABLE = auto()
    PERFORMANCE_NOT_REQUIRED = auto()
    EXPECTED_DATE_USED = auto()
    CONTRACT_ALREADY_SIGNED = auto()
    PERIOD_NOT_KNOWN = auto()
    NO_POLICY_FOUND = auto()


Param = str | int
"""A value that a sentence quotes; yen and days are plain integers."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One cause at one place.

    ``field`` is the path of the field in the API's names (``application.works.price_yen``), empty where the
    cause is not one field's. ``params`` are quoted by the sentence (``maximum_yen``, ``state``).
    """

    reason: Reason
    field: str = ""
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing worth a look that does not refuse."""

    reason: WarningReason
    field: str = ""
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict)


class RefusedError(Exception):
    """What was asked is not allowed, and nothing was changed. The first violation gives the reason."""

    def __init__(self, *violations: Violation) -> None:
        if not violations:
            raise ValueError("a refusal needs a reason")
        super().__init__(", ".join(f"{v.reason} {v.field}".strip() for v in violations))
        self.violations = violations

    @property
    def reason(self) -> Reason:
        """The reason of the first violation."""
        return self.violations[0].reason


def refuse(reason: Reason, field: str = "", **params: Param) -> RefusedError:
    """Make a refusal with one violation, to be raised by the caller."""
    return RefusedError(Violation(reason, field, params))
