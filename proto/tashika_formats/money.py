"""Amounts of yen as public documents write them and as people type them: whole yen, never negative."""

import re
import unicodedata

from tashika_formats.errors import FormatError

# 15 digits: far above any public work (the national budget has 15 digits), and below 2^53 for canonical JSON.
MAX_YEN = 999_999_999_999_999

MAX_INPUT_CHARACTERS = 60

_AMOUNT = re.compile(r"[¥\\]?(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)円?也?")


class MoneyTypingError(FormatError):
    """What was typed is not an amount.

    Codes: MONEY_EMPTY, MONEY_FORM, MONEY_NEGATIVE and MONEY_TOO_LARGE (above 999,999,999,999,999 yen).
    """


def group_digits(amount: int) -> str:
    """The amount with a comma after every three digits: 1,234,567."""
    return f"{amount:,}"


def format_yen(amount: int) -> str:
    """The amount as on a certificate: 金 1,234,567 円. Raises ValueError for a negative amount."""
    if amount < 0:
        raise ValueError("an amount of yen must not be negative")
    return f"金 {group_digits(amount)} 円"


def parse_yen(text: str) -> int:
    """The yen that `text` means: digits in any width, with or without right commas, 金, ¥, 円 and 也.

    Raises MoneyTypingError. Units such as 万 are refused: an amount is written out.
    """
    if len(text) > MAX_INPUT_CHARACTERS:
        raise _too_large()
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    if not folded:
        raise MoneyTypingError(
            "MONEY_EMPTY",
            "金額が入力されていません。円単位の数字で入力してください。",
            "The amount is empty. Enter it in yen.",
        )
    body = folded.removeprefix("金").replace("、", ",")
    if body[:1] in "-−▲△" and body[1:2].isdigit():
        raise MoneyTypingError(
            "MONEY_NEGATIVE",
            "金額に負の数は使えません。0円以上で入力してください。",
            "An amount can't be negative. Enter 0 yen or more.",
        )
    match = _AMOUNT.fullmatch(body)
    if match is None:
        raise MoneyTypingError(
            "MONEY_FORM",
            "金額として読み取れません。1234567 または 1,234,567 のように、円単位の数字で入力してください。",
            "This can't be read as an amount. Enter yen in digits, like 1234567 or 1,234,567.",
        )
    amount = int(match["digits"].replace(",", ""))
    if amount > MAX_YEN:
        raise _too_large()
    return amount


def _too_large() -> MoneyTypingError:
    return MoneyTypingError(
        "MONEY_TOO_LARGE",
        "金額が大きすぎます。999兆円台までの金額を入力してください。",
        "The amount is too large. Enter at most 999,999,999,999,999 yen.",
    )
