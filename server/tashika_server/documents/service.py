"""The application's port for documents, on the pool of processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from tashika_server.application.ports import IssuedDocument
from tashika_server.documents.content import NoticeContent, NoticeContractor, SignerRef
from tashika_server.documents.errors import MissingGlyphError, RenderUnavailableError, SignerUnusableError
from tashika_server.documents.pool import DocumentPool
from tashika_server.documents.statement import Fields, read_statement
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.generations import reissues
from tashika_server.domain.handing_in import HandInAdvice
from tashika_server.domain.model import Certificate, Contract
from tashika_server.domain.reasons import Reason, RefusedError, refuse

_LOG = structlog.get_logger("tashika.documents")


@dataclass(frozen=True, slots=True)
class GuarantorSigner:
    """A guarantor's key and chain by file, and whether that chain is one for demonstrations.

    `root` is the chain's root in PEM, empty where the chain does not hold it.
    """

    reference: SignerRef
    demo: bool
    root: str = ""


class PooledDocuments:
    """Port `Documents`. `viewer` is how the notice says where the register is reached; empty: not said."""

    def __init__(
        self, pool: DocumentPool, signers: Mapping[str, GuarantorSigner], *, viewer: str = ""
    ) -> None:
        self._pool = pool
        self._signers = signers
        self._viewer = viewer

    def has_signer(self, guarantor_id: str) -> bool:
        """Say whether this guarantor can sign here."""
        return guarantor_id in self._signers

    def missing_glyphs(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """Give, by field, the first character that no font has, with its selector or mark."""
        found: dict[str, str] = {}
        for error in self._pool.missing_glyphs(texts):
            found.setdefault(error.field, error.character)
        return found

    async def issue(self, envelope: bytes, guarantor_id: str, signing_time: datetime) -> IssuedDocument:
        """Render the certificate of a statement and sign both."""
        signer = self._signers.get(guarantor_id)
        if signer is None:
            raise refuse(Reason.SIGNER_MISSING)
        try:
            signed = await self._pool.issue(
                envelope, signer.reference, demo=signer.demo, signing_time=signing_time
            )
        except SignerUnusableError as error:
            _LOG.error("signer.unusable", guarantor=guarantor_id, why=str(error))
            raise refuse(Reason.SIGNER_MISSING) from error
        except (MissingGlyphError, RenderUnavailableError) as error:
            raise _refusal(error) from error
        return IssuedDocument(
            pdf=signed.pdf,
            sha256=signed.sha256,
            statement_signature=signed.statement_signature,
            signature_algorithm=signed.signature_algorithm,
            signer_sha256=signed.signer_sha256,
            chain=signed.chain,
            demo=signed.demo,
        )

    async def key_notice(
        self, certificate: Certificate, contract: Contract, key: str, advice: HandInAdvice, day_iso: str
    ) -> bytes:
        """Render the key notice of a version; unsigned, never stored."""
        content = notice_content(
            certificate, contract, key, advice, date.fromisoformat(day_iso), self._viewer
        )
        try:
            return await self._pool.notice(content)
        except (MissingGlyphError, RenderUnavailableError) as error:
            raise _refusal(error) from error


def notice_content(
    certificate: Certificate, contract: Contract, key: str, advice: HandInAdvice, day: date, viewer: str
) -> NoticeContent:
    """The notice of a version: what its signed statement says, with the contractor's own contact."""
    statement = read_statement(certificate.envelope)
    works, obligee = statement.child("works"), statement.child("obligee")
    period, guarantor = statement.child("guarantee_period"), statement.child("guarantor")
    first = period.optional("from")
    again = reissues(contract)
    office = [guarantor.optional("branch"), guarantor.optional("telephone")]
    return NoticeContent(
        notice_date=day,
        contract_number=certificate.contract_number,
        key=key,
        version=certificate.version,
        product=statement.text("product"),
        works_kind=works.text("kind"),
        works_name=works.text("name"),
        works_number=works.optional("number") or "",
        orderer=obligee.text("name"),
        addressee=obligee.text("addressee"),
        section=obligee.optional("section") or "",
        contractor=_contractor(statement.child("principal"), contract),
        guaranteed_amount_yen=statement.integer("guaranteed_amount_yen"),
        guarantee_from=date.fromisoformat(first) if first else None,
        guarantee_to=date.fromisoformat(period.text("to")),
        guarantor=guarantor.text("name"),
        guarantor_contact="　".join(part for part in office if part),
        hand_in=advice,
        viewer=viewer,
        reissued=again[-1].time.astimezone(JAPAN) if again else None,
        demo=certificate.demo,
    )


def _contractor(principal: Fields, contract: Contract) -> NoticeContractor:
    contact = (contract.terms or contract.application).contact
    parts = [contact.name, contact.telephone]
    venture = principal.child("joint_venture").text("name") if principal.has("joint_venture") else ""
    return NoticeContractor(
        company=principal.text("company"),
        address=principal.text("address"),
        representative=principal.text("representative"),
        contact="　".join(part for part in parts if part),
        joint_venture=venture,
    )


def _refusal(error: MissingGlyphError | RenderUnavailableError) -> RefusedError:
    if isinstance(error, MissingGlyphError):
        return refuse(
            Reason.GLYPH_MISSING, error.field, character=error.character, code_point=error.code_points
        )
    return refuse(Reason.RENDERING_UNAVAILABLE)
