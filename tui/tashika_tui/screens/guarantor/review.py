"""One contract on the guarantor's desk: all that was applied for, and what can be done with it now."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen

from tashika_formats.money import group_digits
from tashika_tui.client.records import Attachment, Contract, File, Issued, WatchEvent
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.fees import fee_is_told, receipt_is_due
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import bytes_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.guarantor.decisions import AcceptScreen, FeeScreen, PaperScreen, ReturnScreen
from tashika_tui.screens.guarantor.key import KeyScreen
from tashika_tui.screens.guarantor.money import ReceiptScreen, agreement_of, payer_screen
from tashika_tui.screens.guarantor.monthly import GuarantorStatement
from tashika_tui.screens.guarantor.sections import attachment_text, review_sections, what_lines
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import head_text
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.screens.shared.names import read_names
from tashika_tui.screens.shared.words import certificate_words
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Say

_UNDERWRITER = frozenset({"UNDERWRITER"})
_APPROVER = frozenset({"APPROVER"})
_BOTH = _UNDERWRITER | _APPROVER

_FEE_STATES = frozenset(
    "SUBMITTED RETURNED WITHDRAWN REFUSED PENDING_APPROVAL ACCEPTED LAPSED IN_FORCE EXPIRED".split()
)

# What can be done in which states, by whom. The server decides; this keeps useless keys away.
_POSSIBLE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "accept_application": (frozenset({"SUBMITTED"}), _UNDERWRITER),
    "approve_application": (frozenset({"PENDING_APPROVAL"}), _APPROVER),
    "issue": (frozenset({"ACCEPTED"}), _UNDERWRITER),
    "record_paper": (frozenset({"ACCEPTED"}), _UNDERWRITER),
    "record_fee": (_FEE_STATES, _BOTH),
    "return_application": (frozenset({"SUBMITTED", "PENDING_APPROVAL", "ACCEPTED"}), _BOTH),
    "refuse_application": (frozenset({"SUBMITTED", "PENDING_APPROVAL"}), _BOTH),
    "record_receipt": (_FEE_STATES, _BOTH),
    "set_payer": (_FEE_STATES, _APPROVER),
}

_STANDS = {
    "SUBMITTED": "guarantor.stands_submitted",
    "PENDING_APPROVAL": "guarantor.stands_pending_approval",
    "ACCEPTED": "guarantor.stands_accepted",
    "RETURNED": "guarantor.stands_returned",
    "IN_FORCE": "guarantor.stands_in_force",
}

# Papers about money; like the rest they are there once there is something to say.
_PAPERS = ("fee_sheet", "statement")

_OF_FORM = {"issue": "ELECTRONIC", "record_paper": "PAPER"}


class ReviewScreen(BaseScreen[None]):
    """All of a contract. F10 offers what can be done with it, for whom the letters do not come through."""

    TITLE = "guarantor.review"
    KEYS = ("submit", *_POSSIBLE, "save_attachment", "save_document", "key_life", *_PAPERS)
    FOOTER = (
        "accept_application",
        "approve_application",
        "issue",
        "record_paper",
        "return_application",
        "refuse_application",
        "save_attachment",
        "save_document",
        "key_life",
        "submit",
        "back",
        "record_fee",
        "help",
    )
    HELP = "guarantor.review_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.choose", "save_document": "viewer.save_pdf"}

    DEFAULT_CSS = """
    ReviewScreen #head { padding: 0 2; background: $surface; }
    ReviewScreen #standing { padding: 0 2; text-style: bold; }
    """

    def __init__(self, contract_id: str) -> None:
        super().__init__()
        self.contract_id = contract_id
        self.contract: Contract | None = None
        self._names: Mapping[str, str] = {}
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """Which contract, what is to be done with it, and all of it."""
        yield Say("", id="head")
        yield Say("", id="standing")
        yield FieldSheet()

    async def load(self) -> None:
        """Reads the contract as it stands now."""
        first = self.contract is None
        contract = await self.ask(lambda register: register.get_contract(self.contract_id))
        if first:
            self._names = await read_names(self, contract.application)
        self.contract = contract
        sheet = self.query_one(FieldSheet)
        if first:
            sheet.show(self._sections)
        else:
            sheet.relabel()
        self.relabel()
        self.refresh_bindings()
        self.refresh_frame()

    def relabel(self) -> None:
        """Which contract, and what is to be done with it."""
        contract = self.contract
        if contract is None:
            return
        self.query_one("#head", Say).say(head_text(contract, self.texts))
        key = _STANDS.get(contract.state, "")
        person = self.session.person
        if contract.state == "PENDING_APPROVAL" and person and contract.accepted_by == person.user_id:
            key = "guarantor.stands_own"
        elif contract.state == "ACCEPTED" and not contract.monthly_payer and contract.balance_yen > 0:
            key = "guarantor.stands_unpaid"
        self.query_one("#standing", Say).say(say(key) if key else "")

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What this state and this person allow."""
        contract = self.contract
        if action in _POSSIBLE:
            return contract is not None and self._allowed(action, contract)
        if action == "submit":
            return contract is not None and any(self._allowed(name, contract) for name in _POSSIBLE)
        if action == "save_attachment":
            return contract is not None and bool(contract.attachments)
        if action in ("save_document", "key_life"):
            return contract is not None and contract.version > 0
        if action == "fee_sheet":
            return contract is not None and fee_is_told(contract)
        if action == "statement":
            return contract is not None and contract.monthly_payer
        return True

    # --- keys --------------------------------------------------------------------------------------------------

    def action_submit(self) -> None:
        """Asks what to do."""
        self.perform(self._choose)

    def action_accept_application(self) -> None:
        """Fee and terms."""
        self._over(AcceptScreen)

    def action_return_application(self) -> None:
        """A reason for each field."""
        self._over(lambda contract: ReturnScreen(contract, self._names))

    def action_record_fee(self) -> None:
        """A payment or a refund."""
        self._over(FeeScreen)

    def action_record_paper(self) -> None:
        """The issue on paper."""
        self._over(PaperScreen)

    def action_refuse_application(self) -> None:
        """Refuses it for good."""
        self._with_contract(self._refuse)

    def action_approve_application(self) -> None:
        """Approves what another person accepted."""
        self._with_contract(self._approve)

    def action_issue(self) -> None:
        """Issues the certificate."""
        self._with_contract(self._issue)

    def action_save_attachment(self) -> None:
        """Saves a file that came with the application."""
        self._with_contract(self._save_attachment)

    def action_save_document(self) -> None:
        """Saves the certificate's PDF."""
        self._with_contract(self._save_certificate)

    def action_record_receipt(self) -> None:
        """That the paper receipt was sent."""
        self._over(ReceiptScreen)

    def action_set_payer(self) -> None:
        """Whether the contractor pays by the month."""
        self._with_contract(self._set_payer)

    def action_fee_sheet(self) -> None:
        """Saves the fee sheet's PDF."""
        self._with_contract(self._save_fee_sheet)

    def action_statement(self) -> None:
        """The contractor's month."""
        if self.contract is not None:
            screen = GuarantorStatement(self.contract.organization_id)
            self.app.push_screen(screen, lambda _: self.load_now())

    def action_key_life(self) -> None:
        """Where the key stands, and another one in its place."""
        self.app.push_screen(KeyScreen(self.contract_id), lambda _: self.load_now())

    # --- of its own --------------------------------------------------------------------------------------------

    def _sections(self, texts: Texts) -> list[Section]:
        return review_sections(texts, self.contract, self._names) if self.contract is not None else []

    def _allowed(self, action: str, contract: Contract) -> bool:
        states, roles = _POSSIBLE[action]
        person = self.session.person
        held = contract.terms or contract.application
        if action == "record_receipt" and not receipt_is_due(contract):
            return False
        return (
            contract.state in states
            and person is not None
            and bool(roles & frozenset(person.roles))
            and _OF_FORM.get(action, held.form) == held.form
        )

    def _over(self, make: Callable[[Contract], Screen[None]]) -> None:
        if self.contract is not None:
            self.app.push_screen(make(self.contract), lambda _: self.load_now())

    def _with_contract(self, work: Callable[[Contract], Awaitable[None]]) -> None:
        """Does something with the contract as it is shown, and then shows it as it is."""
        contract = self.contract
        if contract is None:
            return

        async def run() -> None:
            try:
                await work(contract)
            finally:
                self._standing("")
                self.load_now()

        self.perform(run)

    def _standing(self, key: str, **params: object) -> None:
        """Says what is going on; nothing: what is to be done."""
        if key:
            self.query_one("#standing", Say).say(say(key, **params))
        else:
            self.relabel()

    async def _choose(self) -> None:
        contract = self.contract
        if contract is None:
            return
        names = [name for name in _POSSIBLE if self._allowed(name, contract)]
        chosen = await self.pick(
            say("guarantor.what_to_do"), [Choice(name, say(f"key.{name}")) for name in names]
        )
        if chosen is not None:
            # In its own turn, since one thing is done at a time.
            self.call_later(self.run_action, chosen)

    async def _refuse(self, contract: Contract) -> None:
        reason = await self.enter_text(say("guarantor.refuse_why"))
        if reason is None:
            return
        why = [say("guarantor.refuse_line", text=reason), say("guarantor.refuse_final")]
        lines = [*what_lines(self.texts, contract), *why]
        phrase, yes = say("guarantor.refuse_phrase"), say("guarantor.refuse_yes")
        if not await self.confirm_typed(say("guarantor.refuse_question"), phrase, yes, lines):
            return
        request_id = self._intents.id_for("refuse", contract.etag, reason)
        await self.ask(lambda register: register.refuse_contract(contract, reason, request_id=request_id))
        self.toast(say("guarantor.now_refused"))

    async def _approve(self, contract: Contract) -> None:
        question, yes = say("guarantor.approve_question"), say("guarantor.approve_yes")
        lines = [*what_lines(self.texts, contract), say("guarantor.approve_about")]
        if not await self.confirm(question, yes, lines=lines):
            return
        request_id = self._intents.id_for("approve", contract.etag)
        await self.ask(lambda register: register.approve_contract(contract, request_id=request_id))
        self.toast(say("guarantor.now_approved"))

    async def _issue(self, contract: Contract) -> None:
        """Checks everything, asks, issues. What was sent without an answer is sent again, as it was."""
        if not self._intents.is_unanswered("issue", contract.etag) and not await self._confirm_issue(
            contract
        ):
            return
        self._standing("guarantor.issue_running")
        issued: Issued = await self._intents.send(
            "issue",
            (contract.etag,),
            lambda request_id: self.ask(
                lambda register: register.issue_certificate(contract, request_id=request_id)
            ),
        )
        self.toast(say("guarantor.issue_done", number=issued.contract.contract_number))

    async def _confirm_issue(self, contract: Contract) -> bool:
        request_id = self._intents.id_for("issue", contract.etag)
        self._standing("guarantor.issue_checking")
        await self.ask(
            lambda register: register.issue_certificate(contract, request_id=request_id, validate_only=True)
        )
        self._standing("guarantor.issue_asking")
        about = [say("guarantor.issue_about"), say("guarantor.issue_final")]
        lines = [*what_lines(self.texts, contract), *about]
        phrase, yes = say("guarantor.issue_phrase"), say("guarantor.issue_yes")
        return await self.confirm_typed(say("guarantor.issue_question"), phrase, yes, lines)

    async def _save_attachment(self, contract: Contract) -> None:
        attachment = await self._which(contract.attachments)
        if attachment is None:
            return

        def progress(done: int, total: int) -> None:
            self._standing("guarantor.loading", done=group_digits(done), total=bytes_text(self.texts, total))

        async def fetch() -> File:
            return await self.ask(
                lambda register: register.download_attachment(
                    contract.contract_id, attachment.attachment_id, progress
                )
            )

        place = str(contract.attachments.index(attachment) + 1)
        await self.deliver_from(fetch, ("attachment", contract.contract_number, "--file", place))

    async def _which(self, attachments: tuple[Attachment, ...]) -> Attachment | None:
        if len(attachments) == 1:
            return attachments[0]
        choices = [Choice(one.attachment_id, attachment_text(self.texts, one)) for one in attachments]
        chosen = await self.pick(say("guarantor.which_attachment"), choices)
        return next((one for one in attachments if one.attachment_id == chosen), None)

    async def _set_payer(self, contract: Contract) -> None:
        present = await agreement_of(self, contract.organization_id)
        self.app.push_screen(payer_screen(contract, present), lambda _: self.load_now())

    async def _save_fee_sheet(self, contract: Contract) -> None:
        async def fetch() -> File:
            self._standing("guarantor.loading_fee_sheet")
            return await self.ask(lambda register: register.download_fee_sheet(contract.contract_id))

        await self.deliver_from(fetch, ("fee-sheet", contract.contract_number))

    async def _save_certificate(self, contract: Contract) -> None:
        async def fetch() -> File:
            self._standing("guarantor.loading_certificate")
            return await self.ask(lambda register: register.download_certificate(contract.contract_id))

        await self.deliver_from(fetch, certificate_words(contract.contract_number))
