"""What programs of others say of a certificate: poppler, qpdf, NSS. Each test names the program that it misses."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tashika_server.documents.certificate import render_certificate
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import ensure_fonts
from tashika_server.documents.key_notice import render_key_notice
from tashika_server.security.authority import create_demo_authority
from tashika_server.security.signer import open_signer
from tests.unit.documents import samples

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def run(*command: str | Path) -> str:
    """The output of a program; skips the test where the program is not installed."""
    name = str(command[0])
    if shutil.which(name) is None:
        pytest.skip(f"the program {name} is not installed on this machine")
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed certificate of each kind, a notice, and the root."""
    folder = tmp_path_factory.mktemp("documents")
    library = FaceLibrary(ensure_fonts(folder.parent.parent))
    create_demo_authority(folder / "trust", {"org_a": "見本保証株式会社"}, NOW)
    signer = open_signer(folder / "trust/org_a/key.pem", folder / "trust/org_a/chain.pem")
    for name, statement in (("rare", samples.rare()), ("long", samples.third_version())):
        pdf, _ = render_certificate(samples.envelope(statement), library, demo=True)
        (folder / f"{name}.pdf").write_bytes(signer.sign_pdf(pdf, NOW))
    (folder / "notice.pdf").write_bytes(render_key_notice(samples.notice(), library))
    return folder


@pytest.mark.parametrize("name", ["rare", "long"])
def test_pdfsig_says_valid_trusted_and_total_document(folder: Path, name: str) -> None:
    database = folder / f"nss-{name}"
    database.mkdir()
    run("certutil", "-N", "-d", f"sql:{database}", "--empty-password")
    root = folder / "trust/root.pem"
    run("certutil", "-A", "-d", f"sql:{database}", "-n", "root", "-t", "C,C,C", "-i", root)
    said = run("pdfsig", "-nssdir", f"sql:{database}", folder / f"{name}.pdf")
    for line in ("Total document signed", "Signature is Valid.", "Certificate is Trusted."):
        assert line in said, said


@pytest.mark.parametrize("name", ["rare", "long", "notice"])
def test_qpdf_finds_no_error(folder: Path, name: str) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", folder / f"{name}.pdf")


def test_pdftotext_gives_names_back_exactly(folder: Path) -> None:
    text = run("pdftotext", folder / "rare.pdf", "-")
    assert samples.RARE_COMPANY in text
    # pdftotext itself writes an ideographic space as a plain one.
    assert samples.RARE_REPRESENTATIVE.replace("\u3000", " ") in text


def test_pdfinfo_reads_tags_and_language_version(folder: Path) -> None:
    said = run("pdfinfo", folder / "rare.pdf")
    assert "Tagged:          yes" in said and "PDF version:     1.7" in said
