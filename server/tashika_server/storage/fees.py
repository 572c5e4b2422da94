"""Entries of fee ledgers by their two parties: derived from the contracts, kept in the transaction that writes them."""

from collections.abc import Iterator
from typing import Any, Final

from tashika_server.domain.ledger import SIGNS
from tashika_server.domain.model import Contract
from tashika_server.storage import kinds
from tashika_server.storage.codec import micros
from tashika_server.storage.session import Session

PAGE_ROWS: Final = 500

_KEEP: Final = (
    "INSERT INTO fee_entry (guarantor_id, organization_id, recorded_time, contract_id, entry_id, "
    "owed_yen, fictional) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (guarantor_id, organization_id, recorded_time, contract_id, entry_id) DO NOTHING"
)
_FEE_COLUMNS: Final = "UPDATE contract SET fee_due = ?, balance_yen = ? WHERE id = ?"
_CONTRACTS: Final = "SELECT id, revision, payload FROM contract WHERE id > ? ORDER BY id LIMIT ?"

FeeRow = tuple[str, str, int, str, str, int, int]


def fee_rows(contract: Contract) -> list[FeeRow]:
    """The rows of a contract's ledger."""
    return [
        (
            contract.guarantor_id,
            contract.organization_id,
            micros(entry.recorded_time),
            contract.contract_id,
            entry.entry_id,
            SIGNS[entry.kind] * entry.amount_yen,
            int(entry.fictional),
        )
        for entry in contract.ledger
    ]


def keep_fees(session: Session, contract: Contract) -> None:
    """Note the entries of a contract that was written. A ledger only grows, so those that are there stay."""
    session.many(session.dialect.text(_KEEP), fee_rows(contract))


def fill_fees(session: Session) -> None:
    """Note every fee that was kept before: entries, and beside each contract what is owed and until when."""
    for contract in _contracts(session):
        row = kinds.CONTRACT.row(contract)
        if row["fee_due"] or row["balance_yen"]:
            values = (row["fee_due"], row["balance_yen"], contract.contract_id)
            session.do(session.dialect.text(_FEE_COLUMNS), *values)
        keep_fees(session, contract)


def _contracts(session: Session) -> Iterator[Any]:
    last = ""
    while True:
        rows = session.all(session.dialect.text(_CONTRACTS), last, PAGE_ROWS)
        for row in rows:
            yield kinds.CONTRACT.codec.decode(row[2], revision=row[1])
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1][0]
