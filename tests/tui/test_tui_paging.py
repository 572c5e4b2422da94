"""A run of pages always shows a part of the list as it is, wherever it began and however one moved."""

import random

import pytest

from tashika_tui.widgets.paging import MAX_PAGES, Place, Query, Window
from tests.tui.tiny import Keyset, Row

SIZE = 7


def numbers(window: Window[Row]) -> list[int]:
    return [int(row.key.removeprefix("con_")) for row in window.rows]


async def begun(keyset: Keyset, place: Place) -> Window[Row]:
    window: Window[Row] = Window()
    window.begin(await keyset.page(Query(), place, SIZE), place)
    return window


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("count", [0, 1, SIZE, SIZE + 1, 500])
@pytest.mark.parametrize("start", [Place(), Place(from_end=True), Place(from_value="100")])
async def test_rows_stay_contiguous_and_numbered_right(count: int, exact: bool, start: Place) -> None:
    keyset = Keyset(count, exact=exact)
    window = await begun(keyset, start)
    order = random.Random(20260115)
    cursor = window.offset
    seen = None
    for _ in range(150):
        before = order.random() < 0.5
        place = window.previous_place if before else window.next_place
        if place is None:
            continue
        page = await keyset.page(Query(), place, SIZE)
        by = window.prepend(page, place) if before else window.append(page, place)
        cursor += by
        seen = window
        held = numbers(window)
        assert held == list(range(held[0], held[0] + len(held)))
        assert len(held) <= MAX_PAGES * SIZE
        assert window.offset >= 0 and window.end <= window.height
        if window.numbered and count:
            assert held[0] == window.offset
    assert seen is not None or count <= SIZE or start.from_value


async def test_the_row_under_the_cursor_keeps_its_number_when_rows_come_before_it() -> None:
    keyset = Keyset(500, exact=False)
    window = await begun(keyset, Place(from_value="300"))
    number, row = window.offset + 3, window.row(window.offset + 3)
    for _ in range(30):
        place = window.previous_place
        assert place is not None
        number += window.prepend(await keyset.page(Query(), place, SIZE), place)
        if window.row(number) is None:
            break
        assert window.row(number) == row


async def test_a_list_whose_count_is_unknown_ends_with_one_line_more() -> None:
    window = await begun(Keyset(5000, exact=False), Place())
    assert window.height == SIZE + 1


async def test_a_counted_list_is_as_high_as_it_is_long() -> None:
    window = await begun(Keyset(5000), Place())
    assert window.height == 5000


async def test_a_newer_row_takes_the_place_of_the_held_one() -> None:
    keyset = Keyset(30)
    window = await begun(keyset, Place())
    place = window.next_place
    assert place is not None
    window.append(await keyset.page(Query(), place, SIZE), place)
    window.replace(SIZE + 1, Row("con_0000008", "new", 1))
    assert window.rows[SIZE + 1].name == "new"
    assert window.previous_place is None
