"""Folding of what people type or paste for a number or a key: width, spaces and hyphens of all kinds.

Only numbers, keys, dates and amounts are folded. Names keep their exact code points.
"""

import unicodedata

# What Japanese keyboards, word processors, mail programs and PDF viewers put where a hyphen was printed.
# The long vowel mark (ー, half-width ｰ) is what an input method gives for the minus key; the box drawings
# look the same.
HYPHENS = frozenset(
    "-"
    "\u00ad\u02d7\u058a\u1806"
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212"
    "\u2500\u2501\u2e3a\u2e3b\u30fc\ufe31\ufe32\ufe58\ufe63\uff0d\uff70"
)

# Invisible characters that come along when a line is copied out of a mail or a PDF.
INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


def is_separator(char: str) -> bool:
    """True for white space of any width, hyphens of all kinds and invisible joiners."""
    return char.isspace() or char in HYPHENS or char in INVISIBLE


def fold_char(char: str) -> str:
    """The NFKC form of one character, where that is one character again; otherwise the character itself.

    Full-width letters and digits become ASCII. A sign that NFKC would spread over several characters (such
    as ㈱) stays what it is, so that positions can still be counted and the sign is refused as such.
    """
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def significant_characters(text: str) -> str:
    """`text` with its width folded and every separator dropped; the order and count of the rest are kept."""
    return "".join(fold_char(char) for char in text if not is_separator(char))
