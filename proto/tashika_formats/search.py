"""How names and numbers are compared in a search, by the server and by whoever filters what it was sent.

What a clerk types is rarely typed as it was entered: full-width digits, half-width kana, ㈱ for (株), 高崎 for
髙﨑, a name without the variation selector that the person insists on. So both sides are folded before they are
compared; what is kept and shown stays as it was entered.

A text is cut into pairs of neighbouring characters, so that an index finds 柏市 in the middle of a name: words of
two characters are the rule in Japanese, and indexes of three characters don't have them. A number consists of a
hundred different pairs only, each of which very many things have. So three and four characters stand in it as well
where they are digits, or all but one of them: the end of 第0042号, the hyphen of 2026-0123.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Characters that look alike and are typed for each other, beyond what NFKC unifies: dashes, and the older or rarer
# forms of characters in names. The long vowel mark of kana (ー) is a letter, and no dash.
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣", "-")
_FORMS = dict(
    zip("髙﨑𠮷濵濱德邉邊齋齊斎栁冨眞廣澤桒嶋嶌", "高崎吉浜浜徳辺辺斉斉斉柳富真広沢桑島島", strict=True)
)
# Katakana and hiragana are the same sounds; the small ヵ and ヶ of place names are written as カ and ケ as well.
_KANA = {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F5)} | {
    **dict.fromkeys("ヵゕ", "か"),
    **dict.fromkeys("ヶゖ", "け"),
    "ヽ": "ゝ",
    "ヾ": "ゞ",
}
_SAME = str.maketrans(_DASHES | _FORMS | _KANA)

_DIGITS = frozenset("0123456789")
_LONGER = (3, 4)


def fold(text: str) -> str:
    """The form in which a text is compared: NFKC, without case, variation selectors and invisible characters.

    Any string has one: controls and halves of surrogate pairs become spaces.
    """
    seen = "".join(map(_visible, text))
    seen = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return seen.translate(_SAME)


def words(text: str) -> tuple[str, ...]:
    """What a search asks for: its words, folded, each once. Empty where nothing is left."""
    return tuple(dict.fromkeys(fold(text).split()))


def searchable(fields: Iterable[str]) -> str:
    """What is kept of a thing to be searched: its fields, folded, without spaces, a line each."""
    return "\n".join(line for line in map(_line, fields) if line)


def matches(asked: Iterable[str], text: str) -> bool:
    """Whether every word (see ``words``) is part of a field of a text (see ``searchable``)."""
    return all(word in text for word in asked)


def grams(text: str) -> frozenset[str]:
    """What a text (see ``searchable``) stands under in an index.

    Pairs of neighbours, three or four that are digits but for one at most, and the last character of each field by
    itself: so every character is the beginning of one of them.
    """
    found: set[str] = set()
    for line in text.split("\n"):
        found.update(_windows(line))
        if line:
            found.add(line[-1])
    return frozenset(found)


def grams_of_word(word: str) -> tuple[str, ...]:
    """What every text that a word of two characters or more is part of stands under; the narrowest first."""
    return tuple(sorted(_windows(word), key=lambda gram: (-len(gram), gram)))


def _windows(line: str) -> set[str]:
    found = {line[place : place + 2] for place in range(len(line) - 1)}
    for length in _LONGER:
        for place in range(len(line) - length + 1):
            window = line[place : place + length]
            if sum(map(_DIGITS.__contains__, window)) >= length - 1:
                found.add(window)
    return found


@lru_cache(maxsize=4096)
def _line(field: str) -> str:
    return "".join(fold(field).split())


def _visible(character: str) -> str:
    code = ord(character)
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x180B <= code <= 0x180F:
        return ""
    category = unicodedata.category(character)
    if category in ("Cc", "Cs"):
        return " "
    return "" if category == "Cf" else character
