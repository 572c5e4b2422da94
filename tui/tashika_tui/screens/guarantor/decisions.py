"""The forms in which the guarantor accepts, returns, books a fee, and records a paper certificate."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.records import Application, Contract, Remark, Works
from tashika_tui.i18n import Wording, say
from tashika_tui.presenting.comparison import SECTIONS, value_text
from tashika_tui.presenting.wording import japan_day, yen_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.guarantor.sections import review_sections
from tashika_tui.screens.shared.intents import Intents, shown_at_fields
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Choice, Field, Form, Heading, Kind, Value
from tashika_tui.widgets.words import Say

_WHOLE = "whole"

# From so many columns on, the application stands beside the reasons for its return.
_WIDE_COLUMNS = 110


class DecisionScreen(BaseScreen[None]):
    """A form about one contract, sent with F10 after a question."""

    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    ABOUT = ""

    DEFAULT_CSS = """
    DecisionScreen .note { margin: 0 0 1 0; }
    DecisionScreen .what { padding: 0 1; text-style: bold; }
    """

    def __init__(self, contract: Contract) -> None:
        super().__init__()
        self.contract = contract
        self.intents = Intents()

    def body(self) -> ComposeResult:
        """Which contract, how it works, and the form."""
        works = self.contract.application.works
        parts = (self.contract.contract_number, works.name if works is not None else "")
        yield Say("  ".join(part for part in parts if part), classes="what")
        yield Say(say(self.ABOUT), classes="note")
        yield from self.work()

    def work(self) -> ComposeResult:
        """What stands below the words: the form alone."""
        yield self.form_of_fields()

    def form_of_fields(self) -> Form:
        """The form."""
        raise TypeError(type(self).__name__)

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Asks and does it. False: the person did not want to."""
        raise TypeError(type(self).__name__)

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self.form.dirty

    def action_submit(self) -> None:
        """Sends it."""
        self.perform(self._submit)

    async def _submit(self) -> None:
        if not self.form.complete():
            return
        try:
            if not await self.send(self.form.values):
                return
        except RefusedByServer as error:
            if not shown_at_fields(self.form, error):
                raise
            return
        self.form.mark_saved()
        self.dismiss()


class AcceptScreen(DecisionScreen):
    """Fee and terms. What is corrected here becomes the terms; the application stays as it was."""

    TITLE = "key.accept_application"
    ABOUT = "guarantor.accept_about"
    HELP = "guarantor.accept_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.accept_yes"}

    def form_of_fields(self) -> Form:
        """The fee, and what may be corrected."""
        fields = (
            Heading("heading.fee"),
            Field("fee_yen", Kind.YEN, label="label.fee", required=True),
            Heading("guarantor.terms"),
            Field("amount_yen", Kind.YEN, required=True),
            Field("period_on_signing", Kind.YES_NO),
            Field("period_start", Kind.DAY, when=lambda values: values["period_on_signing"] is not True),
            Field("period_end", Kind.DAY, required=True),
            Field("works.number"),
            Field("works.name", required=True),
            Field("works.place"),
            Field("works.contract_date", Kind.DAY),
        )
        return Form(fields, _terms_values(self.contract.application))

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Accepts."""
        application, fee = self.contract.application, values["fee_yen"]
        if not isinstance(fee, int):
            return False
        agreed = _agreed(application, values)
        terms = agreed if agreed != application else None
        lines: list[Wording] = [
            say("guarantor.accept_fee", amount=yen_text(self.texts, fee)),
            say("guarantor.accept_amount", amount=yen_text(self.texts, agreed.amount_yen)),
        ]
        if terms is not None:
            lines.append(say("guarantor.accept_changed"))
        if not await self.confirm(say("guarantor.accept_question"), say("guarantor.accept_yes"), lines=lines):
            return False
        request_id = self.intents.id_for("accept", fee, terms)
        done = await self.ask(
            lambda register: register.accept_contract(self.contract, fee, request_id=request_id, terms=terms)
        )
        waits = done.state == "PENDING_APPROVAL"
        self.toast(say("guarantor.now_pending" if waits else "guarantor.now_accepted"))
        return True


class ReturnScreen(DecisionScreen):
    """A reason for each field that is to be corrected, below what was applied for."""

    TITLE = "key.return_application"
    ABOUT = "guarantor.return_about"
    HELP = "guarantor.return_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.return_yes"}

    DEFAULT_CSS = """
    ReturnScreen #both { height: 1fr; layout: vertical; }
    ReturnScreen #both.wide { layout: horizontal; }
    ReturnScreen FieldSheet { height: 8; background: $surface; }
    ReturnScreen #both.wide FieldSheet { height: 1fr; width: 50; }
    """

    def __init__(self, contract: Contract, names: Mapping[str, str]) -> None:
        super().__init__(contract)
        self._names = names

    def work(self) -> ComposeResult:
        """The application, to be read while the reasons are typed, and the form."""
        with Container(id="both"):
            yield FieldSheet(lambda texts: review_sections(texts, self.contract, self._names))
            yield self.form_of_fields()

    def on_mount(self) -> None:
        """Starts in the form."""
        super().on_mount()
        self.form.go_to(_WHOLE)

    def on_resize(self, event: events.Resize) -> None:
        """They stand side by side where there is room, else one below the other."""
        super().on_resize(event)
        self.query_one("#both").set_class(event.size.width >= _WIDE_COLUMNS, "wide")

    def form_of_fields(self) -> Form:
        """A line for the whole, and one for each field that has a value."""
        application = self.contract.application
        fields: list[Field | Heading] = [Field(_WHOLE, label="label.whole", max_length=500)]
        for heading, paths in SECTIONS:
            there = [path for path in paths if value_text(self.texts, application, path, self._names)]
            if there:
                fields += [Heading(heading), *map(self._reason, there)]
        return Form(fields)

    def _reason(self, path: str) -> Field:
        """A line for what is wrong with a field, with what was applied for as its hint."""
        applied = value_text(self.texts, self.contract.application, path, self._names)
        return Field(path, max_length=500, hint=say("guarantor.applied_value", value=applied))

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Returns it."""
        remarks = tuple(
            Remark("" if name == _WHOLE else f"application.{name}", str(text))
            for name, text in values.items()
            if text
        )
        if not remarks:
            self.form.show_problems({_WHOLE: say("guarantor.return_nothing")})
            return False
        question = say("guarantor.return_question", count=len(remarks))
        lines = [say("guarantor.return_line", text=one.text) for one in remarks[:5]]
        if not await self.confirm(question, say("guarantor.return_yes"), lines=lines):
            return False
        request_id = self.intents.id_for("return", remarks)
        await self.ask(
            lambda register: register.return_contract(self.contract, remarks, request_id=request_id)
        )
        self.toast(say("guarantor.now_returned"))
        return True


