"""Certificates."""

from tashika.v1 import certificate_service_pb2 as certificates
from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.gateway.calls import STREAM_SECONDS, Calls
from tashika_tui.client.wire import certificate as wire


class CertificateCalls(Calls):
    """The port's `Certificates`."""

    async def list_certificates(self, contract_id: str) -> tuple[records.VersionRow, ...]:
        """All versions, the latest first."""
        request = certificates.ListCertificatesRequest(contract_id=contract_id)
        answer = await self._unary(self._certificates.ListCertificates, request)
        return tuple(wire.version_row(item) for item in answer.certificates)

    async def get_certificate(self, contract_id: str, version: int = 0) -> records.CertificateView:
        """A version."""
        request = certificates.GetCertificateRequest(contract_id=contract_id, version=version)
        return wire.certificate_view(await self._unary(self._certificates.GetCertificate, request))

    async def download_certificate(self, contract_id: str, version: int = 0) -> records.File:
        """The PDF of a version, by the session."""
        request = certificates.DownloadCertificateRequest(contract_id=contract_id, version=version)
        return await self._receive(
            self._certificates.DownloadCertificate(request, timeout=STREAM_SECONDS, metadata=self._metadata())
        )

    async def open_certificate(self, contract_number: str, key: str) -> records.OpenedCertificate:
        """Opens a certificate with number and authentication key."""
        request = certificates.OpenCertificateRequest(contract_number=contract_number, key=key)
        return wire.opened(await self._unary(self._certificates.OpenCertificate, request))

    async def verify_certificate(self, pdf_sha256: str) -> records.RegisterAnswer | None:
        """What the register says of a file; None: it issued no such file."""
        request = certificates.VerifyCertificateRequest(pdf_sha256=pdf_sha256)
        try:
            answer = await self._unary(self._certificates.VerifyCertificate, request)
        except RefusedByServer as error:
            if error.reason == "NOT_FOUND":
                return None
            raise
        return wire.register_answer(answer)

    async def download_viewed(self, viewing_token: str, version: int = 0) -> records.File:
        """The PDF of a version, by a viewing token."""
        request = certificates.DownloadCertificateRequest(version=version, viewing_token=viewing_token)
        # The session plays no part here, and an expired one must not stand in the way.
        return await self._receive(
            self._certificates.DownloadCertificate(
                request, timeout=STREAM_SECONDS, metadata=self._metadata(session=False)
            )
        )
