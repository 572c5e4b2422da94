"""Lines and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashika_server.documents.coverage import Glyph
from tashika_server.documents.layout import LaidLine, LaidRow, paginate
from tashika_server.documents.wrap import wrap


def lines(text: str, limit: int) -> list[str]:
    glyphs = [Glyph(char, "serif", ord(char)) for char in text]
    broken = wrap(glyphs, lambda glyph: 1.0 if ord(glyph.text) > 0x7F else 0.5, limit)
    return ["".join(glyph.text for glyph in line) for line in broken]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("あいうえお", ["あいうえ", "お"]),
        ("あいうえ。お", ["あいう", "え。お"]),
        ("あいう（えお）", ["あいう", "（えお）"]),
        ("あいうabcdえ", ["あいう", "abcdえ"]),
        ("abcdefghijkl", ["abcdefgh", "ijkl"]),
        ("", [""]),
    ],
)
def test_marks_stay_with_their_neighbours(text: str, expected: list[str]) -> None:
    assert lines(text, 4) == expected


@given(st.text(alphabet="あ。（）、ab1- ー", max_size=60), st.integers(1, 12))
def test_wrapping_loses_nothing_and_ends(text: str, limit: int) -> None:
    assert "".join(lines(text, limit)) == text


def row(count: int, height: float = 10) -> LaidRow:
    return LaidRow((), tuple(LaidLine((), 10, (), 0, height) for _ in range(count)), 0)


def heights(pages: list[list[LaidRow]]) -> list[float]:
    return [sum(laid.height for laid in page) for page in pages]


def test_rows_that_fit_stay_on_one_page() -> None:
    assert len(paginate([row(1)] * 5, first=100, later=200, tail=50)) == 1


def test_the_closing_block_takes_rows_along() -> None:
    pages = paginate([row(1)] * 8, first=100, later=200, tail=50)
    assert [len(page) for page in pages] == [6, 2]


def test_a_row_goes_over_as_a_whole() -> None:
    assert [len(page) for page in paginate([row(6), row(6)], first=100, later=200, tail=50)] == [1, 1]


def test_a_row_taller_than_a_page_is_split_by_lines() -> None:
    pages = paginate([row(50)], first=100, later=200, tail=50)
    assert heights(pages) == [100, 200, 100, 100]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_pages_hold_every_line_and_never_overflow(counts: list[int]) -> None:
    pages = paginate([row(count) for count in counts], first=100, later=200, tail=50)
    used = heights(pages)
    assert sum(used) == 10 * sum(counts)
    assert used[0] <= 100 and all(height <= 200 for height in used[1:])
    assert used[-1] + 50 <= (100 if len(used) == 1 else 200)
