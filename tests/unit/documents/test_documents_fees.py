"""Fee sheet, statement and request for the advance: what they say, how they go on over pages, and that they last."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
from pikepdf import pdfa

from tashika_server.documents.advance_request import render_advance_request
from tashika_server.documents.errors import MissingGlyphError
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fee_content import FeeSheetContent
from tashika_server.documents.fee_sheet import band_words, rate_percent, render_fee_sheet
from tashika_server.documents.fee_statement import month_words, render_fee_statement
from tashika_server.domain.model import Product
from tests.unit.documents import fee_samples as samples
from tests.unit.documents.reading import baselines, text_of
from tests.unit.documents.samples import LONG_NAME, RARE_COMPANY

Render = Callable[[FaceLibrary], bytes]

DOCUMENTS: dict[str, Render] = {
    "sheet": lambda library: render_fee_sheet(samples.fee_sheet(), library),
    "long-sheet": lambda library: render_fee_sheet(samples.long_fee_sheet(), library),
    "plain-sheet": lambda library: render_fee_sheet(samples.plain_fee_sheet(), library),
    "statement": lambda library: render_fee_statement(samples.statement(), library),
    "long-statement": lambda library: render_fee_statement(samples.statement(70, over=False), library),
    "advance": lambda library: render_advance_request(samples.advance(), library),
    "long-advance": lambda library: render_advance_request(samples.long_advance(), library),
}

every_document = pytest.mark.parametrize("name", DOCUMENTS)


def pages(pdf: bytes) -> int:
    return len(pypdf.PdfReader(BytesIO(pdf)).pages)


@every_document
def test_each_is_pdf_a_3b_and_tagged(library: FaceLibrary, tmp_path: Path, name: str) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(DOCUMENTS[name](library))
    assert list(pdfa.validate_written(path, "3b").findings) == []
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "ja-JP"


@every_document
def test_the_same_content_gives_the_same_bytes(library: FaceLibrary, name: str) -> None:
    assert DOCUMENTS[name](library) == DOCUMENTS[name](library)


@every_document
def test_nothing_stands_below_the_page_numbers_or_above_the_margin(library: FaceLibrary, name: str) -> None:
    found = baselines(DOCUMENTS[name](library))
    assert min(found) > 30
    assert max(found) < 841.89 - 38


def test_a_fee_sheet_shows_how_the_fee_follows(library: FaceLibrary) -> None:
    text = text_of(render_fee_sheet(samples.fee_sheet(), library))
    for fact in (
        "保証料計算書", "令和8年5月11日", "株式会社髙﨑建設　御中", "見本保証株式会社", "千葉支店　043-000-0000",
        samples.NUMBER, "前払金保証", "柏市　道路整備課", "金 51,480,000 円",
        "見本料率表　第2版（令和8年4月1日から適用）",
        "50,000,000円を超えるもの", "10万分の250（0.250％）", "51,480,000 円 × 250 ÷ 100,000 ＝ 128,700 円",
        "10円未満切捨て", "150,000 円（適用）", "金 150,000 円", "令和8年5月25日", "入金　振込", "50,000 円", "以上",
        "領収証は、本書とは別に書面で", "手数料その他の料金はいただきません",
    ):  # fmt: skip
        assert fact in text, fact


def test_every_page_of_what_a_fictional_tariff_gave_says_so(library: FaceLibrary) -> None:
    for pdf in (
        render_fee_sheet(samples.long_fee_sheet(), library),
        render_fee_statement(samples.statement(70), library),
    ):
        found = [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]
        assert len(found) > 1
        assert all("架空の料率" in text for text in found)
        assert "実在の保証会社の料率ではありません" in found[0]


def test_what_a_real_tariff_gave_does_not(library: FaceLibrary) -> None:
    assert "架空" not in text_of(render_fee_sheet(samples.plain_fee_sheet(), library))


def test_a_statement_marks_the_fictional_rows_among_real_ones(library: FaceLibrary) -> None:
    content = samples.statement()
    first, *rest = content.statement.entries
    real = replace(first, entry=replace(first.entry, fictional=False))
    mixed = replace(content, statement=replace(content.statement, entries=(real, *rest)))

    def marks(pdf: bytes) -> int:
        # The head of each later page has one too.
        return text_of(pdf).count("【架空の料率】") - (pages(pdf) - 1)

    assert marks(render_fee_statement(mixed, library)) == len(rest)
    assert marks(render_fee_statement(content, library)) == 0


def test_a_fee_of_its_own_says_why(library: FaceLibrary) -> None:
    text = text_of(render_fee_sheet(samples.long_fee_sheet(), library))
    assert "料率表と異なる理由" in text
    assert "継続契約の割引を適用したため。" in text
    assert "過納額（返金又は充当）" in text
    assert "個別に定めた保証料" in text_of(render_fee_sheet(samples.plain_fee_sheet(), library))


def test_long_names_wrap_and_long_ledgers_go_on(library: FaceLibrary) -> None:
    pdf = render_fee_sheet(samples.long_fee_sheet(), library)
    text = text_of(pdf)
    assert pages(pdf) == 2
    assert LONG_NAME in text
    assert f"{RARE_COMPANY}　御中" in text
    assert all(f"分割払い 第{number}回" in text for number in range(24))
    assert f"保証料計算書　保証契約番号 {samples.NUMBER}【架空の料率】（つづき）" in text


def test_a_statement_shows_every_entry_and_both_balances(library: FaceLibrary) -> None:
    content = samples.statement()
    text = text_of(render_fee_statement(content, library))
    for fact in (
        "保証料一括納付明細書", "令和8年5月分", "前月末の未納額", "123,450 円", "△ 3,702 円", "196,272 円",
        "令和8年6月30日",
        "入金日 令和8年4月30日", "△39,496", "△40,730", "以上",
    ):  # fmt: skip
        assert fact in text, fact
    for row in content.statement.entries:
        assert row.contract_number in text


def test_a_long_statement_repeats_its_head_and_ends_with_its_sums(library: FaceLibrary) -> None:
    pdf = render_fee_statement(samples.statement(70, over=False), library)
    found = [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]
    assert len(found) > 2
    assert all("保証契約番号" in text for text in found)
    assert "当月末の未納額" in found[-1] and "以" in found[-1]
    assert "令和8年5月20日現在" in found[0]


@pytest.mark.parametrize("count", range(14))
def test_the_end_of_a_statement_never_stands_alone(library: FaceLibrary, count: int) -> None:
    """However many rows there are, the sums are with rows, and 以上 and the remarks with the sums."""
    pdf = render_fee_statement(samples.statement(count), library)
    last = pypdf.PdfReader(BytesIO(pdf)).pages[-1].extract_text()
    assert "当月の計" in last and "保証料のほかに" in last


def test_a_month_without_entries_has_a_statement(library: FaceLibrary) -> None:
    text = text_of(render_fee_statement(samples.statement(0), library))
    assert "当月の計" in text


def test_a_request_is_a_letter_to_the_orderer(library: FaceLibrary) -> None:
    pdf = render_advance_request(samples.advance(), library)
    text = text_of(pdf)
    for fact in (
        "前払金請求書", "令和8年5月11日", "柏市長　様", "株式会社髙﨑建設", "代表取締役　𠮷田 葛\U000e0101男",
        "金 51,480,000 円", "下記の工事の契約に係る前払金として、上記の金額を請求します。", "記",
        "柏道整第7-123号", "令和8年5月8日", "金 128,700,000 円", samples.NUMBER, "見本保証株式会社",
        "東葛信用金庫　柏支店", "別段預金　0012345", "□ 電子保証にかかる「認証キー」のお知らせ", "□ 工程表", "以上",
    ):  # fmt: skip
        assert fact in text, fact
    assert pages(pdf) == 1
    # When the orderer pays is no matter of the request.
    assert "14日" not in text


def test_a_ventures_copy_with_many_papers_goes_on(library: FaceLibrary) -> None:
    pdf = render_advance_request(samples.long_advance(), library)
    text = text_of(pdf)
    for fact in (
        "前払金請求書（控え）", "柏市上下水道事業管理者　様", "髙﨑・𠮷田・神特定建設工事共同企業体", LONG_NAME,
        "業務名",
        "□ 保証証書（書面）", "（その14）及び添付図書一式", "対象年度", "令和8年度", "契約締結の日から", "見本 DEMO",
    ):  # fmt: skip
        assert fact in text, fact
    assert pages(pdf) == 2
    assert "認証キー" not in text


def test_a_midterm_advance_is_called_one(library: FaceLibrary) -> None:
    plain = samples.advance()
    terms = replace(plain.said.terms, product=Product.MIDTERM_PREPAYMENT)
    text = text_of(render_advance_request(replace(plain, said=replace(plain.said, terms=terms)), library))
    assert "中間前払金請求書" in text
    assert "契約に係る中間前払金として" in text


def test_a_character_without_a_glyph_is_refused(library: FaceLibrary) -> None:
    content = samples.fee_sheet()
    for changed in (
        replace(content, fee_note="理由\U0001f600"),
        replace(content, ledger=(samples.entry("CHARGE", 1, note="\U0001f600"),)),
    ):
        with pytest.raises(MissingGlyphError):
            render_fee_sheet(changed, library)


@pytest.mark.parametrize(
    ("over_yen", "up_to_yen", "words"),
    [
        (0, None, "すべての金額"),
        (0, 1_000_000, "1,000,000円以下"),
        (1_000_000, 5_000_000, "1,000,000円を超え5,000,000円以下"),
        (5_000_000, None, "5,000,000円を超えるもの"),
    ],
)
def test_a_band_is_written_as_clerks_write_it(over_yen: int, up_to_yen: int | None, words: str) -> None:
    assert band_words(over_yen, up_to_yen) == words


def test_rates_and_months_in_words() -> None:
    assert [rate_percent(rate) for rate in (1, 350, 12_345)] == ["0.001％", "0.350％", "12.345％"]
    # May 2019 began with the new era.
    months = [(2019, 4), (2019, 5), (2026, 12)]
    assert [month_words(*each) for each in months] == ["平成31年4月", "令和元年5月", "令和8年12月"]


def test_the_fee_sheet_of_a_credit_names_no_last_day(library: FaceLibrary) -> None:
    content: FeeSheetContent = replace(samples.fee_sheet(), balance_yen=-1, due=None)
    text = text_of(render_fee_sheet(content, library))
    assert "納付期限" not in text and re.search("過納額.*1 円", text)
    assert "納付期限" in text_of(render_fee_sheet(replace(content, due=date(2026, 5, 25)), library))
