"""The electronic certificate (電子証書): everything printed comes from the statement, which is attached as it
was signed.

The page says no more than the statement does; the clauses are those of the terms that the statement refers
to.
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Final

from tashika_formats.dates import era_fiscal_year
from tashika_formats.statement import STATEMENT_FILE_NAME, statement_digest
from tashika_server.documents.archive import Attachment, Metadata
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import SANS, SERIF
from tashika_server.documents.layout import (
    LEFT,
    NAVY,
    QUIET,
    RIGHT,
    RULE,
    LaidRow,
    Line,
    Row,
    Sheet,
    paginate,
)
from tashika_server.documents.outlines import SEAL_SIDE, seal_paths
from tashika_server.documents.qr import qr_paths
from tashika_server.documents.statement import Fields, read_statement
from tashika_server.documents.tagged import PAGE_HEIGHT, PAGE_WIDTH
from tashika_server.documents.wording import (
    day,
    period,
    product_name,
    ratio,
    works_words,
    yen,
)

JAPAN: Final = timezone(timedelta(hours=9))
_CENTRE: Final = PAGE_WIDTH / 2
_FRAME: Final = 25.0
_BOTTOM: Final = PAGE_HEIGHT - 62.0  # the lowest edge of a table that goes on
_CLOSING: Final = 125.0  # the height of the block below the table: 以上, code, issuer, seal
_QR_SIDE: Final = 78.0
_SEAL: Final = 62.0
_TOP_LATER: Final = 92.0
_LEADINGS: Final = (1.45, 1.38, 1.3)  # line distances to try, as multiples of the type size
_PAD, _MIN_PAD = 4.6, 1.5  # space above and below a row's lines


def render_certificate(envelope: bytes, library: FaceLibrary, *, demo: bool) -> tuple[bytes, int]:
    """The unsigned PDF/A-3b and its number of pages.

    `envelope` is the canonical statement. `demo` prints 見本 DEMO, for guarantors under a demo authority.
    Raises StatementError and MissingGlyphError.
    """
    statement = read_statement(envelope)
    product = product_name(statement.text("product"))
    title = f"保証証書（{product}）"
    sheet = Sheet(library, _metadata(statement, title))
    attachment = Attachment(
        STATEMENT_FILE_NAME, "application/json", "保証証書の記載事項（署名対象）", envelope
    )
    sheet.document.attachments.append(attachment)
    _frame(sheet, demo)
    top = _opening(sheet, statement, title, product)
    pages = _fit(sheet, _rows(statement, product), top)
    running = f"{title}　保証契約番号 {statement.text('contract_number')}（つづき）"

    def go_on() -> float:
        sheet.new_page()
        _frame(sheet, demo)
        sheet.decoration(running, _TOP_LATER - 16, 9, x=LEFT, face=SANS)
        return _TOP_LATER

    bottom = sheet.table(pages, top, go_on)
    _closing(sheet, statement, envelope, bottom)
    _page_numbers(sheet)
    return sheet.document.write(), len(pages)


def qr_text(number: str, version: int, digest: str) -> str:
    """What the certificate's QR code says."""
    return f"tashika:1:{number}:{version}:{digest}"


def _metadata(statement: Fields, title: str) -> Metadata:
    number, version = statement.text("contract_number"), statement.integer("version")
    # The day of issue, not a clock: the same statement must give the same file.
    moment = datetime.fromisoformat(statement.text("issue_date")).replace(tzinfo=JAPAN)
    return Metadata(
        title=f"{title} {number} 第{version}版",
        subject=f"保証契約番号 {number} 第{version}版",
        author=statement.child("guarantor").text("name"),
        moment=moment,
    )


def _frame(sheet: Sheet, demo: bool) -> None:
    page = sheet.page
    with page.artifact():
        for inset, line in ((_FRAME, 1.5), (_FRAME + 3.6, 0.5)):
            width, height = PAGE_WIDTH - 2 * inset, PAGE_HEIGHT - 2 * inset
            page.rectangle(inset, inset, width, height, line=line, colour=NAVY)
    if demo:
        sheet.sample_mark(61.5)


