"""Version 1 of the tables, in one neutral spelling: TEXT, BLOB and INTEGER become what each store calls them.

Written out and never derived from the models, since a migration that has run must not change with them.
"""

from typing import Final

# Each of these is appended to and never changed: history, audit trail, attempts and the log are evidence.
APPEND_ONLY: Final = ("history", "payload", "audit", "opening", "leaf", "log_node")

_RECORDS: Final = (
    """CREATE TABLE organization (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        kind TEXT NOT NULL, name TEXT NOT NULL, kana TEXT NOT NULL)""",
    """CREATE TABLE person (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        organization_id TEXT NOT NULL, login_name TEXT NOT NULL, name TEXT NOT NULL)""",
    """CREATE TABLE orderer (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        name TEXT NOT NULL, kana TEXT NOT NULL, prefecture TEXT NOT NULL)""",
    """CREATE TABLE works (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        organization_id TEXT NOT NULL, orderer_id TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL,
        name TEXT NOT NULL, price_yen INTEGER NOT NULL, period_end TEXT NOT NULL)""",
    """CREATE TABLE contract (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        number TEXT NOT NULL, slot TEXT, organization_id TEXT NOT NULL, guarantor_id TEXT NOT NULL,
        desk_id TEXT NOT NULL, orderer_id TEXT NOT NULL, works_id TEXT NOT NULL, state TEXT NOT NULL,
        product TEXT NOT NULL, form TEXT NOT NULL, registered_time INTEGER NOT NULL,
        updated_time INTEGER NOT NULL, works_name TEXT NOT NULL, amount_yen INTEGER NOT NULL,
        period_end TEXT NOT NULL, pay_by TEXT NOT NULL)""",
    """CREATE TABLE certificate (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        contract_id TEXT NOT NULL REFERENCES contract (id), version INTEGER NOT NULL,
        organization_id TEXT NOT NULL, guarantor_id TEXT NOT NULL, orderer_id TEXT NOT NULL,
        contract_number TEXT NOT NULL, issued_time INTEGER NOT NULL, pdf_sha256 TEXT NOT NULL,
        leaf_index INTEGER NOT NULL)""",
    """CREATE TABLE sealed_key (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        contract_id TEXT NOT NULL REFERENCES contract (id), generation INTEGER NOT NULL,
        live_number TEXT, digest BLOB NOT NULL)""",
    """CREATE TABLE session (
        id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, secret_hash BLOB NOT NULL,
        created_time INTEGER NOT NULL, last_used_time INTEGER NOT NULL, expires_time INTEGER NOT NULL,
        language TEXT NOT NULL)""",
)

_EVIDENCE: Final = (
    # What each change left: its digest stays for good, its payload until the end of retention.
    """CREATE TABLE history (
        revision INTEGER NOT NULL, ordinal INTEGER NOT NULL, kind TEXT NOT NULL, subject_id TEXT NOT NULL,
        time INTEGER NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL, digest BLOB NOT NULL,
        PRIMARY KEY (revision, ordinal))""",
    # part: R the record's snapshot, A the audit row's detail. The salt keeps a digest from being guessed.
    """CREATE TABLE payload (
        revision INTEGER NOT NULL, ordinal INTEGER NOT NULL, part TEXT NOT NULL, salt BLOB NOT NULL,
        data TEXT NOT NULL, PRIMARY KEY (revision, ordinal, part))""",
    """CREATE TABLE audit (
        position INTEGER NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, ordinal INTEGER NOT NULL,
        time INTEGER NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
        subject_id TEXT NOT NULL, record_digest BLOB NOT NULL, detail_digest BLOB NOT NULL, link BLOB NOT NULL)""",
    """CREATE TABLE leaf (
        leaf_index INTEGER NOT NULL PRIMARY KEY, certificate_id TEXT NOT NULL, data BLOB NOT NULL)""",
    """CREATE TABLE log_node (
        level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, place))""",
    """CREATE TABLE opening (
        id INTEGER NOT NULL PRIMARY KEY, time INTEGER NOT NULL, number TEXT NOT NULL, success INTEGER NOT NULL,
        peer TEXT NOT NULL)""",
)

