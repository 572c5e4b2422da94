"""A new version of the tariff: its head, and its bands one by one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.records import ROUNDINGS, Tariff, TariffBand, TariffTable
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.fees import band_text, percent_text
from tashika_tui.presenting.wording import day_text, japan_day
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.guarantor.tariff import BAND_COLUMNS
from tashika_tui.screens.shared.columns import Few
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.widgets.form import Choice, Field, Form, Kind, Value
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.words import Say

_UNITS = (1, 10, 100, 1_000)
_PRODUCTS = ("PERFORMANCE", "PREPAYMENT", "MIDTERM_PREPAYMENT")
_TABLE = "table."
_BAND = f"{_TABLE}bands["


@dataclass(frozen=True, slots=True)
class _Row:
    """A band, by its place in the table, with what the server said is wrong with it."""

    place: int
    band: TariffBand
    problem: str = ""


def _mark(row: _Row, texts: Texts) -> str:
    return texts("guarantor.band_wrong") if row.problem else ""


def _of_band(column: Column[TariffBand]) -> Column[_Row]:
    return Column[_Row](
        column.label,
        lambda row, texts: column.text(row.band, texts),
        column.width,
        column.grow,
        column.right,
    )


_COLUMNS = (*map(_of_band, BAND_COLUMNS), Column[_Row]("guarantor.band_check", _mark, 8))


class TariffEditScreen(BaseScreen[None]):
    """The head of a new version above its bands. F10 sets it; what was told by earlier versions stays."""

    TITLE = "guarantor.tariff_edit"
    KEYS = ("submit", "new", "remove")
    FOOTER = ("next_pane", "open", "new", "remove", "submit", "help")
    HELP = "guarantor.tariff_edit_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.tariff_yes", "new": "guarantor.band_new"}

    DEFAULT_CSS = """
    TariffEditScreen Form { height: 8; }
    TariffEditScreen #problem { padding: 0 2; height: auto; color: $error; text-style: bold; }
    TariffEditScreen #problem:ansi { color: ansi_default; }
    """

    def __init__(self, tariff: Tariff, start: TariffTable | None) -> None:
        super().__init__()
        self._tariff = tariff
        self._start = start
        self._bands = list(start.bands) if start is not None else []
        self._problems: dict[int, str] = {}
        self._rows: Few[_Row] = Few()
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """The head, and the bands."""
        start = self._start
        fields = (
            Field("name", label="guarantor.tariff_name", required=True, max_length=100),
            Field("valid_from", Kind.DAY, label="guarantor.valid_from", required=True),
            Field(
                "rounding",
                Kind.CHOICE,
                label="guarantor.rounding",
                required=True,
                choices=[Choice(each, say(f"rounding.{each}")) for each in ROUNDINGS],
            ),
            Field(
                "round_to_yen",
                Kind.CHOICE,
                label="guarantor.round_to",
                required=True,
                choices=[Choice(str(each), say("guarantor.unit", unit=f"{each:,}")) for each in _UNITS],
            ),
            Field("fictional", Kind.YES_NO, label="guarantor.fictional", hint="guarantor.fictional_hint"),
        )
        given: dict[str, Value] = {
            "name": start.name if start is not None else None,
            "valid_from": self._earliest(),
            "rounding": start.rounding if start is not None else "DOWN",
            "round_to_yen": str(start.round_to_yen) if start is not None else "1",
            "fictional": start.fictional if start is not None else False,
        }
        yield Form(fields, given)
        yield Say("", id="problem")
        yield PagedList(
            _COLUMNS, self._rows.page, lambda row: str(row.place), empty="guarantor.bands_empty", search=False
        )

    def _earliest(self) -> date | None:
        """The first day that a new version can have."""
        today = japan_day(self.session.context.now())
        if today is None or self._tariff.current is None:
            return today
        return today + timedelta(days=1)

    async def load(self) -> None:
        """Shows the bands as they stand; nothing is asked for."""
        self._rows[:] = [
            _Row(place, band, self._problems.get(place, "")) for place, band in enumerate(self._bands)
        ]
        await self.query_one(PagedList).reload()
        self.relabel()
        self.refresh_bindings()

    def relabel(self) -> None:
        """What is wrong with the band under the cursor."""
        row = self._row
        problem = say("entering.problem", sentence=row.problem) if row is not None and row.problem else ""
        self.query_one("#problem", Say).say(problem)

    def unsaved(self) -> bool:
        """Whether a field or a band was changed."""
        return self.query_one(Form).dirty or tuple(self._bands) != (
            self._start.bands if self._start is not None else ()
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Something to remove."""
        return bool(self._bands) if action == "remove" else True

    def action_submit(self) -> None:
        """Sets it."""
        self.perform(self._submit)

    def action_new(self) -> None:
        """Another band, that begins where the last of its product ends."""
        last = self._bands[-1] if self._bands else TariffBand("PERFORMANCE", 0, 0, 0, 0)
        following = replace(last, over_yen=last.up_to_yen or 0, up_to_yen=None, rate_per_100000=0)
        self.app.push_screen(BandScreen(following, self._added))

    def action_remove(self) -> None:
        """Removes the band under the cursor."""
        row = self._row
        if row is not None:
            del self._bands[row.place]
            self._changed()

    @property
    def _row(self) -> _Row | None:
        row: _Row | None = self.query_one(PagedList).row
        return row

    @on(PagedList.Highlighted)
    def _highlighted(self) -> None:
        self.relabel()

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        place = event.row.place

        def taken(band: TariffBand) -> None:
            self._bands[place] = band
            self._changed()

        self.app.push_screen(BandScreen(event.row.band, taken))

    def _added(self, band: TariffBand) -> None:
        # Bands of a product stand together, in the order of their amounts.
        self._bands.append(band)
        self._bands.sort(key=lambda each: (_PRODUCTS.index(each.product), each.over_yen))
        self._changed()

    def _changed(self) -> None:
        """What the server said was of the bands as they were."""
        self._problems.clear()
        self.load_now()

    async def _submit(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        if not self._bands:
            form.show_problems({"": say("guarantor.bands_empty")})
            return
        table = self._table(form.values)
        lines = [
            say("guarantor.tariff_lines", count=len(table.bands)),
            say("guarantor.tariff_told"),
        ]
        question = say("guarantor.tariff_question", day=day_text(self.texts, table.valid_from))
        if not await self.confirm(question, say("guarantor.tariff_yes"), lines=lines):
            return
        request_id = self._intents.id_for("tariff", table)
        try:
            await self.ask(
                lambda register: register.set_tariff(table, request_id=request_id, etag=self._tariff.etag)
            )
        except RefusedByServer as error:
            if not await self._shown(form, error):
                raise
            return
        form.mark_saved()
        self._start = table
        self.toast(say("guarantor.tariff_done"))
        self.dismiss()

    def _table(self, values: Mapping[str, Value]) -> TariffTable:
        day = values["valid_from"]
        return TariffTable(
            name=str(values["name"]),
            valid_from=day if isinstance(day, date) else None,
            rounding=str(values["rounding"]),
            round_to_yen=int(str(values["round_to_yen"])),
            bands=tuple(self._bands),
            fictional=values["fictional"] is True,
        )

    async def _shown(self, form: Form, error: RefusedByServer) -> bool:
        """Shows what the server said at the fields and at the bands. False: nothing of it belongs here."""
        fields: dict[str, Wording] = {}
        for each in error.fields:
            if each.field.startswith(_BAND):
                place = each.field.removeprefix(_BAND).partition("]")[0]
                self._problems.setdefault(int(place), each.sentence)
            elif each.field.startswith(_TABLE):
                fields.setdefault(each.field.removeprefix(_TABLE), each.sentence)
        if not fields and not self._problems:
            return False
        form.show_problems(fields)
        if fields:
            form.complete()
        await self.load()
        return True


class BandScreen(BaseScreen[None]):
    """One band. F10 takes it into the table."""

    TITLE = "guarantor.band"
    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    HELP = "guarantor.band_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.band_take"}

    def __init__(self, band: TariffBand, take: Callable[[TariffBand], None]) -> None:
        super().__init__()
        self._band = band
        self._take = take

    def body(self) -> ComposeResult:
        """What it is for, and what it costs."""
        band = self._band
        fields = (
            Field(
                "product",
                Kind.CHOICE,
                label="label.product",
                required=True,
                choices=[Choice(each, say(f"product.{each}")) for each in _PRODUCTS],
            ),
            Field("over_yen", Kind.YEN, label="guarantor.band_over", required=True),
            Field("up_to_yen", Kind.YEN, label="guarantor.band_up_to", hint="guarantor.band_up_to_hint"),
            Field(
                "rate_per_100000",
                Kind.COUNT,
                label="guarantor.band_rate",
                hint="guarantor.band_rate_hint",
                required=True,
            ),
            Field("minimum_fee_yen", Kind.YEN, label="fees.minimum"),
        )
        given: dict[str, Value] = {
            "product": band.product,
            "over_yen": band.over_yen,
            "up_to_yen": band.up_to_yen,
            "rate_per_100000": band.rate_per_100000 or None,
            "minimum_fee_yen": band.minimum_fee_yen or None,
        }
        yield Form(fields, given, check=_check_band)
        yield Say("", id="reads", classes="note")

    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self.query_one(Form).dirty

    def relabel(self) -> None:
        """The band in words."""
        band = _band(self.query_one(Form).values)
        reads = self.query_one("#reads", Say)
        reads.display = band is not None
        if band is not None:
            text = band_text(self.texts, band.over_yen, band.up_to_yen)
            reads.say(say("guarantor.band_reads", band=text, rate=percent_text(band.rate_per_100000)))

    def action_submit(self) -> None:
        """Takes it."""
        form = self.query_one(Form)
        band = _band(form.values)
        if form.complete() and band is not None:
            form.mark_saved()
            self._take(band)
            self.dismiss()

    @on(Form.Changed)
    def _typed(self) -> None:
        self.relabel()


def _band(values: Mapping[str, Value]) -> TariffBand | None:
    over, up_to, rate = (values[name] for name in ("over_yen", "up_to_yen", "rate_per_100000"))
    if not isinstance(over, int) or not isinstance(rate, int):
        return None
    minimum = values["minimum_fee_yen"]
    return TariffBand(
        product=str(values["product"] or ""),
        over_yen=over,
        up_to_yen=up_to if isinstance(up_to, int) else None,
        rate_per_100000=rate,
        minimum_fee_yen=minimum if isinstance(minimum, int) else 0,
    )


def _check_band(values: Mapping[str, Value]) -> Mapping[str, Wording]:
    found: dict[str, Wording] = {}
    over, up_to, rate = (values[name] for name in ("over_yen", "up_to_yen", "rate_per_100000"))
    if isinstance(over, int) and isinstance(up_to, int) and up_to <= over:
        found["up_to_yen"] = say("guarantor.band_reversed")
    if rate == 0:
        found["rate_per_100000"] = say("guarantor.band_rate_wrong")
    return found
