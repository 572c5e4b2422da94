"""A contract's key on the guarantor's desk: what became of it, and another one in its place after the handing in."""

from collections.abc import Mapping

from textual.app import ComposeResult

from tashika_tui.client.records import OrdererNotice, WatchEvent
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.contract import advice_section
from tashika_tui.presenting.handing_in import is_out, key_sections, notice_sections
from tashika_tui.presenting.sheet import Section
from tashika_tui.screens.guarantor.decisions import DecisionScreen
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.screens.shared.copying import copy_text
from tashika_tui.screens.shared.openings import OpeningsScreen
from tashika_tui.screens.shared.spoken import ToldScreen
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Choice, Field, Form, Kind, Value
from tashika_tui.widgets.words import Say

_REASONS = ("LOST", "LEAKED")


class KeyScreen(ContractScreen[None]):
    """What became of the key. It never shows the key itself."""

    TITLE = "guarantor_key.title"
    KEYS = ("openings", "copy_address", "copy_subject", "copy_body", "record_spoken", "reissue_key")
    FOOTER = ("reissue_key", "record_spoken", "copy_body", "openings", "back", "help")
    HELP = "guarantor_key.help"

    DEFAULT_CSS = """
    KeyScreen #standing { padding: 0 2; text-style: bold; }
    """

    def body(self) -> ComposeResult:
        """Which contract, and one sheet."""
        yield Say("", id="head")
        yield Say("", id="standing")
        yield FieldSheet(self._sections)

    def relabel(self) -> None:
        """Which contract, and whether the orderer is still to be told."""
        super().relabel()
        untold = self._notice is not None and not self._told
        line = self.query_one("#standing", Say)
        line.say(say("guarantor_key.untold") if untold else "")
        line.display = untold

    async def load(self) -> None:
        """Reads the contract."""
        first = self.contract is None
        await self.read()
        sheet = self.query_one(FieldSheet)
        if first:
            sheet.show(self._sections)
        else:
            sheet.relabel()

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is to do and to copy now."""
        contract, notice = self.contract, self._notice
        match action:
            case "reissue_key":
                return contract is not None and bool(contract.keys) and is_out(contract)
            case "record_spoken" | "copy_subject" | "copy_body":
                return notice is not None
            case "copy_address":
                return notice is not None and bool(notice.to)
            case _:
                return True

    # --- keys --------------------------------------------------------------------------------------------------

    def action_openings(self) -> None:
        """Who tried to open the certificate, and when."""
        self.app.push_screen(OpeningsScreen(self.contract_id))

    def action_reissue_key(self) -> None:
        """Asks why, and issues the key anew."""
        if self.contract is not None:
            self.app.push_screen(ReissueScreen(self.contract), lambda _: self.load_now())

    def action_record_spoken(self) -> None:
        """Records that the orderer was told."""
        if self.contract is not None:
            self.app.push_screen(ToldScreen(self.contract), lambda _: self.load_now())

    def action_copy_address(self) -> None:
        """Copies the section's address."""
        if self._notice is not None:
            copy_text(self, self._notice.to, say("hand_in.to"))

    def action_copy_subject(self) -> None:
        """Copies a subject line."""
        if self._notice is not None:
            copy_text(self, self._notice.subject, say("hand_in.subject"))

    def action_copy_body(self) -> None:
        """Copies what to tell the orderer."""
        if self._notice is not None:
            copy_text(self, self._notice.text, say("hand_in.body"))

    # --- of its own --------------------------------------------------------------------------------------------

    @property
    def _told(self) -> bool:
        """Whether the orderer was told of the valid key."""
        contract = self.contract
        return contract is not None and any(
            fact.kind == "ORDERER_TOLD" and fact.generation == contract.keys[-1].generation
            for fact in contract.facts
        )

    @property
    def _notice(self) -> OrdererNotice | None:
        return None if self.contract is None else self.contract.orderer_notice

    def _sections(self, texts: Texts) -> list[Section]:
        contract = self.contract
        if contract is None:
            return []
        told = notice_sections(texts, self._notice) if self._notice is not None else []
        how = []
        if contract.hand_in_advice is not None:
            how = [advice_section(texts, contract.hand_in_advice)]
        return [*told, *key_sections(texts, contract, "guarantor"), *how]


class ReissueScreen(DecisionScreen):
    """Why the key is issued anew."""

    TITLE = "guarantor_key.reissue"
    ABOUT = "guarantor_key.reissue_about"
    HELP = "guarantor_key.reissue_help"

    def form_of_fields(self) -> Form:
        """The reason, and what happened."""
        reasons = [Choice(token, say(f"reissue_reason.{token}")) for token in _REASONS]
        fields = (
            Field("reason", Kind.CHOICE, label="guarantor_key.reason", required=True, choices=reasons),
            Field("note", label="guarantor_key.note", max_length=200),
        )
        return Form(fields)

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Issues it anew."""
        reason, note = str(values["reason"]), str(values["note"] or "")
        lines = [say("key_life.at_once"), say("guarantor_key.lines_ledger")]
        question, phrase, yes = say("key_life.question"), say("key_life.phrase"), say("key_life.yes")
        if not await self.confirm_typed(question, phrase, yes, lines):
            return False
        request_id = self.intents.id_for("reissue", reason, note)
        await self.ask(
            lambda register: register.reissue_key(
                self.contract, request_id=request_id, reason=reason, note=note
            )
        )
        self.toast(say("guarantor_key.told_now"))
        return True
