"""The guarantee contract number (保証契約番号): 14 digits.

Guarantor (2), fiscal year (2, the last two digits of the western year), sequence (9), check digit (1, Luhn
as in ISO/IEC 7812-1 annex B). Zero-padded, gaps allowed. The number is a name: nobody should read a meaning
out of it, so there is no function here that takes it apart.
"""

from tashika_formats.errors import FormatError
from tashika_formats.folding import significant_characters

NUMBER_LENGTH = 14

# A number is 14 digits; somebody may put a separator between any two of them, and a pasted line has some
# spaces around it. What is longer than this is no number, and is refused before any work is done on it.
MAX_INPUT_CHARACTERS = 100

_DIGITS = frozenset("0123456789")
# What a digit adds to the Luhn sum where it counts twice: the digits of its double.
_DOUBLED = dict(zip("0123456789", (0, 2, 4, 6, 8, 1, 3, 5, 7, 9), strict=True))


class NumberTypingError(FormatError):
    """What was typed can't be a guarantee contract number.

    Codes: NUMBER_EMPTY, NUMBER_CHARACTER (`position` counts from 1, without spaces and hyphens),
    NUMBER_LENGTH and NUMBER_CHECK (14 digits, but the check digit disagrees: a digit is wrong or two are
    swapped).
    """

    def __init__(self, code: str, ja: str, en: str, position: int | None = None) -> None:
        super().__init__(code, ja, en)
        self.position = position


def luhn_digit(digits: str) -> str:
    """The Luhn check digit for `digits` (ASCII digits, without the check digit)."""
    # From the right: the last digit counts twice, its neighbour once, and so on.
    total = sum(map(_DOUBLED.__getitem__, digits[::-2])) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


def make_number(guarantor_code: int, fiscal_year: int, sequence: int) -> str:
    """The number of the guarantor `guarantor_code` (1 to 99) with this `sequence` (1 to 999,999,999).

    `fiscal_year` is the western year in which it begins (2000 to 2099). Raises ValueError outside of these.
    """
    if not 1 <= guarantor_code <= 99:
        raise ValueError("guarantor_code must be 1 to 99")
    if not 2000 <= fiscal_year <= 2099:
        raise ValueError("fiscal_year must be 2000 to 2099")
    if not 1 <= sequence <= 999_999_999:
        raise ValueError("sequence must be 1 to 999999999")
    payload = f"{guarantor_code:02d}{fiscal_year % 100:02d}{sequence:09d}"
    return payload + luhn_digit(payload)


def normalise_number(text: str) -> str:
    """The 14 ASCII digits that `text` stands for; width, spaces and hyphens are folded.

    Raises NumberTypingError with what is wrong.
    """
    if is_number(text):
        return text
    if len(text) > MAX_INPUT_CHARACTERS:
        raise _length_error()
    chars = significant_characters(text)
    if not chars:
        raise NumberTypingError(
            "NUMBER_EMPTY",
            "保証契約番号が入力されていません。14桁の番号を入力してください。",
            "The guarantee contract number is empty. Enter its 14 digits.",
        )
    for position, char in enumerate(chars, start=1):
        if char not in _DIGITS:
            raise NumberTypingError(
                "NUMBER_CHARACTER",
                f"保証契約番号の{position}文字目が数字ではありません。14桁の数字を入力してください。",
                f"Character {position} of the guarantee contract number is not a digit. Enter its 14 digits.",
                position,
            )
    if len(chars) != NUMBER_LENGTH:
        raise _length_error(len(chars))
    if luhn_digit(chars[:-1]) != chars[-1]:
        raise NumberTypingError(
            "NUMBER_CHECK",
            "保証契約番号に入力誤りがあります（検査数字が合いません）。お知らせの番号と一桁ずつ照らし合わせてください。",
            "The guarantee contract number has a typing error (its check digit disagrees). "
            "Compare it with the notice digit by digit.",
        )
    return chars


def _length_error(length: int | None = None) -> NumberTypingError:
    if length is None:
        ja, en = "入力が長すぎます", "the input is too long"
    else:
        ja, en = f"入力は{length}桁です", f"{length} were entered"
    return NumberTypingError(
        "NUMBER_LENGTH",
        f"保証契約番号は14桁です。{ja}。番号をもう一度確かめてください。",
        f"A guarantee contract number has 14 digits; {en}. Check the number again.",
    )


def is_number(text: str) -> bool:
    """True if `text` is a number in its stored form: exactly 14 ASCII digits with a right check digit."""
    return len(text) == NUMBER_LENGTH and _DIGITS.issuperset(text) and luhn_digit(text[:-1]) == text[-1]


def format_number(number: str) -> str:
    """The number in groups of 4, 4, 4 and 2 digits, for reading aloud.

    Takes what `normalise_number` takes, and raises what it raises.
    """
    digits = normalise_number(number)
    return "-".join((digits[0:4], digits[4:8], digits[8:12], digits[12:14]))
