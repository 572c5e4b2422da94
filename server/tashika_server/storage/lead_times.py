"""How long contracts took: spreads of each leg, from columns beside the contracts and never from their payloads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from tashika_server.domain.lead_time import DAY, HOUR, Leg, Spread
from tashika_server.storage import kinds
from tashika_server.storage.codec import micros
from tashika_server.storage.records import storable
from tashika_server.storage.schema_handing_in import MILESTONES, REACHED
from tashika_server.storage.session import Session

PAGE_ROWS: Final = 500

_LEGS: Final[Mapping[Leg, tuple[str, str]]] = {
    Leg.APPLY_TO_ACCEPT: ("submitted_time", "accepted_time"),
    Leg.ACCEPT_TO_PAID: ("accepted_time", "paid_time"),
    Leg.PAID_TO_ISSUED: ("paid_time", "issued_time"),
    Leg.ISSUED_TO_HANDED_IN: ("issued_time", "handed_in_time"),
    Leg.APPLY_TO_HANDED_IN: ("submitted_time", "handed_in_time"),
}

_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
# Japan's day begins nine hours before that of UTC.
_JAPAN: Final = 9 * HOUR * _SECOND
# Up to here times are told to the minute, above to the hour: some thousand different times at most.
_FINE: Final = 2 * DAY * _SECOND


def _spread_text(begin: str, end: str) -> str:
    took = f"({end} - {begin})"
    rounded = (
        f"CASE WHEN {took} < {_FINE} THEN {took} / {_MINUTE} * 60 ELSE {took} / {HOUR * _SECOND} * {HOUR} END"
    )
    day = f"({{}} + {_JAPAN}) / {DAY * _SECOND}"
    same_day = f"CASE WHEN {day.format(begin)} = {day.format(end)} THEN 1 ELSE 0 END"
    return (
        f"SELECT {rounded} AS seconds, count(*), sum({same_day}), max({took}) FROM contract "  # noqa: S608
        f"WHERE desk_id = ? AND {end} >= ? AND {end} < ? AND {end} {REACHED} "
        f"AND {begin} {REACHED} AND {begin} <= {end} GROUP BY 1 ORDER BY 1"
    )


SPREADS: Final = {leg: _spread_text(*columns) for leg, columns in _LEGS.items()}
_CONTRACTS: Final = "SELECT id, revision, payload FROM contract WHERE id > ? ORDER BY id LIMIT ?"
_FILL: Final = f"UPDATE contract SET {', '.join(f'{column} = ?' for column in MILESTONES)} WHERE id = ?"  # noqa: S608


class LeadTimeReader:
    """Spreads of lead times."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def spreads(self, guarantor_id: str, begin: datetime, end: datetime) -> Mapping[Leg, Spread]:
        """For each leg how long it took for the contracts at a guarantor for which it ended in the period."""
        if not storable(guarantor_id):
            return dict.fromkeys(Leg, Spread())
        period = (guarantor_id, micros(begin), micros(end))
        return {leg: self._spread(SPREADS[leg], period) for leg in Leg}

    def _spread(self, sql: str, period: tuple[str, int, int]) -> Spread:
        rows = self._session.all(self._session.dialect.text(sql), *period)
        return Spread(
            tuple((int(row[0]), int(row[1])) for row in rows),
            longest_seconds=max((int(row[3]) // _SECOND for row in rows), default=0),
            same_day=sum(int(row[2]) for row in rows),
        )


def fill_milestones(session: Session) -> None:
    """Note the milestones of every contract that was kept before."""
    text = session.dialect.text(_FILL)
    for contract in _contracts(session):
        row = kinds.CONTRACT.row(contract)
        values = [row[column] for column in MILESTONES]
        if any(value != kinds.ABSENT_NUMBER for value in values):
            session.do(text, *values, contract.contract_id)


def _contracts(session: Session) -> Iterator[Any]:
    last = ""
    while True:
        rows = session.all(session.dialect.text(_CONTRACTS), last, PAGE_ROWS)
        for row in rows:
            yield kinds.CONTRACT.codec.decode(row[2], revision=row[1])
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1][0]
