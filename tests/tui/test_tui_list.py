"""Lists: the same at any length."""

from pathlib import Path

import pytest

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable
from tashika_tui.i18n import Texts
from tashika_tui.widgets import paged_list
from tashika_tui.widgets.paged_list import Place, Query
from tashika_tui.widgets.rows import Column, widths
from tests.tui.running import running
from tests.tui.sample_screens import COLUMNS, ListScreen
from tests.tui.tiny import Keyset, Row, renamed

LONG = 1_000_000


@pytest.mark.parametrize("count", [1_000, LONG])
async def test_a_list_of_any_length_opens_with_one_page(tmp_path: Path, count: int) -> None:
    keyset = Keyset(count)
    async with running(tmp_path, screen=ListScreen(keyset)) as hand:
        assert keyset.calls == 1
        assert f"1 / {count:,}件" in hand.shown


async def test_the_end_is_one_call_away_and_so_is_the_beginning(tmp_path: Path) -> None:
    keyset = Keyset(LONG)
    async with running(tmp_path, screen=ListScreen(keyset)) as hand:
        await hand.press("end")
        assert "> con_0999999" in hand.shown and "1,000,000 / 1,000,000件" in hand.shown
        await hand.press("home")
        assert hand.lines[2].startswith("> con_0000000")
        assert keyset.calls <= 4


async def test_paging_down_meets_every_row_once(tmp_path: Path) -> None:
    screen = ListScreen(Keyset(1_000))
    async with running(tmp_path, screen=screen) as hand:
        seen = [line.split()[0] for line in hand.shown.splitlines() if line.startswith("  con_")]
        for _ in range(30):
            await hand.press("pagedown")
            row = screen.list.row
            assert row is not None
            seen.append(row.key)
        assert screen.list._rows.cursor == 30 * (screen.list._rows.size.height - 1)


async def test_far_more_pages_than_are_held(tmp_path: Path) -> None:
    screen = ListScreen(Keyset(LONG))
    async with running(tmp_path, screen=screen) as hand:
        rows = screen.list._rows
        for _ in range(130):
            rows.move(18)
            await hand.pilot.pause()
        await hand.settle()
        assert len(rows.window.rows) <= 2_000
        assert rows.row is not None and rows.row.key == f"con_{rows.cursor:07d}"
        assert f"> con_{rows.cursor:07d}" in hand.shown


async def test_an_unknown_count_is_said_so(tmp_path: Path) -> None:
    async with running(tmp_path, screen=ListScreen(Keyset(5_000, exact=False))) as hand:
        assert "1,000件以上" in hand.shown
        await hand.press("end", "up")
        assert "> con_0004998" in hand.shown


async def test_typing_filters_on_the_server_after_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than a slow machine takes for a key.
    monkeypatch.setattr(paged_list, "FILTER_SECONDS", 0.5)
    keyset = Keyset(3_000)
    screen = ListScreen(keyset)
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("/")
        await hand.type("1234")
        await hand.until(lambda: "全1件" in hand.shown or "1 / 1件" in hand.shown)
        assert keyset.calls == 2
        assert screen.list.query_now == Query("1234", "NUMBER")
        await hand.press("enter")
        assert "> con_0001234" in hand.shown
        await hand.press("escape")
        await hand.until(lambda: "1 / 3,000件" in hand.shown)
        assert hand.app.screen is screen


async def test_a_filter_that_finds_nothing_says_how_to_go_on(tmp_path: Path) -> None:
    async with running(tmp_path, screen=ListScreen(Keyset(50))) as hand:
        await hand.press("/")
        await hand.paste("存在しない")
        await hand.until(lambda: "当てはまるものはありません" in hand.shown)
        await hand.press("enter", "enter", "down", "end")


async def test_an_empty_list_says_so(tmp_path: Path) -> None:
    async with running(tmp_path, screen=ListScreen(Keyset(0))) as hand:
        assert "まだ1件もありません" in hand.shown
        await hand.press("enter", "down", "end", "home", "pagedown", "c")


async def test_sorting_by_a_column_and_the_other_way_round(tmp_path: Path) -> None:
    screen = ListScreen(Keyset(50))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("s", "down", "enter")
        assert screen.list.query_now.sort == "AMOUNT_YEN"
        await hand.press("S")
        assert "> con_0000049" in hand.shown and "保証金額（降順）" in hand.shown


async def test_a_jump_goes_to_a_value_and_both_ways_from_there(tmp_path: Path) -> None:
    async with running(tmp_path, screen=ListScreen(Keyset(LONG))) as hand:
        await hand.press("t")
        await hand.paste("500000")
        await hand.press("enter")
        assert "> con_0500000" in hand.shown
        await hand.press("up")
        await hand.press("up")
        assert "> con_0499998" in hand.shown


async def test_a_value_that_is_none_is_refused_with_its_sentence(tmp_path: Path) -> None:
    screen = ListScreen(Keyset(50))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("s", "down", "enter", "t")
        await hand.paste("まんえん")
        await hand.press("enter")
        assert "金額として読み取れません" in hand.words


