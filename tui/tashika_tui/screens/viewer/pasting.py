"""Finds a guarantee contract number and an authentication key in what somebody pasted at once. No terminal here."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tashika_formats.folding import HYPHENS, INVISIBLE, fold_char
from tashika_formats.key import KEY_LENGTH, KeyTypingError, normalise_key
from tashika_formats.number import NUMBER_LENGTH, NumberTypingError, normalise_number

# Nobody needs more words than this around a number and a key; the rest of a long paste is not looked at.
_MAX_WORDS = 400

_WORD = re.compile(r"[0-9A-Za-z]+")


class NumberAndKey(NamedTuple):
    """Both, as they stood there: each may still have a typing error."""

    number: str
    key: str


class _Run(NamedTuple):
    """Words that follow each other with nothing but spaces and hyphens between them."""

    first: int
    last: int
    text: str

    def meets(self, other: "_Run") -> bool:
        """Whether both have a word in common."""
        return self.first <= other.last and other.first <= self.last


def find_number_and_key(text: str) -> NumberAndKey | None:
    """The number and the key in a paste, None where it does not hold one of each.

    Width and separators do not matter, and there may be other words. What passes its check wins; without that
    the only one of the right length is taken, so that the form can say what is wrong with it.
    """
    folded = "".join("-" if char in HYPHENS else fold_char(char) for char in text if char not in INVISIBLE)
    lines = [_words(line) for line in folded.splitlines()]
    numbers = [run for run in _runs(lines, NUMBER_LENGTH) if run.text.isdigit()]
    number = _one([run for run in numbers if _is_number(run.text)]) or _only(numbers)
    if number is None:
        return None
    keys = [run for run in _runs(lines, KEY_LENGTH) if not run.meets(number)]
    key = _one([run for run in keys if _is_key(run.text)]) or _only(keys)
    return NumberAndKey(number.text, key.text) if key is not None else None


def _words(line: str) -> list[list[str]]:
    """The words of a line, in groups between which something other than spaces and hyphens stands."""
    groups: list[list[str]] = [[]]
    end = 0
    for found in _WORD.finditer(line):
        if line[end : found.start()].strip(" \t\u3000-"):
            groups.append([])
        groups[-1].append(found.group())
        end = found.end()
    return groups


def _runs(lines: list[list[list[str]]], length: int) -> Iterator[_Run]:
    """All runs of words that together have `length` characters."""
    place = 0
    for group in (group for line in lines for group in line):
        if place > _MAX_WORDS:
            return
        for first in range(len(group)):
            text = ""
            for last in range(first, len(group)):
                text += group[last]
                if len(text) >= length:
                    break
            if len(text) == length:
                yield _Run(place + first, place + last, text)
        place += len(group)


def _one(runs: list[_Run]) -> _Run | None:
    """The only one, however often it stands there; None where there are several different ones."""
    return runs[0] if len({run.text for run in runs}) == 1 else None


def _only(runs: list[_Run]) -> _Run | None:
    """The only one; None where there are several."""
    return runs[0] if len(runs) == 1 else None


def _is_number(text: str) -> bool:
    try:
        normalise_number(text)
    except NumberTypingError:
        return False
    return True


def _is_key(text: str) -> bool:
    try:
        normalise_key(text)
    except KeyTypingError:
        return False
    return True
