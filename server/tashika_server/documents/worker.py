"""What runs inside a worker process: fonts parsed once, signing keys opened by path and kept in memory.

Imports neither the transport nor the storage, so a worker starts in a third of a second and holds no socket.
"""

import contextlib
import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from tashika_formats.statement import statement_digest
from tashika_server.documents.advance_request import render_advance_request
from tashika_server.documents.certificate import render_certificate
from tashika_server.documents.content import NoticeContent, OpenSigner, SignedCertificate, SignerRef, Signing
from tashika_server.documents.errors import FontError, SignerUnusableError
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fee_content import AdvanceContent, FeeSheetContent, StatementContent
from tashika_server.documents.fee_sheet import render_fee_sheet
from tashika_server.documents.fee_statement import render_fee_statement
from tashika_server.documents.fonts import open_fonts
from tashika_server.documents.key_notice import render_key_notice


def prepare(font_folder: Path) -> None:
    """Parse the fonts as a process starts. A damaged font is for the first job to report, with its reason."""
    with contextlib.suppress(FontError):
        _library(font_folder)


def warm_up(font_folder: Path) -> None:
    """Answer once the fonts are parsed. Raises FontError."""
    _library(font_folder)


def issue(
    font_folder: Path,
    open_signer: OpenSigner,
    envelope: bytes,
    reference: SignerRef,
    demo: bool,
    signing_time: datetime,
) -> SignedCertificate:
    """Render the certificate of a statement and sign both. Raises DocumentError."""
    signer = _signer(open_signer, reference)
    unsigned, pages = render_certificate(envelope, _library(font_folder), demo=demo)
    pdf = signer.sign_pdf(unsigned, signing_time)
    return SignedCertificate(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        statement_sha256=statement_digest(envelope),
        statement_signature=signer.sign_statement(envelope),
        signature_algorithm=signer.algorithm,
        signer_sha256=signer.signer_sha256(),
        chain=signer.certificates_pem(),
        demo=demo,
        pages=pages,
    )


def notice(font_folder: Path, content: NoticeContent) -> bytes:
    """Render a key notice. Raises DocumentError."""
    return render_key_notice(content, _library(font_folder))


def fee_sheet(font_folder: Path, content: FeeSheetContent) -> bytes:
    """Render a fee sheet. Raises DocumentError."""
    return render_fee_sheet(content, _library(font_folder))


def fee_statement(font_folder: Path, content: StatementContent) -> bytes:
    """Render the statement of a month. Raises DocumentError."""
    return render_fee_statement(content, _library(font_folder))


def advance_request(font_folder: Path, content: AdvanceContent) -> bytes:
    """Render a request for the advance. Raises DocumentError."""
    return render_advance_request(content, _library(font_folder))


@lru_cache(maxsize=1)
def _library(font_folder: Path) -> FaceLibrary:
    return FaceLibrary(open_fonts(font_folder))


# As many as there are guarantors in the nation, several times over.
@lru_cache(maxsize=64)
def _signer(open_signer: OpenSigner, reference: SignerRef) -> Signing:
    try:
        return open_signer(reference.key_file, reference.chain_file, reference.passphrase_file)
    except Exception as error:
        # Whatever kind of error the signer knows, it travels to the server as this one.
        raise SignerUnusableError(str(error)) from None
