"""Very many contracts in a throw-away store, written past the server: rows and counters only, no history.

For lists alone: `fsck` would rightly find fault with such a store. Indexes are dropped and made again, since keeping
twenty of them while a million rows come in takes ten times as long.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tashika_formats.number import make_number
from tashika_formats.search import grams, searchable
from tashika_server.domain.model import Contract
from tashika_server.storage import kinds
from tashika_server.storage.sqlite import DATABASE_NAME
from tests.bench.world import GUARANTOR_CODE

# Above every number that the world itself has given.
FIRST_SEQUENCE = 1_000_000
_YEAR = 2025
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Of the small list and the large one alike, so that only the size of the table differs.
_ROUND_AMOUNT = 10_000


def fill(data: Path, count: int) -> int:
    """Bring a closed store with one contract in force to ``count`` contracts of the same parties; answers how many
    were added."""
    connection = sqlite3.connect(data / DATABASE_NAME, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        there = int(connection.execute("SELECT count(*) FROM contract").fetchone()[0])
        revision, payload = connection.execute(
            "SELECT revision, payload FROM contract WHERE state = 'IN_FORCE' LIMIT 1"
        ).fetchone()
        model = kinds.CONTRACT.codec.decode(payload, revision=revision)
        added = count - there
        _write(connection, model, revision, payload, added)
    finally:
        connection.close()
    return added


def _write(connection: sqlite3.Connection, model: Contract, revision: int, payload: str, count: int) -> None:
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'contract' AND sql IS NOT NULL"
    ).fetchall()
    row = kinds.CONTRACT.row(model)
    names = ("id", "revision", "payload", *row)
    marks = ", ".join("?" * len(names))
    connection.execute("BEGIN")
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    connection.executemany(
        f"INSERT INTO contract ({', '.join(names)}) VALUES ({marks})",
        own_rows(
            model.number, model.contract_id, model.application.works.name, row, revision, payload, count
        ),
    )
    for key in kinds.CONTRACT.counters(row):
        connection.execute(
            "INSERT INTO counter (kind, scope, scope_id, bucket, count) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET count = count + excluded.count",
            (*key, count),
        )
    connection.execute("COMMIT")
    for _, sql in indexes:
        connection.execute(sql)
    _make_searchable(connection, model)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_searchable(connection: sqlite3.Connection, model: Contract) -> None:
    """What the server keeps of each contract to find it by, made from that of the one they are copies of."""
    (like,) = connection.execute(
        "SELECT folded FROM search_text WHERE kind = ? AND id = ?", (kinds.CONTRACT.name, model.contract_id)
    ).fetchone()
    number, works = model.number, searchable([model.application.works.name])
    connection.execute("CREATE TEMP TABLE loose (gram TEXT, id TEXT)")
    connection.execute("BEGIN")
    rows = connection.execute("SELECT id, number, works_name FROM contract WHERE id LIKE 'con_0000000000%'")
    while many := rows.fetchmany(10_000):
        texts = [
            (contract_id, like.replace(number, own_number).replace(works, searchable([own_works])))
            for contract_id, own_number, own_works in many
        ]
        connection.executemany(
            "INSERT INTO search_text (kind, id, folded) VALUES (?, ?, ?)",
            [(kinds.CONTRACT.name, *each) for each in texts],
        )
        connection.executemany(
            "INSERT INTO loose VALUES (?, ?)", [(gram, name) for name, text in texts for gram in grams(text)]
        )
    # In the order of the key: one by one they would go all over a table of very many rows.
    connection.execute(
        "INSERT INTO search_gram (kind, gram, id) SELECT ?, gram, id FROM loose ORDER BY gram, id",
        (kinds.CONTRACT.name,),
    )
    connection.execute("COMMIT")
    connection.execute("DROP TABLE loose")


def own_rows(
    number: str,
    contract_id: str,
    works_name: str,
    row: dict[str, Any],
    revision: int,
    payload: str,
    count: int,
) -> Iterator[tuple[Any, ...]]:
    """Rows (id, revision, payload, columns) like a model's, each with its own id, number, works and amount."""
    for place in range(count):
        own_number = make_number(GUARANTOR_CODE, _YEAR, FIRST_SEQUENCE + place)
        own_id = f"con_{_base32(place)}"
        own_name = f"市道第{place:07d}号線改良工事"
        own = {
            **row,
            "number": own_number,
            "slot": f"bulk/{place}",
            "works_name": own_name,
            "amount_yen": (place % 7919 + 1) * _ROUND_AMOUNT,
            "registered_time": int(row["registered_time"]) - place * 1_000_000,
        }
        text = payload.replace(number, own_number).replace(contract_id, own_id)
        yield (own_id, revision, text.replace(works_name, own_name), *own.values())


def _base32(value: int) -> str:
    """26 digits of Crockford base32, below those of any id that was made by the clock."""
    digits = ""
    for _ in range(26):
        digits = _CROCKFORD[value % 32] + digits
        value //= 32
    return digits
