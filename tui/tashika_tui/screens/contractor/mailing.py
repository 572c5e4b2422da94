"""The one mail that holds a key: shown as it will go out, and sent when somebody has typed that it may."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult

from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.records import Contract, HandInMail, Key, WatchEvent
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.key_mail import address_warning, mail_sections
from tashika_tui.presenting.sheet import Section
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.contractor.reissuing import ask_for_key
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.words import Say


async def ask_for_mail(screen: BaseScreen[Any], contract: Contract, to: str) -> HandInMail | None:
    """The mail to an address (empty: the policy's). The person is asked for one where the server has none or does not
    take that one; None: cancelled.
    """
    while True:
        try:
            return await _draft(screen, contract, to)
        except RefusedByServer as error:
            said = [each.sentence for each in error.fields if each.field == "to"]
            if not said:
                raise
        question = said[0] if to else say("key_mail.which_address")
        entered = await screen.enter_text(question, to)
        if entered is None:
            return None
        to = entered.strip()


async def _draft(screen: BaseScreen[Any], contract: Contract, to: str) -> HandInMail:
    return await screen.ask(lambda register: register.show_hand_in_mail(contract, contract.version, to=to))


class MailScreen(ContractScreen[None]):
    """From whom, to whom, and every word. The key stands in it only where somebody asked to see it."""

    TITLE = "key_mail.title"
    KEYS = ("submit", "show_key", "edit")
    FOOTER = ("submit", "show_key", "edit", "back", "palette", "help")
    HELP = "key_mail.help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "key_mail.send", "edit": "key_mail.change_address"}

    DEFAULT_CSS = """
    MailScreen #warning { padding: 0 1; color: $warning; text-style: bold; }
    MailScreen:ansi #warning { color: ansi_default; text-style: bold; }
    """

    def __init__(self, contract_id: str, to: str) -> None:
        """`to`: the address that somebody entered; empty: the orderer's policy has one."""
        super().__init__(contract_id)
        self._to = to
        self._mail: HandInMail | None = None
        self._key: Key | None = None
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """What to do, what to mind, and the mail."""
        yield Say(say("key_mail.about"), classes="note")
        yield Say("", id="warning")
        yield FieldSheet(self._sections)

    def relabel(self) -> None:
        """Whether the address is another one than the policy's."""
        super().relabel()
        warning = address_warning(self._mail) if self._mail is not None else None
        line = self.query_one("#warning", Say)
        line.say(warning or "")
        line.display = warning is not None

    async def load(self) -> None:
        """Reads the mail as it would go out now; a key that was shown stays, unless another one took its place."""
        contract = await self.read()
        if self._key is not None and contract.keys and contract.keys[-1].generation != self._key.generation:
            self._key = None
        self._show(await _draft(self, contract, self._to))

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is sent or shown before there is a mail."""
        if action in self.KEYS and self._mail is None:
            return False
        return action != "show_key" or self._key is None

    def action_submit(self) -> None:
        """Sends it."""
        self.perform(self._send)

    def action_show_key(self) -> None:
        """Shows the key in its place, after a word that this is recorded."""
        self.perform(self._show_key)

    def action_edit(self) -> None:
        """Sends it to another address."""
        self.perform(self._change_address)

    async def _send(self) -> None:
        contract, mail = self.contract, self._mail
        if contract is None or mail is None:
            return
        warning = address_warning(mail)
        lines = [
            say("key_mail.question_to", to=mail.to),
            *([warning] if warning is not None else []),
            say("key_mail.at_once"),
        ]
        question, phrase, yes = say("key_mail.question"), say("key_mail.phrase"), say("key_mail.yes")
        if not await self.confirm_typed(question, phrase, yes, lines):
            return
        await self._intents.send_or_settle(
            "mail",
            (mail, contract.etag),
            lambda request_id: self.ask(
                lambda register: register.hand_in_by_mail(
                    contract, contract.version, mail, request_id=request_id
                )
            ),
        )
        self.toast(say("key_mail.done"))
        self.dismiss()

    async def _show_key(self) -> None:
        key = await ask_for_key(self, self.contract_id)
        if key is not None:
            self._key = key
            self.query_one(FieldSheet).relabel()
            self.refresh_bindings()

    async def _change_address(self) -> None:
        contract, mail = self.contract, self._mail
        if contract is None or mail is None:
            return
        address = await self.enter_text(say("key_mail.which_address"), mail.to)
        changed = await ask_for_mail(self, contract, address.strip()) if address is not None else None
        if changed is not None:
            self._to = changed.to
            self._show(changed)

    def _show(self, mail: HandInMail) -> None:
        first = self._mail is None
        self._mail = mail
        self.relabel()
        sheet = self.query_one(FieldSheet)
        if first:
            sheet.show(self._sections)
        else:
            sheet.relabel()
        self.refresh_bindings()

    def _sections(self, texts: Texts) -> list[Section]:
        if self._mail is None:
            return []
        return mail_sections(texts, self._mail, self._key.key if self._key is not None else "")
