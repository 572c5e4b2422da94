"""The fee sheet (保証料計算書), from the guarantor to the contractor: how the fee follows, and what is still owed.

It is made anew for each download and never stored. The receipt (領収証) stays paper.
"""

from datetime import datetime, time
from typing import Final

from tashika_formats.dates import era_date
from tashika_server.documents.archive import Metadata
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fee_content import FeeSheetContent
from tashika_server.documents.layout import Line, Row, Sheet
from tashika_server.documents.letter import (
    CENTRE,
    Flow,
    addressed,
    fictional_mark,
    issuer_lines,
    number_pages,
    open_letter,
    signed_yen,
    title,
    written,
)
from tashika_server.documents.wording import period, product_name, works_words, yen
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.fee_records import FICTIONAL_LABEL, FeeBasis, FeeRounding
from tashika_server.domain.model import FeeEntry, FeeEntryKind

TITLE: Final = "保証料計算書"
KINDS: Final = {
    FeeEntryKind.CHARGE: "請求",
    FeeEntryKind.PAYMENT: "入金",
    FeeEntryKind.REFUND: "返金",
    FeeEntryKind.REVERSAL: "取消し",
}
_ROUNDINGS: Final = {
    FeeRounding.DOWN: "切捨て",
    FeeRounding.UP: "切上げ",
    FeeRounding.HALF_UP: "四捨五入",
}
_NOTES: Final = (
    "※ 領収証は、本書とは別に書面でお送りします。",
    "※ 保証料のほかに、手数料その他の料金はいただきません。",
)


def render_fee_sheet(content: FeeSheetContent, library: FaceLibrary) -> bytes:
    """The sheet as PDF/A-3b. Raises MissingGlyphError, ValueError (unknown product)."""
    product = product_name(content.terms.product or "")
    sheet = Sheet(library, _metadata(content, product))
    if content.demo:
        sheet.sample_mark(56.5)
    y = open_letter(sheet, content.sheet_date, addressed(content.contractor), issuer_lines(content.guarantor))
    y = title(sheet, TITLE, y)
    if content.fictional:
        y = fictional_mark(sheet, y)
    y = sheet.paragraph(
        "P", "　下記の保証契約の保証料は、次のとおりです。", y, 10.5, leading=17, field="wording"
    )
    sheet.text("P", "記", y + 2, 10.5, x=CENTRE, align="centre")
    flow = Flow(sheet, y + 11)
    facts, fee, payment = _contract_rows(content, product), _fee_rows(content), _payment_rows(content)
    flow.fit([facts, fee, payment], flow.rest(len(_NOTES)))
    flow.table(facts)
    flow.heading("保証料の計算", fee)
    flow.table(fee)
    flow.heading("お支払い", payment)
    flow.table(payment, flow.rest())
    flow.closing()
    flow.notes(_NOTES)
    label = f"【{FICTIONAL_LABEL}】" if content.fictional else ""
    number_pages(sheet, f"{TITLE}　保証契約番号 {content.contract_number}{label}")
    return sheet.document.write()


def _metadata(content: FeeSheetContent, product: str) -> Metadata:
    return Metadata(
        title=f"{TITLE} {content.contract_number}",
        subject=f"{product} 保証契約番号 {content.contract_number}",
        author=content.guarantor.name,
        moment=datetime.combine(content.sheet_date, time(), JAPAN),
    )


def _contract_rows(content: FeeSheetContent, product: str) -> list[Row]:
    terms, works = content.terms, content.works
    words = works_words(works.kind)
    first = terms.period_start.isoformat() if terms.period_start else None
    last = terms.period_end.isoformat() if terms.period_end else None
    span = period(first, last) if not terms.period_on_signing else f"契約締結の日から　{period(None, last)}"
    orderer = "　".join(part for part in (content.orderer, works.section) if part)
    number = Line(content.contract_number, "contract_number", size=12, half_width=True)
    rows = [
        Row("保証契約番号", (number,)),
        Row("保証の種類", (Line(product, "wording"),)),
        Row("発注者・担当課", (Line(orderer, "works.section"),)),
        Row(words.name, (Line(works.name, "works.name"),)),
    ]
    if works.number:
        rows.append(Row(words.number, (Line(works.number, "works.number"),)))
    rows.append(Row("保証金額", (Line(yen(terms.amount_yen or 0), "wording"),)))
    if span:
        rows.append(Row("保証期間", (Line(span, "wording"),)))
    return rows


