"""The statement of a month (保証料一括納付明細書), from the guarantor to a contractor that pays monthly."""

from datetime import date, datetime, time
from typing import Final

from tashika_formats.dates import era_date, era_of
from tashika_server.documents.archive import Metadata
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fee_content import StatementContent
from tashika_server.documents.fee_sheet import KINDS
from tashika_server.documents.grid import Grid, GridColumn
from tashika_server.documents.layout import LEFT, RIGHT, Line, Row, Sheet
from tashika_server.documents.letter import (
    BOTTOM,
    CENTRE,
    TOP,
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
from tashika_server.domain.calendar import JAPAN, japan_day
from tashika_server.domain.model import FeeEntryKind
from tashika_server.domain.monthly import FeeStatement, StatementEntry

TITLE: Final = "保証料一括納付明細書"
_FIXED: Final = 80 + 72 + 38 + 64 + 64
_COLUMNS: Final = (
    GridColumn("記帳日", 80, half_width=True),
    GridColumn("保証契約番号", 72, half_width=True),
    GridColumn("工事名等・摘要", RIGHT - LEFT - _FIXED),
    GridColumn("区分", 38),
    GridColumn("請求額（円）", 64, "right"),
    GridColumn("入金額（円）", 64, "right"),
)
_FIELDS: Final = ("wording", "contract_number", "works_name", "wording", "wording", "wording")
_NOTES: Final = (
    "※ 各行は、記帳した日の属する月の明細に載せています。入出金の日が記帳日と異なるときは、摘要に示します。",
    "※ △は、請求の取消し又は返金です。",
    "※ 保証料のほかに、手数料その他の料金はいただきません。",
)


def render_fee_statement(content: StatementContent, library: FaceLibrary) -> bytes:
    """The statement as PDF/A-3b. Raises MissingGlyphError."""
    statement = content.statement
    name = f"{TITLE}（{month_words(statement.year, statement.month)}分）"
    sheet = Sheet(library, _metadata(content, name))
    if content.demo:
        sheet.sample_mark(56.5)
    y = open_letter(sheet, content.sheet_date, addressed(content.contractor), issuer_lines(content.guarantor))
    y = title(sheet, TITLE, y)
    if statement.fictional:
        y = fictional_mark(sheet, y)
    month = month_words(statement.year, statement.month)
    y = sheet.paragraph(
        "P", f"　{month}分の保証料は、下記のとおりです。", y, 10.5, leading=17, field="wording"
    )
    sheet.text("P", "記", y + 2, 10.5, x=CENTRE, align="centre")
    flow = Flow(sheet, y + 11)
    flow.table(_summary(statement))
    flow.heading("明細")

    def go_on() -> float:
        flow.new_page()
        return TOP

    grid, tail = Grid(sheet, _COLUMNS, _FIELDS), flow.rest(len(_NOTES))
    flow.y = grid.draw(_rows(statement), flow.y, BOTTOM, go_on, tail)
    flow.closing()
    flow.notes(_NOTES)
    label = f"【{statement.label}】" if statement.label else ""
    number_pages(sheet, f"{name}　{content.contractor.company}{label}")
    return sheet.document.write()


def month_words(year: int, month: int) -> str:
    """A month in the era calendar: 令和8年5月. The era is that of its last day."""
    last = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
    era = era_of(date.fromordinal(last))
    count = year - era.year_one + 1
    return f"{era.name}{'元' if count == 1 else count}年{month}月"


def _metadata(content: StatementContent, name: str) -> Metadata:
    return Metadata(
        title=f"{name} {content.contractor.company}",
        subject=name,
        author=content.guarantor.name,
        moment=datetime.combine(content.sheet_date, time(), JAPAN),
    )


def _summary(statement: FeeStatement) -> list[Row]:
    until = f"（{era_date(statement.as_of)}現在）" if statement.as_of is not None else ""
    rows = [
        ("前月末の未納額", signed_yen(statement.opening_yen)),
        ("当月の請求額", signed_yen(statement.charged_yen)),
        ("当月の入金額", signed_yen(statement.received_yen)),
    ]
    made = [Row(label, (Line(text, "wording"),)) for label, text in rows]
    closing = Line(f"{signed_yen(statement.closing_yen)}{until}", "wording", size=13)
    label = "当月末の未納額" if statement.closing_yen >= 0 else "当月末の過納額（△）"
    made.append(Row(label, (closing,)))
    if statement.closing_yen > 0:
        made.append(Row("納付期限", (Line(written(statement.due), "wording"),)))
    return made


def _rows(statement: FeeStatement) -> list[tuple[tuple[str, ...], bool]]:
    rows: list[tuple[tuple[str, ...], bool]] = [
        (("", "", "前月末の未納額", "", _plain(statement.opening_yen), ""), True)
    ]
    # Where every fee is fictional, the box above and the heads of the pages say it once for all.
    mixed = any(not each.entry.fictional for each in statement.entries)
    rows += [(_cells(each, labelled=mixed), False) for each in statement.entries]
    rows.append(
        (("", "", "当月の計", "", _plain(statement.charged_yen), _plain(statement.received_yen)), True)
    )
    rows.append((("", "", "当月末の未納額", "", _plain(statement.closing_yen), ""), True))
    return rows


def _cells(row: StatementEntry, *, labelled: bool) -> tuple[str, ...]:
    entry = row.entry
    booked = japan_day(entry.recorded_time)
    about = [row.works_name]
    if entry.day != booked:
        moved = "返金" if entry.kind is FeeEntryKind.REFUND else "入金"
        about.append(f"{moved}日 {era_date(entry.day)}")
    if entry.note:
        about.append(" ".join(entry.note.split()))
    if labelled and entry.label:
        about.append(f"【{entry.label}】")
    money = entry.kind in (FeeEntryKind.PAYMENT, FeeEntryKind.REFUND)
    minus = entry.kind in (FeeEntryKind.REVERSAL, FeeEntryKind.REFUND)
    amount = _plain(-entry.amount_yen if minus else entry.amount_yen)
    sides = ("", amount) if money else (amount, "")
    return (era_date(booked), row.contract_number, "　".join(about), KINDS[entry.kind], *sides)


def _plain(amount: int) -> str:
    return f"△{-amount:,}" if amount < 0 else f"{amount:,}"