class FeeScreen(DecisionScreen):
    """A payment or a refund of its day."""

    TITLE = "key.record_fee"
    ABOUT = "guarantor.fee_about"
    HELP = "guarantor.fee_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.fee_yes"}

    def form_of_fields(self) -> Form:
        """Kind, amount (what is still owed), day (today) and a note."""
        kinds = (Choice("PAYMENT", say("guarantor.payment")), Choice("REFUND", say("guarantor.refund")))
        fields = (
            Field("kind", Kind.CHOICE, label="guarantor.fee_kind", required=True, choices=kinds),
            Field("amount_yen", Kind.YEN, label="guarantor.fee_amount", required=True),
            Field("day", Kind.DAY, label="guarantor.fee_day", required=True),
            Field("note", label="guarantor.note", max_length=200),
        )
        owed = self.contract.balance_yen
        given: dict[str, Value] = {
            "kind": "REFUND" if owed < 0 else "PAYMENT",
            "amount_yen": abs(owed) or None,
            "day": japan_day(self.session.context.now()),
        }
        return Form(fields, given)

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Books it."""
        kind, amount, day, note = (values[name] for name in ("kind", "amount_yen", "day", "note"))
        if not isinstance(amount, int) or day is None or isinstance(day, str | int):
            return False
        text = yen_text(self.texts, amount)
        refund = kind == "REFUND"
        question = say("guarantor.refund_question" if refund else "guarantor.payment_question", amount=text)
        lines = [say("guarantor.fee_final")]
        if not await self.confirm(question, say("guarantor.fee_yes"), lines=lines):
            return False
        request_id = self.intents.id_for("fee", kind, amount, day, note)
        await self.ask(
            lambda register: register.record_fee(
                self.contract, str(kind), amount, day, request_id=request_id, note=str(note or "")
            )
        )
        self.toast(say("guarantor.fee_booked", amount=text))
        return True


class PaperScreen(DecisionScreen):
    """The issue of a paper certificate, recorded."""

    TITLE = "key.record_paper"
    ABOUT = "guarantor.paper_about"
    HELP = "guarantor.paper_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.paper_yes"}

    def form_of_fields(self) -> Form:
        """Its day and its reference."""
        fields = (
            Field("day", Kind.DAY, label="label.issue_date", required=True),
            Field("certificate_reference", label="guarantor.reference", required=True, max_length=100),
        )
        return Form(fields, {"day": japan_day(self.session.context.now())})

    async def send(self, values: Mapping[str, Value]) -> bool:
        """Records it."""
        day, reference = values["day"], str(values["certificate_reference"])
        if day is None or isinstance(day, str | int):
            return False
        phrase = say("guarantor.paper_phrase")
        question = say("guarantor.paper_question", reference=reference)
        lines = [say("guarantor.paper_final")]
        if not await self.confirm_typed(question, phrase, say("guarantor.paper_yes"), lines):
            return False
        request_id = self.intents.id_for("paper", day, reference)
        await self.ask(
            lambda register: register.record_paper_issue(self.contract, day, reference, request_id=request_id)
        )
        self.toast(say("guarantor.now_issued"))
        return True


def _terms_values(application: Application) -> dict[str, Value]:
    works = application.works or Works()
    return {
        "amount_yen": application.amount_yen,
        "period_on_signing": application.period_on_signing,
        "period_start": application.period_start,
        "period_end": application.period_end or works.period_end,
        "works.number": works.number or None,
        "works.name": works.name or None,
        "works.place": works.place or None,
        "works.contract_date": works.contract_date,
    }


def _agreed(application: Application, values: Mapping[str, Value]) -> Application:
    """The application with what the form changes; where nothing was changed, the application itself."""
    before = _terms_values(application)
    changed = {
        name: value
        for name, value in values.items()
        if name in before and (value or None) != (before[name] or None)
    }
    if values.get("period_on_signing") and application.period_start is not None:
        changed["period_start"] = None
    own = {name: value for name, value in changed.items() if "." not in name}
    works = {name.removeprefix("works."): value for name, value in changed.items() if "." in name}
    for name in ("number", "name", "place"):
        if name in works:
            works[name] = works[name] or ""
    # The names are those of the records' own fields, and the kinds of the form's fields give their types.
    agreed = replace(application, **own)  # type: ignore[arg-type]
    if works and application.works is not None:
        agreed = replace(agreed, works=replace(application.works, **works))  # type: ignore[arg-type]
    return agreed
