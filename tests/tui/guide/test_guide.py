"""The guide: drawings that hold together, and whom to ask, without an account."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from tashika_tui.client.records import GuarantorOffices, Office, OpeningHours
from tashika_tui.i18n import Texts
from tashika_tui.presenting.offices import hours_text, offices_sections
from tashika_tui.presenting.wording import JAPAN
from tashika_tui.screens.guide.guide import PAGES
from tests.tui.contractor.playing import contractor, reach
from tests.tui.snapshots import in_both_languages, look
from tests.tui.tiny import NOW

_UPRIGHT = "+|^v"


@in_both_languages
async def test_every_page_of_the_guide(tmp_path: Path, language: str) -> None:
    async with contractor(tmp_path, language=language) as hand:
        hand.app.open_entry("guide")
        await reach(hand, "GuideScreen")
        await look(hand, "guide")
        for number, name in enumerate(("guide-how-it-works", "guide-how-to-hand-in", "guide-offices"), 1):
            await hand.press(str(number))
            await reach(hand, "OfficesScreen" if name == "guide-offices" else "GuidePage")
            await look(hand, name)
            await hand.press("escape")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_drawing_fits_and_its_lines_meet(page: str, language: str) -> None:
    lines = Texts(language)(f"guide.{page}_drawing").splitlines()
    # The sheet indents by three, and a column stays free at the right.
    assert max(map(cell_len, lines)) <= 76
    columns = [{cell_len(line[:place]): char for place, char in enumerate(line)} for line in lines]
    for above, here, below in zip(columns, columns[1:], columns[2:], strict=False):
        loose = [
            c for c, char in here.items() if char == "|" and not _joins(above, c) and not _joins(below, c)
        ]
        assert not loose, (page, language, loose)


def _joins(line: dict[int, str], column: int) -> bool:
    return line.get(column, " ") in _UPRIGHT


def test_hours_are_said_in_words() -> None:
    hours = OpeningHours(540, 1020, ("SATURDAY", "SUNDAY"), yearly_closures=(((12, 29), (1, 3)),))
    assert hours_text(Texts("ja"), hours) == "9:00-17:00（土・日・祝日・12/29～1/3を除く）"
    assert hours_text(Texts("ja"), OpeningHours(0, 1440, open_on_holidays=True)) == "0:00-24:00"


@pytest.mark.parametrize(
    ("office", "words"),
    [
        (Office("本店", "", ""), "受付時間は窓口にお尋ねください"),
        (
            Office(
                "本店",
                "",
                "",
                OpeningHours(540, 1020),
                True,
                NOW.astimezone(JAPAN).replace(hour=17, minute=0),
            ),
            "受付中（17:00まで）",
        ),
        (
            Office("本店", "", "", OpeningHours(540, 1020), False, None, "YEARLY"),
            "年末年始などの休業",
        ),
    ],
)
def test_an_office_says_how_it_stands(office: Office, words: str) -> None:
    today = NOW.astimezone(JAPAN).date()
    section = offices_sections(Texts("ja"), GuarantorOffices("org_1", "見本保証", "", (office,)), today)
    assert section.rows[0][1].startswith(words)


async def test_somebody_without_an_account_finds_the_offices(tmp_path: Path) -> None:
    async with contractor(tmp_path) as hand:
        await hand.app.session.sign_out()
        hand.app.leave()
        hand.app.open_entry("guide")
        await reach(hand, "GuideScreen")
        await hand.press("3")
        await reach(hand, "OfficesScreen")
        await hand.until(lambda: "千葉支店" in hand.shown)
        assert "受付" in hand.shown
