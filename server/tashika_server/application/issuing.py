"""Issue: prepare outside every transaction, then commit if nothing has moved since."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tashika_formats.issuance import IssuanceRecord, build_leaf, record_bytes
from tashika_formats.key import KEY_ENTROPY_BYTES, make_key
from tashika_formats.statement import build_envelope, statement_digest
from tashika_server.application.caller import Caller
from tashika_server.application.keys import sealed_key
from tashika_server.application.kit import Kit, change_by, first_answer, same_revision, with_revision
from tashika_server.application.lookups import contract_of, orderer, organization
from tashika_server.application.notifying import tell_change
from tashika_server.application.ports import (
    Done,
    Ids,
    IssuedDocument,
    KeyMaterial,
    Outcome,
    ReadView,
    Replay,
    UnitOfWork,
)
from tashika_server.domain import lifecycle
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.generations import FIRST
from tashika_server.domain.model import Certificate, Contract, Organization, Product
from tashika_server.domain.policy import Orderer, Policy
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse
from tashika_server.domain.statement import build_statement, statement_texts

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """A contract with the certificate version that was issued for it."""

    contract: Contract
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is fixed before rendering, so that rendering twice gives the same certificate."""

    contract: Contract
    certificate_id: str
    envelope: bytes
    salt: bytes
    day: date
    time: datetime


