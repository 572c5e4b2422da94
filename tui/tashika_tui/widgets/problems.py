"""The summary of what is wrong with a form. Each line leads to its field."""

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import clamp
from textual.message import Message
from textual.strip import Strip

from tashika_tui.i18n import Wording
from tashika_tui.widgets.words import Worded, fit, texts_of

# So many problems are named; the first line says how many there are.
_MAX_NAMED = 3


class ProblemSummary(Worded):
    """How much is wrong and the first of it. Not there while nothing is."""

    DEFAULT_CSS = """
    ProblemSummary { height: auto; display: none; background: $surface; color: $error; padding: 0 1; }
    ProblemSummary:ansi { color: ansi_default; text-style: bold; }
    """

    class Asked(Message):
        """A line was clicked."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def __init__(self) -> None:
        super().__init__()
        self._problems: Sequence[tuple[str, str, Wording]] = ()

    def show(self, problems: Sequence[tuple[str, str, Wording]]) -> None:
        """Field name, label and sentence of each problem."""
        self._problems = problems
        self.display = bool(problems)
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """A heading and some lines."""
        return 1 + min(len(self._problems), _MAX_NAMED)

    def render_line(self, y: int) -> Strip:
        """The heading, or a problem."""
        texts, width = texts_of(self), self.size.width
        if y == 0:
            text = texts("entering.problems", count=len(self._problems))
        elif y <= len(self._problems):
            _, label, problem = self._problems[y - 1]
            sentence = texts.words(problem)
            text = texts("entering.problem_of", label=label, sentence=sentence) if label else sentence
            text = texts("entering.problem", sentence=text)
        else:
            text = ""
        return Strip([Segment(fit(text, width), self.rich_style)], width)

    def on_click(self, event: events.Click) -> None:
        """A click leads to the field."""
        index = clamp(event.y - 1, 0, len(self._problems) - 1)
        if self._problems:
            self.post_message(self.Asked(self._problems[index][0]))
