"""CertificateService."""

from collections.abc import AsyncIterator

from tashika.v1 import certificate_service_pb2 as pb
from tashika_server.application.access import authorise
from tashika_server.application.certificates import Certificates
from tashika_server.application.issuing import Issuing
from tashika_server.application.opening import Opening
from tashika_server.application.ports import Clock
from tashika_server.application.verification import Verification
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.model import Certificate
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.call import Call
from tashika_server.transport.convert.certificate import (
    certificate_to_proto,
    contract_state_to_proto,
    evidence_to_proto,
    opened_to_proto,
    versions_to_proto,
)
from tashika_server.transport.convert.contract import contract_to_proto
from tashika_server.transport.convert.values import revision_of
from tashika_server.transport.methods import Handler, Lane, Method, service
from tashika_server.transport.servicers.files import pdf_header, send
from tashika_server.transport.tokens import ViewingTokens


class CertificateServicer:
    """Electronic certificates."""

    def __init__(
        self,
        issuing: Issuing,
        certificates: Certificates,
        opening: Opening,
        verification: Verification,
        viewing: ViewingTokens,
        clock: Clock,
    ) -> None:
        self._issuing = issuing
        self._certificates = certificates
        self._opening = opening
        self._verification = verification
        self._viewing = viewing
        self._clock = clock

    async def issue_certificate(
        self, request: pb.IssueCertificateRequest, call: Call
    ) -> pb.IssueCertificateResponse:
        """Issue."""
        expected = revision_of(request.etag)
        today = japan_day(self._clock.now())
        if request.validate_only:
            checked = await self._issuing.check(call.caller, request.contract_id, expected)
            return pb.IssueCertificateResponse(contract=contract_to_proto(checked, today=today))
        issued = await self._issuing.issue(call.caller, request.contract_id, expected, call.replay(request))
        return pb.IssueCertificateResponse(
            certificate=certificate_to_proto(issued.certificate),
            contract=contract_to_proto(issued.contract, today=today),
        )

    async def get_certificate(
        self, request: pb.GetCertificateRequest, call: Call
    ) -> pb.GetCertificateResponse:
        """Give a version."""
        found, contract = await self._certificates.get(call.caller, request.contract_id, request.version)
        return pb.GetCertificateResponse(
            certificate=certificate_to_proto(found),
            current_version=contract.version,
            contract_state=contract_state_to_proto(contract, today=japan_day(self._clock.now())),
        )

    async def list_certificates(
        self, request: pb.ListCertificatesRequest, call: Call
    ) -> pb.ListCertificatesResponse:
        """List the versions of a contract."""
        versions = await self._certificates.list(call.caller, request.contract_id)
        return pb.ListCertificatesResponse(certificates=versions_to_proto(versions))

    async def download_certificate(
        self, request: pb.DownloadCertificateRequest, call: Call
    ) -> AsyncIterator[pb.DownloadCertificateResponse]:
        """Give a version's PDF."""
        found = await self._wanted(request, call)
        name = f"{found.contract_number}-v{found.version}.pdf"
        header = pdf_header(name, found.pdf_size_bytes, found.pdf_sha256)
        chunks = self._certificates.stream(found)
        async for response in send(pb.DownloadCertificateResponse, header, chunks):
            yield response

    async def open_certificate(
        self, request: pb.OpenCertificateRequest, call: Call
    ) -> pb.OpenCertificateResponse:
        """Open with number and key."""
        opened = await self._opening.open(request.contract_number, request.key, call.peer)
        current = opened.current
        token, expires = self._viewing.make(current.contract_number, current.version, opened.generation)
        today = japan_day(self._clock.now())
        return opened_to_proto(opened, today=today, viewing_token=token, expires=expires)

    async def verify_certificate(
        self, request: pb.VerifyCertificateRequest, call: Call
    ) -> pb.VerifyCertificateResponse:
        """Say what the register knows of a file."""
        now = self._clock.now()
        evidence = await self._verification.by_file(request.pdf_sha256)
        return evidence_to_proto(evidence, today=japan_day(now), now=now)

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "IssueCertificate": self.issue_certificate,
            "GetCertificate": self.get_certificate,
            "ListCertificates": self.list_certificates,
            "DownloadCertificate": self.download_certificate,
            "OpenCertificate": self.open_certificate,
            "VerifyCertificate": self.verify_certificate,
        }
        return service("tashika.v1.CertificateService", handlers, {"IssueCertificate": Lane.HEAVY})

    async def _wanted(self, request: pb.DownloadCertificateRequest, call: Call) -> Certificate:
        """Find the version by the viewing token where there is one, else by the caller's session."""
        if request.viewing_token:
            viewing = self._viewing.read(request.viewing_token)
            return await self._certificates.viewed(
                viewing.contract_number, viewing.generation, request.version or viewing.version
            )
        # The method itself is open to anybody; without a viewing token it is a party's, as GetCertificate is.
        authorise("/tashika.v1.CertificateService/GetCertificate", call.caller)
        if not request.contract_id:
            raise refuse(Reason.FIELD_REQUIRED, "contract_id")
        return (await self._certificates.get(call.caller, request.contract_id, request.version))[0]
