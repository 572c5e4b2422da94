"""What goes into a document and what comes out: plain frozen values that travel between processes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from tashika_server.domain.handing_in import HandInAdvice

ASK_THE_SECTION = HandInAdvice("UNSPECIFIED")


class Signing(Protocol):
    """A guarantor's key at work, as `tashika_server.security.signer.Signer` is."""

    @property
    def algorithm(self) -> str:
        """The algorithm of `sign_statement`."""
        ...

    def certificates_pem(self) -> tuple[str, ...]:
        """The chain, the signing certificate first."""
        ...

    def signer_sha256(self) -> str:
        """SHA-256 of the signing certificate in DER, in lower-case hexadecimal."""
        ...

    def sign_statement(self, envelope: bytes) -> bytes:
        """The detached signature over a canonical envelope."""
        ...

    def sign_pdf(self, pdf: bytes, signing_time: datetime) -> bytes:
        """The signed PDF."""
        ...


# A function of a module, so that its name can be sent to a process: key file, chain file, passphrase file.
OpenSigner: TypeAlias = Callable[[Path, Path, Path | None], Signing]


@dataclass(frozen=True, slots=True)
class SignerRef:
    """Where a guarantor's signing key and certificate chain lie; each worker opens them by itself.

    All files are PEM. The key file must be readable by its owner alone (0600). `passphrase_file` holds the
    key's passphrase; a line end after it does not count. The chain begins with the signing certificate.
    """

    key_file: Path
    chain_file: Path
    passphrase_file: Path | None = None


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A rendered and signed certificate. The bytes are kept as they are and never made again.

    Digests are SHA-256 in lower-case hexadecimal: of the file, of the canonical envelope, and of the signing
    certificate in DER. `statement_signature` is detached: ECDSA in DER or RSA-PSS, as the key says. `chain`
    is in PEM, the signing certificate first.
    """

    pdf: bytes
    sha256: str
    statement_sha256: str
    statement_signature: bytes
    signature_algorithm: str
    signer_sha256: str
    chain: tuple[str, ...]
    demo: bool
    pages: int


@dataclass(frozen=True, slots=True)
class NoticeContractor:
    """Who hands the key in (受注者): the sender of the notice."""

    company: str
    address: str
    representative: str  # title and name
    contact: str = ""  # person, telephone or mail, as the contractor gave it
    joint_venture: str = ""  # the venture's name, where there is one


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """Everything that the notice of an authentication key says. It never holds the certificate itself.

    Texts keep their exact code points. `key` is the 20 characters in any form that `tashika_formats.key`
    reads.
    """

    notice_date: date  # Japan's day on which the notice is made
    contract_number: str  # 14 digits
    key: str = field(repr=False)
    version: int
    product: str  # PERFORMANCE, PREPAYMENT or MIDTERM_PREPAYMENT
    works_kind: str  # CONSTRUCTION, CONSULTING, SERVICES or another code
    works_name: str
    orderer: str  # 柏市
    addressee: str  # 柏市長
    contractor: NoticeContractor
    guaranteed_amount_yen: int
    guarantor: str
    works_number: str = ""
    section: str = ""  # the orderer's section (担当課)
    guarantee_from: date | None = None  # None: from the signing of the works contract
    guarantee_to: date | None = None
    hand_in: HandInAdvice = ASK_THE_SECTION
    viewer: str = ""  # how the register is reached, such as its address; empty: not printed
    guarantor_contact: str = ""  # branch and telephone, for questions
    reissued: datetime | None = (
        None  # when, in Japan, the key took the place of another one; None: it is the first
    )
    demo: bool = False  # print 見本 DEMO
