"""Sheets: everything can be read, and differences are marked by more than a colour."""

from pathlib import Path

from rich.cells import cell_len, set_cell_size

from tashika_tui.widgets.field_sheet import CompareSheet, FieldSheet
from tashika_tui.widgets.words import fit, wrap
from tests.tui.running import running
from tests.tui.sample_screens import LONG, CompareScreen, SheetScreen


async def test_long_values_wrap_and_nothing_of_them_is_lost(tmp_path: Path) -> None:
    for size in ((80, 24), (60, 16), (120, 40)):
        async with running(tmp_path, size=size, screen=SheetScreen()) as hand:
            # Where two sections stand side by side, what is in the left one is read down to its end.
            columns = size[0] // 2 if size[0] >= 100 else size[0]
            shown = "".join(set_cell_size(line, columns) for line in hand.lines).replace(" ", "")
            assert LONG.replace(" ", "") in shown.replace("工事名", "", 1).replace("|", "")


async def test_control_characters_are_written_out(tmp_path: Path) -> None:
    async with running(tmp_path, screen=SheetScreen()) as hand:
        assert "<U+001B>[2J" in hand.shown and "<U+202E>" in hand.shown


async def test_a_sheet_scrolls_by_keys(tmp_path: Path) -> None:
    async with running(tmp_path, screen=SheetScreen()) as hand:
        await hand.press("end")
        assert "令7-039" in hand.shown
        await hand.press("home", "j", "ｊ", "down")
        sheet = hand.app.screen.query_one(FieldSheet)
        assert sheet.scroll_offset.y == 3
        await hand.press("pagedown", "pageup", "k")
        assert sheet.scroll_offset.y == 2


async def test_each_difference_has_a_mark_and_a_word(tmp_path: Path) -> None:
    async with running(tmp_path, size=(100, 60), screen=CompareScreen()) as hand:
        assert hand.app.screen.query_one(CompareSheet).differences == 3
        assert hand.shown.count("! 相違") == 3


async def test_the_next_difference_is_one_key_away(tmp_path: Path) -> None:
    async with running(tmp_path, screen=CompareScreen()) as hand:
        sheet = hand.app.screen.query_one(CompareSheet)
        await hand.press("d", "d", "d")
        assert "千葉支店" in hand.shown
        at_last = sheet.scroll_offset.y
        await hand.press("D")
        assert 0 < sheet.scroll_offset.y < at_last


async def test_a_sheet_speaks_another_language_where_it_stands(tmp_path: Path) -> None:
    async with running(tmp_path, screen=CompareScreen()) as hand:
        await hand.press("down", "down", "ctrl+l")
        assert "! differs" in hand.shown
        assert hand.app.screen.query_one(CompareSheet).scroll_offset.y == 2


def test_text_is_cut_to_columns_and_not_to_characters() -> None:
    assert fit("保証契約", 8) == "保証契約"
    assert fit("保証契約番号", 8) == "保証契.."
    assert fit("保証契約番号", 7) == "保証 .."
    assert fit("123", 6, right=True) == "   123"
    assert all(cell_len(fit(LONG, columns)) == columns for columns in range(60))


def test_lines_break_between_japanese_characters_and_between_western_words() -> None:
    assert wrap("工事の名称です", 6) == ["工事の", "名称で", "す"]
    # A full stop does not begin a line, and an opening bracket does not end one.
    assert wrap("終わります。次は", 10) == ["終わりま", "す。次は"]
    assert wrap("これは「確か」です", 8) == ["これは", "「確か」", "です"]
    assert wrap("。。。。。", 4) == ["。。", "。。", "。"]
    assert wrap("replace the old bridge", 11) == ["replace the", "old bridge"]
    assert wrap("", 10) == [""]
    assert wrap("a\nb", 10) == ["a", "b"]
    assert all(cell_len(line) <= 7 for line in wrap(LONG + "x" * 40, 7))
