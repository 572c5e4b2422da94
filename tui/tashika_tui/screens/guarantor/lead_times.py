"""How long the contracts of a period took, from the application to the handing in of the key."""

from collections.abc import Mapping
from datetime import date, timedelta

from textual.app import ComposeResult

from tashika_tui.client.records import LEGS, Portfolio
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.lead_times import portfolio_sections
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import JAPAN, day_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Field, Form, Kind, Value
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Say

MAX_DAYS = 366
_PERIODS = ("THIS_MONTH", "LAST_MONTH", "LAST_90_DAYS", "LAST_365_DAYS", "OTHER")

Period = tuple[date, date]


class LeadTimeScreen(BaseScreen[None]):
    """The times of this month; S chooses another period, F6 another part of the way."""

    TITLE = "lead_time.title"
    KEYS = ("pick_period", "next_step", "previous_step")
    FOOTER = ("pick_period", "next_step", "scroll_page_down", "reload", "back", "help")
    HELP = "lead_time.help"

    DEFAULT_CSS = """
    LeadTimeScreen #period { padding: 0 2; background: $surface; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._chosen = "THIS_MONTH"
        self._dates: Period | None = None
        self._portfolio: Portfolio | None = None
        self._leg = LEGS[-1]

    def body(self) -> ComposeResult:
        """Which period, and one sheet."""
        yield Say("", id="period")
        yield FieldSheet(self._sections)

    async def load(self) -> None:
        """Asks for the period's times."""
        first, last = self._period()
        first_time = self._portfolio is None
        self._portfolio = await self.ask(lambda register: register.get_portfolio(first, last))
        self.relabel()
        sheet = self.query_one(FieldSheet)
        if first_time:
            sheet.show(self._sections)
        else:
            sheet.relabel()

    def relabel(self) -> None:
        """Which period is shown."""
        first, last = self._period()
        texts = self.texts
        words = texts("lead_time.period", first=day_text(texts, first), last=day_text(texts, last))
        self.query_one("#period", Say).say(words)

    def action_pick_period(self) -> None:
        """Asks for which period."""
        self.perform(self._pick_period)

    def action_next_step(self) -> None:
        """The graph of the next part."""
        self._turn(1)

    def action_previous_step(self) -> None:
        """The graph of the part before."""
        self._turn(-1)

    async def _pick_period(self) -> None:
        choices = [Choice(name, say(f"period.{name}")) for name in _PERIODS]
        chosen = await self.pick(say("lead_time.which"), choices, self._chosen)
        if chosen == "OTHER":
            dates = await self.client.push_screen_wait(PeriodScreen(self._period()))
            if dates is None:
                return
            self._dates = dates
        if chosen is not None:
            self._chosen = chosen
            await self.load()

    def _turn(self, by: int) -> None:
        self._leg = LEGS[(LEGS.index(self._leg) + by) % len(LEGS)]
        self.query_one(FieldSheet).relabel()

    def _period(self) -> Period:
        today = self.session.context.now().astimezone(JAPAN).date()
        month = today.replace(day=1)
        match self._chosen:
            case "LAST_MONTH":
                last = month - timedelta(days=1)
                return last.replace(day=1), last
            case "LAST_90_DAYS":
                return today - timedelta(days=89), today
            case "LAST_365_DAYS":
                return today - timedelta(days=364), today
            case "OTHER" if self._dates is not None:
                return self._dates
            case _:
                return month, today

    def _sections(self, texts: Texts) -> list[Section]:
        if self._portfolio is None:
            return []
        return portfolio_sections(texts, self._portfolio, self._leg)


class PeriodScreen(BaseScreen[Period | None]):
    """The first and the last day of a period."""

    TITLE = "lead_time.dates"
    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    HELP = "lead_time.dates_about"

    def __init__(self, period: Period) -> None:
        super().__init__()
        self._given = period

    def body(self) -> ComposeResult:
        """What to enter, and where."""
        first, last = self._given
        fields = (
            Field("first", Kind.DAY, label="lead_time.first_day", required=True),
            Field("last", Kind.DAY, label="lead_time.last_day", required=True),
        )
        yield Say(say("lead_time.dates_about"), classes="note")
        yield Form(fields, {"first": first, "last": last}, check=_check)

    def action_submit(self) -> None:
        """Gives the days."""
        form = self.query_one(Form)
        first, last = form.values["first"], form.values["last"]
        if form.complete() and isinstance(first, date) and isinstance(last, date):
            self.dismiss((first, last))


def _check(values: Mapping[str, Value]) -> Mapping[str, Wording]:
    first, last = values["first"], values["last"]
    if not isinstance(first, date) or not isinstance(last, date):
        return {}
    if last < first:
        return {"last": say("lead_time.reversed")}
    if (last - first).days >= MAX_DAYS:
        return {"last": say("lead_time.too_long")}
    return {}
