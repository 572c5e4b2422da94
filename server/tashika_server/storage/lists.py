"""Lists: a closed table of what can be filtered and sorted, keyset paging both ways, and totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from peewee import SQL, Expression, Field, Tuple, fn

from tashika_formats.search import words
from tashika_server.application.ports import LAPSED_SHOWN_DAYS, FeeStanding, ListKind, ListQuery, Page
from tashika_server.domain.model import ContractState
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.storage import kinds
from tashika_server.storage.cache import EntityCache
from tashika_server.storage.codec import micros
from tashika_server.storage.kinds import EVERYTHING, Kind
from tashika_server.storage.pending import CounterKey
from tashika_server.storage.records import storable
from tashika_server.storage.schema_fees import CREDIT, OWED
from tashika_server.storage.search_ways import Search, directed, led_by_gram, led_by_ids, looked_through
from tashika_server.storage.searching import SEARCHED
from tashika_server.storage.session import Dialect, Session
from tashika_server.storage.statements import spell

# A screen shows tens of rows; a page of 1,000 contracts is about 2 MB on the wire.
MAX_PAGE_SIZE: Final = 1_000
# Counting more would cost time for a number that nobody reads: "1,000+" says it.
COUNT_LIMIT: Final = 1_001
# A name is at most 200 characters long; nobody types more of it than this.
MAX_SEARCH_CHARACTERS: Final = 100

Position = tuple[str, str]


@dataclass(frozen=True)
class ListSpec:
    """One list. ``sorts`` and ``filters`` map the API's names to columns; the first sort is the default.

    ``scopes`` are the columns that say whose things they are. ``counted_filter``: the one filter that the
    counters are kept apart by. ``among``: for a sort column the condition, in the words of its index, that the list
    is limited to.
    """

    kind: Kind[Any]
    sorts: Mapping[str, str]
    filters: Mapping[str, str]
    scopes: Mapping[str, str] = field(default_factory=dict)
    counted_filter: str = ""
    among: Mapping[str, str] = field(default_factory=dict)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


LISTS: Final[Mapping[ListKind, ListSpec]] = {
    ListKind.CONTRACTS: ListSpec(
        kinds.CONTRACT,
        _same("number", "registered_time", "updated_time", "works_name", "amount_yen", "period_end"),
        _same(
            "state", "product", "form", "orderer_id", "guarantor_id", "organization_id", "works_id", "number"
        ),
        # a draft is not on the guarantor's desk yet
        {"organization_id": "organization_id", "guarantor_id": "desk_id"},
        "state",
    ),
    ListKind.WORKS: ListSpec(
        kinds.WORKS,
        _same("name", "number", "price_yen", "period_end"),
        _same("organization_id", "orderer_id", "kind"),
        _same("organization_id"),
    ),
    ListKind.ORGANIZATIONS: ListSpec(kinds.ORGANIZATION, _same("name", "kana"), _same("kind"), {}, "kind"),
    ListKind.USERS: ListSpec(
        kinds.USER, _same("login_name", "name"), _same("organization_id"), _same("organization_id")
    ),
    ListKind.ORDERERS: ListSpec(kinds.ORDERER, _same("name", "kana"), _same("prefecture")),
    ListKind.CERTIFICATES: ListSpec(
        kinds.CERTIFICATE,
        _same("issued_time", "contract_number", "leaf_index"),
        _same("contract_id", "organization_id", "guarantor_id", "orderer_id"),
        _same("organization_id", "guarantor_id"),
    ),
    ListKind.FEES: ListSpec(
        kinds.CONTRACT,
        _same("fee_due", "balance_yen"),
        {"fee_standing": "fee_due"},
        {"organization_id": "organization_id", "guarantor_id": "desk_id"},
        among={"fee_due": OWED, "balance_yen": CREDIT},
    ),
    ListKind.MONTHLY_PAYERS: ListSpec(
        kinds.MONTHLY_PAYER, _same("since"), {}, {"guarantor_id": "guarantor_id"}
    ),
}

_TIMES: Final = frozenset({"registered_time", "updated_time", "issued_time"})
# The sort columns that are whole numbers; all others are text.
WHOLE_NUMBERS: Final = _TIMES | {"amount_yen", "price_yen", "balance_yen", "leaf_index"}

# What a day that has passed makes of a recorded state, and the column with that day: (recorded, shown, day).
_BY_DAY: Final = (
    (ContractState.IN_FORCE.value, ContractState.EXPIRED.value, "period_end"),
    (ContractState.ACCEPTED.value, ContractState.LAPSED.value, "pay_by"),
)

_SUM = "SELECT sum(count) FROM counter WHERE kind = ? AND scope = ? AND scope_id = ?"
_ONE = "SELECT count FROM counter WHERE kind = ? AND scope = ? AND scope_id = ? AND bucket = ?"


@dataclass(frozen=True)
class Plan:
    """A query that was checked, as peewee conditions."""

    spec: ListSpec
    sort: str
    scope: tuple[str, str] | None
    conditions: tuple[Expression, ...]
    search: Search | None = None


class Lists:
    """Pages of lists in one store's dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def page(
        self, session: Session, cache: EntityCache, query: ListQuery, unwritten: Mapping[CounterKey, int]
    ) -> Page:
        """A page. Raises RefusedError: CHOICE_UNKNOWN for a filter or sort column that the list does not have,
        PAGE_TOKEN_INVALID for a position that is none, FIELD_TOO_LONG and FIELD_NOT_ALLOWED for a search that is too
        long or that the list does not have. ``unwritten`` are steps of counters not yet in the store.
        """
        plan = self._searching(session, plan_of(query), query, unwritten)
        size = max(1, min(query.page_size, MAX_PAGE_SIZE))
        start = self._start(plan, query)
        if plan.search is not None and plan.search.ids is not None:
            return self._page_of_found(session, cache, plan, query, start, size, plan.search.ids)
        rows = self._rows(session, plan, query.descending != query.backwards, start, size + 1)
        more = len(rows) > size
        rows = rows[:size]
        if query.backwards:
            rows.reverse()
        items = tuple(cache.load(plan.spec.kind, row[2:]) for row in rows)
        behind, ahead = (start is not None, more) if not query.backwards else (more, start is not None)
        total, exact = self._total(session, plan, query, unwritten)
        if not rows:
            return Page(items, None, None, total, exact)
        first, last = _position(rows[0]), _position(rows[-1])
        # Whether anything is on the side that the page was reached from has to be looked up.
        if query.backwards and ahead:
            ahead = self._any(session, plan, query.descending, last)
        if not query.backwards and behind:
            behind = self._any(session, plan, not query.descending, first)
        return Page(items, last if ahead else None, first if behind else None, total, exact)

    def _page_of_found(
        self,
        session: Session,
        cache: EntityCache,
        plan: Plan,
        query: ListQuery,
        start: tuple[Any, str, bool] | None,
        size: int,
        ids: Sequence[str],
    ) -> Page:
        """A page of things that are few enough to be sorted here: read once for the page, the count, and what lies
        beyond the page.
        """
        keys = self._keys(session, plan, ids)
        downwards = query.descending != query.backwards
        keys.sort(reverse=downwards)
        rest = keys
        if start is not None:
            position = start[:2]
            rest = [key for key in keys if (key < position if downwards else key > position)]
        shown, more, before = rest[:size], len(rest) > size, len(rest) < len(keys)
        if query.backwards:
            shown.reverse()
        items = self._of_ids(session, cache, plan, [entity_id for _, entity_id in shown])
        behind, ahead = (more, before) if query.backwards else (before, more)
        total = min(len(keys), COUNT_LIMIT)
        after = _position(shown[-1]) if shown and ahead else None
        before_it = _position(shown[0]) if shown and behind else None
        return Page(items, after, before_it, total, total < COUNT_LIMIT)

    def _keys(self, session: Session, plan: Plan, ids: Sequence[str]) -> list[tuple[Any, str]]:
        """The sort values and ids of those among these things that the list has."""
        if not ids:
            return []
        table: Any = plan.spec.kind.table
        joined, wanted = led_by_ids(self._dialect, plan.spec.kind, ids)
        query = table.select(getattr(table, plan.sort), table.id).from_(joined)
        sql, parameters = spell(self._dialect, query.where(*plan.conditions, *wanted))
        return [(row[0], row[1]) for row in session.all(sql, *parameters)]

    def _of_ids(
        self, session: Session, cache: EntityCache, plan: Plan, ids: Sequence[str]
    ) -> tuple[object, ...]:
        """These things, in this order."""
        if not ids:
            return ()
        joined, wanted = led_by_ids(self._dialect, plan.spec.kind, ids)
        query = self._selected(plan).from_(joined).where(*wanted)
        sql, parameters = spell(self._dialect, query)
        rows = {row[1]: row for row in session.all(sql, *parameters)}
        return tuple(
            cache.load(plan.spec.kind, rows[entity_id][2:]) for entity_id in ids if entity_id in rows
        )

    def _searching(
        self, session: Session, plan: Plan, query: ListQuery, unwritten: Mapping[CounterKey, int]
    ) -> Plan:
        if len(query.search) > MAX_SEARCH_CHARACTERS:
            raise refuse(Reason.FIELD_TOO_LONG, "search", maximum=MAX_SEARCH_CHARACTERS)
        asked = words(query.search)
        if not asked:
            return plan
        if plan.spec.kind.name not in SEARCHED:
            raise refuse(Reason.FIELD_NOT_ALLOWED, "search")
        reachable = self._counted(session, plan, None, unwritten)
        return replace(plan, search=directed(session, plan.spec.kind, asked, reachable))

    def _start(self, plan: Plan, query: ListQuery) -> tuple[Any, str, bool] | None:
        """Where the page begins: sort value, id, and whether that very position belongs to it."""
        if query.after is not None:
            value, entity_id = query.after
            return _sort_value(plan.sort, value), _sound(entity_id), False
        if query.from_value is None:
            return None
        # Below or above every id, so that all things with this value belong to the page.
        downwards = query.descending != query.backwards
        return _sort_value(plan.sort, query.from_value), "\U0010ffff" if downwards else "", True

    def _rows(
        self, session: Session, plan: Plan, descending: bool, start: tuple[Any, str, bool] | None, limit: int
    ) -> list[Any]:
        sql, parameters = spell(self._dialect, self.select(plan, descending, start, limit))
        return session.all(sql, *parameters)

    def select(self, plan: Plan, descending: bool, start: tuple[Any, str, bool] | None, limit: int) -> Any:
        """The query for rows (sort value, id, revision, payload, and a leaf's index)."""
        table: Any = plan.spec.kind.table
        column: Field = getattr(table, plan.sort)
        wanted = [*plan.conditions]
        if plan.search is not None:
            wanted += looked_through(self._dialect, plan.spec.kind, plan.search)
        if start is not None:
            key, position = Tuple(column, table.id), (start[0], start[1])
            wanted.append(key < position if descending else key > position)
        query = self._selected(plan)
        if wanted:
            query = query.where(*wanted)
        order = (column.desc(), table.id.desc()) if descending else (column.asc(), table.id.asc())
        return query.order_by(*order).limit(limit)

    def _selected(self, plan: Plan) -> Any:
        table: Any = plan.spec.kind.table
        place = (table.leaf_index,) if plan.spec.kind.placed else ()
        return table.select(getattr(table, plan.sort), table.id, table.revision, table.payload, *place)

    def _any(self, session: Session, plan: Plan, descending: bool, position: Position) -> bool:
        start = (_sort_value(plan.sort, position[0]), position[1], False)
        return bool(self._rows(session, plan, descending, start, 1))

    # --- Totals --------------------------------------------------------------------------------------------------

    def _total(
        self, session: Session, plan: Plan, query: ListQuery, unwritten: Mapping[CounterKey, int]
    ) -> tuple[int, bool]:
        filters = set(query.equals)
        if plan.search is None and not plan.spec.among:
            if not filters:
                return self._counted(session, plan, None, unwritten), True
            if filters == {plan.spec.counted_filter}:
                return self._in_bucket(session, plan, query, unwritten)
        found = self._capped(session, plan)
        return found, found < COUNT_LIMIT

    def _in_bucket(
        self, session: Session, plan: Plan, query: ListQuery, unwritten: Mapping[CounterKey, int]
    ) -> tuple[int, bool]:
        """The counters go by recorded states; what is over its day but not yet recorded is counted and moved."""
        bucket = query.equals[plan.spec.counted_filter]
        recorded = self._counted(session, plan, bucket, unwritten)
        if plan.spec.kind is not kinds.CONTRACT or not query.today_iso:
            return recorded, True
        for state, shown, day in _BY_DAY:
            if bucket in (state, shown):
                scope = _scope_conditions(plan.spec, query)
                beyond = Plan(plan.spec, plan.sort, plan.scope, (*scope, *_over(state, day, query.today_iso)))
                over = self._capped(session, beyond)
                total = recorded - over if bucket == state else recorded + over
                return total, over < COUNT_LIMIT
        return recorded, True

    def _counted(
        self, session: Session, plan: Plan, bucket: str | None, unwritten: Mapping[CounterKey, int]
    ) -> int:
        scope, scope_id = plan.scope or (EVERYTHING, "")
        key = (plan.spec.kind.name, scope, scope_id)
        if bucket is None:
            row = session.one(self._dialect.text(_SUM), *key)
        else:
            row = session.one(self._dialect.text(_ONE), *key, bucket)
        steps = sum(n for k, n in unwritten.items() if k[:3] == key and bucket in (None, k[3]))
        return steps + (int(row[0]) if row is not None and row[0] is not None else 0)

    def _capped(self, session: Session, plan: Plan) -> int:
        table: Any = plan.spec.kind.table
        query, wanted = table.select(table.id), [*plan.conditions]
        if (search := plan.search) is not None:
            if search.gram is not None:
                joined, fitting = led_by_gram(self._dialect, plan.spec.kind, search, search.gram)
                query = query.from_(joined)
            else:
                fitting = looked_through(self._dialect, plan.spec.kind, search)
            wanted += fitting
        inner = query.where(*wanted).limit(COUNT_LIMIT).alias("counted")
        sql, parameters = spell(self._dialect, table.select(fn.COUNT(inner.c.id)).from_(inner))
        row = session.one(sql, *parameters)
        return int(row[0]) if row is not None else 0


