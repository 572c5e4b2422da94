"""Words among generated contracts, found without making up every row."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product

from tashika_formats.search import fold, matches, searchable, words
from tashika_tui.client.fake import samples
from tashika_tui.client.fake.generated import NUMBER_DIGITS, RANK_DIGITS, Generated

# Where more digits than these are open, what fits is so frequent that looking through rows finds it at once.
_MOST_OPEN_DIGITS = 4


class Search:
    """The words of a search over generated contracts. `orderers` are the names of `samples.ORDERER_IDS`."""

    def __init__(self, made: Generated, text: str, orderers: tuple[str, ...]) -> None:
        self._made = made
        self._orderers = orderers
        self.words = words(text)

    def finds(self, texts: Iterable[str]) -> bool:
        """Whether each word is part of one of the texts."""
        return matches(self.words, searchable(texts))

    def finds_index(self, index: int) -> bool:
        """Whether a generated contract is found."""
        return all(self._word_finds(word, index) for word in self.words)

    @cached_property
    def few(self) -> tuple[int, ...] | None:
        """The only contracts that can be found, where a word leaves but few; None: look through them."""
        for word in self.words:
            names, companies, orderers = self._places[word]
            if names or any(companies) or any(orderers):
                continue
            found = self._numbered(word)
            if found is not None:
                return tuple(sorted(index for index in found if self.finds_index(index)))
        return None

    def likely(self) -> Iterator[int]:
        """Every contract that may be found, those first that a name of works leads to, where only that can."""
        for word in self.words:
            names, companies, orderers = self._places[word]
            if names and not any(companies) and not any(orderers) and not _digits(word):
                yield from (index for name in sorted(names) for index in self._made.with_name(name))
                return
        yield from range(self._made.count)

    @cached_property
    def _places(self) -> dict[str, tuple[frozenset[int], tuple[bool, ...], tuple[bool, ...]]]:
        """For each word: the names of works, the companies and the orderers that it is part of."""
        names = [searchable([name]) for name in samples.ALL_WORKS_NAMES]
        companies = [searchable([name]) for name in (samples.COMPANY, *samples.OTHER_COMPANIES)]
        orderers = [searchable([name]) for name in self._orderers]
        return {
            word: (
                frozenset(place for place, name in enumerate(names) if word in name),
                tuple(word in name for name in companies),
                tuple(word in name for name in orderers),
            )
            for word in self.words
        }

    def _word_finds(self, word: str, index: int) -> bool:
        names, companies, orderers = self._places[word]
        made = self._made
        if made.name_place(index) in names or companies[made.company_place(index)]:
            return True
        if orderers[index % len(orderers)]:
            return True
        return word in made.number(index) or word in fold(made.works_number(index))

    def _numbered(self, word: str) -> set[int] | None:
        """The contracts in whose numbers the word's digits stand; None: too many to name."""
        digits = _digits(word)
        if not digits:
            return set()
        made, found = self._made, set()
        for rank in _completions(digits, "", RANK_DIGITS):
            if rank is None:
                return None
            if rank < made.count:
                found.add(made.of_rank(rank))
        for sequence in _completions(digits, made.number(0)[:4], NUMBER_DIGITS):
            if sequence is None:
                return None
            index = made.of_sequence(sequence)
            if index is not None:
                found.add(index)
        return found


def _digits(word: str) -> str:
    """The longest run of digits."""
    return max(re.findall(r"[0-9]+", word), key=len, default="")


def _completions(digits: str, before: str, length: int) -> Iterator[int | None]:
    """The numbers of `length` digits (behind the digits `before` and, with these, in front of a check digit) in
    which `digits` stand; None where too many are open. Of longer ones only the last seven digits vary.
    """
    whole = len(before) + length + (1 if before else 0)
    for start in range(whole - len(digits) + 1):
        pattern = ["?"] * whole
        pattern[start : start + len(digits)] = digits
        fixed = zip(pattern, before, strict=False)
        if any(char not in ("?", wanted) for char, wanted in fixed):
            continue
        middle = pattern[len(before) : len(before) + length]
        front, back = middle[: length - RANK_DIGITS], middle[length - RANK_DIGITS :]
        if any(char not in "?0" for char in front):
            continue
        if back.count("?") > _MOST_OPEN_DIGITS:
            yield None
            return
        for filling in product("0123456789", repeat=back.count("?")):
            rest = iter(filling)
            yield int("".join(next(rest) if char == "?" else char for char in back))
