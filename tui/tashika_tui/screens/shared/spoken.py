"""Somebody at the orderer was spoken to: the form for it, for a handing in and for a key that was issued anew."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from textual.app import ComposeResult

from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.port import Register
from tashika_tui.client.records import Contract
from tashika_tui.i18n import say
from tashika_tui.presenting.wording import JAPAN
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.intents import Intents, shown_at_fields
from tashika_tui.screens.shared.moments import moment_check, moment_fields, moment_of
from tashika_tui.widgets.form import Field, Form
from tashika_tui.widgets.words import Say


class SpokenScreen(BaseScreen[None]):
    """Who at the orderer was spoken to, and when."""

    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    ABOUT = ""

    def __init__(self, contract: Contract) -> None:
        super().__init__()
        self.contract = contract
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """What it is about, and the form for now."""
        fields = (
            Field("officer", label="spoken.officer", required=True, max_length=100),
            *moment_fields("spoken.day", "spoken.time"),
            Field("note", label="spoken.note", max_length=200),
        )
        yield Say(say(self.ABOUT), classes="note")
        yield Form(fields, {"day": self._today()}, check=moment_check(self._today()))

    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self.query_one(Form).dirty

    def action_submit(self) -> None:
        """Records it."""
        self.perform(self._record)

    def request(
        self, officer: str, time: datetime | None, note: str, request_id: str
    ) -> Callable[[Register], Awaitable[Contract]]:
        """The call that records it."""
        raise TypeError(type(self).__name__)

    async def _record(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        values = form.values
        officer, note = str(values["officer"]), str(values["note"] or "")
        time = moment_of(values, self._today())
        try:
            await self._intents.send_or_settle(
                "spoken",
                (officer, time, note),
                lambda request_id: self.ask(self.request(officer, time, note, request_id)),
            )
        except RefusedByServer as error:
            if not shown_at_fields(form, error):
                raise
            return
        form.mark_saved()
        self.toast(say("spoken.recorded"))
        self.dismiss()

    def _today(self) -> date:
        return self.session.context.now().astimezone(JAPAN).date()


class PhoneScreen(SpokenScreen):
    """The contractor called about a handing in (電話で確認した)."""

    TITLE = "spoken.phone"
    HELP = "spoken.phone_help"
    ABOUT = "spoken.phone_about"

    def request(
        self, officer: str, time: datetime | None, note: str, request_id: str
    ) -> Callable[[Register], Awaitable[Contract]]:
        """Records the call."""
        contract = self.contract
        return lambda register: register.record_phone_confirmation(
            contract, contract.version, officer, request_id=request_id, call_time=time, note=note
        )


class ToldScreen(SpokenScreen):
    """The guarantor told the orderer of a key that it issued anew."""

    TITLE = "spoken.told"
    HELP = "spoken.told_help"
    ABOUT = "spoken.told_about"

    def request(
        self, officer: str, time: datetime | None, note: str, request_id: str
    ) -> Callable[[Register], Awaitable[Contract]]:
        """Records that the orderer was told."""
        contract = self.contract
        return lambda register: register.record_orderer_told(
            contract, officer, request_id=request_id, tell_time=time, note=note
        )
