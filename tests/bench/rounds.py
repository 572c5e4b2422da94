"""Fair comparisons on a machine that does other things too: interleaved rounds, and ratios within each round.

Whatever slows the machine down for some seconds slows both sides of a round; the median of the rounds' ratios then
hardly moves, while the quotient of two medians would. The order is reversed each round, so that nobody always comes
second.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

S = TypeVar("S")


def interleave(work: Mapping[str, Callable[[], S]], rounds: int) -> dict[str, list[S]]:
    """Run each piece of work once a round, after one round that does not count; answers the samples by name."""
    samples: dict[str, list[S]] = {name: [] for name in work}
    for number in range(rounds + 1):
        names = list(work)
        for name in names if number % 2 else reversed(names):
            sample = work[name]()
            if number:
                samples[name].append(sample)
    return samples


def middle(samples: Sequence[S], value: Callable[[S], float]) -> float:
    """The median of a value."""
    return median(value(sample) for sample in samples)


def ratio(ours: Sequence[S], theirs: Sequence[S], value: Callable[[S], float]) -> float:
    """The median of the ratios of both sides in the same round; 0 where the other side is 0 throughout."""
    pairs = [(value(a), value(b)) for a, b in zip(ours, theirs, strict=True)]
    ratios = [a / b for a, b in pairs if b]
    return median(ratios) if ratios else 0.0


def spread(ours: Sequence[S], theirs: Sequence[S], value: Callable[[S], float]) -> tuple[float, float]:
    """The smallest and the largest of the rounds' ratios."""
    ratios = [value(a) / value(b) for a, b in zip(ours, theirs, strict=True) if value(b)]
    return (min(ratios), max(ratios)) if ratios else (0.0, 0.0)
