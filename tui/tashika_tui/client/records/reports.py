"""What a guarantor's contracts add up to."""

from dataclasses import dataclass

# The legs of the way from the application to the handing in, the whole last.
LEGS = (
    "APPLY_TO_ACCEPT",
    "ACCEPT_TO_PAID",
    "PAID_TO_ISSUED",
    "ISSUED_TO_HANDED_IN",
    "APPLY_TO_HANDED_IN",
)


@dataclass(frozen=True, slots=True)
class LeadTimeBar:
    """How many contracts took less than `below_seconds` (None: no end), and not less than the bar before."""

    below_seconds: int | None
    count: int


@dataclass(frozen=True, slots=True)
class LeadTimeSpread:
    """How long a leg took for the contracts for which it ended within a period; seconds are None without any.

    `same_day_count` of them began and ended on one day in Japan; within `half_seconds` half of them were, within
    `nine_tenths_seconds` nine tenths.
    """

    leg: str
    count: int
    same_day_count: int
    half_seconds: int | None
    nine_tenths_seconds: int | None
    longest_seconds: int | None
    bars: tuple[LeadTimeBar, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A period's lead times, a spread for each leg in the order of `LEGS`."""

    lead_times: tuple[LeadTimeSpread, ...]
