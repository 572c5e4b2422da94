"""The signature inside a PDF, by pyHanko: PAdES B-B."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import CertificateStore, SimpleCertificateStore

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_FIELD: Final = "Guarantor"
_DIGEST: Final = "sha256"
# Room for the rest of the signature container, beside the certificates: attributes, signature, names.
_CONTAINER_BYTES: Final = 2048


class PdfSignature:
    """Signs PDFs with one key. `chain`: the signing certificate first. Not for several threads at once."""

    def __init__(self, key: PrivateKey, chain: Sequence[x509.Certificate]) -> None:
        self._cms = _KeptKeySigner(key, chain)
        der = sum(len(certificate.public_bytes(serialization.Encoding.DER)) for certificate in chain)
        # In hexadecimal digits, two for each byte. What does not fit raises; nothing is cut off.
        self._reserved = 2 * (der + _CONTAINER_BYTES)

    def sign(self, pdf: bytes, signing_time: datetime) -> bytes:
        """The PDF with a certifying signature that covers the whole file. `signing_time` has a zone."""
        return asyncio.run(self._signed(pdf, signing_time))

    async def _signed(self, pdf: bytes, signing_time: datetime) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm=_DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        writer = _SigningWriter(BytesIO(pdf))
        session = signers.PdfSigner(metadata, signer=self._cms).init_signing_session(writer)
        # pyHanko takes its own clock here; the time is the caller's, who has it in the register too.
        session.system_time = signing_time
        prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=self._reserved)
        digest: PreparedByteRangeDigest
        output = BytesIO()
        digest, _ = prepared.digest_tbs_document(output=output)
        await prepared.perform_signature(
            document_digest=digest.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=signing_time),
        )
        return output.getvalue()


class _SigningWriter(IncrementalPdfFileWriter):
    """Adds the signature and nothing else.

    pyHanko would also set the times of change to its own clock and declare PDF 2.0 for the sake of the curve,
    while the file is PDF/A-3, which is PDF 1.7, and says in two places when it was made.
    """

    def ensure_output_version(self, version: object) -> None:
        pass

    def register_extension(self, *_: object, **__: object) -> None:
        pass

    def _update_meta(self) -> None:
        pass


class _KeptKeySigner(signers.Signer):
    """pyHanko's signer around a key object that is loaded once; a dry run costs no signature."""

    def __init__(self, key: PrivateKey, chain: Sequence[x509.Certificate]) -> None:
        loaded = [
            asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
            for certificate in chain
        ]
        store: CertificateStore = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        for certificate in loaded[1:]:
            store.register(certificate)
        super().__init__(signing_cert=loaded[0], cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != _DIGEST:
            raise ValueError(f"unexpected digest {digest_algorithm}")
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return bytes(72) if dry_run else self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