def _opening(sheet: Sheet, statement: Fields, title: str, product: str) -> float:
    """What stands above the table; gives the table's top."""
    version = statement.integer("version")
    date_line = f"{day(statement.text('issue_date'))}　第{version}版"
    sheet.text("P", date_line, 60, 10, x=RIGHT, align="right", face=SANS)
    # The closing bracket is white on its right half: 5 points to the right look centred.
    sheet.text("H1", title, 106, 22, x=_CENTRE + 5, align="centre", face=SANS, spacing=3.2)
    sheet.text("P", "（電子証書）", 124, 10, x=_CENTRE, align="centre")
    addressee = statement.child("obligee").text("addressee")
    y = sheet.paragraph(
        "P", f"{addressee}　様", 156, 14.5, leading=20, field=statement.path("obligee.addressee")
    )
    body = f"　当社は、下記の約款の定めるところにより、下記のとおり{product}をいたしました。"
    y = sheet.paragraph("P", body, y + 6, 10.5, leading=17)
    sheet.text("P", "記", y + 3, 11, x=_CENTRE, align="centre")
    return y + 14


def _fit(sheet: Sheet, rows: list[Row], top: float) -> list[list[LaidRow]]:
    """On one page if a line distance allows it with decent padding, else on more pages, airy."""
    room = _BOTTOM - top
    for leading in _LEADINGS:
        laid = sheet.lay(rows, pad=0, leading=leading)
        pad = (room - _CLOSING - sum(row.height for row in laid)) / (2 * len(laid))
        if pad >= _MIN_PAD:
            return [[replace(row, pad=min(pad, _PAD)) for row in laid]]
    return paginate(sheet.lay(rows, pad=_PAD, leading=_LEADINGS[0]), room, _BOTTOM - _TOP_LATER, _CLOSING)


def _rows(statement: Fields, product: str) -> list[Row]:
    return [
        *_guarantee_rows(statement, product),
        *_party_rows(statement),
        *_works_rows(statement),
        *_depositary_rows(statement),
        *_reference_rows(statement),
    ]


def _row(label: str, text: str, field: str, *, half_width: bool = False) -> Row:
    return Row(label, (Line(text, field, half_width=half_width),))


def _guarantee_rows(statement: Fields, product: str) -> list[Row]:
    span = statement.child("guarantee_period")
    if span.has("from_signing"):
        text = f"契約締結の日から　{day(span.text('to'))}まで"
    else:
        text = period(span.text("from"), span.text("to"))
    amount = yen(statement.integer("guaranteed_amount_yen"))
    number = statement.text("contract_number")
    return [
        _row("保証契約番号", number, statement.path("contract_number"), half_width=True),
        _row("保証の種類", product, "wording"),
        Row("保証金額", (Line(amount, "wording", size=14),)),
        _row("保証期間", text, "wording"),
    ]


def _party_rows(statement: Fields) -> list[Row]:
    obligee, principal = statement.child("obligee"), statement.child("principal")
    name = obligee.text("name")
    section = f"　{obligee.text('section')}" if obligee.has("section") else ""
    principal_lines = [
        Line(principal.text("company"), principal.path("company")),
        Line(principal.text("representative"), principal.path("representative")),
        Line(principal.text("address"), principal.path("address"), size=9.5),
    ]
    if principal.has("corporate_number"):
        number = principal.text("corporate_number")
        field = principal.path("corporate_number")
        principal_lines.append(Line(f"法人番号　{number}", field, size=9.5, half_width=True))
    rows = [
        _row("被保証者（発注者）", name + section, obligee.path("name")),
        Row("保証契約者（受注者）", tuple(principal_lines)),
    ]
    if principal.has("joint_venture"):
        rows.append(_joint_venture_row(principal.child("joint_venture")))
    return rows


def _joint_venture_row(venture: Fields) -> Row:
    lines = [Line(venture.text("name"), venture.path("name"))]
    for member in venture.children("members"):
        share = ratio(member.integer("ratio_percent_hundredths"))
        lines.append(Line(member.text("company"), member.path("company"), size=9.5, right=share, indent=9.5))
        below = [member.optional("representative"), member.optional("address")]
        if any(below):
            text = "　".join(part for part in below if part)
            lines.append(Line(text, member.path("address"), size=8.5, indent=19))
    return Row("共同企業体・出資比率", tuple(lines))


