import pytest

from tashika_formats.number import (
    NumberTypingError,
    format_number,
    is_number,
    luhn_digit,
    make_number,
    normalise_number,
)

NUMBER = make_number(12, 2025, 1)


def error_of(text: str) -> NumberTypingError:
    with pytest.raises(NumberTypingError) as caught:
        normalise_number(text)
    return caught.value


def test_the_number_is_guarantor_year_sequence_and_check_digit() -> None:
    assert make_number(1, 2025, 7) == "0125000000007" + luhn_digit("0125000000007")


def test_the_check_digit_is_luhn() -> None:
    assert luhn_digit("7992739871") == "3"


@pytest.mark.parametrize(
    "parts", [(0, 2025, 1), (100, 2025, 1), (1, 1999, 1), (1, 2100, 1), (1, 2025, 0), (1, 2025, 10**9)]
)
def test_parts_outside_of_their_digits_are_refused(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        make_number(*parts)


def test_width_spaces_and_hyphens_are_folded() -> None:
    typed = "\u3000１２２５-0000‐0000ー" + NUMBER[12:] + "\n"
    assert normalise_number(typed) == NUMBER


def test_a_wrong_check_digit_is_told_as_a_typing_error() -> None:
    assert error_of(NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)).code == "NUMBER_CHECK"


def test_a_wrong_character_is_told_with_its_position_among_the_digits() -> None:
    error = error_of(f"{NUMBER[:4]}-{NUMBER[4:6]}x{NUMBER[7:]}")
    assert (error.code, error.position) == ("NUMBER_CHARACTER", 7)


@pytest.mark.parametrize("typed", [NUMBER[:-1], NUMBER + "0", "1" * 10_000])
def test_another_length_is_told(typed: str) -> None:
    assert error_of(typed).code == "NUMBER_LENGTH"


@pytest.mark.parametrize("typed", ["", " ", "---"])
def test_nothing_is_told_as_nothing(typed: str) -> None:
    assert error_of(typed).code == "NUMBER_EMPTY"


@pytest.mark.parametrize("digit", ["\u0661", "\ud800", "\x00", "㊀"])
def test_only_digits_that_fold_to_ascii_are_digits(digit: str) -> None:
    assert error_of(digit + NUMBER[1:]).code == "NUMBER_CHARACTER"


def test_the_stored_form_has_no_other_spelling() -> None:
    assert is_number(NUMBER)
    assert not is_number(format_number(NUMBER))
    assert not is_number("１" + NUMBER[1:])


def test_the_spoken_form_is_in_groups() -> None:
    assert format_number(NUMBER) == f"{NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8:12]}-{NUMBER[12:]}"
