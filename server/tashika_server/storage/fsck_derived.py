"""Checks of what is derived from records and history: what a search finds, who was told of what, entries of fees."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tashika_formats.search import grams, searchable
from tashika_server.storage.derived import feed_rows
from tashika_server.storage.fees import fee_rows
from tashika_server.storage.findings import Finding, Problem
from tashika_server.storage.fsck_records import entities
from tashika_server.storage.kinds import CONTRACT, KINDS, Kind
from tashika_server.storage.searching import SEARCHED, SearchIndex
from tashika_server.storage.session import Session

_COUNT_TEXTS: Final = "SELECT count(*) FROM search_text WHERE kind = ?"
_COUNT_GRAMS: Final = "SELECT count(*) FROM search_gram WHERE kind = ?"
_COUNT_FEED: Final = "SELECT count(*) FROM contract_feed"
_FEED: Final = (
    "SELECT contract_id, gone FROM contract_feed WHERE revision = ? AND ordinal = ? AND organization_id = ?"
)
_COUNT_FEES: Final = "SELECT count(*) FROM fee_entry"
_FEE: Final = (
    "SELECT owed_yen, fictional FROM fee_entry WHERE guarantor_id = ? AND organization_id = ? AND recorded_time = ? "
    "AND contract_id = ? AND entry_id = ?"
)


def check_search(session: Session) -> Iterator[Finding]:
    """Every thing is found by what it says, and by nothing else."""
    for kind in KINDS:
        if kind.name in SEARCHED:
            yield from _check_kind(session, kind)


def _check_kind(session: Session, kind: Kind[Any]) -> Iterator[Finding]:
    index = SearchIndex(session)
    texts = found_grams = 0
    for entity in entities(session, kind):
        entity_id = kind.identify(entity)
        expected = searchable(SEARCHED[kind.name](entity, index.orderer_name))
        texts += 1
        found_grams += len(grams(expected))
        if index.text_of(kind, entity_id) != expected or _missing(session, kind, entity_id, grams(expected)):
            yield Finding(Problem.SEARCH_DIFFERS, entity_id)
    for text, expected_count, what in ((_COUNT_TEXTS, texts, "texts"), (_COUNT_GRAMS, found_grams, "grams")):
        row = session.one(session.dialect.text(text), kind.name)
        count = int(row[0]) if row is not None else 0
        if count != expected_count:
            yield Finding(Problem.SEARCH_DIFFERS, kind.name, f"{count} {what}, not {expected_count}")


def _missing(session: Session, kind: Kind[Any], entity_id: str, expected: frozenset[str]) -> bool:
    """Whether the thing can't be reached by one of its grams; for each gram one step in the table's key."""
    among = session.dialect.in_list("gram")
    text = f"SELECT count(*) FROM search_gram WHERE kind = ? AND {among} AND id = ?"  # noqa: S608
    grams_there: Sequence[str] = sorted(expected)
    row = session.one(
        session.dialect.text(text), kind.name, session.dialect.list_parameter(grams_there), entity_id
    )
    return row is None or int(row[0]) != len(expected)


def check_feed(session: Session) -> Iterator[Finding]:
    """Everybody was told of what the history says that they saw, and of nothing else."""
    count = 0
    for revision, ordinal, organization_id, contract_id, gone in feed_rows(session):
        count += 1
        row = session.one(session.dialect.text(_FEED), revision, ordinal, organization_id)
        if row is None or (row[0], int(row[1])) != (contract_id, gone):
            yield Finding(Problem.FEED_DIFFERS, f"{contract_id} {revision}/{ordinal}", organization_id)
    row = session.one(_COUNT_FEED)
    if row is not None and int(row[0]) != count:
        yield Finding(Problem.FEED_DIFFERS, "contract_feed", f"{row[0]} rows, not {count}")


def check_fees(session: Session) -> Iterator[Finding]:
    """What two parties owe each other is what the ledgers of their contracts say."""
    count = 0
    for contract in entities(session, CONTRACT):
        for *key, owed_yen, fictional in fee_rows(contract):
            count += 1
            row = session.one(session.dialect.text(_FEE), *key)
            if row is None or (int(row[0]), int(row[1])) != (owed_yen, fictional):
                yield Finding(Problem.FEES_DIFFER, contract.contract_id, str(key[-1]))
    row = session.one(_COUNT_FEES)
    if row is not None and int(row[0]) != count:
        yield Finding(Problem.FEES_DIFFER, "fee_entry", f"{row[0]} rows, not {count}")
