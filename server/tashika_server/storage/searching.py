"""What is kept of things so that lists can be searched by part of a name or number.

Of each thing a folded text is kept, which decides, and the grams of that text, which find candidates; how a list
asks for them is in ``search_ways``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tashika_formats.search import grams, searchable
from tashika_server.domain.model import Contract, Organization, Works
from tashika_server.domain.policy import Orderer
from tashika_server.storage import kinds
from tashika_server.storage.kinds import Kind
from tashika_server.storage.session import Session

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
