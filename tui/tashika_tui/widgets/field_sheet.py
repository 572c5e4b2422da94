"""Labelled values to be read: one column of them, or two side by side with the differences marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.scroll_view import ScrollView

from tashika_tui.i18n import Texts
from tashika_tui.sheet import Section


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with a value on either side. `differs` None: where the two texts differ."""

    label: str
    left: str
    right: str
    differs: bool | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two things side by side: their headings, and pairs under headings."""

    left: str
    right: str
    sections: Sequence[tuple[str, Sequence[Pair]]]


class FieldSheet(ScrollView, can_focus=True):
    """Sections of labels and values. `build` makes them, and is called again when the language changes.

    Long values wrap. What is shown comes from elsewhere and can't act on the terminal.
    """

    def __init__(
        self, build: Callable[[Texts], Sequence[Section]] | None = None, *, id: str | None = None
    ) -> None: ...

    def show(self, build: Callable[[Texts], Sequence[Section]]) -> None:
        """Shows something else from its top."""


class CompareSheet(ScrollView, can_focus=True):
    """Two things side by side; each difference has a mark and a word, never a colour alone."""

    def __init__(
        self, build: Callable[[Texts], Comparison] | None = None, *, id: str | None = None
    ) -> None: ...

    def show(self, build: Callable[[Texts], Comparison]) -> None:
        """Shows something else from its top."""

    @property
    def differences(self) -> int:
        """How many pairs differ."""
        ...
