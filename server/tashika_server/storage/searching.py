"""Searching by part of a name or number: what is kept for it, and how a list asks for it.

Of each thing a folded text is kept, which decides, and the grams of that text, which find candidates. A search goes
one of three ways. Where one of its grams is rare, the things under it are read, looked through and sorted. Where each
is common, but few things have the rarest of them together (the digits of a number), those few are found once, and
read by their ids. Where all are common together (工事), so many fit that the list's own index is read in its order
and each thing is looked through: a page is full soon.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peewee import JOIN, Join, fn

from tashika_formats.search import grams, grams_of_word, searchable
from tashika_server.domain.model import Contract, Organization, Works
from tashika_server.domain.policy import Orderer
from tashika_server.storage import kinds
from tashika_server.storage.kinds import Kind
from tashika_server.storage.models import SearchGramRow, SearchTextRow
from tashika_server.storage.session import Dialect, Session
from tashika_server.storage.statements import spell

# Reading and sorting 5,000 candidates takes some 30 milliseconds; what has more fits often enough to be met in order.
MAX_CANDIDATES: Final = 5_000
# Going through 50,000 entries of one gram and asking for others takes some 50 milliseconds, and a list's own order
# a hundred times as long where one thing in a million fits.
MAX_SHARED: Final = 50_000
# Each further gram leaves fewer; with three of them more would only be asked in vain.
SHARED_GRAMS: Final = 3
# Words have a handful of grams; a text of a hundred characters without spaces is no reason to count a hundred.
MAX_GRAMS: Final = 24
# No character comes after this one.
_LAST: Final = "\U0010ffff"
PAGE_ROWS: Final = 500

NameOf = Callable[[str], str]
"""From an orderer's id to its name, empty where there is none."""

_TEXT = "SELECT folded FROM search_text WHERE kind = ? AND id = ?"
_KEEP_TEXT = (
    "INSERT INTO search_text (kind, id, folded) VALUES (?, ?, ?) "
    "ON CONFLICT (kind, id) DO UPDATE SET folded = excluded.folded"
)
_DROP_TEXT = "DELETE FROM search_text WHERE kind = ? AND id = ?"
_KEEP_GRAM = "INSERT INTO search_gram (kind, gram, id) VALUES (?, ?, ?)"
_DROP_GRAM = "DELETE FROM search_gram WHERE kind = ? AND gram = ? AND id = ?"
_ORDERER_NAME = "SELECT name FROM orderer WHERE id = ?"
_CONTRACTS_OF_ORDERER = (
    "SELECT id, revision, payload FROM contract WHERE orderer_id = ? AND id > ? ORDER BY id LIMIT ?"
)


def _contract(contract: Contract, name_of: NameOf) -> tuple[str, ...]:
    terms = contract.terms or contract.application
    works, venture = terms.works, terms.joint_venture
    company = contract.principal.company if contract.principal else contract.registrant.company
    orderer = name_of(works.orderer_id) if works.orderer_id else ""
    return contract.number, works.name, works.number, orderer, company, venture.name if venture else ""


def _works(works: Works, name_of: NameOf) -> tuple[str, ...]:
    return works.terms.name, works.terms.number


def _orderer(orderer: Orderer, name_of: NameOf) -> tuple[str, ...]:
    return orderer.name, orderer.kana, orderer.prefecture


def _organization(organization: Organization, name_of: NameOf) -> tuple[str, ...]:
    return organization.name, organization.kana


SEARCHED: Final[Mapping[str, Callable[[Any, NameOf], tuple[str, ...]]]] = {
    kinds.CONTRACT.name: _contract,
    kinds.WORKS.name: _works,
    kinds.ORDERER.name: _orderer,
    kinds.ORGANIZATION.name: _organization,
}
"""What is found of each kind: by its name, the fields of one of its things."""


# --- Keeping it --------------------------------------------------------------------------------------------------


