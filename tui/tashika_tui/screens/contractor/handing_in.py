"""Handing in a key: how the orderer wants it, the message ready to copy, and the record that it was done."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult

from tashika_tui.client.records import Contract, Key, WatchEvent
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.handing_in import (
    body_text,
    documents_section,
    handed_in_now,
    how_section,
    is_out,
    key_sections,
    message_sections,
    standing_text,
)
from tashika_tui.presenting.key_mail import BY_MAIL, mail_lost, mail_standing
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import JAPAN
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.contractor.mailing import MailScreen, ask_for_mail
from tashika_tui.screens.contractor.reissuing import ask_for_key, reissue
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.screens.shared.copying import copy_text
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.screens.shared.moments import moment_check, moment_fields, moment_of
from tashika_tui.screens.shared.openings import OpeningsScreen
from tashika_tui.screens.shared.spoken import PhoneScreen
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Choice, Field, Form, Kind, Value
from tashika_tui.widgets.words import Say

_CHANNELS = ("MAIL", "WEB_FORM", "FAX", "MAIL_OR_FAX", "PRINT")


class HandInScreen(ContractScreen[None]):
    """How this orderer wants this key handed in, the message for it, and when that was done."""

    TITLE = "contractor.hand_in"
    KEYS = (
        "submit",
        "openings",
        "mail_key",
        "show_key",
        "copy_address",
        "copy_subject",
        "copy_body",
        "copy_number",
        "copy_key",
        "record_spoken",
        "reissue_key",
    )
    FOOTER = ("submit", "mail_key", "show_key", "copy_body", "record_spoken", "reissue_key", "back")
    HELP = "contractor.hand_in_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "contractor.to_record"}

    DEFAULT_CSS = """
    HandInScreen #key { padding: 0 2; text-style: bold; }
    HandInScreen #standing.-lost { color: $warning; text-style: bold; }
    HandInScreen:ansi #standing.-lost { color: ansi_default; text-style: bold; }
    """

    def __init__(self, contract_id: str) -> None:
        super().__init__(contract_id)
        self._key: Key | None = None
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """Which contract, and one sheet."""
        yield Say("", id="head")
        yield Say(say("contractor.hand_in_about"), id="standing", classes="note")
        yield Say("", id="key")
        yield FieldSheet(self._sections)

    def relabel(self) -> None:
        """Which contract, what is to be done next, and the key where somebody asked for it."""
        super().relabel()
        shown = self._key.key if self._key is not None else ""
        line = self.query_one("#key", Say)
        line.say(say("hand_in.key_shown", key=shown) if shown else "")
        line.display = bool(shown)
        if self.contract is not None:
            standing = self.query_one("#standing", Say)
            mailed = mail_standing(self.texts, self.contract)
            standing.say(mailed or standing_text(self.texts, self.contract))
            standing.set_class(mail_lost(self.contract), "-lost")

    async def load(self) -> None:
        """Reads the contract; a key that was shown stays, unless another one took its place."""
        first = self.contract is None
        contract = await self.read()
        if self._key is not None and contract.keys and contract.keys[-1].generation != self._key.generation:
            self._key = None
            self.relabel()
        sheet = self.query_one(FieldSheet)
        if first:
            sheet.show(self._sections)
        else:
            sheet.relabel()
        self.refresh_bindings()

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is to copy and to do now."""
        contract = self.contract
        if contract is None:
            return action not in self.KEYS
        advice, message = contract.hand_in_advice, contract.hand_in_message
        match action:
            case "copy_address":
                return advice is not None and bool(advice.to)
            case "copy_subject" | "copy_body" | "copy_number":
                return message is not None
            case "copy_key":
                return self._key is not None
            case "mail_key":
                return message is not None and advice is not None and advice.channel in BY_MAIL
            case "show_key":
                return self._key is None and message is not None
            case "record_spoken":
                return bool(handed_in_now(contract))
            case "reissue_key":
                return bool(contract.keys) and not is_out(contract)
            case _:
                return True

    # --- keys --------------------------------------------------------------------------------------------------

    def action_submit(self) -> None:
        """Records that the key was handed in."""
        if self.contract is not None:
            self.app.push_screen(RecordScreen(self.contract), lambda _: self.load_now())

    def action_mail_key(self) -> None:
        """The mail that the register would send."""
        self.perform(self._mail)

    def action_openings(self) -> None:
        """Who tried to open the certificate, and when."""
        self.app.push_screen(OpeningsScreen(self.contract_id))

    def action_record_spoken(self) -> None:
        """Records that the orderer confirmed it by telephone."""
        if self.contract is not None:
            self.app.push_screen(PhoneScreen(self.contract), lambda _: self.load_now())

    def action_show_key(self) -> None:
        """Shows the key, after a word that this is recorded."""
        self.perform(self._show_key)

    def action_reissue_key(self) -> None:
        """Issues the key anew, as long as it is not handed in."""
        self.perform(self._reissue)

    def action_copy_address(self) -> None:
        """Copies the address."""
        if self.contract is not None and self.contract.hand_in_advice is not None:
            copy_text(self, self.contract.hand_in_advice.to, say("hand_in.to"))

    def action_copy_subject(self) -> None:
        """Copies the subject line."""
        if self.contract is not None and self.contract.hand_in_message is not None:
            copy_text(self, self.contract.hand_in_message.subject, say("hand_in.subject"))

    def action_copy_body(self) -> None:
        """Copies the text as it is shown: with the key only where that is."""
        if self.contract is None or self.contract.hand_in_message is None:
            return
        key = self._key.key if self._key is not None else ""
        said = None if key else say("hand_in.copied_without_key")
        copy_text(self, body_text(self.contract.hand_in_message, key), say("hand_in.body"), said)

    def action_copy_number(self) -> None:
        """Copies the number, for forms that want it alone."""
        if self.contract is not None:
            copy_text(self, self.contract.contract_number, say("hand_in.number"))

    def action_copy_key(self) -> None:
        """Copies the key that is shown."""
        if self._key is not None:
            copy_text(self, self._key.key, say("hand_in.key"))

    # --- of its own --------------------------------------------------------------------------------------------

    async def _show_key(self) -> None:
        key = await ask_for_key(self, self.contract_id)
        if key is not None:
            self._key = key
            self.relabel()
            self.query_one(FieldSheet).relabel()
            self.refresh_bindings()

    async def _mail(self) -> None:
        # Refused here, it leaves the person on this screen, with the other ways before their eyes.
        mail = await ask_for_mail(self, self.contract, "") if self.contract is not None else None
        if mail is not None:
            to = "" if mail.to == mail.policy_to else mail.to
            self.app.push_screen(MailScreen(self.contract_id, to), lambda _: self.load_now())

    async def _reissue(self) -> None:
        if self.contract is not None and await reissue(self, self.contract, self._intents):
            self._key = None
            await self.load()

    def _sections(self, texts: Texts) -> list[Section]:
        contract = self.contract
        if contract is None:
            return []
        advice, message = contract.hand_in_advice, contract.hand_in_message
        if advice is None:
            sections = [Section(texts("heading.hand_in"), [("", texts("contractor.no_advice"))])]
        else:
            sections = [how_section(texts, contract, advice)]
            if message is not None:
                key = self._key.key if self._key is not None else ""
                sections += message_sections(texts, contract, advice, message, key)
            sections.append(documents_section(texts, advice))
        return [*sections, *key_sections(texts, contract, "contractor")]


class RecordScreen(BaseScreen[None]):
    """When and how the key was handed in."""

    TITLE = "contractor.record"
    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    HELP = "contractor.record_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "contractor.record_yes"}

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
            *moment_fields("contractor.record_day", "contractor.record_time"),
            Field("note", label="contractor.record_note", max_length=200),
        )
        yield Say(say("contractor.record_about"), classes="note")
        values: dict[str, Value] = {"day": self._today()}
        if advice is not None and advice.channel:
            values["channel"] = advice.channel
        yield Form(fields, values, check=moment_check(self._today()))

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
        moment, note = moment_of(values, self._today()), str(values["note"] or "")
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
