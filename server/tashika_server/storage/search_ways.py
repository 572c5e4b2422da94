"""How a list asks for part of a name or number.

A search goes one of two ways. Where hardly anything stands under one of its grams (see ``tashika_formats.search``), or
under the rarest of them together (the digits of a number), what fits is found once, and the list reads it by its ids.
Where all are common (工事), so many fit that the list's own index is read in its order and each thing is looked
through: a page is full soon. What fits is counted by the rarest gram then, since a count goes on for longer and needs
no order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from peewee import JOIN, SQL, Join, fn

from tashika_formats.search import grams_of_word
from tashika_server.storage.kinds import Kind
from tashika_server.storage.models import SearchGramRow, SearchTextRow
from tashika_server.storage.session import Dialect, Session
from tashika_server.storage.statements import spell

# Looking through the texts of 5,000 candidates takes some 10 milliseconds, and so does reading the sort values of as
# many as fit at most; what fits more often is met soon enough in a list's own order, and counted by its gram. What only
# begins like a gram can't be counted so: a thing has several of those.
MAX_CANDIDATES: Final = 5_000
MAX_FITTING: Final = 2_500
# Going through 50,000 entries of one gram and asking for others takes some 50 milliseconds, and a list's own order
# a hundred times as long where one thing in a million fits.
MAX_SHARED: Final = 50_000
# Each further gram leaves fewer; with three of them more would only be asked in vain.
SHARED_GRAMS: Final = 3
# Words have a handful of grams; a text of a hundred characters without spaces is no reason to count a hundred.
MAX_GRAMS: Final = 24
# No character comes after this one.
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Gram:
    """What things stand under; ``begins``: all that begins like this."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """The words that a list asks for. ``ids``: what has them, where that was found. Else each thing is looked through,
    and what fits is counted by ``gram`` where there is one; ``narrow``: so few stand under it that a look there comes
    before a look into the text.
    """

    words: tuple[str, ...]
    ids: tuple[str, ...] | None = None
    gram: Gram | None = None
    narrow: bool = False


def directed(session: Session, kind: Kind[Any], words: tuple[str, ...], reachable: int) -> Search:
    """Choose the way: by the rarest gram, else by the rarest ones together, unless even that has more things than
    are to be looked through anyway.

    ``reachable``: how many things the list has without the search.
    """
    fewest, rarest = min(reachable, MAX_CANDIDATES), list[Gram]()
    for gram in _grams(words):
        found = _count(session, kind, gram, fewest)
        if found < fewest:
            fewest, rarest = found, [gram]
            if not found:
                return Search(words, ids=())
    if not rarest:
        if reachable <= MAX_CANDIDATES:
            return Search(words)
        counted = _rarest(session, kind, words)
        if not counted:
            return Search(words)
        rarest = [gram for _, gram in counted]
        if counted[0][0] == MAX_SHARED:
            return Search(words, gram=rarest[0])
    most = MAX_CANDIDATES if rarest[0].begins else MAX_FITTING
    ids = _ids(session, kind, words, rarest, most)
    return Search(words, ids=ids) if len(ids) < most else Search(words, gram=rarest[0], narrow=True)


# --- What a list is read from ------------------------------------------------------------------------------------


def looked_through(dialect: Dialect, kind: Kind[Any], search: Search) -> list[Any]:
    """What holds of the things that fit, for a query that reads them in the list's own order."""
    table: Any = kind.table
    if not (search.narrow and search.gram):
        return _has_words(dialect, kind, search.words, table.id)
    under = _stands_under(kind, search.gram, table.id)
    return [under, *_has_words(dialect, kind, search.words, table.id, [search.gram])]


def led_by_gram(dialect: Dialect, kind: Kind[Any], search: Search, gram: Gram) -> tuple[Any, list[Any]]:
    """What a query is read from that finds what fits by a gram, in no order, and what holds of it."""
    table: Any = kind.table
    candidate: Any = SearchGramRow
    return Join(candidate, kind.table, JOIN.CROSS), [
        _under(kind, gram),
        table.id == candidate.id,
        # Of the candidate, so that one which does not fit is not looked up.
        *_has_words(dialect, kind, search.words, candidate.id, [gram]),
    ]