class SearchIndex:
    """Keeps what is searched in step with the records, in the transaction that writes them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._text = session.dialect.text

    def put(self, kind: Kind[Any], entity: Any) -> None:
        """Note a thing that was added or replaced."""
        if kind.name not in SEARCHED:
            return
        entity_id = kind.identify(entity)
        changed = self._put(kind, entity_id, searchable(SEARCHED[kind.name](entity, self.orderer_name)))
        if changed and kind is kinds.ORDERER:
            # Contracts are found by their orderer's name too.
            for contract in self._contracts_of(entity_id):
                self.put(kinds.CONTRACT, contract)

    def remove(self, kind: Kind[Any], entity_id: str) -> None:
        """Forget a thing that was deleted."""
        if kind.name in SEARCHED:
            self._put(kind, entity_id, "")
            self._session.do(self._text(_DROP_TEXT), kind.name, entity_id)

    def text_of(self, kind: Kind[Any], entity_id: str) -> str | None:
        """What is kept of a thing."""
        row = self._session.one(self._text(_TEXT), kind.name, entity_id)
        return None if row is None else str(row[0])

    def orderer_name(self, orderer_id: str) -> str:
        """The name of an orderer, empty where there is none."""
        row = self._session.one(self._text(_ORDERER_NAME), orderer_id)
        return "" if row is None else str(row[0])

    def _put(self, kind: Kind[Any], entity_id: str, text: str) -> bool:
        """Replace what is kept of a thing; answers whether it is another text."""
        before = self.text_of(kind, entity_id)
        if before == text:
            return False
        old, new = grams(before or ""), grams(text)
        self._session.many(
            self._text(_DROP_GRAM), [(kind.name, gram, entity_id) for gram in sorted(old - new)]
        )
        self._session.many(
            self._text(_KEEP_GRAM), [(kind.name, gram, entity_id) for gram in sorted(new - old)]
        )
        self._session.do(self._text(_KEEP_TEXT), kind.name, entity_id, text)
        return True

    def _contracts_of(self, orderer_id: str) -> Iterator[Contract]:
        last = ""
        while True:
            rows = self._session.all(self._text(_CONTRACTS_OF_ORDERER), orderer_id, last, PAGE_ROWS)
            for row in rows:
                yield kinds.CONTRACT.codec.decode(row[2], revision=row[1])
            if len(rows) < PAGE_ROWS:
                return
            last = rows[-1][0]


# --- Asking for it -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Search:
    """The words that a list asks for. ``gram`` leads to the candidates, or ``ids`` are they; neither: each thing is
    looked through.
    """

    words: tuple[str, ...]
    gram: str = ""
    prefix: bool = False
    ids: tuple[str, ...] | None = None

    @property
    def leads(self) -> bool:
        """Whether a list of it is read from the candidates."""
        return bool(self.gram) or self.ids is not None


def directed(session: Session, kind: Kind[Any], words: tuple[str, ...], reachable: int) -> Search:
    """Choose the way: by the rarest gram, else by the rarest ones together, unless even that has more things than
    are to be looked through anyway.

    ``reachable``: how many things the list has without the search.
    """
    fewest, search = min(reachable, MAX_CANDIDATES), Search(words)
    for gram, prefix in _grams(words):
        found = _count(session, kind, Search(words, gram, prefix), fewest)
        if found < fewest:
            fewest, search = found, Search(words, gram, prefix)
        if not fewest:
            break
    if search.gram or reachable <= MAX_CANDIDATES:
        return search
    return _together(session, kind, words)


def _together(session: Session, kind: Kind[Any], words: tuple[str, ...]) -> Search:
    """The way by several grams, where few things have them all; else that of looking through."""
    whole = [gram for gram, prefix in _grams(words) if not prefix]
    if len(whole) < 2:
        return Search(words)
    rarest: list[tuple[int, str]] = []
    for gram in whole:
        # What has more than the rarest ones is not among them, however many more.
        most = rarest[-1][0] if len(rarest) == SHARED_GRAMS else MAX_SHARED
        rarest = sorted([*rarest, (_count(session, kind, Search(words, gram), most), gram)])[:SHARED_GRAMS]
    if rarest[0][0] >= MAX_SHARED:
        return Search(words)
    lead, *shared = (gram for _, gram in rarest)
    found = _ids(session, kind, Search(words, lead), shared, MAX_CANDIDATES)
    return Search(words, ids=found) if len(found) < MAX_CANDIDATES else Search(words)


def source(kind: Kind[Any], search: Search) -> Any:
    """What a list of such a search is read from: the candidates and then the things, in this order."""
    candidates: Any = SearchGramRow
    if search.ids is not None:
        candidates = SearchTextRow.alias("named")
    elif search.prefix:
        # A thing stands under several grams that begin alike.
        candidates = (
            SearchGramRow.select(SearchGramRow.id).where(_under(kind, search)).distinct().alias("found")
        )
    return candidates, Join(candidates, kind.table, JOIN.CROSS)


def conditions(dialect: Dialect, kind: Kind[Any], search: Search, candidates: Any) -> list[Any]:
    """What holds of the things that are found; ``candidates`` is that of ``source`` where they lead."""
    table: Any = kind.table
    found: list[Any] = []
    if search.gram:
        column = candidates.c.id if search.prefix else candidates.id
        found = [table.id == column]
        if not search.prefix:
            found = [_under(kind, search), table.id == column]
    elif search.ids is not None:
        found = [candidates.kind == kind.name, candidates.id.in_(search.ids), table.id == candidates.id]
    place = getattr(fn, dialect.position)
    holds = [place(SearchTextRow.folded, word) > 0 for word in search.words]
    text = SearchTextRow.select(1).where(
        SearchTextRow.kind == kind.name, SearchTextRow.id == table.id, *holds
    )
    return [*found, fn.EXISTS(text)]


def _grams(words: Sequence[str]) -> list[tuple[str, bool]]:
    """The grams that could lead, each with whether it is only the beginning of one."""
    found = {gram: False for word in words for gram in grams_of_word(word)}
    found |= {word: True for word in words if len(word) == 1}
    return list(found.items())[:MAX_GRAMS]


def _under(kind: Kind[Any], search: Search) -> Any:
    gram: Any = SearchGramRow.gram
    fits = (gram >= search.gram) & (gram < search.gram + _LAST) if search.prefix else gram == search.gram
    return (SearchGramRow.kind == kind.name) & fits


def _sharing(kind: Kind[Any], shared: Sequence[str]) -> list[Any]:
    """That a candidate stands under other grams too: a look into the index for each."""
    conditions = []
    for gram in shared:
        other = SearchGramRow.alias()
        same = other.select(1).where(
            other.kind == kind.name, other.gram == gram, other.id == SearchGramRow.id
        )
        conditions.append(fn.EXISTS(same))
    return conditions


def _ids(
    session: Session, kind: Kind[Any], search: Search, shared: Sequence[str], limit: int
) -> tuple[str, ...]:
    """The things that stand under the search's gram and all that are ``shared``, ``limit`` of them at most."""
    candidates = SearchGramRow.select(SearchGramRow.id).where(_under(kind, search), *_sharing(kind, shared))
    sql, parameters = spell(session.dialect, candidates.limit(limit))
    return tuple(str(row[0]) for row in session.all(sql, *parameters))


def _count(session: Session, kind: Kind[Any], search: Search, limit: int) -> int:
    """How many things stand under the search's gram, counted up to ``limit``."""
    counted = SearchGramRow.select(SearchGramRow.id).where(_under(kind, search)).limit(limit).alias("counted")
    sql, parameters = spell(session.dialect, SearchGramRow.select(fn.COUNT(counted.c.id)).from_(counted))
    row = session.one(sql, *parameters)
    return int(row[0]) if row is not None else 0