# --- Checking a query --------------------------------------------------------------------------------------------


def plan_of(query: ListQuery) -> Plan:
    """Check a query against the closed table. Raises RefusedError."""
    spec = LISTS[query.kind]
    sort = query.sort or next(iter(spec.sorts))
    if sort not in spec.sorts:
        raise refuse(Reason.CHOICE_UNKNOWN, "sort")
    unknown = [name for name in query.equals if name not in spec.filters]
    if unknown:
        raise refuse(Reason.CHOICE_UNKNOWN, unknown[0])
    conditions = [*_scope_conditions(spec, query)]
    for name, value in query.equals.items():
        if name == "fee_standing":
            conditions += _fee_standing(value, query)
        else:
            conditions += _filter(spec, name, _sound(value), query.today_iso)
    if sort in spec.among:
        # In these words and without a parameter, since a partial index serves no other query.
        conditions.append(Expression(getattr(spec.kind.table, spec.sorts[sort]), "", SQL(spec.among[sort])))
    scope = (spec.scopes[query.scope[0]], query.scope[1]) if query.scope is not None else None
    return Plan(spec, spec.sorts[sort], scope, tuple(conditions))


def _scope_conditions(spec: ListSpec, query: ListQuery) -> tuple[Expression, ...]:
    if query.scope is None:
        return ()
    name, value = query.scope
    if name not in spec.scopes:
        raise refuse(Reason.CHOICE_UNKNOWN, "scope")
    # An empty id would be the column's "absent": nobody's things are not everybody's.
    if not value:
        raise refuse(Reason.PERMISSION_DENIED)
    return (getattr(spec.kind.table, spec.scopes[name]) == _sound(value),)


