"""Certificates."""

from tashika.v1 import certificate_pb2, certificate_service_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import day, moment, token


def version_row(message: certificate_pb2.CertificateVersion) -> records.VersionRow:
    """A version in a list."""
    return records.VersionRow(
        certificate_id=message.certificate_id,
        version=message.version,
        issue_date=day(message, "issue_date"),
        issue_time=moment(message, "issue_time"),
        pdf_sha256=message.pdf_sha256,
        pdf_size_bytes=message.pdf_size_bytes,
    )


def certificate(message: certificate_pb2.Certificate) -> records.Certificate:
    """An issued version."""
    return records.Certificate(
        certificate_id=message.certificate_id,
        contract_id=message.contract_id,
        contract_number=message.contract_number,
        version=message.version,
        product=token(message, "product"),
        guarantor_id=message.guarantor_id,
        orderer_id=message.orderer_id,
        issue_time=moment(message, "issue_time"),
        issue_date=day(message, "issue_date"),
        pdf_sha256=message.pdf_sha256,
        pdf_size_bytes=message.pdf_size_bytes,
        envelope=message.envelope,
        statement_signature=message.statement_signature,
        chain=tuple(message.chain),
        leaf_index=message.leaf_index,
        demo=message.demo,
    )


def certificate_view(message: certificate_service_pb2.GetCertificateResponse) -> records.CertificateView:
    """A version and what holds today."""
    return records.CertificateView(
        certificate=certificate(message.certificate),
        current_version=message.current_version,
        contract_state=token(message, "contract_state"),
    )


def opened(message: certificate_service_pb2.OpenCertificateResponse) -> records.OpenedCertificate:
    """An opened certificate."""
    certificate = message.certificate
    return records.OpenedCertificate(
        contract_id=certificate.contract_id,
        contract_number=certificate.contract_number,
        version=certificate.version,
        contract_state=token(message, "contract_state"),
        demo=certificate.demo,
        pdf_sha256=certificate.pdf_sha256,
        envelope=certificate.envelope,
        statement_signature=certificate.statement_signature,
        chain=tuple(certificate.chain),
        versions=tuple(version_row(item) for item in message.versions),
        viewing_token=message.viewing_token,
        viewing_token_expire_time=moment(message, "viewing_token_expire_time"),
    )


def register_answer(message: certificate_service_pb2.VerifyCertificateResponse) -> records.RegisterAnswer:
    """What the register says of a file."""
    return records.RegisterAnswer(
        standing=token(message, "standing"),
        contract_number=message.contract_number,
        version=message.version,
        current_version=message.current_version,
        contract_state=token(message, "contract_state"),
        bundle=message.bundle,
        check_time=moment(message, "check_time"),
    )
