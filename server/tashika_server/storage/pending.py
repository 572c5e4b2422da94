"""What a command has written that only the end of its group can complete: revisions, history, audit, leaves."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tashika_server.application.ports import Change

CounterKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A change without its revision yet.

    ``recorded``: it belongs to a record's history; ``snapshot`` is then the payload, ``None`` for a deletion.
    ``detail`` is JSON for the audit trail. ``seen_by`` are the organisations that see the thing after it or saw it
    before, each with whether it is gone for them; empty for what nobody watches.
    """

    change: Change
    kind: str
    subject_id: str
    snapshot: str | None
    recorded: bool
    detail: str = ""
    seen_by: tuple[tuple[str, bool], ...] = ()


@dataclass(slots=True)
class Pending:
    """One command's writes. ``provisional`` stands in for its revision: negative, and nobody's etag."""

    provisional: int
    changes: list[PendingChange] = field(default_factory=list)
    touched: dict[tuple[str, str], None] = field(default_factory=dict)
    leaves: list[tuple[str, bytes]] = field(default_factory=list)
    counts: dict[CounterKey, int] = field(default_factory=dict)

    def count(self, keys: Iterable[CounterKey], step: int) -> None:
        """Add to counters."""
        for key in keys:
            self.counts[key] = self.counts.get(key, 0) + step
