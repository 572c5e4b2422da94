"""Labelled values to be read: one column of them, or two side by side with the differences marked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tashika_tui.i18n import Texts
from tashika_tui.keymap import Scope
from tashika_tui.presenting.sheet import Pair, Section
from tashika_tui.widgets.binding import bind_scope
from tashika_tui.widgets.guard import Guarded
from tashika_tui.widgets.words import Worded, fit, texts_of, wrap

_INDENT = 2
_GAP = 2
_MAX_LABEL = 24

# From so many columns on, sections stand side by side, with so many between them.
_WIDE = 100
_BETWEEN = 4

# The mark of a difference. The word beside it says the same.
_DIFFERENT = "!"
_DIFFERENT_LOOK = "sheet--different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two things side by side: their headings, and pairs under headings."""

    left: str
    right: str
    sections: Sequence[tuple[str, Sequence[Pair]]]


class _Line(NamedTuple):
    """A line as it is drawn: parts of text with the look of each (a component class, empty: plain)."""

    parts: tuple[tuple[str, str], ...] = ()
    different: bool = False


class _Sheet(Guarded, Worded, ScrollView, can_focus=True, inherit_bindings=False):
    """What both sheets share: lines for the width that there is, and scrolling by keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"sheet--heading", "sheet--label", "sheet--different"}

    DEFAULT_CSS = """
    _Sheet { height: 1fr; overflow-x: hidden; overflow-y: scroll; padding: 0 1; color: $foreground; }
    _Sheet > .sheet--heading { color: $primary; text-style: bold; }
    _Sheet > .sheet--label { color: $foreground 75%; }
    _Sheet > .sheet--different { color: $warning; text-style: bold; }
    _Sheet:ansi > .sheet--heading { color: ansi_default; text-style: bold underline; }
    _Sheet:ansi > .sheet--label { color: ansi_default; text-style: none; }
    _Sheet:ansi > .sheet--different { color: ansi_default; text-style: bold reverse; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: list[_Line] = []
        bind_scope(self, Scope.SHEET)

    def drawn_for(self, width: int) -> list[_Line]:
        """The lines for so many columns."""
        return []

    def relabel(self) -> None:
        """Draws it in another language, without moving."""
        self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        """Wraps anew."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """One line; what is marked with the mouse shows, and can be copied."""
        number, width = self.scroll_offset.y + y, self.size.width
        parts = self._drawn[number].parts if number < len(self._drawn) else ()
        plain = self.rich_style
        segments = [
            Segment(text, self.get_component_rich_style(look, partial=False) if look else plain)
            for text, look in parts
        ]
        marked = self.text_selection.get_span(number) if self.text_selection is not None else None
        if marked is not None:
            segments = self._marked(segments, *marked)
        used = sum(cell_len(text) for text, _ in parts)
        segments.append(Segment(" " * max(0, width - used), plain))
        return Strip(segments).adjust_cell_length(width, plain).apply_offsets(0, number)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is marked, as it stands on the screen."""
        lines = ("".join(text for text, _ in line.parts).rstrip() for line in self._drawn)
        return selection.extract("\n".join(lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Shows what is marked now."""
        self.refresh()

    def _marked(self, segments: list[Segment], start: int, end: int) -> list[Segment]:
        """The segments with the characters from `start` to `end` (-1: the line's end) in the look of a selection."""
        look = self.screen.get_component_rich_style("screen--selection")
        found: list[Segment] = []
        place = 0
        for text, style, _ in segments:
            stop = len(text) if end < 0 else max(0, end - place)
            cut = max(0, start - place)
            parts = (text[:cut], text[cut:stop] if stop > cut else "", text[max(cut, stop) :])
            own = style or self.rich_style
            found += [
                Segment(part, own + look if which == 1 else own) for which, part in enumerate(parts) if part
            ]
            place += len(text)
        return found

    def action_next_difference(self) -> None:
        """Scrolls to the next difference, and from the last to the first."""
        self._to_difference(1)

    def action_previous_difference(self) -> None:
        """Scrolls to the one before."""
        self._to_difference(-1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Differences only where there are some."""
        if action in ("next_difference", "previous_difference"):
            return any(line.different for line in self._drawn)
        return True

    def action_scroll_down(self) -> None:
        """A line down."""
        self.scroll_relative(y=1, animate=False)

    def action_scroll_up(self) -> None:
        """A line up."""
        self.scroll_relative(y=-1, animate=False)

    def action_scroll_page_down(self) -> None:
        """A screen down."""
        self.scroll_relative(y=max(1, self.size.height - 1), animate=False)

    def action_scroll_page_up(self) -> None:
        """A screen up."""
        self.scroll_relative(y=-max(1, self.size.height - 1), animate=False)

    def action_scroll_home(self) -> None:
        """To the top."""
        self.scroll_to(y=0, animate=False)

    def action_scroll_end(self) -> None:
        """To the end."""
        self.scroll_to(y=len(self._drawn), animate=False)

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        self._drawn = self.drawn_for(width) if width > 0 else []
        self.virtual_size = Size(width, len(self._drawn))
        self.refresh()
        self.screen.refresh_bindings()

    def _show_from_top(self) -> None:
        if self.is_mounted:
            self._draw()
            self.scroll_to(y=0, animate=False)

    def _to_difference(self, by: int) -> None:
        places = [
            number
            for number, line in enumerate(self._drawn)
            if line.different and not (number and self._drawn[number - 1].different)
        ]
        here = self.scroll_offset.y
        if not places:
            return
        if by > 0:
            target = next((place for place in places if place > here), places[0])
        else:
            target = next((place for place in reversed(places) if place < here), places[-1])
        self.scroll_to(y=target, animate=False)


class FieldSheet(_Sheet):
    """Sections of labels and values. `build` makes them, and is called again when the language changes.

    On a wide terminal two sections stand side by side. Long values wrap; one without a label has the whole width.
    What is shown comes from elsewhere and can't act on the terminal. A row without a value is left out, and a section
    without rows with it.
    """

    def __init__(
        self, build: Callable[[Texts], Sequence[Section]] | None = None, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._build = build

    def show(self, build: Callable[[Texts], Sequence[Section]]) -> None:
        """Shows something else from its top."""
        self._build = build
        self._show_from_top()

    def drawn_for(self, width: int) -> list[_Line]:
        """Headings, and labels with their values in one column."""
        sections = self._build(texts_of(self)) if self._build is not None else ()
        kept = [
            replace(section, rows=[row for row in section.rows if row[1]])
            for section in sections
            if any(value for _, value in section.rows)
        ]
        labels = [cell_len(label) for section in kept for label, _ in section.rows]
        column = min(max(labels, default=0), _MAX_LABEL)
        lines: list[_Line] = []
        for sections in _beside(kept) if width >= _WIDE else [(section,) for section in kept]:
            side = (width - _BETWEEN) // 2 if len(sections) > 1 else width
            parts = [_section(section, column, side) for section in sections]
            lines += [_Line()] if lines and any(section.heading for section in sections) else []
            lines += parts[0] if len(parts) == 1 else _joined(parts[0], parts[1], side)
        return lines


def _beside(sections: Sequence[Section]) -> Iterator[tuple[Section, ...]]:
    """Each two sections that follow each other and can stand beside each other. Sentences need the whole width."""
    left: Section | None = None
    for section in sections:
        if not section.heading or any(not label for label, _ in section.rows):
            yield from ((each,) for each in (left, section) if each is not None)
            left = None
        elif left is None:
            left = section
        else:
            yield left, section
            left = None
    if left is not None:
        yield (left,)


def _section(section: Section, column: int, width: int) -> list[_Line]:
    """A section in so many columns, of which `column` are for the labels."""
    heading = _Line(((fit(section.heading, width), "sheet--heading"),))
    lines = [heading] if section.heading else []
    for label, value in section.rows:
        if not label:
            lines += [_Line(((" " * _INDENT + part, ""),)) for part in wrap(value, width - _INDENT)]
            continue
        for number, part in enumerate(wrap(value, width - _INDENT - column - _GAP)):
            shown = " " * _INDENT + fit(label if number == 0 else "", column) + " " * _GAP
            lines.append(_Line(((shown, "sheet--label"), (part, ""))))
    return lines


def _joined(left: Sequence[_Line], right: Sequence[_Line], side: int) -> list[_Line]:
    """Lines side by side, the left ones in so many columns."""
    joined = []
    for one, other in zip_longest(left, right, fillvalue=_Line()):
        used = sum(cell_len(text) for text, _ in one.parts)
        joined.append(_Line((*one.parts, (" " * (side - used + _BETWEEN), ""), *other.parts)))
    return joined


class CompareSheet(_Sheet):
    """Two things side by side; each difference has a mark and a word, never a colour alone."""

    def __init__(self, build: Callable[[Texts], Comparison] | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._build = build

    def show(self, build: Callable[[Texts], Comparison]) -> None:
        """Shows something else from its top."""
        self._build = build
        self._show_from_top()

    @property
    def differences(self) -> int:
        """How many pairs differ."""
        return (
            0
            if self._build is None
            else sum(pair.different for _, pairs in self._build(texts_of(self)).sections for pair in pairs)
        )

    def drawn_for(self, width: int) -> list[_Line]:
        """The headings of both sides, and the pairs under their headings."""
        if self._build is None:
            return []
        texts = texts_of(self)
        comparison = self._build(texts)
        pairs = [pair for _, pairs in comparison.sections for pair in pairs]
        word = texts("sheet.different")
        label_width = min(max((cell_len(pair.label) for pair in pairs), default=0), _MAX_LABEL - 4)
        mark_width = cell_len(f"{_DIFFERENT} {word}")
        side = max(4, (width - _INDENT - label_width - mark_width - 3 * _GAP) // 2)
        frame = _Frame(label_width, mark_width, side)
        lines = [frame.line("", comparison.left, comparison.right, look="sheet--heading")]
        for heading, rows in comparison.sections:
            shown = [pair for pair in rows if pair.left or pair.right]
            if not shown:
                continue
            lines += [_Line(), _Line(((fit(heading, width), "sheet--heading"),))]
            for pair in shown:
                lines += frame.pair(pair, f"{_DIFFERENT} {word}")
        return lines


class _Frame(NamedTuple):
    """The columns of a comparison."""

    label: int
    mark: int
    side: int

    def line(self, label: str, left: str, right: str, mark: str = "", look: str = "") -> _Line:
        """One line of all four columns."""
        gap = " " * _GAP
        return _Line(
            (
                (" " * _INDENT + fit(label, self.label) + gap, "sheet--label"),
                (fit(left, self.side) + gap + fit(right, self.side), look),
                (gap, ""),
                (fit(mark, self.mark), look if mark else ""),
            ),
            different=look == _DIFFERENT_LOOK,
        )

    def pair(self, pair: Pair, mark: str) -> list[_Line]:
        """A pair in as many lines as its longer side needs."""
        left, right = wrap(pair.left, self.side), wrap(pair.right, self.side)
        count = max(len(left), len(right))
        left += [""] * (count - len(left))
        right += [""] * (count - len(right))
        labels, marks = [pair.label], [mark if pair.different else ""]
        labels += [""] * (count - 1)
        marks += [""] * (count - 1)
        look = _DIFFERENT_LOOK if pair.different else ""
        return [self.line(*parts, look) for parts in zip(labels, left, right, marks, strict=True)]
