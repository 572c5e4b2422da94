"""The kinds of records: their class, their table, and what stands in columns beside the payload.

An absent number stands as -1 and an absent text or day as the empty text, so that a keyset never meets NULL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar

from tashika_server.domain.lead_time import milestones
from tashika_server.domain.model import (
    Certificate,
    Contract,
    ContractState,
    Organization,
    SealedKey,
    SshKey,
    User,
    Works,
)
from tashika_server.domain.notices import NoticePreferences
from tashika_server.domain.policy import Orderer
from tashika_server.storage import models
from tashika_server.storage.codec import Codec, micros
from tashika_server.storage.session import Value

E = TypeVar("E")
ABSENT_NUMBER: Final = -1
# The scope of the whole register, in the counters.
EVERYTHING: Final = ""


@dataclass(frozen=True)
class Kind(Generic[E]):
    """One kind of record.

    ``name`` stands in history and audit trail for good. ``identify`` gives an entity's id and ``columns`` what is
    kept beside the payload. ``placed``: the entity has a place in the log. ``scopes`` and ``bucket`` are the
    columns that its counters go by. ``watched``: who is in one of its scopes is told of each change.
    """

    name: str
    table: type[models.Record]
    codec: Codec[E]
    identify: Callable[[E], str]
    columns: Callable[[E], dict[str, Value]]
    placed: bool = False
    counted: bool = False
    scopes: tuple[str, ...] = ()
    bucket: str = ""
    watched: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns beside id, revision and payload, in the table's order."""
        names = tuple(field.name for field in self.table._meta.sorted_fields)
        return tuple(name for name in names if name not in ("id", "revision", "payload", "leaf_index"))

    def row(self, entity: E) -> dict[str, Value]:
        """The columns of an entity. Raises ValueError for NUL, which PostgreSQL's text can't hold."""
        values = self.columns(entity)
        if any(isinstance(value, str) and "\0" in value for value in values.values()):
            raise ValueError(f"a {self.name} has a NUL character in a column")
        return values

    def counters(self, row: Mapping[str, Value]) -> tuple[tuple[str, str, str, str], ...]:
        """The keys (kind, scope, scope id, bucket) of the counters that this row stands in."""
        if not self.counted:
            return ()
        bucket = str(row[self.bucket]) if self.bucket else ""
        scoped = ((self.name, scope, str(row[scope]), bucket) for scope in self.scopes if row[scope])
        return ((self.name, EVERYTHING, "", bucket), *scoped)


def audience(kind: Kind[Any], row: Mapping[str, Value]) -> frozenset[str]:
    """The organisations that see a thing, by its row."""
    return frozenset(str(row[scope]) for scope in kind.scopes if row[scope])


def _number(value: int | None) -> int:
    return ABSENT_NUMBER if value is None else value


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _time(value: datetime | None) -> int:
    return ABSENT_NUMBER if value is None else micros(value)


def _organization(entity: Organization) -> dict[str, Value]:
    return {"kind": entity.kind.value, "name": entity.name, "kana": entity.kana}


def _user(entity: User) -> dict[str, Value]:
    return {"organization_id": entity.organization_id, "login_name": entity.login_name, "name": entity.name}


def _orderer(entity: Orderer) -> dict[str, Value]:
    return {"name": entity.name, "kana": entity.kana, "prefecture": entity.prefecture}


def _works(entity: Works) -> dict[str, Value]:
    terms = entity.terms
    return {
        "organization_id": entity.organization_id,
        "orderer_id": terms.orderer_id,
        "kind": terms.kind,
        "number": terms.number,
        "name": terms.name,
        "price_yen": _number(terms.price_yen),
        "period_end": _day(terms.period_end),
    }


