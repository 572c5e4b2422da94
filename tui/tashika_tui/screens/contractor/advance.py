"""前払金請求: which advances can be asked for, the request itself, and the record that it was handed in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tashika_formats.dates import parse_date
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.records import (
    AdvanceRequest,
    AdvanceTerms,
    BankAccount,
    Contract,
    ContractFilter,
    ContractRow,
    File,
    WatchEvent,
)
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.fees import advance_section
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import day_text, japan_day, yen_text
from tashika_tui.screens.contractor.lists import ContractsScreen
from tashika_tui.screens.shared import columns
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.screens.shared.sending import SendingScreen
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Field, Form, Kind, Value
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.words import Say


def _asked(row: ContractRow, texts: Texts) -> str:
    day = row.advance_request_date
    return day_text(texts, day) if day is not None else texts("advance.not_asked")


class AdvanceList(ContractsScreen):
    """The prepayment guarantees in force, with the day on which the advance was asked for."""

    TITLE = "entry.advance"
    FOOTER = ("open", "filter", "sort", "back", "palette", "help")
    HELP = "advance.list_help"
    COLUMNS = (
        columns.NUMBER,
        columns.works_column(18),
        columns.AMOUNT,
        Column[ContractRow]("advance.asked_on", _asked, 18),
        replace(columns.DAY, drop=4),
    )
    FILTER = ContractFilter(state="IN_FORCE", product="PREPAYMENT")
    EMPTY = "advance.list_empty"

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.app.push_screen(AdvanceScreen(event.row.contract_id), lambda _: self.load_now())


class AdvanceScreen(ContractScreen[None]):
    """What the request says, where the money goes, what goes with it, and whether it was handed in."""

    TITLE = "advance.title"
    KEYS = ("save_document", "submit", "withdraw")
    FOOTER: ClassVar[tuple[str, ...]] = ("save_document", "submit", "withdraw", "back", "palette", "help")
    HELP = "advance.help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "advance.record"}

    DEFAULT_CSS = """
    AdvanceScreen #standing { padding: 0 2; text-style: bold; }
    """

    def __init__(self, contract_id: str) -> None:
        super().__init__(contract_id)
        self._terms: AdvanceTerms | None = None
        # Asked for where the guarantee does not know it.
        self._signed: date | None = None
        self._checked = False

    def body(self) -> ComposeResult:
        """Which contract, what is to be done, and the request."""
        yield Say("", id="head")
        yield Say("", id="standing")
        yield FieldSheet(self._sections)

    async def load(self) -> None:
        """Reads the contract, and what a request says."""
        contract = await self.read()
        self._terms = await self.ask(lambda register: register.get_advance_terms(contract.contract_id))
        self.query_one(FieldSheet).show(self._sections)
        self.relabel()
        self.refresh_bindings()
        self.refresh_frame()

    def relabel(self) -> None:
        """Which contract, and what is to be done."""
        super().relabel()
        if self.contract is not None:
            asked = self._asked
            key = "advance.stands_asked" if asked is not None else "advance.stands_open"
            day = day_text(self.texts, asked.day) if asked is not None else ""
            self.query_one("#standing", Say).say(say(key, day=day) if asked is not None else say(key))

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is handed in once, and then can be withdrawn."""
        match action:
            case "save_document":
                return self._terms is not None
            case "submit":
                return self._terms is not None and self._asked is None
            case "withdraw":
                return self._asked is not None
            case _:
                return True

    def action_save_document(self) -> None:
        """前払金請求書, or the copy of the one that was handed in."""
        self.perform(self._save)

    def action_submit(self) -> None:
        """Records that it was handed in."""
        self.perform(self._record)

    def action_withdraw(self) -> None:
        """Records that it does not count any more."""
        self.perform(self._withdraw)

    @property
    def _asked(self) -> AdvanceRequest | None:
        requests = self.contract.advance_requests if self.contract is not None else ()
        return next((each for each in requests if each.withdraw_time is None), None)

    async def _save(self) -> None:
        terms, copy = self._terms, self._asked is not None
        if terms is None or not (copy or await self._check(terms)):
            return
        signed = None if copy else self._signed
        contract = self.contract or await self.read()

        async def fetch() -> File:
            return await self.ask(
                lambda register: register.download_advance_request(self.contract_id, signed, copy=copy)
            )

        words = ["advance-request", contract.contract_number]
        words += ["--copy"] if copy else []
        words += ["--contract-date", signed.isoformat()] if signed is not None else []
        if await self.deliver_from(fetch, words) and not copy:
            self.toast(say("advance.saved"))

    async def _check(self, terms: AdvanceTerms) -> bool:
        """Asks once whether the account is right, and for the day of the works contract where nobody knows it."""
        if not self._checked:
            question, yes = say("advance.account_question"), say("advance.account_yes")
            lines = [*_account_lines(terms.account), say("advance.account_wrong")]
            if not await self.confirm(question, yes, lines=lines):
                return False
            self._checked = True
        if terms.contract_date is None and self._signed is None:
            typed = await self.enter_text(say("advance.signed_question"))
            if typed is None:
                return False
            self._signed = parse_date(typed)
        return True

    async def _record(self) -> None:
        terms, contract = self._terms, self.contract
        if terms is None or contract is None or not await self._check(terms):
            return
        screen = AdvanceRecordScreen(contract, terms, self._signed)
        self.app.push_screen(screen, lambda _: self.load_now())

    async def _withdraw(self) -> None:
        contract = self.contract
        if contract is None:
            return
        reason = await self.enter_text(say("advance.withdraw_why"))
        if reason is None:
            return
        lines = [say("advance.withdraw_about")]
        question, yes = say("advance.withdraw_question"), say("advance.withdraw_yes")
        if not await self.confirm(question, yes, lines=lines):
            return
        request_id = new_request_id()
        await self.ask(
            lambda register: register.withdraw_advance_request(contract, reason, request_id=request_id)
        )
        self.toast(say("advance.withdrawn"))
        await self.load()

    def _sections(self, texts: Texts) -> list[Section]:
        terms, contract = self._terms, self.contract
        if terms is None or contract is None:
            return []
        signed = terms.contract_date or self._signed
        works = (contract.terms or contract.application).works
        expected = day_text(texts, terms.expected_payment_date)
        request = Section(
            texts("advance.request"),
            [
                (texts("label.addressee"), texts("advance.to", addressee=terms.addressee)),
                (texts("label.prepayment"), yen_text(texts, terms.amount_yen)),
                (texts("label.works_name"), works.name if works is not None else ""),
                (texts("label.contract_date"), day_text(texts, signed) or texts("advance.not_signed")),
                (
                    texts("advance.expected"),
                    texts("advance.expected_on", day=expected, days=terms.pay_within_days)
                    if expected
                    else texts("advance.expected_unknown"),
                ),
            ],
        )
        sections = [request, _account(texts, terms.account), _with_it(texts, terms)]
        return [*sections, advance_section(texts, contract.advance_requests)]