def led_by_ids(dialect: Dialect, kind: Kind[Any], ids: Sequence[str]) -> tuple[Any, list[Any]]:
    """What a query is read from that reads these things, in no order, and what holds of them."""
    table: Any = kind.table
    # One parameter for however many.
    named = SQL(f'({dialect.text(dialect.listed)}) AS "named"', (dialect.list_parameter(ids),))
    return Join(named, kind.table, JOIN.CROSS), [table.id == SQL('"named"."id"')]


# --- Grams -------------------------------------------------------------------------------------------------------


def _grams(words: Sequence[str]) -> list[Gram]:
    """The grams that could lead. What is part of a longer one of the same word is not rarer than that."""
    found: dict[Gram, None] = {}
    for word in words:
        narrow = grams_of_word(word)
        for gram in narrow:
            if not any(gram in other for other in narrow if len(other) > len(gram)):
                found[Gram(gram)] = None
        if len(word) == 1:
            found[Gram(word, begins=True)] = None
    return list(found)[:MAX_GRAMS]


def _rarest(session: Session, kind: Kind[Any], words: tuple[str, ...]) -> list[tuple[int, Gram]]:
    """The grams with the fewest things, the rarest first, each with how many those are, ``MAX_SHARED`` at most."""
    rarest: list[tuple[int, Gram]] = []
    for gram in (gram for gram in _grams(words) if not gram.begins):
        full = len(rarest) == SHARED_GRAMS
        most = rarest[-1][0] if full else MAX_SHARED
        found = _count(session, kind, gram, most)
        # What has as many as the last of the rarest ones is not among them, however many more.
        if not full or found < most:
            rarest = sorted([*rarest, (found, gram)], key=lambda each: each[0])[:SHARED_GRAMS]
    return rarest


def _count(session: Session, kind: Kind[Any], gram: Gram, limit: int) -> int:
    """How many entries there are under a gram, counted up to ``limit``."""
    counted = SearchGramRow.select(SearchGramRow.id).where(_under(kind, gram)).limit(limit).alias("counted")
    sql, parameters = spell(session.dialect, SearchGramRow.select(fn.COUNT(counted.c.id)).from_(counted))
    row = session.one(sql, *parameters)
    return int(row[0]) if row is not None else 0


def _ids(
    session: Session, kind: Kind[Any], words: tuple[str, ...], grams: Sequence[Gram], most: int
) -> tuple[str, ...]:
    """What stands under all these grams and has the words, ``most`` of it at most."""
    candidate: Any = SearchGramRow
    lead, *others = grams
    fitting = candidate.select(candidate.id).where(
        _under(kind, lead),
        *(_stands_under(kind, gram, candidate.id) for gram in others),
        *_has_words(session.dialect, kind, words, candidate.id, grams),
    )
    if lead.begins:
        # A thing stands under several grams that begin alike.
        fitting = fitting.distinct()
    sql, parameters = spell(session.dialect, fitting.limit(most))
    return tuple(str(row[0]) for row in session.all(sql, *parameters))


def _under(kind: Kind[Any], gram: Gram) -> Any:
    column: Any = SearchGramRow.gram
    fits = (column >= gram.text) & (column < gram.text + _LAST) if gram.begins else column == gram.text
    return (SearchGramRow.kind == kind.name) & fits


def _stands_under(kind: Kind[Any], gram: Gram, entity_id: Any) -> Any:
    """That a thing stands under a gram: a look into the index."""
    entry: Any = SearchGramRow.alias()
    same = entry.select(1).where(entry.kind == kind.name, entry.gram == gram.text, entry.id == entity_id)
    return fn.EXISTS(same)


def _has_words(
    dialect: Dialect, kind: Kind[Any], words: Sequence[str], entity_id: Any, under: Sequence[Gram] = ()
) -> list[Any]:
    """That each word is part of what is kept of a thing. ``under``: what it stands under, and so has already."""
    has = {gram.text for gram in under}
    place = getattr(fn, dialect.position)
    text: Any = SearchTextRow
    holds = [place(text.folded, word) > 0 for word in words if word not in has]
    if not holds:
        return []
    return [fn.EXISTS(text.select(1).where(text.kind == kind.name, text.id == entity_id, *holds))]
