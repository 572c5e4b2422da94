"""Issued certificates, as parties, holders of a key and holders of a file see them."""

from collections.abc import Iterable
from datetime import date, datetime

from tashika.v1 import certificate_pb2 as pb
from tashika.v1 import contract_pb2, product_pb2
from tashika.v1.certificate_service_pb2 import OpenCertificateResponse, VerifyCertificateResponse
from tashika_server.application.opening import Opened
from tashika_server.application.verification import Evidence
from tashika_server.domain.model import Certificate, Contract, ContractState
from tashika_server.domain.states import effective_state
from tashika_server.transport.convert.enums import to_proto_enum
from tashika_server.transport.convert.memo import Memo
from tashika_server.transport.convert.statement import statement_to_proto
from tashika_server.transport.convert.values import date_to_proto, moment_to_proto, set_moment

_opened: Memo[OpenCertificateResponse] = Memo()


def certificate_to_proto(certificate: Certificate) -> pb.Certificate:
    """Give a certificate's message; record and salt stay, since they are in the bundle only."""
    return pb.Certificate(
        certificate_id=certificate.certificate_id,
        contract_id=certificate.contract_id,
        contract_number=certificate.contract_number,
        version=certificate.version,
        product=to_proto_enum(product_pb2.Product, certificate.product),
        guarantor_id=certificate.guarantor_id,
        orderer_id=certificate.orderer_id,
        issue_time=moment_to_proto(certificate.issued_time),
        issue_date=date_to_proto(certificate.issue_date),
        pdf_sha256=certificate.pdf_sha256,
        pdf_size_bytes=certificate.pdf_size_bytes,
        statement=statement_to_proto(certificate.envelope),
        envelope=certificate.envelope,
        statement_signature=certificate.statement_signature,
        chain=certificate.chain,
        leaf_index=certificate.leaf_index,
        demo=certificate.demo,
    )


def versions_to_proto(certificates: Iterable[Certificate]) -> list[pb.CertificateVersion]:
    """Give the rows of a contract's versions, the latest first."""
    return [
        pb.CertificateVersion(
            certificate_id=certificate.certificate_id,
            version=certificate.version,
            issue_time=moment_to_proto(certificate.issued_time),
            issue_date=date_to_proto(certificate.issue_date),
            pdf_sha256=certificate.pdf_sha256,
            pdf_size_bytes=certificate.pdf_size_bytes,
        )
        for certificate in sorted(certificates, key=lambda each: each.version, reverse=True)
    ]


def contract_state_to_proto(contract: Contract, *, today: date) -> contract_pb2.ContractState:
    """Give where a contract stands on Japan's day ``today``."""
    return to_proto_enum(contract_pb2.ContractState, effective_state(contract, today))


def opened_to_proto(
    opened: Opened, *, today: date, viewing_token: str, expires: datetime
) -> OpenCertificateResponse:
    """Give the answer of OpenCertificate."""
    versions = opened.certificates
    message = OpenCertificateResponse()
    message.CopyFrom(_opened.get(opened.current.certificate_id, versions, lambda: _versions_opened(versions)))
    message.contract_state = contract_state_to_proto(opened.contract, today=today)
    message.viewing_token = viewing_token
    set_moment(message.viewing_token_expire_time, expires)
    return message


def _versions_opened(versions: tuple[Certificate, ...]) -> OpenCertificateResponse:
    """The part of the answer that is the same for everybody who opens."""
    return OpenCertificateResponse(
        certificate=certificate_to_proto(versions[-1]), versions=versions_to_proto(versions)
    )


def evidence_to_proto(evidence: Evidence, *, today: date, now: datetime) -> VerifyCertificateResponse:
    """Give the answer of VerifyCertificate, which speaks of the moment ``now``."""
    certificate, contract = evidence.certificate, evidence.contract
    return VerifyCertificateResponse(
        standing=_standing(certificate, contract, today),
        contract_number=certificate.contract_number,
        version=certificate.version,
        current_version=contract.version,
        contract_state=contract_state_to_proto(contract, today=today),
        bundle=evidence.bundle,
        check_time=moment_to_proto(now),
    )


def _standing(certificate: Certificate, contract: Contract, today: date) -> pb.CertificateStanding:
    # That a later version took its place says more than that the guarantee is over, and is true of both.
    if certificate.version < contract.version:
        return pb.CERTIFICATE_STANDING_SUPERSEDED
    if effective_state(contract, today) is ContractState.IN_FORCE:
        return pb.CERTIFICATE_STANDING_CURRENT
    return pb.CERTIFICATE_STANDING_ENDED
