"""The notice lets a clerk file and open, and holds no certificate."""

import re
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import pdfa

from tashika_formats.key import format_key
from tashika_server.documents.content import NoticeContent, NoticeContractor
from tashika_server.documents.errors import MissingGlyphError
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.key_notice import render_key_notice
from tashika_server.domain.calendar import JAPAN
from tests.unit.documents import samples
from tests.unit.documents.reading import baselines, text_of

SAMPLES = {"unspecified": samples.notice, "advice": samples.notice_with_advice}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_notice_is_pdf_a_3b(library: FaceLibrary, tmp_path: Path, name: str) -> None:
    path = tmp_path / "notice.pdf"
    path.write_bytes(render_key_notice(replace(SAMPLES[name](), demo=True), library))
    assert list(pdfa.validate_written(path, "3b").findings) == []


def test_it_says_all_that_a_clerk_needs_to_file_it_unopened(library: FaceLibrary) -> None:
    text = text_of(render_key_notice(samples.notice(), library))
    for fact in (
        "電子保証にかかる「認証キー」のお知らせ", "令和7年12月26日", "柏市長　様", "道路整備課", "01250000012344",
        format_key(samples.KEY), "契約保証　第1版", "柏道整第7-123号", samples.RARE_COMPANY, "金 12,870,000 円",
        "契約締結の日から　令和8年9月30日まで", "見本保証株式会社", "記", "以上",
    ):  # fmt: skip
        assert fact in text, fact


def test_without_a_policy_it_says_to_ask_the_section(library: FaceLibrary) -> None:
    text = text_of(render_key_notice(samples.notice(), library))
    assert text.count("担当課にご確認ください") == 2


def test_with_a_policy_it_says_how_where_and_when_to_hand_in(library: FaceLibrary) -> None:
    text = text_of(render_key_notice(samples.notice_with_advice(), library))
    for fact in (
        "電子メール", "財政課契約管財係", "keiyaku@city.example.jp", "【電子保証(前払金)】柏道整第7-123号",
        "受注者名、連絡先、工事名、保証の種類", "前払金の請求まで", "電話でお知らせください", "□ 工程表",
        "register.example.jp", samples.LONG_NAME,
    ):  # fmt: skip
        assert fact in text, fact


def test_a_key_that_was_issued_anew_says_when_so_that_an_old_print_can_be_told_apart(
    library: FaceLibrary,
) -> None:
    first = text_of(render_key_notice(samples.notice(), library))
    assert "再発行）" not in first and "使えません" not in first
    again = datetime(2026, 1, 6, 14, 5, tzinfo=JAPAN)
    text = text_of(render_key_notice(replace(samples.notice(), reissued=again), library))
    assert "認証キー（令和8年1月6日 14時05分 再発行）" in text
    assert "先に提出した認証キーは使えません" in text


@pytest.mark.parametrize(
    "rule",
    [
        "発注者のほかには知らせない",
        "認証キーは異なります",
        "紙の証書とを併用できません",
        "提出に代わりません",
    ],
)
def test_it_carries_the_warnings(library: FaceLibrary, rule: str) -> None:
    assert rule in text_of(render_key_notice(samples.notice(), library))


def test_it_holds_no_certificate_and_no_signature(library: FaceLibrary) -> None:
    with pikepdf.open(BytesIO(render_key_notice(samples.notice(), library))) as pdf:
        assert not pdf.attachments and "/AcroForm" not in pdf.Root


def test_the_key_stands_on_the_page_alone_and_not_in_titles_or_code(library: FaceLibrary) -> None:
    data = render_key_notice(samples.notice(), library)
    with pikepdf.open(BytesIO(data)) as pdf:
        plain = (
            "".join(str(value) for value in pdf.docinfo.values()) + pdf.Root.Metadata.read_bytes().decode()
        )
        figures = [kid.Alt for kid in pdf.Root.StructTreeRoot.K.K if kid.S == "/Figure"]
    assert samples.KEY not in plain.replace("-", "")
    assert [str(alt) for alt in figures] == ["QRコード 01250000012344"]


def test_the_key_stays_out_of_logs() -> None:
    assert samples.KEY not in repr(samples.notice())


def test_a_key_typed_without_hyphens_prints_the_same_bytes(library: FaceLibrary) -> None:
    grouped = replace(samples.notice(), key=format_key(samples.KEY).lower())
    assert render_key_notice(grouped, library) == render_key_notice(samples.notice(), library)


def test_an_overlong_notice_goes_to_further_pages(library: FaceLibrary) -> None:
    content = samples.notice_with_advice()
    papers = tuple(f"書類{number}" for number in range(60))
    data = render_key_notice(
        replace(content, hand_in=replace(content.hand_in, other_documents=papers)), library
    )
    text = text_of(data)
    pages = len(pikepdf.open(BytesIO(data)).pages)
    assert pages >= 3 and f"{pages} / {pages}" in text and "□ 書類59" in text


def test_with_long_texts_everywhere_nothing_is_lost_or_outside_of_a_page(library: FaceLibrary) -> None:
    content = samples.notice_with_advice()
    contractor = NoticeContractor("社" * 300, "所" * 300, "者" * 300, "係" * 200, "体" * 300)
    changed = dict.fromkeys(
        ("works_name", "orderer", "addressee", "section", "guarantor", "viewer"), "長" * 300
    )
    data = render_key_notice(replace(content, contractor=contractor, **changed), library)  # type: ignore[arg-type]
    text = text_of(data)
    assert text.count("社") >= 600 and text.count("長") >= 8 * 300
    assert min(baselines(data)) > 25 and max(baselines(data)) < 800


@pytest.mark.parametrize(
    "change",
    [
        {"works_name": "工事🏗"},
        {"section": "課\u202e"},
        {"contractor": replace(samples.notice().contractor, contact="係\x07")},
    ],
)
def test_a_character_without_a_glyph_is_refused_and_its_field_named(
    library: FaceLibrary, change: dict[str, object]
) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        render_key_notice(replace(samples.notice(), **change), library)  # type: ignore[arg-type]
    assert re.match("works_name|section|contractor.contact", caught.value.field)


def test_no_day_but_the_content_s_own_shows(library: FaceLibrary) -> None:
    def made(content: NoticeContent) -> bytes:
        return render_key_notice(content, library)

    assert made(samples.notice()) == made(samples.notice())
    assert made(replace(samples.notice(), notice_date=date(2026, 1, 5))) != made(samples.notice())
