"""Issued certificates, for the parties and for holders of a viewing token."""

from collections.abc import AsyncIterator, Sequence

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit
from tashika_server.application.lookups import contract_of, not_found
from tashika_server.application.ports import ReadView
from tashika_server.domain.model import Certificate, Contract
from tashika_server.domain.reasons import Reason, refuse

CHUNK_BYTES = 64 * 1024


class Certificates:
    """Use cases about issued certificates."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, caller: Caller, contract_id: str, version: int) -> tuple[Certificate, Contract]:
        """Give a version of a contract's certificate; version 0 is the current one."""

        def query(view: ReadView) -> tuple[Certificate, Contract]:
            contract = contract_of(view, caller, contract_id)
            found = view.certificates.version(contract_id, version or contract.version)
            if found is None:
                raise refuse(Reason.NOT_ISSUED) if not version else not_found("certificate", "version")
            return found, contract

        return await self._kit.store.read(query)

    async def list(self, caller: Caller, contract_id: str) -> Sequence[Certificate]:
        """Give every version of a contract's certificate, the first first."""

        def query(view: ReadView) -> Sequence[Certificate]:
            contract_of(view, caller, contract_id)
            return view.certificates.of_contract(contract_id)

        return await self._kit.store.read(query)

    async def viewed(self, contract_number: str, generation: int, version: int) -> Certificate:
        """Give a version to a holder of a viewing token; a key revoked since then ends what it opened."""

        def query(view: ReadView) -> Certificate:
            contract = view.contracts.by_number(contract_number)
            key = view.keys.current(contract.contract_id) if contract else None
            if contract is None or key is None or key.generation != generation:
                raise refuse(Reason.VIEWING_TOKEN_INVALID, "viewing_token")
            found = view.certificates.version(contract.contract_id, version or contract.version)
            if found is None:
                raise not_found("certificate", "version")
            return found

        return await self._kit.store.read(query)

    def stream(self, certificate: Certificate) -> AsyncIterator[bytes]:
        """Give the issued file's bytes in pieces, exactly as they were signed."""
        return self._kit.blobs.stream(certificate.pdf_sha256, CHUNK_BYTES)
