"""Verification: what the register proves of an issued file to whoever holds it."""

from dataclasses import dataclass

from tashika_formats import merkle
from tashika_formats.issuance import IssuanceBundle, format_bundle, parse_record
from tashika_formats.status import STATUS_VALIDITY, SignedStatus, Status, status_signing_input
from tashika_server.application.kit import Kit
from tashika_server.application.log import Log
from tashika_server.application.lookups import not_found
from tashika_server.application.ports import ReadView
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.lifecycle import effective_state
from tashika_server.domain.model import Certificate, Contract
from tashika_server.domain.reasons import Reason, refuse


@dataclass(frozen=True, slots=True)
class Evidence:
    """A registered certificate version with all that proves it, as a file that clients can keep."""

    certificate: Certificate
    contract: Contract
    bundle: bytes


class Verification:
    """Use cases about proving."""

    def __init__(self, kit: Kit, log: Log) -> None:
        self._kit = kit
        self._log = log

    async def by_file(self, sha256: str) -> Evidence:
        """Give the evidence for an issued file by its SHA-256; NOT_FOUND where no issued file has it.

        Who knows the digest holds the file, and learns nothing from the evidence that the file does not say.
        """
        certificate = await self._kit.store.read(lambda view: view.certificates.by_pdf_sha256(sha256))
        if certificate is None:
            raise not_found("certificate", "pdf_sha256")
        return await self.evidence(certificate)

    async def evidence(self, certificate: Certificate) -> Evidence:
        """Give the evidence for a certificate that the caller may see."""
        note, checkpoint = await self._log.checkpoint(certificate.leaf_index + 1)

        def query(view: ReadView) -> tuple[list[bytes], Contract]:
            contract = view.contracts.get(certificate.contract_id)
            if contract is None:
                raise refuse(Reason.INTERNAL)
            path = merkle.inclusion_proof(certificate.leaf_index, checkpoint.size, view.log.node)
            return path, contract

        path, contract = await self._kit.store.read(query)
        bundle = IssuanceBundle(
            record=parse_record(certificate.record),
            salt=certificate.salt,
            leaf_index=certificate.leaf_index,
            inclusion_proof=tuple(path),
            checkpoint=note.encode(),
            statement_signature=certificate.statement_signature,
            signer_chain=certificate.chain,
            status=self.status(contract, checkpoint.size),
        )
        return Evidence(certificate, contract, format_bundle(bundle))

    def status(self, contract: Contract, tree_size: int) -> SignedStatus:
        """Sign what the register says of a number now; it holds for a day."""
        now = self._kit.clock.now()
        status = Status(
            contract_number=contract.number,
            current_version=contract.version,
            state=effective_state(contract, japan_day(now)).value,
            tree_size=tree_size,
            this_update=now,
            next_update=now + STATUS_VALIDITY,
        )
        signature = self._log.signer.sign(status_signing_input(status))
        return SignedStatus(status, signature, self._log.signer.name)
