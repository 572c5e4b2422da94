"""A city opens a certificate without an account."""

from pathlib import Path
from typing import Any

import pytest
from textual import events

from tashika_formats.key import format_key
from tashika_formats.number import format_number
from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister
from tashika_tui.screens.viewer.opening import OpeningScreen
from tests.tui.running import running
from tests.tui.tiny import connecting
from tests.tui.viewer.playing import Issued, an_issued, city, opened

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.fixture(scope="module")
def issued() -> Issued:
    """Made once: signing takes its time."""
    return an_issued()


def saved_in(folder: Path) -> list[Path]:
    """The documents that lie there."""
    return list(folder.glob("*.pdf"))


async def test_ten_strokes_lead_from_the_start_to_the_certificate(tmp_path: Path, issued: Issued) -> None:
    async with city(tmp_path, issued) as hand:
        strokes = ["ctrl+p", "enter"]
        await hand.press(*strokes)
        await hand.paste(format_number(issued.number))
        await hand.press("enter")
        await hand.paste(format_key(issued.key))
        await hand.press("enter")
        assert len(strokes) + 4 <= 10
        await opened(hand)
        await hand.until(lambda: "真正です" in hand.words)
        assert "見本DEMO" in hand.words


async def test_both_in_one_paste_fill_both_fields(tmp_path: Path, issued: Issued) -> None:
    key = format_key(issued.key).translate(WIDE)
    mail = f"お世話になります。\n保証契約番号：{issued.number}\n認証キー：{key}\n以上"
    async with city(tmp_path, issued, screen=OpeningScreen()) as hand:
        await hand.paste(mail)
        await hand.press("enter")
        await opened(hand)


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda key: key.translate(WIDE), lambda key: " ".join(key), lambda key: key.replace("-", "")],
)
async def test_width_case_and_grouping_do_not_matter(tmp_path: Path, issued: Issued, change: Any) -> None:
    async with city(tmp_path, issued, screen=OpeningScreen(issued.number)) as hand:
        await hand.paste(change(format_key(issued.key)))
        await hand.press("enter")
        await opened(hand)


async def test_a_typing_error_is_told_before_the_register_is_asked(tmp_path: Path, issued: Issued) -> None:
    other = issued.key[:-1] + ("0" if issued.key[-1] != "0" else "1")
    before = len(issued.world.openings.get(issued.number, []))
    async with city(tmp_path, issued, screen=OpeningScreen()) as hand:
        await hand.paste(f"{issued.number} {other}")
        await hand.press("enter")
        assert "検査文字が合いません" in hand.words
        assert len(issued.world.openings.get(issued.number, [])) == before


async def test_a_wrong_pair_is_refused_and_stays_to_be_corrected(tmp_path: Path, issued: Issued) -> None:
    from tashika_formats.key import make_key

    async with city(tmp_path, issued, screen=OpeningScreen(issued.number)) as hand:
        await hand.paste(make_key(bytes(12)))
        await hand.press("enter")
        await hand.until(lambda: "WRONG_NUMBER_OR_KEY" in hand.shown)
        await hand.press("escape")
        assert format_number(issued.number) in hand.shown


async def test_the_verified_pdf_is_saved_for_its_owner_alone(tmp_path: Path, issued: Issued) -> None:
    async with city(tmp_path, issued, screen=OpeningScreen(issued.number)) as hand:
        await hand.paste(issued.key)
        await hand.press("enter")
        await opened(hand)
        await hand.press("ctrl+o")
        await hand.until(lambda: "保存先" in hand.words)
        await hand.press("enter")
        await hand.until(lambda: saved_in(tmp_path))
        (file,) = saved_in(tmp_path)
        assert file.read_bytes().startswith(b"%PDF-")
        assert file.stat().st_mode & 0o777 == 0o600
        assert [each.message for each in hand.app._notifications if str(file) in each.message]


async def test_a_changed_statement_is_not_shown(tmp_path: Path, issued: Issued) -> None:
    class Spoiling(FakeRegister):
        async def open_certificate(self, contract_number: str, key: str) -> records.OpenedCertificate:
            from dataclasses import replace

            found = await super().open_certificate(contract_number, key)
            return replace(found, statement_signature=found.statement_signature[:-1] + b"\0")

    register = Spoiling(issued.world)
    screen = OpeningScreen(issued.number)
    async with running(tmp_path, register, connect=connecting(register), screen=screen) as hand:  # type: ignore[arg-type]
        await hand.paste(issued.key)
        await hand.press("enter")
        await hand.until(lambda: "真正ではありません" in hand.words)


async def test_a_paste_of_a_megabyte_with_escapes_does_nothing_but_stand_there(
    tmp_path: Path, issued: Issued
) -> None:
    async with city(tmp_path, issued, screen=OpeningScreen()) as hand:
        hand.app.post_message(events.Paste("\x1b[2J12 AB-" * 100_000))
        await hand.settle()
        await hand.press("enter", "enter")
        assert isinstance(hand.app.screen, OpeningScreen)
        assert "\x1b" not in hand.shown