class Issuing:
    """Use cases about issuing certificates."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def check(self, caller: Caller, contract_id: str, expected: int | None) -> Contract:
        """Decide an issue without doing it, and give the contract as it stands."""
        return (await self._prepare(caller, contract_id, expected)).contract

    async def issue(
        self, caller: Caller, contract_id: str, expected: int | None, replay: Replay | None
    ) -> Issued:
        """Issue the electronic certificate of an accepted and paid contract, with its key.

        Nothing is kept unless certificate, key, file and log entry all are. Refuses ISSUE_OVERTAKEN where the
        contract or Japan's day changed while the certificate was being rendered: issue again.
        """
        earlier = await self._kit.store.replayed(replay) if replay else None
        if earlier is not None:
            return await self._issued_before(earlier)
        prepared = await self._prepare(caller, contract_id, expected)
        document = await self._kit.documents.issue(
            prepared.envelope, prepared.contract.guarantor_id, prepared.time
        )
        await self._kit.blobs.put(document.pdf)
        certificate = _certificate(prepared, document)
        key_id = self._kit.ids.new("key")
        key = make_key(self._kit.randomness.token(KEY_ENTROPY_BYTES))
        sealed = self._kit.vault.seal_key(key, prepared.contract.number, key_id, FIRST)
        outcome = await self._commit(caller, prepared, certificate, (key_id, sealed), replay)
        if outcome.value is None:
            return await self._issued_before(outcome)
        return await self._with_log_index(outcome.value, outcome.revision)

    async def _prepare(self, caller: Caller, contract_id: str, expected: int | None) -> _Prepared:
        now = self._kit.clock.now()
        contract, party, company = await self._kit.store.read(
            lambda view: _parties(view, caller, contract_id, expected)
        )
        day = japan_day(now)
        lifecycle.may_issue(contract, day)
        certificate_id = self._kit.ids.new("crt")
        policy = party.version(contract.policy_version) if contract.policy_version else None
        statement = build_statement(
            contract,
            orderer=party,
            policy=policy.policy if policy else Policy(),
            guarantor=company,
            certificate_id=certificate_id,
            version=contract.version + 1,
            issue_date=day,
            previous=None,
        )
        self._refuse_unprintable(statement_texts(statement))
        if not self._kit.documents.has_signer(contract.guarantor_id):
            raise refuse(Reason.SIGNER_MISSING)
        salt = self._kit.randomness.token(SALT_BYTES)
        return _Prepared(contract, certificate_id, build_envelope(statement), salt, day, now)

    def _refuse_unprintable(self, texts: Mapping[str, str]) -> None:
        missing = self._kit.documents.missing_glyphs(texts)
        if missing:
            raise RefusedError(*(_unprintable(field, character) for field, character in missing.items()))

    async def _commit(
        self,
        caller: Caller,
        prepared: _Prepared,
        certificate: Certificate,
        sealed: tuple[str, KeyMaterial],
        replay: Replay | None,
    ) -> Outcome[Issued]:
        change = change_by(caller, "certificate.issue")
        contract_id = prepared.contract.contract_id

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Issued]:
            present = contract_of(uow, caller, contract_id)
            if present.revision != prepared.contract.revision or japan_day(now) != prepared.day:
                raise refuse(Reason.ISSUE_OVERTAKEN)
            issued = lifecycle.issue(present, version=certificate.version, now=now, today=prepared.day)
            uow.contracts.save(issued, change)
            uow.certificates.add(certificate, change)
            uow.keys.add(sealed_key(issued, sealed[0], FIRST, sealed[1], now), change)
            tell_change(self._kit, uow, present, issued, by=caller.user_id, now=now, ids=ids)
            return Done(Issued(issued, certificate), (contract_id, certificate.certificate_id))

        return await self._kit.store.run(command, replay)

    async def _issued_before(self, outcome: Outcome[object] | Outcome[Issued]) -> Issued:
        contract = await first_answer(self._kit, outcome, 0, lambda view: view.contracts)
        certificate = await first_answer(self._kit, outcome, 1, lambda view: view.certificates)
        return Issued(contract, certificate)

    async def _with_log_index(self, issued: Issued, revision: int) -> Issued:
        """Give what was issued with the place in the log that its commit gave it."""
        certificate_id = issued.certificate.certificate_id
        stored = await self._kit.store.read(lambda view: view.certificates.get(certificate_id))
        if stored is None:
            raise refuse(Reason.INTERNAL)
        return Issued(with_revision(issued.contract, revision), stored)


def _unprintable(field: str, character: str) -> Violation:
    code_point = " ".join(f"U+{ord(part):04X}" for part in character)
    return Violation(Reason.GLYPH_MISSING, field, {"character": character, "code_point": code_point})


def _parties(
    view: ReadView, caller: Caller, contract_id: str, expected: int | None
) -> tuple[Contract, Orderer, Organization]:
    contract = contract_of(view, caller, contract_id)
    same_revision(contract.revision, expected)
    return (
        contract,
        orderer(view, contract.application.works.orderer_id),
        organization(view, contract.guarantor_id),
    )


def _certificate(prepared: _Prepared, document: IssuedDocument) -> Certificate:
    contract = prepared.contract
    terms = contract.terms or contract.application
    version = contract.version + 1
    record = IssuanceRecord(
        certificate_id=prepared.certificate_id,
        contract_number=contract.number,
        version=version,
        issuer=contract.guarantor_id,
        statement_sha256=statement_digest(prepared.envelope),
        statement_signature_sha256=hashlib.sha256(document.statement_signature).hexdigest(),
        pdf_sha256=document.sha256,
        signature_algorithm=document.signature_algorithm,
        signer_sha256=document.signer_sha256,
    )
    return Certificate(
        certificate_id=prepared.certificate_id,
        contract_id=contract.contract_id,
        contract_number=contract.number,
        version=version,
        organization_id=contract.organization_id,
        guarantor_id=contract.guarantor_id,
        orderer_id=terms.works.orderer_id,
        product=terms.product or Product.PERFORMANCE,
        issued_time=prepared.time,
        issue_date=prepared.day,
        envelope=prepared.envelope,
        statement_signature=document.statement_signature,
        chain=document.chain,
        pdf_sha256=document.sha256,
        pdf_size_bytes=len(document.pdf),
        record=record_bytes(record),
        salt=prepared.salt,
        leaf=build_leaf(record, prepared.salt),
        demo=document.demo,
    )