def _filter(spec: ListSpec, name: str, value: str, today: str) -> list[Expression]:
    table: Any = spec.kind.table
    if spec.kind is kinds.CONTRACT and name == "state" and today:
        for state, shown, day in _BY_DAY:
            if value == state:
                return [table.state == state, ~_is_over(day, today)]
            if value == shown:
                return [(table.state == shown) | ((table.state == state) & _is_over(day, today))]
    return [getattr(table, spec.filters[name]) == value]


def _fee_standing(value: str, query: ListQuery) -> list[Expression]:
    """How a fee stands on the query's day. Raises RefusedError(CHOICE_UNKNOWN)."""
    if value not in set(FeeStanding):
        raise refuse(Reason.CHOICE_UNKNOWN, "fee_standing", allowed=", ".join(FeeStanding))
    if value == FeeStanding.CREDIT:
        return []
    table: Any = kinds.CONTRACT.table
    owed, today = table.balance_yen > 0, date.fromisoformat(query.today_iso)
    if value == FeeStanding.OWED:
        return [owed]
    if value == FeeStanding.DUE_SOON:
        until = today + timedelta(days=query.due_within_days)
        return [owed, table.fee_due >= today.isoformat(), table.fee_due <= until.isoformat()]
    lapsed_since = today - timedelta(days=LAPSED_SHOWN_DAYS)
    lapsed = (table.state == ContractState.LAPSED.value) & (table.fee_due >= lapsed_since.isoformat())
    return [table.fee_due < today.isoformat(), owed | lapsed]


def _is_over(day: str, today: str) -> Any:
    """The day is known and has passed."""
    column: Any = getattr(kinds.CONTRACT.table, day)
    return (column != "") & (column < today)


def _over(state: str, day: str, today: str) -> tuple[Any, ...]:
    table: Any = kinds.CONTRACT.table
    return (table.state == state, _is_over(day, today))


def _position(row: Any) -> Position:
    return str(row[0]), str(row[1])


def _sound(text: str) -> str:
    if not storable(text):
        raise refuse(Reason.PAGE_TOKEN_INVALID)
    return text


def _sort_value(column: str, text: str) -> int | str:
    """A sort value from its text: whole numbers; moments as microseconds since 1970 or ISO 8601 with an offset."""
    if column not in WHOLE_NUMBERS:
        return _sound(text)
    try:
        if column in _TIMES and "T" in text:
            return micros(datetime.fromisoformat(text))
        value = int(text) if len(text) <= 19 else 2**63
    except ValueError:
        raise refuse(Reason.PAGE_TOKEN_INVALID) from None
    if not -(2**63) <= value < 2**63:
        raise refuse(Reason.PAGE_TOKEN_INVALID)
    return value
