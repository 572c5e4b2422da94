"""Labelled values under headings, as lines whose values line up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tashika_tui.terminal import pad, visible, width

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (may be empty) with its labels and values. A row without a value is left out, and a section
    without rows with it.
    """

    heading: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with a value on either side. `differs` None: where the two texts differ."""

    label: str
    left: str
    right: str
    differs: bool | None = None

    @property
    def different(self) -> bool:
        """Whether the two sides differ."""
        return self.left != self.right if self.differs is None else self.differs


def sheet(sections: Iterable[Section]) -> list[str]:
    """The lines of all sections, with one column for the values."""
    kept = [
        (section.heading, [(label, visible(value)) for label, value in section.rows if value])
        for section in sections
    ]
    labels = [label for _, rows in kept for label, _ in rows]
    columns = max(map(width, labels), default=0)
    lines: list[str] = []
    for heading, rows in kept:
        if not rows:
            continue
        if heading:
            lines += ["", heading]
        lines += [f"{_INDENT}{pad(label, columns)}  {value}" for label, value in rows]
    return lines
