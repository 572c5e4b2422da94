"""The authentication key (認証キー): 20 characters in 5 groups of 4.

19 characters of Crockford's base32 (digits and letters without I, L, O, U; 95 bits) and one check
character, Luhn modulo 32 over the same alphabet. The key is a secret: no exception from here carries it or
a part of it.
"""

from tashika_formats.errors import FormatError
from tashika_formats.folding import significant_characters

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_LENGTH = 20
KEY_GROUP = 4
KEY_ENTROPY_BYTES = 12

# 20 characters, a separator between any two and spaces around a pasted line; see number.MAX_INPUT_CHARACTERS.
MAX_INPUT_CHARACTERS = 100

_VALUES = {char: value for value, char in enumerate(ALPHABET)}
# What a character adds to the Luhn sum where it counts twice: the base-32 digits of its double.
_DOUBLED = {char: value * 2 - 31 if value > 15 else value * 2 for char, value in _VALUES.items()}
# Crockford's reading of look-alikes: the letter O is a zero, I and L are a one.
_LOOK_ALIKES = {"O": "0", "I": "1", "L": "1"}


class KeyTypingError(FormatError):
    """What was typed can't be an authentication key; nothing needs to be looked up.

    Codes: KEY_EMPTY, KEY_CHARACTER (`position` counts from 1, without spaces and hyphens), KEY_LENGTH
    (`length` characters were entered; None: far too many) and KEY_CHECK (the check character disagrees).
    """

    def __init__(
        self, code: str, ja: str, en: str, *, position: int | None = None, length: int | None = None
    ) -> None:
        super().__init__(code, ja, en)
        self.position = position
        self.length = length


def luhn32_character(characters: str) -> str:
    """The Luhn mod 32 check character for `characters` (of ALPHABET, without the check character)."""
    # From the right: the last character counts twice, its neighbour once, and so on.
    total = sum(map(_DOUBLED.__getitem__, characters[::-2]))
    total += sum(map(_VALUES.__getitem__, characters[-2::-2]))
    return ALPHABET[-total % 32]


def make_key(random_bytes: bytes) -> str:
    """A key of 20 characters, without hyphens, from `random_bytes` of a cryptographic generator.

    Uses the first 95 bits of the first 12 bytes. Raises ValueError if there are fewer than 12 bytes.
    """
    if len(random_bytes) < KEY_ENTROPY_BYTES:
        raise ValueError("a key needs at least 12 random bytes")
    bits = int.from_bytes(random_bytes[:KEY_ENTROPY_BYTES], "big") >> 1
    payload = "".join(ALPHABET[bits >> shift & 31] for shift in range(90, -1, -5))
    return payload + luhn32_character(payload)


def normalise_key(text: str) -> str:
    """The 20 characters that `text` stands for.

    Case, width, spaces, hyphens of all kinds and the look-alikes O/0 and I/L/1 are folded. Raises
    KeyTypingError with what is wrong; its text never contains what was typed.
    """
    if len(text) == KEY_LENGTH and _VALUES.keys() >= set(text) and luhn32_character(text[:-1]) == text[-1]:
        return text
    if len(text) > MAX_INPUT_CHARACTERS:
        raise _length_error(None)
    chars = significant_characters(text)
    if not chars:
        raise KeyTypingError(
            "KEY_EMPTY",
            "認証キーが入力されていません。お知らせに記載の20文字を入力してください。",
            "The authentication key is empty. Enter the 20 characters printed on the notice.",
        )
    folded = []
    for position, char in enumerate(chars, start=1):
        # Upper-casing comes after the ASCII check: other scripts have letters whose capital is an ASCII
        # letter.
        upper = char.upper() if char.isascii() else ""
        upper = _LOOK_ALIKES.get(upper, upper)
        if upper not in _VALUES:
            raise _character_error(position)
        folded.append(upper)
    if len(folded) != KEY_LENGTH:
        raise _length_error(len(folded))
    key = "".join(folded)
    if luhn32_character(key[:-1]) != key[-1]:
        raise KeyTypingError(
            "KEY_CHECK",
            "認証キーに入力誤りがあります（検査文字が合いません）。お知らせの認証キーと一文字ずつ照らし合わせてください。",
            "The authentication key has a typing error (its check character disagrees). "
            "Compare it with the notice character by character.",
        )
    return key


def format_key(key: str) -> str:
    """The key in 5 groups of 4 with hyphens. Takes what `normalise_key` takes, and raises what it raises."""
    chars = normalise_key(key)
    return "-".join(chars[start : start + KEY_GROUP] for start in range(0, KEY_LENGTH, KEY_GROUP))


def _character_error(position: int) -> KeyTypingError:
    group, place = divmod(position - 1, KEY_GROUP)
    if position <= KEY_LENGTH:
        ja, en = f"（{group + 1}番目の組の{place + 1}文字目）", f" (group {group + 1}, character {place + 1})"
    else:
        ja, en = "", ""
    return KeyTypingError(
        "KEY_CHARACTER",
        f"認証キーの{position}文字目{ja}は認証キーに使われない文字です。"
        "数字と、U を除く英字だけを入力してください。",
        f"Character {position} of the authentication key{en} is never part of a key. "
        "Enter only digits and letters other than U.",
        position=position,
    )


def _length_error(length: int | None) -> KeyTypingError:
    if length is None:
        ja, en = "入力が長すぎます", "the input is too long"
    else:
        ja, en = f"入力は{length}文字です", f"{length} were entered"
    return KeyTypingError(
        "KEY_LENGTH",
        f"認証キーは20文字です。{ja}。抜けや余分がないか確かめてください。",
        f"An authentication key has 20 characters; {en}. Check for missing or extra ones.",
        length=length,
    )
