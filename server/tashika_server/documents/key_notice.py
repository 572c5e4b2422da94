"""The notice of the authentication key (電子保証にかかる「認証キー」のお知らせ), from the contractor to the
orderer.

It opens the certificate and therefore never holds it. Unsigned, made anew for each download, never stored.
"""

from datetime import datetime, time, timedelta, timezone
from typing import Final

from tashika_formats.dates import era_date
from tashika_formats.key import format_key
from tashika_server.documents.archive import Metadata
from tashika_server.documents.content import NoticeContent
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import SANS
from tashika_server.documents.layout import LEFT, NAVY, QUIET, RIGHT, LaidRow, Line, Row, Sheet, paginate
from tashika_server.documents.qr import qr_paths
from tashika_server.documents.tagged import PAGE_HEIGHT, PAGE_WIDTH
from tashika_server.documents.wording import period, product_name, works_words, yen

TITLE: Final = "電子保証にかかる「認証キー」のお知らせ"
_JAPAN: Final = timezone(timedelta(hours=9))
_CENTRE: Final = PAGE_WIDTH / 2
_PAPER: Final = (0.965, 0.972, 0.985)
_TOP: Final = 70.0
_BOTTOM: Final = PAGE_HEIGHT - 52.0
_KEY_BOX: Final = 70.0
_LEADINGS: Final = (1.42, 1.34, 1.28)
_PAD, _MIN_PAD = 3.8, 1.2
_QR_SIDE: Final = 56.0
_SENDER_ROOM: Final = 110.0
_NOTE_SIZE, _NOTE_LEADING = 8.1, 1.5

_ASK: Final = "担当課にご確認ください"
_CHANNELS: Final = {
    "MAIL": "電子メール",
    "WEB_FORM": "発注者のウェブフォーム",
    "FAX": "ファクシミリ",
    "MAIL_OR_FAX": "電子メール又はファクシミリ",
    "PRINT": "本書を印刷して提出",
}
_BODY_ITEMS: Final = {"CONTRACTOR": "受注者名", "CONTACT": "連絡先", "PRODUCT": "保証の種類"}
_BEFORE: Final = {
    "CONTRACT_SIGNING": "契約の締結まで",
    "CONTRACT_VISIT": "契約手続のための来庁まで",
    "PREPAYMENT_REQUEST": "前払金の請求まで",
}
_NOTES: Final = (
    "※ 認証キーは電子証書を閲覧するための暗証番号です。発注者のほかには知らせないでください。",
    "※ 契約保証と前払金保証（中間を含む。）の認証キーは異なります。それぞれ提出してください。",
    "※ 一つの保証契約では、変更を含めて、電子証書と紙の証書とを併用できません。",
    "※ 電子証書を印刷したもの又はそのPDFを提出しても、認証キーの提出に代わりません。",
    "※ 認証キーの紛失・漏えいのときは、提出前は受注者が再発行し、提出後は保証会社にご連絡ください。",
)


def render_key_notice(content: NoticeContent, library: FaceLibrary) -> bytes:
    """The notice as PDF/A-3b. Raises MissingGlyphError, KeyTypingError, ValueError (unknown product)."""
    product = product_name(content.product)
    sheet = Sheet(library, _metadata(content, product))
    if content.demo:
        sheet.sample_mark(56.5)
    top = _opening(sheet, content)
    facts, ways = _facts(content, product), _hand_in_rows(content)
    notes = _notes_height(sheet, content)
    leading, pad = _fit(sheet, [*facts, *ways], _BOTTOM - top - notes - 46)
    bottom = _flow(sheet, sheet.lay(facts, pad=pad, leading=leading), top, 22)
    sheet.text("P", "以上", bottom + 16, 10.5, x=RIGHT, align="right", spacing=6)
    bottom = _hand_in(sheet, sheet.lay(ways, pad=pad, leading=leading), bottom + 20, notes)
    _notes(sheet, content, bottom)
    _page_numbers(sheet, content)
    return sheet.document.write()


def _metadata(content: NoticeContent, product: str) -> Metadata:
    # The day of the notice, not a clock, so that the same content gives the same file. The key stays out of
    # here.
    moment = datetime.combine(content.notice_date, time(), _JAPAN)
    return Metadata(
        title=f"{TITLE} {content.contract_number}",
        subject=f"{product} 保証契約番号 {content.contract_number} 第{content.version}版",
        author=content.contractor.company,
        moment=moment,
    )


