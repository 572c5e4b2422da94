"""Certificates: versions, opened ones, and what the register says of a file."""

from dataclasses import dataclass, field

from tashika_tui.client.records.common import Day, Moment
from tashika_tui.client.records.contract import Contract


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a certificate (電子保証履歴). Size in bytes, digest in lower-case hexadecimal."""

    certificate_id: str
    version: int
    issue_date: Day | None
    issue_time: Moment | None
    pdf_sha256: str
    pdf_size_bytes: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """An issued version. `envelope` are the signed bytes, from which it is shown; `chain` are PEM
    certificates, the signer's first. It never changes.
    """

    certificate_id: str
    contract_id: str
    contract_number: str
    version: int
    product: str
    guarantor_id: str
    orderer_id: str
    issue_time: Moment | None
    issue_date: Day | None
    pdf_sha256: str
    pdf_size_bytes: int
    envelope: bytes
    statement_signature: bytes
    chain: tuple[str, ...]
    leaf_index: int
    demo: bool


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A version, the number of the current one, and where the contract stands today."""

    certificate: Certificate
    current_version: int
    contract_state: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What an issue gave; after a mere check the certificate is None and the contract as it was."""

    contract: Contract
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class OpenedCertificate:
    """A certificate opened with number and key. `envelope` are the signed bytes, from which it is shown;
    `chain` are PEM certificates, the signer's first; `versions` has the latest first.
    """

    contract_id: str
    contract_number: str
    version: int
    contract_state: str
    demo: bool
    pdf_sha256: str
    envelope: bytes
    statement_signature: bytes
    chain: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    viewing_token: str = field(repr=False)
    viewing_token_expire_time: Moment | None


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What the register says of a file that it issued. `standing` is CURRENT, SUPERSEDED or ENDED; `bundle` is
    the issuance bundle as a file.
    """

    standing: str
    contract_number: str
    version: int
    current_version: int
    contract_state: str
    bundle: bytes
    check_time: Moment | None
