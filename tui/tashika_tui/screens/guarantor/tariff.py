"""The tariff (保証料率表): what it says now, what it said before, and what it will say."""

from typing import ClassVar

from textual.app import ComposeResult

from tashika_formats.money import group_digits
from tashika_tui.client.records import Tariff, TariffBand, TariffVersion
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.fees import band_text, percent_text, rounding_text, tariff_text
from tashika_tui.presenting.wording import japan_day
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.columns import Few
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.words import Say


def _minimum(row: TariffBand, _texts: Texts) -> str:
    return group_digits(row.minimum_fee_yen) if row.minimum_fee_yen else ""


BAND_COLUMNS = (
    Column[TariffBand]("label.product", lambda row, texts: texts.choice("product_short", row.product), 12),
    Column[TariffBand](
        "fees.band", lambda row, texts: band_text(texts, row.over_yen, row.up_to_yen), 28, grow=1
    ),
    Column[TariffBand]("fees.rate", lambda row, _: percent_text(row.rate_per_100000), 9, right=True),
    Column[TariffBand]("fees.minimum", _minimum, 11, right=True),
)


class TariffScreen(BaseScreen[None]):
    """A version of the tariff, band by band; at first the one in force."""

    TITLE = "entry.tariff"
    KEYS = ("next_step", "previous_step", "edit_tariff")
    FOOTER: ClassVar[tuple[str, ...]] = (
        "previous_step",
        "next_step",
        "edit_tariff",
        "back",
        "palette",
        "help",
    )
    HELP = "guarantor.tariff_help"

    DEFAULT_CSS = """
    TariffScreen #which { padding: 0 1; text-style: bold; }
    TariffScreen #rule { padding: 0 2; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._tariff = Tariff()
        self._place = -1
        self._rows: Few[TariffBand] = Few()

    def body(self) -> ComposeResult:
        """Which version, how it rounds, and its bands."""
        yield Say("", id="which", classes="head")
        yield Say("", id="rule", classes="head")
        yield PagedList(
            BAND_COLUMNS,
            self._rows.page,
            lambda row: f"{row.product} {row.over_yen}",
            empty="guarantor.tariff_empty",
            search=False,
        )

    async def load(self) -> None:
        """Reads the tariff; the version that is shown stays, and is at first the one in force."""
        known = self._place >= 0
        self._tariff = await self.ask(lambda register: register.get_tariff())
        versions = self._tariff.versions
        if not known and versions:
            current = self._tariff.current
            self._place = versions.index(current) if current is not None else len(versions) - 1
        await self._show()

    def relabel(self) -> None:
        """Which version it is, and the rule for all its bands."""
        version, texts = self._version, self.texts
        for shown in self.query(".head").results():
            shown.display = version is not None
        if version is None:
            return
        table = version.table
        label = f"[{texts('fees.label', label=version.label)}]" if version.label else ""
        parts = (
            texts(self._standing(version)),
            tariff_text(texts, table, version.version),
            label,
        )
        self.query_one("#which", Say).say("  ".join(part for part in parts if part))
        rounding = rounding_text(texts, table.rounding, table.round_to_yen)
        self.query_one("#rule", Say).say(
            say(
                "guarantor.tariff_rule",
                rounding=rounding,
                place=self._place + 1,
                count=len(self._tariff.versions),
            )
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Other versions where there are any; an approver alone sets one."""
        match action:
            case "previous_step":
                return self._place > 0
            case "next_step":
                return 0 <= self._place < len(self._tariff.versions) - 1
            case "edit_tariff":
                person = self.session.person
                return person is not None and "APPROVER" in person.roles
            case _:
                return True

    def action_next_step(self) -> None:
        """The version after."""
        self._go(1)

    def action_previous_step(self) -> None:
        """The version before."""
        self._go(-1)

    def action_edit_tariff(self) -> None:
        """A new version, from this one."""
        from tashika_tui.screens.guarantor.tariff_edit import TariffEditScreen

        version = self._version
        screen = TariffEditScreen(self._tariff, version.table if version is not None else None)
        self.app.push_screen(screen, self._edited)

    def _edited(self, _result: None) -> None:
        # What was set last is what one wants to see then.
        self._place = -1
        self.perform(self._load_last, group="load-last")

    async def _load_last(self) -> None:
        before = len(self._tariff.versions)
        await self.load()
        if len(self._tariff.versions) > before:
            self._place = len(self._tariff.versions) - 1
            await self._show()

    def _go(self, by: int) -> None:
        self._place += by
        self.perform(self._show, group=f"show-{self._place}")

    async def _show(self) -> None:
        version = self._version
        self._rows[:] = version.table.bands if version is not None else ()
        await self.query_one(PagedList).load()
        self.relabel()
        self.refresh_bindings()
        self.refresh_frame()

    @property
    def _version(self) -> TariffVersion | None:
        versions = self._tariff.versions
        return versions[self._place] if 0 <= self._place < len(versions) else None

    def _standing(self, version: TariffVersion) -> str:
        """Whether it is in force, was, or will be."""
        today, since = japan_day(self.session.context.now()), version.table.valid_from
        if version.version == self._tariff.current_version:
            return "guarantor.tariff_current"
        to_come = today is not None and since is not None and since > today
        return "guarantor.tariff_to_come" if to_come else "guarantor.tariff_past"