def _opening(sheet: Sheet, content: NoticeContent) -> float:
    """All above the table, the key's box included; gives the table's top."""
    sheet.text("P", era_date(content.notice_date), 60, 10, x=RIGHT, align="right")
    y = sheet.paragraph("P", f"{content.addressee}　様", 86, 14, leading=19, field="addressee")
    if content.section:
        y = sheet.paragraph("P", f"（担当　{content.section}）", y - 3, 9.5, leading=14, field="section")
    y = _sender(sheet, content, y)
    sheet.text("H1", TITLE, y + 24, 16.5, x=_CENTRE, align="centre", face=SANS, spacing=0.4)
    sentence = (
        "　下記の契約について、保証証書に代えて、電子証書を閲覧するための認証キーを提出します。"
        "登録簿に保証契約番号と認証キーを入力して、電子証書の内容をご確認ください。"
    )
    if content.reissued is not None:
        sentence += "先に提出した認証キーは使えません。"
    y = sheet.paragraph("P", sentence, y + 48, 10, leading=15.5)
    sheet.text("P", "記", y + 2, 10.5, x=_CENTRE, align="centre")
    _key_box(sheet, content, y + 11)
    return y + 11 + _KEY_BOX + 10


def _sender(sheet: Sheet, content: NoticeContent, y: float) -> float:
    contractor, x = content.contractor, 322.0
    lines = [
        Line("受注者", "wording", size=9),
        Line(contractor.address, "contractor.address", size=9),
        Line(contractor.joint_venture, "contractor.joint_venture"),
        Line(contractor.company, "contractor.company"),
        Line(contractor.representative, "contractor.representative"),
        Line(f"連絡先　{contractor.contact}" if contractor.contact else "", "contractor.contact", size=9),
    ]
    return sheet.block([line for line in lines if line.text], x, y, RIGHT - x, _SENDER_ROOM)


def _key_box(sheet: Sheet, content: NoticeContent, top: float) -> None:
    with sheet.page.artifact():
        sheet.page.tint(LEFT, top, RIGHT - LEFT, _KEY_BOX, _PAPER)
        sheet.page.rectangle(LEFT, top, RIGHT - LEFT, _KEY_BOX, line=1.2, colour=NAVY)
    title, spacing = "認証キー", 4.0
    if content.reissued is not None:
        # To the minute, so that of two prints the older one can be told even where both are of one day.
        again = content.reissued
        moment = f"{era_date(again.date())} {again.hour}時{again.minute:02}分"
        title, spacing = f"認証キー（{moment} 再発行）", 1.0
    sheet.text("P", title, top + 17, 9.5, x=_CENTRE, align="centre", face=SANS, spacing=spacing)
    sheet.text(
        "P",
        format_key(content.key),
        top + 46,
        27,
        x=_CENTRE,
        align="centre",
        face=SANS,
        field="key",
        half_width=True,
        spacing=0.6,
    )
    hint = (
        "英数字20文字（最後の1文字は検査文字）。"
        "英字の I・L・O・U は使っていません。ハイフンは入力しなくても構いません。"
    )
    sheet.text("P", hint, top + 61, 7.2, x=_CENTRE, align="centre", face=SANS, colour=QUIET)


def _facts(content: NoticeContent, product: str) -> list[Row]:
    words = works_words(content.works_kind)
    orderer = "　".join(part for part in (content.orderer, content.section) if part)
    first = content.guarantee_from.isoformat() if content.guarantee_from else None
    last = content.guarantee_to.isoformat() if content.guarantee_to else None
    span = period(first, last) if first else f"契約締結の日から　{period(None, last)}"
    party = [Line(content.contractor.company, "contractor.company")]
    if content.contractor.joint_venture:
        party.insert(0, Line(content.contractor.joint_venture, "contractor.joint_venture"))
    rows = [
        Row("保証契約番号", (Line(content.contract_number, "contract_number", size=12, half_width=True),)),
        Row("保証の種類・版", (Line(f"{product}　第{content.version}版", "wording"),)),
        Row("発注者・担当課", (Line(orderer, "section"),)),
        Row("受注者", tuple(party)),
        Row(words.name, (Line(content.works_name, "works_name"),)),
    ]
    if content.works_number:
        rows.append(Row(words.number, (Line(content.works_number, "works_number"),)))
    rows.append(Row("保証金額", (Line(yen(content.guaranteed_amount_yen), "wording", size=12),)))
    if last:
        rows.append(Row("保証期間", (Line(span, "wording"),)))
    rows.append(Row("保証会社", (Line(content.guarantor, "guarantor"),)))
    return rows