def _fee_rows(content: FeeSheetContent) -> list[Row]:
    basis = content.basis
    rows = _basis_rows(basis) if basis is not None else [_row("計算の方法", "個別に定めた保証料です。")]
    if content.fee_note:
        label = "料率表と異なる理由" if basis is not None and basis.fee_yen != content.fee_yen else "備考"
        rows.append(Row(label, tuple(Line(part, "fee_note") for part in content.fee_note.splitlines())))
    rows.append(Row("保証料", (Line(yen(content.fee_yen), "wording", size=14),)))
    return rows


def _basis_rows(basis: FeeBasis) -> list[Row]:
    unit = f"{basis.round_to_yen:,}円未満" if basis.round_to_yen > 1 else "1円未満"
    label = f"【{basis.label}】" if basis.label else ""
    name = f"{basis.tariff_name}　第{basis.tariff_version}版（{era_date(basis.valid_from)}から適用）"
    rows = [
        Row("料率表", (Line(f"{label}{name}", "tariff_name"),)),
        _row("保証金額の区分", band_words(basis.over_yen, basis.up_to_yen)),
        _row("料率", f"10万分の{basis.rate_per_100000:,}（{rate_percent(basis.rate_per_100000)}）"),
        _row(
            "計算",
            f"{basis.amount_yen:,} 円 × {basis.rate_per_100000:,} ÷ 100,000 ＝ {basis.computed_yen:,} 円",
        ),
        _row("端数処理", f"{unit}{_ROUNDINGS[basis.rounding]}"),
    ]
    if basis.minimum_yen:
        applied = "（適用）" if basis.minimum_yen > basis.computed_yen else ""
        rows.append(_row("最低保証料", f"{basis.minimum_yen:,} 円{applied}"))
    return rows


def _payment_rows(content: FeeSheetContent) -> list[Row]:
    rows = []
    if content.due is not None:
        monthly = "（一括納付）" if content.monthly else ""
        rows.append(_row("納付期限", written(content.due) + monthly))
    elif content.monthly:
        rows.append(_row("納付の方法", "一括納付"))
    if content.ledger:
        rows.append(Row("保証料の記録", tuple(_entry_line(entry) for entry in content.ledger)))
    label = "過納額（返金又は充当）" if content.balance_yen < 0 else "未納額"
    rows.append(Row(label, (Line(signed_yen(abs(content.balance_yen)), "wording", size=12),)))
    return rows


def _entry_line(entry: FeeEntry) -> Line:
    text = f"{era_date(entry.day)}　{KINDS[entry.kind]}"
    if entry.note:
        text += f"　{' '.join(entry.note.split())}"
    minus = entry.kind in (FeeEntryKind.REVERSAL, FeeEntryKind.REFUND)
    amount = -entry.amount_yen if minus else entry.amount_yen
    return Line(text, "ledger.note", size=9.5, right=signed_yen(amount))


def band_words(over_yen: int, up_to_yen: int | None) -> str:
    """A band as clerks write it: 1,000,000円を超え5,000,000円以下."""
    if up_to_yen is None:
        return f"{over_yen:,}円を超えるもの" if over_yen else "すべての金額"
    above = f"{over_yen:,}円を超え" if over_yen else ""
    return f"{above}{up_to_yen:,}円以下"


def rate_percent(per_100000: int) -> str:
    """A rate in percent: 350 is 0.350％."""
    return f"{per_100000 // 1000}.{per_100000 % 1000:03d}％"


def _row(label: str, text: str) -> Row:
    return Row(label, (Line(text, "wording"),))