def _contract(entity: Contract) -> dict[str, Value]:
    # What was accepted counts, before that what was asked for.
    terms = entity.terms or entity.application
    draft = entity.state is ContractState.DRAFT
    reached = milestones(entity)
    return {
        "number": entity.number,
        "slot": entity.slot,
        "organization_id": entity.organization_id,
        "guarantor_id": entity.guarantor_id,
        "desk_id": "" if draft else entity.guarantor_id,
        "orderer_id": terms.works.orderer_id,
        "works_id": terms.works_id,
        "state": entity.state.value,
        "product": terms.product.value if terms.product else "",
        "form": terms.form.value if terms.form else "",
        "registered_time": _time(entity.registered_time),
        "updated_time": _time(entity.updated_time),
        "works_name": terms.works.name,
        "amount_yen": _number(terms.amount_yen),
        "period_end": _day(terms.period_end),
        "pay_by": _day(entity.pay_by),
        "submitted_time": _time(reached.submitted),
        "accepted_time": _time(reached.accepted),
        "paid_time": _time(reached.paid),
        "issued_time": _time(reached.issued),
        "handed_in_time": _time(reached.handed_in),
    }


def _certificate(entity: Certificate) -> dict[str, Value]:
    return {
        "contract_id": entity.contract_id,
        "version": entity.version,
        "organization_id": entity.organization_id,
        "guarantor_id": entity.guarantor_id,
        "orderer_id": entity.orderer_id,
        "contract_number": entity.contract_number,
        "issued_time": _time(entity.issued_time),
        "pdf_sha256": entity.pdf_sha256,
    }


def _sealed_key(entity: SealedKey) -> dict[str, Value]:
    return {
        "contract_id": entity.contract_id,
        "generation": entity.generation,
        "live_number": entity.contract_number if entity.revoked_time is None else None,
        "digest": entity.digest,
    }


def _ssh_key(entity: SshKey) -> dict[str, Value]:
    return {"user_id": entity.user_id, "fingerprint": entity.fingerprint}


_APART: Final = frozenset({"revision"})

ORGANIZATION: Final = Kind(
    "organization",
    models.OrganizationRow,
    Codec(Organization, _APART),
    lambda e: e.organization_id,
    _organization,
    counted=True,
    bucket="kind",
)
USER: Final = Kind(
    "user",
    models.UserRow,
    Codec(User, _APART),
    lambda e: e.user_id,
    _user,
    counted=True,
    scopes=("organization_id",),
)
ORDERER: Final = Kind(
    "orderer",
    models.OrdererRow,
    Codec(Orderer, _APART),
    lambda e: e.orderer_id,
    _orderer,
    counted=True,
)
WORKS: Final = Kind(
    "works",
    models.WorksRow,
    Codec(Works, _APART),
    lambda e: e.works_id,
    _works,
    counted=True,
    scopes=("organization_id",),
)
CONTRACT: Final = Kind(
    "contract",
    models.ContractRow,
    Codec(Contract, _APART),
    lambda e: e.contract_id,
    _contract,
    counted=True,
    scopes=("organization_id", "desk_id"),
    bucket="state",
    watched=True,
)
CERTIFICATE: Final = Kind(
    "certificate",
    models.CertificateRow,
    Codec(Certificate, _APART | {"leaf_index"}),
    lambda e: e.certificate_id,
    _certificate,
    placed=True,
    counted=True,
    scopes=("organization_id", "guarantor_id"),
)
SEALED_KEY: Final = Kind(
    "sealed_key", models.KeyRow, Codec(SealedKey, _APART), lambda e: e.key_id, _sealed_key
)
PREFERENCES: Final = Kind(
    "notice_preferences",
    models.NoticePreferencesRow,
    Codec(NoticePreferences, _APART),
    lambda e: e.user_id,
    lambda _: {},
)

SSH_KEY: Final = Kind("ssh_key", models.SshKeyRow, Codec(SshKey, _APART), lambda e: e.ssh_key_id, _ssh_key)

KINDS: Final[tuple[Kind[Any], ...]] = (
    ORGANIZATION,
    USER,
    ORDERER,
    WORKS,
    CONTRACT,
    CERTIFICATE,
    SEALED_KEY,
    PREFERENCES,
    SSH_KEY,
)
