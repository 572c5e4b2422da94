"""What the register says of the application while it is typed."""

from textual.content import Content

from tashika_tui.client.records import Quote, Works
from tashika_tui.i18n import Texts
from tashika_tui.presenting.wording import yen_text
from tashika_tui.widgets.words import Worded, texts_of, wrap

_GAP = "FIELD_REQUIRED"
_MOST_LINES = 5


class QuotePanel(Worded):
    """The live quote: the works, the limits of the amount, and what speaks against the application."""

    DEFAULT_CSS = """
    QuotePanel { height: 6; padding: 0 1; background: $surface; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._works: Works | None = None
        self._quote: Quote | None = None
        self._ready = "contractor.ready"

    def show(self, works: Works | None, quote: Quote | None, ready: str) -> None:
        """Shows the quote for these works. `ready` is the text that says what to do when all is there."""
        self._works, self._quote, self._ready = works, quote, ready
        self.refresh()

    def render(self) -> Content:
        """The quote in as many lines as there are, whatever size the terminal has just now."""
        columns, lines = self.size
        return Content(quote_text(texts_of(self), self._works, self._quote, columns, lines, self._ready))


def quote_text(
    texts: Texts, works: Works | None, quote: Quote | None, columns: int, lines: int, ready: str
) -> str:
    """The quote in words, in so many columns and at most so many lines. `ready` says what to do when all is there."""
    parts = [texts("contractor.quote_title")]
    if works is not None and works.name:
        parts.append(f"{works.name}  {yen_text(texts, works.price_yen)}")
    if quote is None:
        parts.append(texts("contractor.quote_none"))
        return "\n".join(parts)
    parts.append(limits_text(texts, quote))
    wrong = [each for each in quote.violations if each.reason != _GAP]
    gaps = len(quote.violations) - len(wrong)
    parts += [texts("entering.problem", sentence=each.sentence) for each in wrong]
    parts += [texts("contractor.caution", sentence=each.sentence) for each in quote.cautions]
    if gaps:
        parts.append(texts("contractor.gaps", count=gaps))
    if not quote.violations:
        parts.append(texts(ready))
    shown = [line for part in parts if part for line in wrap(part, max(20, columns))]
    if len(shown) > lines:
        shown = [*shown[: lines - 1], texts("contractor.quote_more", count=len(shown) - lines + 1)]
    return "\n".join(shown)


def limits_text(texts: Texts, quote: Quote) -> str:
    """Between which amounts it may be."""
    if quote.maximum_yen is None and quote.minimum_yen is None:
        return texts("contractor.no_limits")
    parts = []
    if quote.minimum_yen is not None:
        parts.append(texts("contractor.minimum", amount=yen_text(texts, quote.minimum_yen)))
    if quote.maximum_yen is not None:
        parts.append(texts("contractor.maximum", amount=yen_text(texts, quote.maximum_yen)))
    if quote.round_down_to_yen > 1:
        parts.append(texts("contractor.rounding", amount=yen_text(texts, quote.round_down_to_yen)))
    return "  ".join(parts)
