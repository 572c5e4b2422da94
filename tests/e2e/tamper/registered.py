"""A certificate that a running demonstration register issued, and all that a verifier is given with it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1.certificate_service_pb2_grpc import CertificateServiceStub
from tashika.v1.session_service_pb2_grpc import SessionServiceStub
from tashika_formats.trust_folder import LOG_KEY_FILE, RECORDS_FOLDER, ROOTS_FOLDER, bundle_file_name
from tashika_server.documents import worker
from tashika_server.documents.certificate import render_certificate
from tashika_server.documents.content import SignerRef
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import ensure_fonts, open_fonts
from tashika_server.security.authority import CHAIN_FILE, KEY_FILE
from tashika_server.security.log_key import RegisterKey, load_log_key
from tashika_server.security.signer import open_signer
from tests.bench.processes import running
from tests.bench.world import World


@dataclass(frozen=True)
class Registered:
    """What was issued. ``trust``: a trust folder as the register's answers make it; ``keys``: the register's own."""

    address: str
    pdf: bytes
    envelope: bytes
    number: str
    trust: Path
    keys: Path
    guarantor_id: str

    @property
    def record(self) -> Path:
        """The bundle in the trust folder."""
        return self.trust / RECORDS_FOLDER / bundle_file_name(self.number, 1)

    @property
    def unsigned(self) -> bytes:
        """The certificate as it was before it was signed."""
        library = FaceLibrary(open_fonts(ensure_fonts().folder))
        return render_certificate(self.envelope, library, demo=True)[0]

    def signed_by_the_guarantor(self, **changes: object) -> bytes:
        """A certificate that the guarantor signed and the register never saw, with ``changes`` to its statement."""
        changed = json.loads(self.envelope)
        changed["statement"].update(changes)
        text = json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        own = self.keys / "guarantors" / self.guarantor_id
        reference = SignerRef(own / KEY_FILE, own / CHAIN_FILE)
        folder = ensure_fonts().folder
        return worker.issue(folder, open_signer, text.encode(), reference, True, datetime.now(UTC)).pdf

    def log_key(self) -> RegisterKey:
        """The key with which the register signs what it says of a number."""
        name = (self.keys / "log-name").read_text(encoding="ascii").strip()
        return load_log_key(self.keys / "log.pem", name)


@contextmanager
def registered_at_a_server(data: Path, world: World, trust: Path) -> Iterator[Registered]:
    """Serve a register in a process of its own, and fetch a certificate from it as a city does."""
    with (
        running("register", "tests.bench.register_server", str(data)) as server,
        grpc.insecure_channel(server.target) as channel,
    ):
        # The stubs that are made for Python are typed for asyncio alone, and work with this channel too.
        stub: Any = CertificateServiceStub(channel)  # type: ignore[arg-type]
        session: Any = SessionServiceStub(channel)  # type: ignore[arg-type]
        number, key = world.openable[0]
        opened = stub.OpenCertificate(
            certificates.OpenCertificateRequest(contract_number=number, key=key), timeout=30
        )
        asked = certificates.DownloadCertificateRequest(viewing_token=opened.viewing_token)
        pdf = b"".join(part.chunk for part in stub.DownloadCertificate(asked, timeout=30))
        found = stub.VerifyCertificate(
            certificates.VerifyCertificateRequest(pdf_sha256=opened.certificate.pdf_sha256), timeout=30
        )
        info = session.GetServerInfo(sessions.GetServerInfoRequest(), timeout=30)
        made = Registered(
            server.target,
            pdf,
            opened.certificate.envelope,
            number,
            trust,
            data.with_name(f"{data.name}-keys"),
            world.guarantor_id,
        )
        fill_trust(made, info, found.bundle)
        yield made


def fill_trust(made: Registered, info: sessions.GetServerInfoResponse, bundle: bytes) -> None:
    """Make the folder with which a verifier works offline."""
    (made.trust / ROOTS_FOLDER).mkdir(parents=True)
    (made.trust / RECORDS_FOLDER).mkdir()
    for place, root in enumerate(info.root_certificates):
        (made.trust / ROOTS_FOLDER / f"{place}.pem").write_text(root, encoding="ascii")
    (made.trust / LOG_KEY_FILE).write_text(info.log_verifier_key, encoding="ascii")
    made.record.write_bytes(bundle)
