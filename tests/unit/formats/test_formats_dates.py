from datetime import date

import pytest

from tashika_formats.dates import (
    DateTypingError,
    era_date,
    era_fiscal_year,
    fiscal_year,
    fiscal_year_bounds,
    parse_date,
)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2025, 12, 26), "令和7年12月26日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日"),
    ],
)
def test_an_era_begins_on_its_first_day(day: date, text: str) -> None:
    assert era_date(day) == text
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "令和７年１２月２６日",
        "R7.12.26",
        "ｒ７／１２／２６",
        "令7-12-26",
        "2025-12-26",
        "2025/12/26",
        "２０２５年１２月２６日",
    ],
)
def test_a_day_is_read_in_every_usual_form(text: str) -> None:
    assert parse_date(text) == date(2025, 12, 26)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "DATE_EMPTY"),
        ("平成31年5月1日", "DATE_NOT_IN_ERA"),
        ("令和元年4月30日", "DATE_NOT_IN_ERA"),
        ("令和0年5月1日", "DATE_NO_SUCH_DAY"),
        ("2025-02-29", "DATE_NO_SUCH_DAY"),
        ("1872-12-31", "DATE_OUT_OF_RANGE"),
        ("明治5年12月2日", "DATE_OUT_OF_RANGE"),
        ("25-12-26", "DATE_FORM"),
        ("2025-12/26", "DATE_FORM"),
        ("R100.1.1", "DATE_FORM"),
        ("2025-12-26\x00", "DATE_FORM"),
        ("2025-12-26\ud800", "DATE_FORM"),
        ("1" * 10_000, "DATE_FORM"),
    ],
)
def test_what_is_no_day_is_told_apart(text: str, code: str) -> None:
    with pytest.raises(DateTypingError) as caught:
        parse_date(text)
    assert caught.value.code == code


def test_a_day_after_the_era_is_answered_with_the_right_era() -> None:
    with pytest.raises(DateTypingError) as caught:
        parse_date("平成31年5月1日")
    assert "令和元年5月1日" in caught.value.ja


def test_the_fiscal_year_is_april_to_march() -> None:
    assert fiscal_year(date(2026, 3, 31)) == 2025
    assert fiscal_year(date(2026, 4, 1)) == 2026
    assert fiscal_year_bounds(2025) == (date(2025, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("year", "name"), [(2025, "令和7年度"), (2019, "令和元年度"), (2018, "平成30年度"), (1988, "昭和63年度")]
)
def test_a_fiscal_year_is_named_after_its_first_day_but_2019_is_reiwa(year: int, name: str) -> None:
    assert era_fiscal_year(year) == name


def test_fiscal_years_before_april_starts_are_refused() -> None:
    with pytest.raises(ValueError, match="1886"):
        era_fiscal_year(1885)
