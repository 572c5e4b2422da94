"""The application's port: what it is given and what it refuses."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tashika_server.documents.content import SignerRef
from tashika_server.documents.fonts import FontSet
from tashika_server.documents.pool import DocumentPool
from tashika_server.documents.service import GuarantorSigner, PooledDocuments, notice_content
from tashika_server.domain.handing_in import HandInAdvice
from tashika_server.domain.model import (
    Application,
    Certificate,
    Contact,
    Contract,
    Fact,
    FactKind,
    Product,
    Registrant,
)
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.security.authority import create_demo_authority
from tashika_server.security.signer import open_signer
from tests.unit.documents import samples
from tests.unit.documents.reading import text_of

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CERTIFICATE = Certificate(
    certificate_id="crt_01jf0000000000000000000000",
    contract_id="con_01jf0000000000000000000000",
    contract_number="01250000012344",
    version=1,
    organization_id="org_c",
    guarantor_id="org_a",
    orderer_id="kashiwa",
    product=Product.PREPAYMENT,
    issued_time=NOW,
    issue_date=date(2026, 1, 5),
    envelope=samples.envelope(samples.prepayment()),
    statement_signature=b"",
    chain=(),
    pdf_sha256="",
    pdf_size_bytes=0,
    record=b"",
    salt=b"",
    leaf=b"",
    demo=True,
)
CONTRACT = Contract(
    contract_id=CERTIFICATE.contract_id,
    organization_id="org_c",
    guarantor_id="org_a",
    application=Application(contact=Contact("経理課　山﨑", "04-0000-0000")),
    registrant=Registrant("usr_x", "山﨑", "株式会社髙﨑建設", "経理課長"),
    registered_time=NOW,
)


@pytest.fixture
async def documents(fonts: FontSet, tmp_path: Path) -> AsyncIterator[PooledDocuments]:
    create_demo_authority(tmp_path / "authority", {"org_a": "見本保証株式会社"}, NOW)
    folder = tmp_path / "authority" / "org_a"
    signer = GuarantorSigner(SignerRef(folder / "key.pem", folder / "chain.pem"), demo=True)
    pool = DocumentPool(fonts, open_signer, workers=1)
    yield PooledDocuments(pool, {"org_a": signer}, viewer="register.example.jp")
    await asyncio.to_thread(pool.close)


async def test_a_guarantor_with_a_key_issues(documents: PooledDocuments) -> None:
    issued = await documents.issue(samples.envelope(samples.plain()), "org_a", NOW)
    assert issued.pdf.startswith(b"%PDF") and issued.demo and issued.chain[0].startswith("-----BEGIN CERT")


async def test_a_guarantor_without_a_key_is_refused(documents: PooledDocuments) -> None:
    assert documents.has_signer("org_a") and not documents.has_signer("org_b")
    with pytest.raises(RefusedError) as caught:
        await documents.issue(samples.envelope(samples.plain()), "org_b", NOW)
    assert caught.value.reason is Reason.SIGNER_MISSING


async def test_a_missing_glyph_names_character_and_field(documents: PooledDocuments) -> None:
    changed = replace(CERTIFICATE, envelope=samples.envelope(samples.plain() | {"terms_reference": "約款🏗"}))
    assert documents.missing_glyphs({"terms_reference": "約款🏗"}) == {"terms_reference": "🏗"}
    with pytest.raises(RefusedError) as caught:
        await documents.issue(changed.envelope, "org_a", NOW)
    assert caught.value.reason is Reason.GLYPH_MISSING
    assert caught.value.violations[0].field == "terms_reference"


async def test_the_notice_says_what_the_signed_statement_says(documents: PooledDocuments) -> None:
    advice = HandInAdvice("MAIL", section="財政課")
    text = text_of(await documents.key_notice(CERTIFICATE, CONTRACT, samples.KEY, advice, "2026-01-05"))
    for fact in (
        "令和8年1月5日", "前払金保証　第1版", "金 51,480,000 円", "経理課　山﨑　04-0000-0000", "財政課",
        "髙﨑・𠮷田・神特定建設工事共同企業体", "register.example.jp", "千葉支店　043-000-0000", "見本 DEMO",
    ):  # fmt: skip
        assert fact in text, fact


def test_a_guarantee_from_signing_has_no_first_day() -> None:
    content = notice_content(CERTIFICATE, CONTRACT, samples.KEY, HandInAdvice("MAIL"), date(2026, 1, 5), "")
    assert (content.guarantee_from, content.guarantee_to) == (None, date(2026, 9, 30))


def test_the_notice_of_a_key_that_was_issued_anew_knows_when_in_japan() -> None:
    again = Fact(FactKind.KEY_REISSUED, 1, datetime(2026, 1, 4, 20, tzinfo=UTC), generation=2)
    contract = replace(CONTRACT, facts=(again,))
    content = notice_content(CERTIFICATE, contract, samples.KEY, HandInAdvice("MAIL"), date(2026, 1, 5), "")
    assert content.reissued is not None
    assert content.reissued.strftime("%m-%d %H:%M") == "01-05 05:00"