async def test_the_selection_stays_on_its_row_over_a_reload(tmp_path: Path) -> None:
    keyset = Keyset(1_000)
    screen = ListScreen(keyset)
    async with running(tmp_path, screen=screen) as hand:
        for _ in range(20):
            screen.list.action_page_down()
            await hand.pilot.pause()
        await hand.settle()
        row, line = screen.list.row, [line for line in hand.lines if line.startswith("> ")]
        assert row is not None
        keyset.names[int(row.key[4:])] = "改名した工事"
        await hand.press("f5")
        assert screen.list.row is not None and screen.list.row.key == row.key
        shown = [line for line in hand.lines if line.startswith("> ")]
        assert "改名した工事" in shown[0] and shown[0][:14] == line[0][:14]


async def test_a_changed_row_is_drawn_where_it_stands(tmp_path: Path) -> None:
    screen = ListScreen(Keyset(50))
    async with running(tmp_path, screen=screen) as hand:
        assert screen.list.replace(renamed(screen.keyset.make(3), "変わった工事"))
        assert not screen.list.replace(renamed(screen.keyset.make(900), "見えない工事"))
        await hand.settle()
        assert "変わった工事" in hand.lines[5]


async def test_what_the_server_sends_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    keyset = Keyset(3)
    keyset.names[0] = "\x1b]0;x\x07\x1b[2J吉田"
    async with running(tmp_path, size=(120, 24), screen=ListScreen(keyset)) as hand:
        assert "<U+001B>" in hand.shown and "\x1b" not in hand.shown


async def test_resizing_to_nothing_and_back_keeps_the_row(tmp_path: Path) -> None:
    screen = ListScreen(Keyset(LONG))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("end", "up", "up")
        for size in ((1, 1), (200, 60), (61, 17), (80, 24)):
            await hand.pilot.resize_terminal(*size)
            await hand.settle()
        assert "> con_0999997" in hand.shown


def test_a_narrow_terminal_drops_the_least_important_column() -> None:
    assert [column.label for column, _ in widths(COLUMNS, 60)] == [column.label for column in COLUMNS[:3]]
    assert len(widths(COLUMNS, 100)) == len(COLUMNS)


def test_growing_columns_take_what_is_left() -> None:
    columns = [
        Column[Row]("a", lambda row, _: row.name, 10, grow=2),
        Column[Row]("b", lambda row, _: row.name, 10, grow=1),
    ]
    assert [width for _, width in widths(columns, 52)] == [30, 20]
    assert sum(width for _, width in widths(columns, 53)) == 51


def test_cells_are_words_of_the_language() -> None:
    row = Keyset(1).make(0)
    assert COLUMNS[3].text(row, Texts("en")) != COLUMNS[3].text(row, Texts("ja"))


class Particular(Keyset):
    """Takes a token only for the question that it was given for, as a register does."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.given: dict[str, Query] = {}
        self.down = False
        self.other_server = False

    async def page(self, query: Query, place: Place, size: int) -> records.Page[Row]:
        if self.down:
            raise ServerNotReachable("UNAVAILABLE")
        if place.token and (self.other_server or self.given.get(place.token) != query):
            raise RefusedByServer("INVALID_ARGUMENT", "PAGE_TOKEN_INVALID")
        page = await super().page(query, place, size)
        self.given[page.next_page_token] = self.given[page.previous_page_token] = query
        return page


async def test_another_order_that_could_not_be_asked_for_is_when_the_server_is_back(tmp_path: Path) -> None:
    keyset = Particular(2_000)
    screen = ListScreen(keyset)
    async with running(tmp_path, screen=screen) as hand:
        for _ in range(12):
            await hand.press("pagedown")
        keyset.down = True
        await hand.press("S")
        await hand.press("escape")
        keyset.down = False
        await hand.press("f5")
        assert isinstance(hand.app.screen, ListScreen)
        assert "> con_0001999" in hand.shown


async def test_a_list_whose_pages_another_server_gave_begins_anew(tmp_path: Path) -> None:
    keyset = Particular(2_000)
    async with running(tmp_path, screen=ListScreen(keyset)) as hand:
        for _ in range(12):
            await hand.press("pagedown")
        keyset.other_server = True
        await hand.press("f5")
        assert isinstance(hand.app.screen, ListScreen)
        assert "> con_0000000" in hand.shown


async def test_moving_while_the_server_is_away_opens_no_dialog(tmp_path: Path) -> None:
    keyset = Particular(2_000)
    async with running(tmp_path, screen=ListScreen(keyset)) as hand:
        keyset.down = True
        for _ in range(10):
            await hand.press("pagedown")
        assert isinstance(hand.app.screen, ListScreen)
        keyset.down = False
        await hand.press("f5", *["pagedown"] * 10)
        assert int(hand.lines[-3].split("/")[0].strip().replace(",", "")) > 200
