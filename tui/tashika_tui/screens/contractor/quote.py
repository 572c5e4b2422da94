"""What the register says of the application while it is typed."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from textual.content import Content

from tashika_tui.client.records import Finding, Quote, Works
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
        self._field, self._step = "", frozenset[str]()

    def show(self, works: Works | None, quote: Quote | None, ready: str) -> None:
        """Shows the quote for these works. `ready` is the text that says what to do when all is there."""
        self._works, self._quote, self._ready = works, quote, ready
        self.refresh()

    def stand_at(self, field: str, step: Collection[str]) -> None:
        """Shows first what is said of the field with the cursor (empty: none), then of the fields in its step."""
        if (field, frozenset(step)) != (self._field, self._step):
            self._field, self._step = field, frozenset(step)
            self.refresh()

    def render(self) -> Content:
        """The quote in as many lines as there are, whatever size the terminal has just now."""
        columns, lines = self.size
        texts = texts_of(self)
        quote = nearest_first(self._quote, self._field, self._step) if self._quote is not None else None
        return Content(quote_text(texts, self._works, quote, columns, lines, self._ready))


def nearest_first(quote: Quote, field: str, step: Collection[str]) -> Quote:
    """The quote with what concerns the field with the cursor in front, then what concerns its step: where there is
    room for some only, the others are said when their fields are reached. What speaks against it stays before what
    is worth a look.
    """

    def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(sorted(findings, key=distance))

    def distance(finding: Finding) -> int:
        name = finding.field.removeprefix("application.")
        return 0 if field and name == field else 1 if name in step else 2

    return replace(quote, violations=ordered(quote.violations), cautions=ordered(quote.cautions))


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
