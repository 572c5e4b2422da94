"""Number and key are found in what people paste."""

import pytest

from tashika_formats.key import format_key, make_key
from tashika_formats.number import make_number
from tashika_tui.screens.viewer.pasting import find_number_and_key

NUMBER = make_number(11, 2025, 1234)
KEY = make_key(bytes(range(7, 19)))
GROUPED = f"{NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8:12]}-{NUMBER[12:]}"


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER} {KEY}",
        f"{NUMBER}\t{format_key(KEY)}",
        f"{GROUPED}\n{format_key(KEY).lower()}",
        f"{GROUPED.replace('-', ' ')} {format_key(KEY).replace('-', ' ')}",
        f"認証キー {format_key(KEY)} 保証契約番号 {GROUPED}",
        f"Number: {NUMBER}, key: {format_key(KEY)} (tel. 04-7000-0000)",
        f"{GROUPED}\r\n\r\n{format_key(KEY).replace('-', '‐')}",
    ],
)
def test_both_are_found_however_they_are_written(text: str) -> None:
    found = find_number_and_key(text)
    assert found is not None
    assert (found.number, found.key.upper()) == (NUMBER, KEY)


@pytest.mark.parametrize("text", ["", NUMBER, KEY, format_key(KEY), f"{KEY} {KEY}", "04-7000-0000"])
def test_nothing_is_found_where_one_is_missing(text: str) -> None:
    assert find_number_and_key(text) is None


def test_two_different_numbers_are_left_to_the_person() -> None:
    assert find_number_and_key(f"{NUMBER} {make_number(11, 2025, 99)} {KEY}") is None


def test_a_key_with_a_typing_error_is_still_taken() -> None:
    spoilt = KEY[:-1] + ("0" if KEY[-1] != "0" else "1")
    assert find_number_and_key(f"{NUMBER} {spoilt}") == (NUMBER, spoilt)


def test_a_long_paste_takes_no_time_worth_mentioning() -> None:
    assert find_number_and_key("1 " * 5_000) is None
