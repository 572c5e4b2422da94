"""SQL text, compiled once per store: building it costs many times the look-up that it is for."""

from dataclasses import dataclass
from typing import Any

from peewee import SQL, Expression, Field, Node, Select

from tashika_server.storage.kinds import KINDS, Kind
from tashika_server.storage.models import CertificateRow, ContractRow, KeyRow, SessionRow, SshKeyRow, UserRow
from tashika_server.storage.session import Dialect


def spell(dialect: Dialect, query: Node) -> tuple[str, list[Any]]:
    """The text of a peewee query in a store's dialect, and its parameters; no database is bound or asked."""
    context: Any = dialect.compiler.get_sql_context()
    sql, parameters = context.sql(query).query()
    return str(sql), list(parameters)


@dataclass(frozen=True)
class RecordStatements:
    """The statements of one kind of record. Each SELECT of a record answers ``selected`` columns."""

    get: str
    get_locked: str
    insert: str
    update: str
    delete: str
    before: str
    settle: str


class Statements:
    """Every statement that is not a list, in one store's dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.records = {kind.name: self._records(kind) for kind in KINDS}
        self.user_by_login_name = self._find(UserRow, UserRow.login_name == "")
        self.users_of_organization = self._find(UserRow, UserRow.organization_id == "", UserRow.login_name)
        # The text of the partial indexes' own conditions must stand in the query for SQLite to use them.
        self.contract_by_number = self._find(
            ContractRow, (ContractRow.number == "") & self._literal(ContractRow.number, "<> ''")
        )
        self.contract_by_slot = self._find(
            ContractRow, (ContractRow.slot == "") & self._literal(ContractRow.slot, "IS NOT NULL")
        )
        self.certificate_version = self._find(
            CertificateRow, (CertificateRow.contract_id == "") & (CertificateRow.version == 0)
        )
        self.certificates_of_contract = self._find(
            CertificateRow, CertificateRow.contract_id == "", CertificateRow.version
        )
        self.certificate_by_pdf = self._find(CertificateRow, CertificateRow.pdf_sha256 == "")
        self.key_current = self._find(
            KeyRow, (KeyRow.contract_id == "") & self._literal(KeyRow.live_number, "IS NOT NULL")
        )
        self.ssh_key_by_fingerprint = self._find(SshKeyRow, SshKeyRow.fingerprint == "")
        self.ssh_keys_of_user = self._find(SshKeyRow, SshKeyRow.user_id == "", SshKeyRow.id)
        self.session_get = self._text(SessionRow.select().where(SessionRow.id == ""))

    def _text(self, query: Node) -> str:
        return spell(self.dialect, query)[0]

    @staticmethod
    def _literal(column: Field, condition: str) -> Expression:
        return Expression(column, "", SQL(condition))

    @staticmethod
    def _selected(table: Any) -> tuple[Field, ...]:
        if table is CertificateRow:
            return (table.revision, table.payload, table.leaf_index)
        return (table.revision, table.payload)

    def _find(self, table: Any, where: Expression, order: Field | None = None) -> str:
        query: Select = table.select(*self._selected(table)).where(where)
        return self._text(query if order is None else query.order_by(order))

    def _records(self, kind: Kind[Any]) -> RecordStatements:
        table: Any = kind.table
        get = self._find(table, table.id == "")
        columns = dict.fromkeys(("revision", "payload", *kind.column_names), "")
        inserted = {"id": "", **columns} | ({"leaf_index": 0} if kind.placed else {})
        counted = [getattr(table, name) for name in (*kind.scopes, *([kind.bucket] if kind.bucket else []))]
        before = self._text(table.select(table.revision, *counted).where(table.id == ""))
        return RecordStatements(
            get=get,
            get_locked=get + self.dialect.lock,
            insert=self._text(
                table.insert({getattr(table, name): value for name, value in inserted.items()})
            ),
            update=self._text(
                table.update({getattr(table, name): value for name, value in columns.items()}).where(
                    table.id == ""
                )
            ),
            delete=self._text(table.delete().where(table.id == "")),
            before=before + self.dialect.lock,
            settle=self._text(table.update({table.revision: 0}).where(table.id == "")),
        )
