"""What changed among the contracts that an organisation sees, in the order in which it was committed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tashika_server.domain.model import Contract


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One change as an organisation sees it: the revision and time of its commit, what was done, and to which.

    ``action`` is the stable token of the history (``contract.submit``). ``contract`` is the contract as the change
    left it; ``None`` where the organisation does not see it any more: a draft that was deleted, or one whose
    contents were erased at the end of their retention.
    """

    organization_id: str
    revision: int
    time: datetime
    action: str
    contract_id: str
    contract: Contract | None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Changes for several organisations: all there are up to a revision; ``more``: there are later ones already."""

    entries: Sequence[FeedEntry]
    upto: int
    more: bool


class Feed(Protocol):
    """The changes of contracts by the organisations that see them: the contractor, and once submitted the guarantor.

    A revision is never cut in two: the last one of a page is there as a whole, also beyond ``limit``.
    """

    def of_organization(self, organization_id: str, after: int, limit: int) -> Sequence[FeedEntry]:
        """Give an organisation's changes after a revision, the oldest first; fewer than ``limit``: there are no
        more."""
        ...

    def after(self, revision: int, limit: int, organization_ids: Collection[str]) -> FeedPage:
        """Give the next changes for any of the organisations. ``limit`` counts the changes of everybody.

        Who is among the organisations is asked after the changes have been read, on the store's thread.
        """
        ...

    def behind(self, organization_id: str, after: int, limit: int) -> int:
        """Count an organisation's changes after a revision, at most to ``limit``."""
        ...
