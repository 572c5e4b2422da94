"""Handing in a key: how the orderer wants it, the record that it was done, and who opened the certificate."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from textual.app import ComposeResult

from tashika_tui.client.records import Contract, Opening, WatchEvent
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.contract import advice_section
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import JAPAN, moment_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.columns import Few
from tashika_tui.screens.shared.contract_screen import ContractScreen, handed_in
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Choice, Field, Form, Kind, Value
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.values import fold
from tashika_tui.widgets.words import Say

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_CHANNELS = ("MAIL", "WEB_FORM", "FAX", "MAIL_OR_FAX", "PRINT")


class HandInScreen(ContractScreen[None]):
    """How this orderer wants this key handed in, and when that was done."""

    TITLE = "contractor.hand_in"
    KEYS = ("submit", "openings")
    FOOTER = ("submit", "openings", "scroll_page_down", "back", "palette", "help")
    HELP = "contractor.hand_in_help"

    def body(self) -> ComposeResult:
        """Which contract, and one sheet."""
        yield Say("", id="head")
        yield Say(say("contractor.hand_in_about"), classes="note")
        yield FieldSheet(self._sections)

    async def load(self) -> None:
        """Reads the contract."""
        await self.read()
        self.query_one(FieldSheet).show(self._sections)

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def action_submit(self) -> None:
        """Records that the key was handed in."""
        if self.contract is not None:
            self.app.push_screen(RecordScreen(self.contract), lambda _: self.load_now())

    def action_openings(self) -> None:
        """Who tried to open the certificate, and when."""
        self.app.push_screen(OpeningsScreen(self.contract_id))

    def _sections(self, texts: Texts) -> list[Section]:
        contract = self.contract
        if contract is None:
            return []
        advice = contract.hand_in_advice
        if advice is None:
            how = Section(texts("heading.hand_in"), [("", texts("contractor.no_advice"))])
        else:
            how = advice_section(texts, advice)
        return [how, handed_in(contract, texts)]


class RecordScreen(BaseScreen[None]):
    """When and how the key was handed in."""

    TITLE = "contractor.record"
    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    HELP = "contractor.record_help"

    def __init__(self, contract: Contract) -> None:
        super().__init__()
        self._contract = contract
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """The form, filled with what the orderer wants and today."""
        advice = self._contract.hand_in_advice
        channels = [Choice(token, say(f"channel.{token}")) for token in _CHANNELS]
        fields = (
            Field("channel", Kind.CHOICE, label="label.channel", required=True, choices=channels),
            Field("day", Kind.DAY, label="contractor.record_day", required=True),
            Field("time", label="contractor.record_time", hint="contractor.record_time_hint", max_length=5),
            Field("note", label="contractor.record_note", max_length=200),
        )
        yield Say(say("contractor.record_about"), classes="note")
        values: dict[str, Value] = {"day": self._today()}
        if advice is not None and advice.channel:
            values["channel"] = advice.channel
        yield Form(fields, values, check=self._check)

    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self.query_one(Form).dirty

    def action_submit(self) -> None:
        """Records it."""
        self.perform(self._record)

    async def _record(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        values = form.values
        contract, channel = self._contract, str(values["channel"])
        moment, note = _moment(values, self._today()), str(values["note"] or "")
        await self._intents.send_or_settle(
            "hand_in",
            (channel, moment, note),
            lambda request_id: self.ask(
                lambda register: register.record_hand_in(
                    contract, contract.version, channel, request_id=request_id, hand_in_time=moment, note=note
                )
            ),
        )
        form.mark_saved()
        self.toast(say("contractor.recorded"))
        self.dismiss()

    def _today(self) -> date:
        return self.session.context.now().astimezone(JAPAN).date()

    def _check(self, values: Mapping[str, Value]) -> Mapping[str, Wording]:
        try:
            _moment(values, self._today())
        except ValueError:
            return {"time": say("contractor.record_time_wrong")}
        return {}


def _moment(values: Mapping[str, Value], today: date) -> datetime | None:
    """When it was; None: just now. Raises ValueError for a time that is none, or missing on an earlier day."""
    day, typed = values["day"], fold(str(values["time"] or ""))
    if not isinstance(day, date) or (not typed and day == today):
        return None
    found = _TIME.fullmatch(typed)
    if found is None:
        raise ValueError(typed)
    return datetime.combine(day, time(int(found[1]), int(found[2])), JAPAN)


def _outcome(row: Opening, texts: Texts) -> str:
    return texts("contractor.opened" if row.success else "contractor.not_right")


_OPENINGS = (
    Column[Opening]("contractor.open_time", lambda row, texts: moment_text(texts, row.open_time), 28),
    Column[Opening]("contractor.outcome", _outcome, 20),
    Column[Opening]("contractor.peer", lambda row, _: row.peer, 20, grow=1),
)


class OpeningsScreen(ContractScreen[None]):
    """Who tried to open the certificate with its number and a key."""

    TITLE = "contractor.openings"
    FOOTER = ("back", "reload", "palette", "help")
    HELP = "contractor.openings_help"

    def __init__(self, contract_id: str) -> None:
        super().__init__(contract_id)
        self._rows: Few[Opening] = Few()

    def body(self) -> ComposeResult:
        """Which contract, and the attempts."""
        yield Say("", id="head")
        yield PagedList(
            _OPENINGS,
            self._rows.page,
            lambda row: f"{row.open_time} {row.peer}",
            empty="contractor.openings_empty",
            search=False,
        )

    async def load(self) -> None:
        """Reads the attempts."""
        await self.read()
        self._rows[:] = await self.ask(lambda register: register.list_openings(self.contract_id))
        await self.query_one(PagedList).load()
