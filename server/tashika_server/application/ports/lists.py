"""Pages of lists, by keyset."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ListKind(StrEnum):
    """What can be listed."""

    CONTRACTS = "CONTRACTS"
    WORKS = "WORKS"
    ORGANIZATIONS = "ORGANIZATIONS"
    USERS = "USERS"
    ORDERERS = "ORDERERS"
    CERTIFICATES = "CERTIFICATES"
    # Contracts whose fee is open, by the last day for it; or those with a credit.
    FEES = "FEES"
    MONTHLY_PAYERS = "MONTHLY_PAYERS"


class FeeStanding(StrEnum):
    """How the fees stand that a list of fees shows, on the query's day.

    ``OVERDUE``: the last day has passed, and it is owed still, or the acceptance lapsed for it within the last
    ``LAPSED_SHOWN_DAYS``. ``DUE_SOON``: owed, and due within ``due_within_days``. ``OWED``: whenever it is due.
    ``CREDIT``: more was paid than is owed.
    """

    OVERDUE = "OVERDUE"
    DUE_SOON = "DUE_SOON"
    OWED = "OWED"
    CREDIT = "CREDIT"


LAPSED_SHOWN_DAYS = 30
"""A contractor whose acceptance lapsed is called within days; after a month it is history."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A page of a list, by keyset.

    ``equals`` are exact filters by column name of the kind's closed list; ``sort`` one of its sort columns.
    ``after`` is the position to go on from (sort value, id), exclusive; ``from_value`` starts at a value of the
    sort column; ``backwards`` reads towards the start. ``scope`` is whose things: column and id (a contractor's
    ``organization_id``, a guarantor's ``guarantor_id``), empty for the operator. ``today_iso`` is Japan's day:
    whether a contract has expired or lapsed goes by it, not by what the daily job has recorded so far. ``search``:
    words that each are part of one of the thing's names or numbers, however they are typed (see
    ``tashika_formats.search``); kinds without such a search refuse it. ``due_within_days`` goes with
    ``FeeStanding.DUE_SOON``.
    """

    kind: ListKind
    scope: tuple[str, str] | None = None
    equals: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    page_size: int = 50
    after: tuple[str, str] | None = None
    from_value: str | None = None
    backwards: bool = False
    today_iso: str = ""
    search: str = ""
    due_within_days: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page: things in order, positions of the neighbouring pages (``None``: no more), and how many there are.

    ``total`` counts at most to 1,001; ``total_exact`` tells whether it is the whole count.
    """

    items: tuple[object, ...]
    next_after: tuple[str, str] | None
    previous_before: tuple[str, str] | None
    total: int
    total_exact: bool