class AdvanceRecordScreen(SendingScreen):
    """The day on which the request was handed in."""

    TITLE = "advance.record"
    ABOUT = "advance.record_about"
    HELP = "advance.record_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.receipt_yes"}

    def __init__(self, contract: Contract, terms: AdvanceTerms, signed: date | None) -> None:
        super().__init__()
        self._contract = contract
        self._terms = terms
        self._signed = signed

    def what(self) -> str:
        """To whom, and how much."""
        amount = yen_text(self.texts, self._terms.amount_yen)
        return "  ".join((self._contract.contract_number, self._terms.addressee, amount))

    def form_of_fields(self) -> Form:
        """The day (today), and a note."""
        fields = (
            Field("day", Kind.DAY, label="advance.record_day", required=True),
            Field("note", label="contractor.record_note", max_length=200),
        )
        return Form(fields, {"day": japan_day(self.session.context.now())})

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Records it."""
        day, note = values["day"], str(values["note"] or "")
        if not isinstance(day, date):
            return False
        request_id = self.intents.id_for("advance", day, note)
        done = await self.ask(
            lambda register: register.record_advance_request(
                self._contract, day, request_id=request_id, contract_date=self._signed, note=note
            )
        )
        expected = done.advance_requests[-1].expected_payment_date if done.advance_requests else None
        if expected is None:
            self.toast(say("advance.recorded"))
        else:
            self.toast(say("advance.recorded_expected", day=day_text(self.texts, expected)))
        return True


def _account(texts: Texts, account: BankAccount) -> Section:
    number = "  ".join(part for part in (account.account_kind, account.account_number) if part)
    rows = [
        (texts("label.bank"), "  ".join(part for part in (account.bank, account.branch) if part)),
        (texts("label.account"), number),
        (texts("label.holder"), account.holder),
    ]
    return Section(texts("advance.account"), rows)


def _account_lines(account: BankAccount) -> list[Wording]:
    return [
        say("advance.account_bank", bank=account.bank, branch=account.branch),
        say("advance.account_number", kind=account.account_kind, number=account.account_number),
        say("advance.account_holder", holder=account.holder),
    ]


def _with_it(texts: Texts, terms: AdvanceTerms) -> Section:
    """What is handed in together with the request, as a list to tick off."""
    first = texts("advance.with_key" if terms.electronic else "advance.with_paper")
    items = [first, *terms.other_documents]
    rows = [(f"{number}", item) for number, item in enumerate(items, 1)]
    return Section(texts("advance.with_it"), rows)
