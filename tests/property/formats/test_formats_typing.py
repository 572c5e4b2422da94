"""Properties of what people type: numbers, keys, dates, amounts, texts. Cases are derandomised."""

import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tashika_formats.dates import DateTypingError, era_date, fiscal_year, fiscal_year_bounds, parse_date
from tashika_formats.errors import FormatError
from tashika_formats.folding import HYPHENS
from tashika_formats.key import (
    ALPHABET,
    KeyTypingError,
    format_key,
    luhn32_character,
    make_key,
    normalise_key,
)
from tashika_formats.money import MAX_YEN, MoneyTypingError, format_yen, parse_yen
from tashika_formats.number import NumberTypingError, is_number, make_number, normalise_number
from tashika_formats.text import TextError, bad_characters, clean_text

FIXED = settings(derandomize=True, max_examples=100, deadline=None)

NUMBERS = st.builds(make_number, st.integers(1, 99), st.integers(2000, 2099), st.integers(1, 999_999_999))
KEYS = st.builds(make_key, st.binary(min_size=12, max_size=12))
# An era year is typed with two digits; 令和 reaches the third in 2118.
DAYS = st.dates(datetime.date(1873, 1, 1), datetime.date(2117, 12, 31))
SEPARATORS = st.text(st.sampled_from([*sorted(HYPHENS), " ", "\u3000", "\t", "\u200b"]), max_size=2)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def doubled(value: int, base: int) -> int:
    return value * 2 // base + value * 2 % base


@FIXED
@given(NUMBERS, st.integers(0, 13), st.integers(1, 9))
def test_every_single_wrong_digit_of_a_number_is_found(number: str, place: int, more: int) -> None:
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert is_number(number)
    with pytest.raises(NumberTypingError):
        normalise_number(wrong)


@FIXED
@given(KEYS, st.integers(0, 19), st.integers(1, 31))
def test_every_single_wrong_character_of_a_key_is_found(key: str, place: int, more: int) -> None:
    wrong = ALPHABET[(ALPHABET.index(key[place]) + more) % 32]
    with pytest.raises(KeyTypingError):
        normalise_key(key[:place] + wrong + key[place + 1 :])


@FIXED
@given(st.text(st.sampled_from(ALPHABET), min_size=19, max_size=19))
def test_the_check_character_is_luhn_over_base_32(payload: str) -> None:
    """The rule in its plain form: every second value from the right doubled, its digits in base 32 added."""
    values = [ALPHABET.index(char) for char in payload]
    total = sum(
        doubled(value, 32) if place % 2 == 0 else value for place, value in enumerate(reversed(values))
    )
    assert (total + ALPHABET.index(luhn32_character(payload))) % 32 == 0


@FIXED
@given(KEYS, st.lists(SEPARATORS, min_size=21, max_size=21), st.booleans(), st.booleans())
def test_a_key_survives_width_case_and_separators(
    key: str, between: list[str], wide: bool, lower: bool
) -> None:
    typed = key.lower() if lower else key
    typed = full_width(typed) if wide else typed
    assert normalise_key("".join(map("".join, zip(between, [*typed, ""], strict=True)))) == key
    assert normalise_key(format_key(key)) == key


@FIXED
@given(KEYS, st.data())
def test_a_key_survives_look_alikes(key: str, data: st.DataObject) -> None:
    spellings = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(data.draw(st.sampled_from(spellings.get(char, char))) for char in key)
    assert normalise_key(typed) == key


@FIXED
@given(st.binary(min_size=12, max_size=12), st.binary(min_size=12, max_size=12))
def test_keys_differ_where_their_95_bits_do(one: bytes, two: bytes) -> None:
    same = int.from_bytes(one, "big") >> 1 == int.from_bytes(two, "big") >> 1
    assert (make_key(one) == make_key(two)) == same


@FIXED
@given(NUMBERS, st.lists(SEPARATORS, min_size=15, max_size=15))
def test_a_number_survives_width_and_separators(number: str, between: list[str]) -> None:
    assert (
        normalise_number("".join(map("".join, zip(between, [*full_width(number), ""], strict=True))))
        == number
    )


@FIXED
@given(DAYS)
@example(datetime.date(2019, 5, 1))
@example(datetime.date(1989, 1, 7))
def test_a_day_survives_every_form(day: datetime.date) -> None:
    text = era_date(day)
    assert parse_date(text) == day
    assert parse_date(full_width(day.isoformat())) == day
    assert parse_date(f"{day.year:04d}年{day.month}月{day.day}日") == day


@FIXED
@given(DAYS)
def test_a_day_lies_in_its_fiscal_year(day: datetime.date) -> None:
    first, last = fiscal_year_bounds(fiscal_year(day))
    assert first <= day <= last
    assert (first.month, first.day, last.month, last.day) == (4, 1, 3, 31)


@FIXED
@given(st.integers(0, MAX_YEN))
def test_an_amount_survives_its_written_form(amount: int) -> None:
    assert parse_yen(format_yen(amount)) == amount
    assert parse_yen(full_width(f"{amount:,}")) == amount


ANYTHING = st.text(st.characters(), max_size=40)


@FIXED
@given(ANYTHING)
def test_whatever_is_typed_gives_a_value_or_its_own_error(text: str) -> None:
    for function, error in (
        (normalise_number, NumberTypingError),
        (normalise_key, KeyTypingError),
        (parse_date, DateTypingError),
        (parse_yen, MoneyTypingError),
    ):
        try:
            function(text)
        except FormatError as raised:
            assert type(raised) is error
            assert raised.ja
            assert raised.en


@FIXED
@given(ANYTHING)
def test_a_cleaned_text_has_no_bad_character_and_cleans_to_itself(text: str) -> None:
    try:
        cleaned = clean_text(text, 30)
    except TextError:
        assert not text.strip() or len(text.strip()) > 30 or any(bad_characters(text.strip()))
        return
    assert not any(bad_characters(cleaned))
    assert clean_text(cleaned, 30) == cleaned
