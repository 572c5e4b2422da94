"""What every letter between the parties has: date, addressee, sender, title, and tables that go on over pages."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from tashika_formats.dates import era_date
from tashika_server.documents.content import NoticeContractor
from tashika_server.documents.fee_content import Issuer
from tashika_server.documents.fonts import SANS
from tashika_server.documents.layout import LEFT, NAVY, QUIET, RED, RIGHT, Line, Row, Sheet, paginate
from tashika_server.documents.tagged import PAGE_HEIGHT, PAGE_WIDTH
from tashika_server.domain.fee_records import FICTIONAL_LABEL

CENTRE: Final = PAGE_WIDTH / 2
TOP: Final = 70.0
BOTTOM: Final = PAGE_HEIGHT - 58.0
FICTIONAL_NOTE: Final = f"{FICTIONAL_LABEL}　実在の保証会社の料率ではありません。"
_SENDER_LEFT: Final = 322.0
_SENDER_ROOM: Final = 96.0
_PAD, _MIN_PAD = 3.6, 1.5
_LEADINGS: Final = (1.42, 1.32)
_HEADING: Final = 27.0
_CLOSING: Final = 30.0
_NOTE_SIZE, _NOTE_LEADING = 8.4, 13.0


def open_letter(sheet: Sheet, day: date, addressee: str, sender: Sequence[Line]) -> float:
    """Date, addressee and sender; gives the baseline below them."""
    sheet.text("P", era_date(day), 60, 10, x=RIGHT, align="right")
    y = sheet.paragraph("P", addressee, 86, 14, leading=19, width=RIGHT - LEFT, field="addressee")
    lines = [line for line in sender if line.text]
    return sheet.block(lines, _SENDER_LEFT, y, RIGHT - _SENDER_LEFT, _SENDER_ROOM)


def issuer_lines(guarantor: Issuer) -> list[Line]:
    """The guarantor as the sender."""
    return [
        Line(guarantor.address, "guarantor.address", size=9),
        Line(guarantor.name, "guarantor.name", size=11.5),
        Line(guarantor.representative, "guarantor.representative", size=9.5),
        Line(f"取扱　{guarantor.contact}" if guarantor.contact else "", "guarantor.branch", size=9),
    ]


def contractor_lines(contractor: NoticeContractor) -> list[Line]:
    """The contractor as the sender."""
    return [
        Line("受注者", "wording", size=9),
        Line(contractor.address, "contractor.address", size=9),
        Line(contractor.joint_venture, "contractor.joint_venture", size=11.5),
        Line(contractor.company, "contractor.company", size=11.5),
        Line(contractor.representative, "contractor.representative"),
        Line(f"連絡先　{contractor.contact}" if contractor.contact else "", "contractor.contact", size=9),
    ]


def addressed(contractor: NoticeContractor) -> str:
    """The contractor as the receiver: the venture, else the company, with 御中."""
    return f"{contractor.joint_venture or contractor.company}　御中"


def title(sheet: Sheet, text: str, y: float) -> float:
    """The title; gives the baseline below it."""
    sheet.text("H1", text, y + 26, 18, x=CENTRE, align="centre", face=SANS, spacing=3)
    return y + 52


def fictional_mark(sheet: Sheet, y: float) -> float:
    """The red box that says that the rates are nobody's; gives the baseline below it."""
    width = 300.0
    with sheet.page.artifact():
        sheet.page.rectangle(CENTRE - width / 2, y - 13, width, 20, line=1.2, colour=RED)
    sheet.text("P", FICTIONAL_NOTE, y + 1.5, 10.5, x=CENTRE, align="centre", face=SANS, colour=RED)
    return y + 26


class Flow:
    """Tables under headings, one below the other; what does not fit goes on a further page."""

    def __init__(self, sheet: Sheet, y: float) -> None:
        self.sheet = sheet
        self.y = y
        self._pad, self._leading = _PAD, _LEADINGS[0]

    def fit(self, tables: Sequence[Sequence[Row]], rest: float) -> None:
        """Set the tables closer where that brings all of them, and `rest` points below them, on this page."""
        rows = [row for table in tables for row in table]
        room = BOTTOM - self.y - rest - _HEADING * (len(tables) - 1)
        for leading in _LEADINGS:
            height = sum(row.height for row in self.sheet.lay(rows, pad=0, leading=leading))
            pad = (room - height) / (2 * len(rows))
            if pad >= _MIN_PAD:
                self._pad, self._leading = min(pad, _PAD), leading
                return

    def heading(self, text: str, rows: Sequence[Row] = (), room: float = 60) -> None:
        """A heading that keeps the first of the rows that follow (else `room` points) with it."""
        if rows:
            first = self.sheet.lay(rows[:1], pad=self._pad, leading=self._leading)[0].height
            # A row that is taller than a page begins below its heading, wherever that is.
            room = first if first < BOTTOM - TOP - _HEADING else room
        if self.y + _HEADING + room > BOTTOM:
            self.new_page()
        else:
            self.y += 12
        self.sheet.text("H2", text, self.y + 9, 10, x=LEFT, face=SANS, colour=NAVY)
        self.y += 15

    def table(self, rows: Sequence[Row], tail: float = 0) -> None:
        """A table of labels and values; its last page leaves `tail` points free."""
        laid = self.sheet.lay(rows, pad=self._pad, leading=self._leading)

        def go_on() -> float:
            self.new_page()
            return self.y

        pages = paginate(laid, BOTTOM - self.y, BOTTOM - TOP, tail)
        if not pages[0]:
            self.new_page()
            pages = pages[1:]
        self.y = self.sheet.table(pages, self.y, go_on)

    def closing(self) -> None:
        """以上."""
        if self.y + _CLOSING > PAGE_HEIGHT - 40:
            self.new_page()
        self.sheet.text("P", "以上", self.y + 16, 10.5, x=RIGHT, align="right", spacing=6)
        self.y += 26

    @staticmethod
    def rest(notes: int = 0) -> float:
        """What 以上 and so many lines of remarks take, in points."""
        return _CLOSING + notes * _NOTE_LEADING

    def notes(self, texts: Sequence[str]) -> None:
        """Small remarks at the end."""
        if self.y + len(texts) * _NOTE_LEADING > PAGE_HEIGHT - 44:
            self.new_page()
        for text in texts:
            self.y = self.sheet.paragraph(
                "P", text, self.y + 9, _NOTE_SIZE, leading=_NOTE_LEADING, hanging=11, colour=QUIET
            )
            self.y -= 9

    def new_page(self) -> None:
        """Go on at the top of a further page."""
        self.sheet.new_page()
        self.y = TOP


def number_pages(sheet: Sheet, running: str) -> None:
    """Page numbers, and on later pages what this goes on from."""
    pages = sheet.document.pages
    for index, page in enumerate(pages):
        sheet.page = page
        sheet.decoration(f"{index + 1} / {len(pages)}", PAGE_HEIGHT - 34, 8.5, x=CENTRE, align="centre")
        if index:
            sheet.decoration(f"{running}（つづき）", 44, 9, x=LEFT, face=SANS)


def signed_yen(amount: int) -> str:
    """An amount that may be below zero, as ledgers write it: △ 1,234 円."""
    return f"△ {-amount:,} 円" if amount < 0 else f"{amount:,} 円"


def written(day: date | None) -> str:
    """A day in the era calendar; empty for none."""
    return "" if day is None else era_date(day)