def _works_rows(statement: Fields) -> list[Row]:
    works = statement.child("works")
    words = works_words(works.text("kind"))
    rows = [_row(words.name, works.text("name"), works.path("name"))]
    if works.has("number"):
        rows.append(_row(words.number, works.text("number"), works.path("number")))
    rows.append(_row(words.place, works.text("place"), works.path("place")))
    rows.append(_row("契約の種類", works.text("kind_name"), works.path("kind_name")))
    if works.has("contract_date"):
        rows.append(_row("契約締結日", day(works.text("contract_date")), "wording"))
    span = works.child("period")
    rows.append(_row(words.period, period(span.optional("from"), span.text("to")), "wording"))
    low_bid = "（低入札価格調査を経た契約）" if works.has("low_bid") else ""
    rows.append(_row(words.price, yen(works.integer("price_yen")) + low_bid, "wording"))
    if works.has("prepayment_yen"):
        label = "中間前払金額" if statement.text("product") == "MIDTERM_PREPAYMENT" else "前払金額"
        rows.append(_row(label, yen(works.integer("prepayment_yen")), "wording"))
    if works.has("fiscal_year"):
        rows.append(_row("対象年度", era_fiscal_year(works.integer("fiscal_year")), "wording"))
    return rows


def _depositary_rows(statement: Fields) -> list[Row]:
    if not statement.has("depositary"):
        return []
    account = statement.child("depositary")
    place = Line(f"{account.text('bank')}　{account.text('branch')}", account.path("bank"))
    number = f"{account.text('account_kind')}　{account.text('account_number')}　{account.text('holder')}"
    return [Row("預託金融機関", (place, Line(number, account.path("holder"))))]


def _reference_rows(statement: Fields) -> list[Row]:
    rows = [_row("適用約款", statement.text("terms_reference"), statement.path("terms_reference"))]
    if statement.has("previous"):
        previous = statement.child("previous")
        digest = previous.text("statement_sha256")
        lines = (
            Line(f"第{previous.integer('version')}版を変更したもの", previous.path("version")),
            Line(f"SHA-256　{digest}", previous.path("statement_sha256"), size=7.5, half_width=True),
        )
        rows.append(Row("従前の証書", lines))
    return rows


def _closing(sheet: Sheet, statement: Fields, envelope: bytes, bottom: float) -> None:
    sheet.text("P", "以上", bottom + 17, 10.5, x=RIGHT, align="right", spacing=6)
    top = PAGE_HEIGHT - 152
    digest = statement_digest(envelope)
    text = qr_text(statement.text("contract_number"), statement.integer("version"), digest)
    size, operators = qr_paths(text)
    sheet.figure(f"QRコード {text}", LEFT, top, _QR_SIDE, size, operators)
    _verification(sheet, digest, top)
    _issuer(sheet, statement.child("guarantor"), top)


def _verification(sheet: Sheet, digest: str, top: float) -> None:
    x, width = LEFT + 89.0, 148.0
    sheet.text("P", "真正性の確認", top + 8, 8.5, x=x, face=SANS)
    note = (
        "本証書は電子署名された電子データです。発注者は、保証契約番号と認証キーにより登録簿でご確認ください。"
        "本証書の印刷物又はPDFの提出は、認証キーの提出に代わりません。"
    )
    y = sheet.paragraph("P", note, top + 20, 6.9, x=x, width=width, leading=9.8, colour=QUIET)
    sheet.paragraph(
        "P",
        f"SHA-256 {digest}",
        y + 2,
        5.8,
        x=x,
        width=width,
        leading=8,
        face=SANS,
        half_width=True,
        colour=QUIET,
    )


def _issuer(sheet: Sheet, guarantor: Fields, top: float) -> None:
    x = LEFT + 254.0
    width = RIGHT - x - _SEAL - 6
    with sheet.page.artifact():
        sheet.page.line(x - 9, top, x - 9, top + _QR_SIDE, width=0.4, colour=RULE)
    contact = [guarantor.optional("branch"), guarantor.optional("telephone")]
    lines = [
        Line(guarantor.text("address"), guarantor.path("address"), size=8),
        Line(guarantor.text("name"), guarantor.path("name"), size=12.5),
        Line(guarantor.text("representative"), guarantor.path("representative"), size=10),
    ]
    if any(contact):
        text = "取扱　" + "　".join(part for part in contact if part)
        lines.append(Line(text, guarantor.path("branch"), size=8))
    sheet.block(lines, x, top + 11, width, _QR_SIDE + 3)
    paths = seal_paths(sheet.library, guarantor.text("name"), SERIF, guarantor.path("name"))
    sheet.figure(f"{guarantor.text('name')}の印影", RIGHT - _SEAL, top + 12, _SEAL, SEAL_SIDE, paths)


def _page_numbers(sheet: Sheet) -> None:
    pages = sheet.document.pages
    for index, page in enumerate(pages):
        sheet.page = page
        sheet.decoration(f"{index + 1} / {len(pages)}", PAGE_HEIGHT - 39, 8.5, x=_CENTRE, align="centre")
