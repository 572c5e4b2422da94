import pytest

from tashika_formats.money import MAX_YEN, MoneyTypingError, format_yen, group_digits, parse_yen


def test_an_amount_is_written_as_on_a_certificate() -> None:
    assert format_yen(1_234_567) == "金 1,234,567 円"
    assert group_digits(1_000) == "1,000"


def test_a_negative_amount_is_not_written() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_yen(-1)


@pytest.mark.parametrize(
    "text",
    [
        "1234567",
        "1,234,567",
        "１，２３４，５６７円",
        "金 1,234,567 円",
        "¥1234567",
        "￥1,234,567",
        "金1,234,567円也",
    ],
)
def test_an_amount_is_read_in_every_usual_form(text: str) -> None:
    assert parse_yen(text) == 1_234_567


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "MONEY_EMPTY"),
        ("-1", "MONEY_NEGATIVE"),
        ("△1,000", "MONEY_NEGATIVE"),
        ("1,23", "MONEY_FORM"),
        ("12,34,567", "MONEY_FORM"),
        ("1200万円", "MONEY_FORM"),
        ("1.5", "MONEY_FORM"),
        ("1e9", "MONEY_FORM"),
        ("٣", "MONEY_FORM"),
        ("円", "MONEY_FORM"),
        ("1\x00", "MONEY_FORM"),
        (str(MAX_YEN + 1), "MONEY_TOO_LARGE"),
        ("9" * 10_000, "MONEY_TOO_LARGE"),
    ],
)
def test_what_is_no_amount_is_told_apart(text: str, code: str) -> None:
    with pytest.raises(MoneyTypingError) as caught:
        parse_yen(text)
    assert caught.value.code == code


def test_the_largest_amount_is_read() -> None:
    assert parse_yen(str(MAX_YEN)) == MAX_YEN
