"""Checks of the records: readable, as their columns say, counted, and none of them half there."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tashika_server.domain.generations import current_generation
from tashika_server.domain.mail_facts import waiting_mails
from tashika_server.domain.model import Certificate, Contract, ContractState, Form, SealedKey
from tashika_server.storage.errors import CodecError
from tashika_server.storage.findings import Finding, Problem
from tashika_server.storage.kinds import CERTIFICATE, CONTRACT, KINDS, SEALED_KEY, Kind
from tashika_server.storage.session import Row, Session
from tashika_server.storage.statements import spell

# Rows read at a time: a page of certificates is some megabytes.
PAGE_ROWS = 500

# The states of a contract whose certificate has been issued.
_ISSUED = frozenset(
    {
        ContractState.IN_FORCE,
        ContractState.EXPIRED,
        ContractState.DISCHARGED,
        ContractState.CANCELLED,
        ContractState.SETTLED,
    }
)


def rows_of(session: Session, kind: Kind[Any]) -> Iterator[tuple[str, Row]]:
    """Every record of a kind by id: (revision, payload, leaf index where there is one, other columns)."""
    table: Any = kind.table
    place = (table.leaf_index,) if kind.placed else ()
    columns = tuple(getattr(table, name) for name in kind.column_names)
    last = ""
    while True:
        query = table.select(table.id, table.revision, table.payload, *place, *columns)
        sql, parameters = spell(
            session.dialect, query.where(table.id > last).order_by(table.id).limit(PAGE_ROWS)
        )
        rows = session.all(sql, *parameters)
        for row in rows:
            yield row[0], row[1:]
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1][0]


def entities(session: Session, kind: Kind[Any]) -> Iterator[Any]:
    """Every readable record of a kind."""
    for _, row in rows_of(session, kind):
        try:
            yield kind.codec.decode(
                row[1], revision=row[0], **({"leaf_index": row[2]} if kind.placed else {})
            )
        except CodecError:
            continue


def check_records(session: Session) -> Iterator[Finding]:
    """Each record by itself, then what belongs together."""
    row = session.one("SELECT revision FROM head WHERE id = 1")
    newest = int(row[0]) if row is not None else 0
    for kind in KINDS:
        for entity_id, row in rows_of(session, kind):
            if not 0 < row[0] <= newest:
                yield Finding(Problem.REVISION_WRONG, entity_id, str(row[0]))
            try:
                entity = kind.codec.decode(row[1], revision=row[0])
            except CodecError:
                yield Finding(Problem.RECORD_UNREADABLE, entity_id)
                continue
            stored = row[3:] if kind.placed else row[2:]
            expected = kind.row(entity)
            wrong = [
                n for n, value in zip(kind.column_names, stored, strict=True) if not _same(value, expected[n])
            ]
            if wrong or kind.identify(entity) != entity_id:
                yield Finding(Problem.COLUMN_DIFFERS, entity_id, ", ".join(wrong) or "id")
    yield from _replays(session, newest)
    yield from _halves(session)


def _same(stored: object, expected: object) -> bool:
    if isinstance(expected, bytes):
        return isinstance(stored, bytes | memoryview) and bytes(stored) == expected
    return stored == expected


def _replays(session: Session, newest: int) -> Iterator[Finding]:
    text = session.dialect.text
    rows = session.all(
        text("SELECT method, request_id FROM idempotency WHERE revision < 0 OR revision > ? LIMIT 100"),
        newest,
    )
    for row in rows:
        yield Finding(
            Problem.HALF_RECORD, f"{row[0]} {row[1]}", "a repeated call's answer without a revision"
        )


def _halves(session: Session) -> Iterator[Finding]:
    """An issued electronic contract has its certificates and one live key; a paper one has neither."""
    versions: dict[str, list[int]] = {}
    for certificate in entities(session, CERTIFICATE):
        assert isinstance(certificate, Certificate)
        versions.setdefault(certificate.contract_id, []).append(certificate.version)
        if certificate.leaf_index < 0:
            yield Finding(Problem.HALF_RECORD, certificate.certificate_id, "no place in the log")
    keys: dict[str, list[tuple[int, bool]]] = {}
    for key in entities(session, SEALED_KEY):
        assert isinstance(key, SealedKey)
        keys.setdefault(key.contract_id, []).append((key.generation, key.revoked_time is None))
    waiting: dict[str, set[str]] = {}
    for row in session.all("SELECT contract_id, id FROM key_mail WHERE state = 'PENDING'"):
        waiting.setdefault(row[0], set()).add(row[1])
    for contract in entities(session, CONTRACT):
        assert isinstance(contract, Contract)
        if {fact.mail_id for fact in waiting_mails(contract)} != waiting.get(contract.contract_id, set()):
            yield Finding(Problem.HALF_RECORD, contract.contract_id, "a mail with its key waits, or does not")
        have = sorted(versions.pop(contract.contract_id, []))
        for detail in _half(contract, have, sorted(keys.pop(contract.contract_id, []))):
            yield Finding(Problem.HALF_RECORD, contract.contract_id, detail)
    for contract_id in sorted(versions.keys() | keys.keys()):
        yield Finding(Problem.HALF_RECORD, contract_id, "a certificate or key without its contract")


def _half(contract: Contract, versions: list[int], keys: list[tuple[int, bool]]) -> Iterator[str]:
    """What is half there. ``keys``: the generation of each key, and whether it is the one that opens."""
    terms = contract.terms or contract.application
    electronic = contract.state in _ISSUED and terms.form is Form.ELECTRONIC
    if electronic and versions != list(range(1, contract.version + 1)):
        yield f"version {contract.version}, but certificates {versions}"
    live = [generation for generation, opens in keys if opens]
    if electronic and (not versions or len(live) != 1):
        yield f"issued, with {len(versions)} certificates and {len(live)} live keys"
    if electronic and len(live) == 1:
        newest = current_generation(contract)
        if live != [newest] or [generation for generation, _ in keys] != list(range(1, newest + 1)):
            yield f"the key was issued {newest} times, but key {live[0]} of {len(keys)} opens"
    if not electronic and (versions or keys):
        yield f"a certificate or key in state {contract.state}, form {terms.form}"


def check_counters(session: Session) -> Iterator[Finding]:
    """The counters are the numbers of records; a counter of nothing may be missing."""
    expected: Counter[tuple[str, ...]] = Counter()
    for kind in KINDS:
        for _, row in rows_of(session, kind):
            stored = row[3:] if kind.placed else row[2:]
            expected.update(kind.counters(dict(zip(kind.column_names, stored, strict=True))))
    rows = session.all("SELECT kind, scope, scope_id, bucket, count FROM counter")
    found = {tuple(row[:4]): int(row[4]) for row in rows}
    for key in sorted(expected.keys() | found.keys()):
        if expected[key] != found.get(key, 0):
            yield Finding(Problem.COUNTER_WRONG, "/".join(key), f"{found.get(key, 0)}, not {expected[key]}")


def named_blobs(session: Session) -> Iterator[tuple[str, str]]:
    """Every file that a record names: (the record's id, the file's digest)."""
    for certificate in entities(session, CERTIFICATE):
        yield certificate.certificate_id, certificate.pdf_sha256
    for contract in entities(session, CONTRACT):
        for attachment in contract.attachments:
            yield contract.contract_id, attachment.sha256