_BOOKS: Final = (
    # One row. mark: the token of the last group of commands; owner: the server that may write.
    """CREATE TABLE head (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, time INTEGER NOT NULL,
        log_size INTEGER NOT NULL, audit_size INTEGER NOT NULL, audit_link BLOB NOT NULL, mark BLOB NOT NULL,
        owner BLOB NOT NULL)""",
    """CREATE TABLE checkpoint (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, note TEXT NOT NULL)""",
    """CREATE TABLE counter (
        kind TEXT NOT NULL, scope TEXT NOT NULL, scope_id TEXT NOT NULL, bucket TEXT NOT NULL,
        count INTEGER NOT NULL, PRIMARY KEY (kind, scope, scope_id, bucket))""",
    """CREATE TABLE sequence (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL)""",
    """CREATE TABLE throttle (
        bucket BLOB NOT NULL, window_start INTEGER NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (bucket, window_start))""",
    """CREATE TABLE idempotency (
        principal TEXT NOT NULL, method TEXT NOT NULL, request_id TEXT NOT NULL, digest BLOB NOT NULL,
        result_ids TEXT NOT NULL, revision INTEGER NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (principal, method, request_id))""",
)

_INDEXES: Final = (
    "CREATE UNIQUE INDEX person_login_name ON person (login_name)",
    "CREATE UNIQUE INDEX contract_number ON contract (number) WHERE number <> ''",
    "CREATE UNIQUE INDEX contract_slot ON contract (slot) WHERE slot IS NOT NULL",
    "CREATE INDEX contract_works_id ON contract (works_id)",
    "CREATE UNIQUE INDEX certificate_version ON certificate (contract_id, version)",
    "CREATE UNIQUE INDEX certificate_pdf_sha256 ON certificate (pdf_sha256)",
    "CREATE UNIQUE INDEX sealed_key_generation ON sealed_key (contract_id, generation)",
    "CREATE UNIQUE INDEX sealed_key_live_number ON sealed_key (live_number) WHERE live_number IS NOT NULL",
    "CREATE INDEX session_user_id ON session (user_id)",
    "CREATE INDEX session_expires_time ON session (expires_time)",
    "CREATE UNIQUE INDEX leaf_certificate_id ON leaf (certificate_id)",
    "CREATE INDEX history_subject ON history (kind, subject_id, revision, ordinal)",
    "CREATE INDEX audit_subject ON audit (kind, subject_id, position)",
    "CREATE INDEX opening_number ON opening (number, success, id)",
    "CREATE INDEX throttle_window_start ON throttle (window_start)",
    "CREATE INDEX idempotency_time ON idempotency (time)",
)

# For each list: its table, the columns that say whose things they are, its sort columns, and its filters.
_LISTS: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        "contract",
        ("organization_id", "desk_id"),
        ("number", "registered_time", "updated_time", "works_name", "amount_yen", "period_end"),
        ("product", "form", "orderer_id", "guarantor_id"),
    ),
    ("works", ("organization_id",), ("name", "number", "price_yen", "period_end"), ("orderer_id", "kind")),
    ("organization", (), ("name", "kana"), ("kind",)),
    ("person", ("organization_id",), ("login_name", "name"), ()),
    ("orderer", (), ("name", "kana"), ("prefecture",)),
    (
        "certificate",
        ("organization_id", "guarantor_id"),
        ("issued_time", "contract_number", "leaf_index"),
        ("orderer_id",),
    ),
)

# A list in one state, and how many of a state are over their day although that is not recorded yet.
_STATES: Final = (
    "CREATE INDEX contract_pay_by ON contract (state, pay_by, id)",
    "CREATE INDEX contract_state ON contract (state, period_end, id)",
    "CREATE INDEX contract_organization_id_state ON contract (organization_id, state, period_end, id)",
    "CREATE INDEX contract_desk_id_state ON contract (desk_id, state, period_end, id)",
)


def _list_indexes() -> tuple[str, ...]:
    made = []
    for table, scopes, sorts, filters in _LISTS:
        for scope in ((), *((each,) for each in scopes)):
            for sort in sorts:
                columns = (*scope, sort)
                made.append(
                    f"CREATE INDEX {table}_list_{'_'.join(columns)} ON {table} ({', '.join(columns)}, id)"
                )
        made += [f"CREATE INDEX {table}_filter_{each} ON {table} ({each}, id)" for each in filters]
    return tuple(made)


_FIRST_ROW: Final = (
    "INSERT INTO head (id, revision, time, log_size, audit_size, audit_link, mark, owner) "
    "VALUES (1, 0, 0, 0, 0, {empty}, {empty}, {empty})"
)

VERSION_1: Final = (*_RECORDS, *_EVIDENCE, *_BOOKS, *_INDEXES, *_STATES, *_list_indexes(), _FIRST_ROW)