def _hand_in_rows(content: NoticeContent) -> list[Row]:
    rule = content.hand_in
    section = rule.section or content.section or "担当課"
    rows = [Row("提出方法", (Line(_CHANNELS.get(rule.channel, _ASK), "wording"),))]
    places = [Line(f"{content.orderer}　{section}", "hand_in.section")]
    if rule.to:
        places.append(Line(rule.to, "hand_in.to", half_width=True))
    rows.append(Row("提出先", tuple(places)))
    if rule.subject:
        rows.append(Row("件名", (Line(rule.subject, "hand_in.subject"),)))
    if rule.body_items:
        works = works_words(content.works_kind).name
        items = "、".join(_BODY_ITEMS.get(item, works) for item in rule.body_items)
        rows.append(Row("本文に書くこと", (Line(f"保証契約番号、認証キー、{items}", "wording"),)))
    when = _BEFORE.get(rule.before, _ASK)
    rows.append(Row("提出の期限", (Line(when, "wording"),)))
    if rule.phone_confirmation:
        rows.append(Row("電話での確認", (Line("提出したことを担当課に電話でお知らせください", "wording"),)))
    if rule.other_documents:
        lines = tuple(Line(f"□ {text}", "hand_in.other_documents") for text in rule.other_documents)
        rows.append(Row("併せて提出する書類", lines))
    return rows


def _fit(sheet: Sheet, rows: list[Row], room: float) -> tuple[float, float]:
    """Line distance and padding with which all rows fit into `room`; the airy ones if none does."""
    for leading in _LEADINGS:
        height = sum(row.height for row in sheet.lay(rows, pad=0, leading=leading))
        pad = (room - height) / (2 * len(rows))
        if pad >= _MIN_PAD:
            return leading, min(pad, _PAD)
    return _LEADINGS[0], _PAD


def _flow(sheet: Sheet, rows: list[LaidRow], top: float, tail: float) -> float:
    def go_on() -> float:
        sheet.new_page()
        return _TOP

    return sheet.table(paginate(rows, _BOTTOM - top, _BOTTOM - _TOP, tail), top, go_on)


def _hand_in(sheet: Sheet, rows: list[LaidRow], top: float, notes: float) -> float:
    height = sum(row.height for row in rows) + 18 + notes
    # The section stays together on a page of its own rather than be torn.
    if top + height > _BOTTOM and (_TOP - 18 + height <= _BOTTOM or top + 18 + rows[0].height > _BOTTOM):
        sheet.new_page()
        top = _TOP - 18
    sheet.text("H2", "認証キーの提出", top + 12, 10, x=LEFT, face=SANS, colour=NAVY)
    return _flow(sheet, rows, top + 18, notes)


def _note_lines(content: NoticeContent) -> tuple[str, ...]:
    place = f"登録簿（{content.viewer}）" if content.viewer else "登録簿"
    opening = (
        f"電子証書の開き方　{place}で、保証契約番号と認証キーを入力します。",
        "　右のコードは保証契約番号です。認証キーは含みません。",
    )
    contact = (
        (f"お問合せ　{content.guarantor}　{content.guarantor_contact}",) if content.guarantor_contact else ()
    )
    return (*opening, *_NOTES, *contact)


def _notes_height(sheet: Sheet, content: NoticeContent) -> float:
    rows = [Row("", tuple(Line(text, "viewer", size=_NOTE_SIZE) for text in _note_lines(content)))]
    # Measured in the table's value column, which is a little narrower: never too low.
    height = sum(row.height for row in sheet.lay(rows, pad=0, leading=_NOTE_LEADING))
    return max(height, _QR_SIDE) + 22


def _notes(sheet: Sheet, content: NoticeContent, bottom: float) -> None:
    y, width = bottom + 19, RIGHT - LEFT - _QR_SIDE - 14
    for text in _note_lines(content):
        y = sheet.paragraph(
            "P",
            text,
            y,
            _NOTE_SIZE,
            width=width,
            leading=_NOTE_SIZE * _NOTE_LEADING,
            field="viewer",
            hanging=11,
            colour=QUIET,
        )
    size, operators = qr_paths(content.contract_number)
    x, top = RIGHT - _QR_SIDE, bottom + 14
    sheet.figure(f"QRコード {content.contract_number}", x, top, _QR_SIDE, size, operators)


def _page_numbers(sheet: Sheet, content: NoticeContent) -> None:
    pages = sheet.document.pages
    for index, page in enumerate(pages):
        sheet.page = page
        sheet.decoration(f"{index + 1} / {len(pages)}", PAGE_HEIGHT - 34, 8.5, x=_CENTRE, align="centre")
        if index:
            sheet.decoration(f"{TITLE}（つづき）", 44, 9, x=LEFT, face=SANS)
