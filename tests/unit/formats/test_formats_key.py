import traceback

import pytest

from tashika_formats.key import ALPHABET, KeyTypingError, format_key, make_key, normalise_key

KEY = make_key(bytes(range(12)))


def error_of(text: str) -> KeyTypingError:
    with pytest.raises(KeyTypingError) as caught:
        normalise_key(text)
    return caught.value


def test_the_alphabet_has_no_letter_that_is_taken_for_another() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_key_carries_95_bits_of_what_it_is_given() -> None:
    assert make_key(b"\xff" * 12)[:19] == "Z" * 19
    assert make_key(b"\xff" * 11 + b"\xfe") == make_key(b"\xff" * 12), "the 96th bit is left out"
    assert make_key(b"\xff" * 11 + b"\xfd") != make_key(b"\xff" * 12), "the 95th bit counts"


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="12 random bytes"):
        make_key(bytes(11))


def test_a_key_is_printed_in_five_groups_of_four() -> None:
    assert format_key(KEY) == "000G-40R4-0M30-E209-185Y"


@pytest.mark.parametrize("hyphen", "-－‐–—ー−ｰ‑―─ ")
def test_every_hyphen_is_folded(hyphen: str) -> None:
    assert normalise_key(hyphen.join(KEY[start : start + 4] for start in range(0, 20, 4))) == KEY


def test_case_width_and_look_alikes_are_folded() -> None:
    key = make_key(bytes.fromhex("000083104188000083104188"))
    typed = key.lower().replace("0", "ｏ").replace("1", "ｌ", 1).replace("1", "i")
    assert normalise_key(typed) == key


def test_a_wrong_check_character_is_told_as_a_typing_error() -> None:
    assert error_of(KEY[:-1] + ("0" if KEY[-1] != "0" else "1")).code == "KEY_CHECK"


def test_a_wrong_character_is_told_with_its_position() -> None:
    error = error_of(f"{KEY[:4]}-{KEY[4:5]}U{KEY[6:]}")
    assert (error.code, error.position) == ("KEY_CHARACTER", 6)
    assert "2番目の組の2文字目" in error.ja


@pytest.mark.parametrize(("typed", "length"), [(KEY[:-1], 19), (KEY + "0", 21), ("0" * 10_000, None)])
def test_another_length_is_told(typed: str, length: int | None) -> None:
    error = error_of(typed)
    assert (error.code, error.length) == ("KEY_LENGTH", length)


@pytest.mark.parametrize("char", ["ı", "K\u0301", "\ud800", "\x00", "㈱", "ß"])
def test_letters_that_only_resemble_ascii_are_refused(char: str) -> None:
    assert error_of(char + KEY[1:]).code in ("KEY_CHARACTER", "KEY_LENGTH")


@pytest.mark.parametrize(
    "typed", [KEY + "0", KEY[:-1] + "*", KEY[:-1] + ("0" if KEY[-1] != "0" else "1"), KEY * 9]
)
def test_no_error_carries_what_was_typed(typed: str) -> None:
    error = error_of(typed)
    shown = "".join(traceback.format_exception(error)) + repr(error) + error.ja + error.en + repr(vars(error))
    assert all(typed[start : start + 4] not in shown for start in range(16))
    assert error.__cause__ is None
