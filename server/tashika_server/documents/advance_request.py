"""The request for the advance (前払金請求書), from the contractor to the orderer.

It is made anew for each download and never stored. What goes with it is listed as a checklist; by when the orderer
pays is told to the contractor alone, since it is no matter of the request.
"""

from datetime import datetime, time
from typing import Final

from tashika_formats.dates import era_fiscal_year
from tashika_server.documents.archive import Metadata
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fee_content import AdvanceContent
from tashika_server.documents.fonts import SANS
from tashika_server.documents.layout import NAVY, Line, Row, Sheet
from tashika_server.documents.letter import (
    CENTRE,
    Flow,
    contractor_lines,
    number_pages,
    open_letter,
    title,
    written,
)
from tashika_server.documents.wording import period, product_name, works_words, yen
from tashika_server.domain.calendar import JAPAN

_PAPER: Final = (0.965, 0.972, 0.985)
_AMOUNT_BOX: Final = 44.0
_KEY_NOTICE: Final = "電子保証にかかる「認証キー」のお知らせ"
_PAPER_CERTIFICATE: Final = "保証証書（書面）"


def render_advance_request(content: AdvanceContent, library: FaceLibrary) -> bytes:
    """The request as PDF/A-3b. Raises MissingGlyphError, ValueError (unknown product)."""
    said = content.said
    sheet = Sheet(library, _metadata(content))
    if content.demo:
        sheet.sample_mark(56.5)
    y = open_letter(
        sheet, content.request_date, f"{said.addressee}　様", contractor_lines(content.contractor)
    )
    y = title(sheet, f"{content.title}（控え）" if content.copy else content.title, y)
    y = _amount(sheet, content, y)
    words = works_words(said.terms.works.kind)
    what = "工事" if words.name == "工事名" else "業務"
    kind = "中間前払金" if content.title.startswith("中間") else "前払金"
    sentence = f"　下記の{what}の契約に係る{kind}として、上記の金額を請求します。"
    y = sheet.paragraph("P", sentence, y, 10.5, leading=17)
    sheet.text("P", "記", y + 2, 10.5, x=CENTRE, align="centre")
    flow = Flow(sheet, y + 11)
    tables = (
        ("", _works_rows(content)),
        (f"{kind}の保証", _guarantee_rows(content)),
        ("振込先（前払金専用口座）", _account_rows(content)),
        ("添付書類", _document_rows(content)),
    )
    flow.fit([rows for _, rows in tables], flow.rest())
    for heading, rows in tables:
        if heading:
            flow.heading(heading, rows)
        flow.table(rows, flow.rest() if heading == "添付書類" else 0)
    flow.closing()
    number_pages(sheet, f"{content.title}　保証契約番号 {content.contract_number}")
    return sheet.document.write()


def _metadata(content: AdvanceContent) -> Metadata:
    return Metadata(
        title=f"{content.title} {content.contract_number}",
        subject=f"{content.title} 保証契約番号 {content.contract_number}",
        author=content.contractor.company,
        moment=datetime.combine(content.request_date, time(), JAPAN),
    )


def _amount(sheet: Sheet, content: AdvanceContent, y: float) -> float:
    """The amount in its box; gives the baseline below it."""
    width = 300.0
    left = CENTRE - width / 2
    with sheet.page.artifact():
        sheet.page.tint(left, y - 14, width, _AMOUNT_BOX, _PAPER)
        sheet.page.rectangle(left, y - 14, width, _AMOUNT_BOX, line=1.2, colour=NAVY)
    sheet.text("P", "請求金額", y + 12.5, 9.5, x=left + 16, face=SANS, spacing=2)
    text = yen(content.said.amount_yen)
    sheet.text("P", text, y + 15, 19, x=left + width - 18, align="right", field="wording")
    return y - 14 + _AMOUNT_BOX + 24


def _works_rows(content: AdvanceContent) -> list[Row]:
    said = content.said
    works = said.terms.works
    words = works_words(works.kind)
    first = works.period_start.isoformat() if works.period_start else None
    last = works.period_end.isoformat() if works.period_end else None
    orderer = "　".join(part for part in (said.orderer, said.section) if part)
    rows = [Row(words.name, (Line(works.name, "works.name"),))]
    if works.number:
        rows.append(Row(words.number, (Line(works.number, "works.number"),)))
    rows += [
        Row(words.place, (Line(works.place, "works.place"),)),
        Row("発注者・担当課", (Line(orderer, "works.section"),)),
        Row("契約締結日", (Line(written(said.contract_date), "wording"),)),
    ]
    if first or last:
        rows.append(Row(words.period, (Line(period(first, last), "wording"),)))
    rows.append(Row(words.price, (Line(yen(works.price_yen or 0), "wording"),)))
    if said.terms.fiscal_year is not None:
        rows.append(Row("対象年度", (Line(era_fiscal_year(said.terms.fiscal_year), "wording"),)))
    return rows


def _guarantee_rows(content: AdvanceContent) -> list[Row]:
    terms = content.said.terms
    first = terms.period_start.isoformat() if terms.period_start else None
    last = terms.period_end.isoformat() if terms.period_end else None
    span = period(first, last) if not terms.period_on_signing else f"契約締結の日から　{period(None, last)}"
    number = Line(content.contract_number, "contract_number", half_width=True)
    return [
        Row("保証会社", (Line(content.guarantor, "guarantor"),)),
        Row("保証契約番号", (number,)),
        Row("保証の種類", (Line(product_name(terms.product or ""), "wording"),)),
        Row("保証金額", (Line(yen(terms.amount_yen or 0), "wording"),)),
        Row("保証期間", (Line(span, "wording"),)),
    ]


def _account_rows(content: AdvanceContent) -> list[Row]:
    account = content.said.account
    number = f"{account.account_kind}　{account.account_number}"
    return [
        Row("金融機関", (Line(f"{account.bank}　{account.branch}", "depositary.bank"),)),
        Row("種別・口座番号", (Line(number, "depositary.account_number", half_width=True),)),
        Row("口座名義", (Line(account.holder, "depositary.holder"),)),
    ]


def _document_rows(content: AdvanceContent) -> list[Row]:
    first = _KEY_NOTICE if content.said.electronic else _PAPER_CERTIFICATE
    texts = (first, *content.said.other_documents)
    lines = tuple(Line(f"□ {text}", "hand_in.other_documents") for text in texts)
    return [Row("併せて提出する書類", lines)]
