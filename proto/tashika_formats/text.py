"""Which characters a name or a free text may hold.

Names keep their exact code points (髙, 﨑, 𠮷, variation sequences), so nothing is replaced here. Refused
is what can't be seen or what shows one thing and says another: controls, halves of surrogate pairs,
direction overrides, invisible joiners, private use characters (外字), noncharacters. Unassigned code points
pass: which characters exist is the matter of newer Unicode versions, and which can be printed is the matter
of the fonts.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tashika_formats.errors import FormatError

# Letters and symbols that print as nothing (Hangul and Khmer fillers, the braille blank, the grapheme
# joiner), and the marks that a broken conversion leaves behind (object replacement, replacement character).
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_REPLACEMENTS = frozenset("\ufffc\ufffd")
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_KINDS = {
    "CONTROL": ("制御文字", "a control character"),
    "SURROGATE": ("壊れた文字（サロゲートの片方）", "half of a surrogate pair"),
    "DIRECTION": ("書字方向を変える文字", "a character that changes the direction of writing"),
    "INVISIBLE": ("目に見えない文字", "an invisible character"),
    "PRIVATE_USE": ("外字（私用領域の文字）", "a private use character"),
    "NONCHARACTER": ("文字でない符号", "a noncharacter"),
    "REPLACEMENT": ("文字化けの跡", "the mark of a broken conversion"),
    "SELECTOR": ("前に漢字のない異体字セレクタ", "a variation selector without a character before it"),
}


class TextError(FormatError):
    """A text can't be used.

    Codes: TEXT_EMPTY, TEXT_TOO_LONG, TEXT_EDGE_SPACE and TEXT_CHARACTER; the last has `kind` (a key of the
    table above), `position` (from 1, in code points) and `character` (its description, such as U+202E ...).
    """

    def __init__(
        self, code: str, ja: str, en: str, *, kind: str = "", position: int = 0, character: str = ""
    ) -> None:
        super().__init__(code, ja, en)
        self.kind = kind
        self.position = position
        self.character = character


@dataclass(frozen=True, slots=True)
class BadCharacter:
    """A character that may not stand in a text: where (from 1, in code points), which, and why."""

    position: int
    character: str
    kind: str


def describe(char: str) -> str:
    """One character as U+XXXX and its Unicode name, such as "U+9AD9 CJK UNIFIED IDEOGRAPH-9AD9"."""
    name = unicodedata.name(char, "")
    if not name:
        kind = _kind(char, "", multiline=False)
        name = f"<{_KINDS[kind][1].removeprefix('a ').removeprefix('an ')}>" if kind else "<unnamed>"
    return f"U+{ord(char):04X} {name}"


def is_variation_selector(char: str) -> bool:
    """True for U+FE00..FE0F and U+E0100..E01EF (IVS), which choose a form of the character before them."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def bad_characters(text: str, *, multiline: bool = False) -> Iterator[BadCharacter]:
    """Every character of `text` that may not stand there. A line feed is allowed if `multiline`."""
    before = ""
    for position, char in enumerate(text, start=1):
        kind = _kind(char, before, multiline=multiline)
        if kind:
            yield BadCharacter(position, char, kind)
        before = char


def check_text(text: str, max_characters: int, *, multiline: bool = False, empty: bool = False) -> None:
    """Raises TextError unless `text` may stand in a field of at most `max_characters` code points.

    An empty text passes only if `empty`; a line feed only if `multiline`; white space at either end never.
    """
    if not text and not empty:
        raise TextError("TEXT_EMPTY", "入力されていません。", "The text is empty.")
    if len(text) > max_characters:
        raise TextError(
            "TEXT_TOO_LONG",
            f"{max_characters}文字以内で入力してください（現在{len(text)}文字）。",
            f"Enter at most {max_characters} characters (now {len(text)}).",
        )
    bad = next(bad_characters(text, multiline=multiline), None)
    if bad is not None:
        raise _character_error(bad)
    if text != text.strip():
        raise TextError(
            "TEXT_EDGE_SPACE",
            "前後の空白を取り除いてください。",
            "Remove the white space at the beginning and the end.",
        )


def clean_text(text: str, max_characters: int, *, multiline: bool = False, empty: bool = False) -> str:
    """`text` without white space at its ends and with line feeds as line ends, then checked by
    `check_text`."""
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = text.strip()
    check_text(cleaned, max_characters, multiline=multiline, empty=empty)
    return cleaned


def _kind(char: str, before: str, *, multiline: bool) -> str:
    code = ord(char)
    category = unicodedata.category(char)
    if is_variation_selector(char):
        lone = (
            not before
            or is_variation_selector(before)
            or before.isspace()
            or _kind(before, "x", multiline=True)
        )
        return "SELECTOR" if lone else ""
    if category == "Cc":
        return "" if multiline and char == "\n" else "CONTROL"
    if category in ("Zl", "Zp"):
        return "CONTROL"
    if category == "Cs":
        return "SURROGATE"
    if category == "Co":
        return "PRIVATE_USE"
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "NONCHARACTER"
    if char in _REPLACEMENTS:
        return "REPLACEMENT"
    if char in _DIRECTION:
        return "DIRECTION"
    # The tag and selector plane beyond the variation selectors has nothing visible, assigned or not.
    if category == "Cf" or char in _INVISIBLE or 0xE0000 <= code <= 0xE0FFF:
        return "INVISIBLE"
    return ""


def _character_error(bad: BadCharacter) -> TextError:
    ja, en = _KINDS[bad.kind]
    character = describe(bad.character)
    hint_ja, hint_en = "この文字を取り除いて", "Remove it and"
    if bad.kind == "PRIVATE_USE":
        hint_ja, hint_en = (
            "標準の漢字または異体字で",
            "Use the standard character or a variation sequence and",
        )
    return TextError(
        "TEXT_CHARACTER",
        f"{bad.position}文字目（{character}）は{ja}で、使えません。{hint_ja}入力し直してください。",
        f"Character {bad.position} ({character}) is {en}, which can't be used. "
        f"{hint_en} enter the text again.",
        kind=bad.kind,
        position=bad.position,
        character=character,
    )
