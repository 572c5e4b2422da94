"""The forms about money: a receipt that was sent, an agreement about monthly payment, a payment in one sum."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import ClassVar

from tashika_tui.client.port import Register
from tashika_tui.client.records import Contract, MonthlyPayer, Page, PageRequest
from tashika_tui.i18n import Wording, say
from tashika_tui.presenting.wording import japan_day, yen_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.guarantor.decisions import DecisionScreen
from tashika_tui.screens.shared.sending import SendingScreen
from tashika_tui.widgets.form import Field, Form, Kind, Value

_PAGE = 200
LAST_OF_MONTH = 31


class ReceiptScreen(DecisionScreen):
    """That the paper receipt was sent: once, with its day and the officer."""

    TITLE = "key.record_receipt"
    ABOUT = "guarantor.receipt_about"
    HELP = "guarantor.receipt_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.receipt_yes"}

    def form_of_fields(self) -> Form:
        """Day (today), officer (who is signed in) and a note."""
        fields = (
            Field("day", Kind.DAY, label="guarantor.receipt_day", required=True),
            Field("officer", label="guarantor.receipt_officer", required=True, max_length=100),
            Field("note", label="guarantor.note", max_length=200),
        )
        person = self.session.person
        given: dict[str, Value] = {
            "day": japan_day(self.session.context.now()),
            "officer": person.name if person is not None else None,
        }
        return Form(fields, given)

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Records it."""
        day, officer, note = values["day"], str(values["officer"]), str(values["note"] or "")
        if not isinstance(day, date):
            return False
        lines = [say("guarantor.receipt_once")]
        question, yes = say("guarantor.receipt_question"), say("guarantor.receipt_yes")
        if not await self.confirm(question, yes, lines=lines):
            return False
        request_id = self.intents.id_for("receipt", day, officer, note)
        await self.ask(
            lambda register: register.record_receipt_sent(
                self.contract, day, officer, request_id=request_id, note=note
            )
        )
        self.toast(say("guarantor.receipt_done"))
        return True


class PayerScreen(SendingScreen):
    """Whether a contractor pays by the month, and by when. `present` is what was agreed so far."""

    TITLE = "key.set_payer"
    ABOUT = "guarantor.payer_about"
    HELP = "guarantor.payer_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.payer_yes"}

    def __init__(self, organization_id: str, name: str, present: MonthlyPayer | None) -> None:
        super().__init__()
        self._organization_id = organization_id
        self._company = name
        self._present = present

    def what(self) -> str:
        """Which contractor."""
        return self._company

    def form_of_fields(self) -> Form:
        """Yes or no, the day of the next month, and a note."""
        fields = (
            Field("active", Kind.YES_NO, label="label.monthly_payer", required=True),
            Field(
                "due_day",
                Kind.COUNT,
                label="guarantor.due_day",
                hint="guarantor.due_day_hint",
                required=True,
                when=lambda values: values["active"] is not False,
            ),
            Field("note", label="guarantor.note", max_length=200),
        )
        present = self._present
        given: dict[str, Value] = {
            "active": present.active if present is not None else True,
            "due_day": present.due_day if present is not None else LAST_OF_MONTH,
            "note": present.note if present is not None else None,
        }
        return Form(fields, given, check=_due_day)

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Notes it."""
        active, note = values["active"] is True, str(values["note"] or "")
        given = values.get("due_day")
        kept = self._present.due_day if self._present is not None else LAST_OF_MONTH
        due_day = given if isinstance(given, int) else kept
        question = say("guarantor.payer_question" if active else "guarantor.payer_end_question")
        lines = [say("guarantor.payer_from_now")]
        if not await self.confirm(question, say("guarantor.payer_yes"), lines=lines):
            return False
        etag = self._present.etag if self._present is not None else ""
        request_id = self.intents.id_for("payer", active, due_day, note)
        await self.ask(
            lambda register: register.set_monthly_payer(
                self._organization_id,
                active=active,
                due_day=due_day,
                request_id=request_id,
                note=note,
                etag=etag,
            )
        )
        self.toast(say("guarantor.payer_done"))
        return True


def _due_day(values: Mapping[str, Value]) -> Mapping[str, Wording]:
    day = values.get("due_day")
    if isinstance(day, int) and not 1 <= day <= LAST_OF_MONTH:
        return {"due_day": say("guarantor.due_day_wrong")}
    return {}


async def agreement_of(screen: BaseScreen[None], organization_id: str) -> MonthlyPayer | None:
    """What was agreed with a contractor. Agreements are few, so all of them are looked through."""
    token = ""
    while True:
        page = PageRequest(_PAGE, token)
        found = await screen.ask(partial(_payers, page))
        for payer in found.items:
            if payer.organization_id == organization_id:
                return payer
        token = found.next_page_token
        if not token:
            return None


async def _payers(page: PageRequest, register: Register) -> Page[MonthlyPayer]:
    return await register.list_monthly_payers(page)


def payer_screen(contract: Contract, present: MonthlyPayer | None) -> PayerScreen:
    """The form for the contractor of a contract."""
    name = contract.principal.company if contract.principal is not None else contract.registrant.company
    return PayerScreen(contract.organization_id, name, present)


class PaymentScreen(SendingScreen):
    """A payment in one sum, which goes to what is due first."""

    TITLE = "guarantor.sum"
    ABOUT = "guarantor.sum_about"
    HELP = "guarantor.sum_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.fee_yes"}

    def __init__(self, organization_id: str, name: str, owed_yen: int) -> None:
        super().__init__()
        self._organization_id = organization_id
        self._company = name
        self._owed_yen = owed_yen

    def what(self) -> str:
        """Which contractor."""
        return self._company

    def form_of_fields(self) -> Form:
        """Amount (what the statement says), day (today) and a note."""
        fields = (
            Field("amount_yen", Kind.YEN, label="guarantor.fee_amount", required=True),
            Field("day", Kind.DAY, label="guarantor.fee_day", required=True),
            Field("note", label="guarantor.note", max_length=200),
        )
        given: dict[str, Value] = {
            "amount_yen": self._owed_yen if self._owed_yen > 0 else None,
            "day": japan_day(self.session.context.now()),
        }
        return Form(fields, given)

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Books it."""
        amount, day, note = values["amount_yen"], values["day"], str(values["note"] or "")
        if not isinstance(amount, int) or not isinstance(day, date):
            return False
        text = yen_text(self.texts, amount)
        question = say("guarantor.payment_question", amount=text)
        lines = [say("guarantor.sum_shared"), say("guarantor.fee_final")]
        if not await self.confirm(question, say("guarantor.fee_yes"), lines=lines):
            return False
        request_id = self.intents.id_for("sum", amount, day, note)
        shares = await self.ask(
            lambda register: register.record_monthly_payment(
                self._organization_id, amount, day, request_id=request_id, note=note
            )
        )
        self.toast(say("guarantor.sum_done", amount=text, count=len(shares)))
        return True
