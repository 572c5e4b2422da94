"""The forms in which the guarantor accepts, returns, books a fee, and records a paper certificate."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container

from tashika_tui.client.records import Application, Contract, FeeBasis, Remark, Works
from tashika_tui.i18n import Wording, say
from tashika_tui.presenting.comparison import SECTIONS, value_text
from tashika_tui.presenting.fees import computation_text, labelled, plain_yen
from tashika_tui.presenting.wording import japan_day, yen_text
from tashika_tui.screens.guarantor.sections import review_sections
from tashika_tui.screens.shared.sending import SendingScreen
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Choice, Field, Form, Heading, Kind, Value
from tashika_tui.widgets.words import Say

_WHOLE = "whole"

# From so many columns on, the application stands beside the reasons for its return.
_WIDE_COLUMNS = 110


class DecisionScreen(SendingScreen):
    """A form about one contract."""

    DEFAULT_CSS = """
    DecisionScreen #proposal { padding: 0 1; color: $secondary; }
    DecisionScreen #proposal:ansi { color: ansi_default; }
    """

    def __init__(self, contract: Contract) -> None:
        super().__init__()
        self.contract = contract

    def what(self) -> str:
        """Which contract."""
        works = self.contract.application.works
        parts = (self.contract.contract_number, works.name if works is not None else "")
        return "  ".join(part for part in parts if part)


class AcceptScreen(DecisionScreen):
    """Fee and terms. What is corrected here becomes the terms; the application stays as it was."""

    TITLE = "key.accept_application"
    ABOUT = "guarantor.accept_about"
    HELP = "guarantor.accept_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "guarantor.accept_yes"}

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract)
        self._basis: FeeBasis | None = None

    def work(self) -> ComposeResult:
        """What the tariff says, and the form."""
        yield Say("", id="proposal")
        yield self.form_of_fields()

    async def load(self) -> None:
        """Asks for the fee by the tariff."""
        await self._propose(self.contract.application.amount_yen)

    def form_of_fields(self) -> Form:
        """The fee, why it is another one than the tariff's, and what may be corrected."""
        fields = (
            Heading("heading.fee"),
            Field("fee_yen", Kind.YEN, label="label.fee", required=True),
            Field(
                "fee_note",
                label="fees.fee_note",
                hint="guarantor.fee_note_hint",
                required=True,
                when=self._differs,
            ),
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
        note, basis = str(values.get("fee_note") or ""), self._basis
        label = basis.label if basis is not None else ""
        lines: list[Wording] = [
            say("guarantor.accept_fee", amount=labelled(self.texts, yen_text(self.texts, fee), label)),
            say("guarantor.accept_amount", amount=yen_text(self.texts, agreed.amount_yen)),
        ]
        if note and basis is not None:
            proposed = yen_text(self.texts, basis.fee_yen)
            lines.append(say("guarantor.accept_differs", amount=proposed, note=note))
        if terms is not None:
            lines.append(say("guarantor.accept_changed"))
        if not await self.confirm(say("guarantor.accept_question"), say("guarantor.accept_yes"), lines=lines):
            return False
        request_id = self.intents.id_for("accept", fee, terms, note)
        done = await self.ask(
            lambda register: register.accept_contract(
                self.contract, fee, request_id=request_id, terms=terms, fee_note=note
            )
        )
        waits = done.state == "PENDING_APPROVAL"
        self.toast(say("guarantor.now_pending" if waits else "guarantor.now_accepted"))
        return True

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        amount = event.values["amount_yen"]
        asked = self._basis.amount_yen if self._basis is not None else None
        if isinstance(amount, int) and amount != asked:
            self.perform(partial(self._propose, amount), group=f"propose-{amount}")

    async def _propose(self, amount_yen: int | None) -> None:
        """Shows what the tariff gives for an amount, and takes it where no other fee was typed."""
        basis = await self.ask(lambda register: register.quote_fee(self.contract.contract_id, amount_yen))
        values = self.form.values
        if values["amount_yen"] not in (amount_yen, None):
            # A later amount has been typed, and is asked for by itself.
            return
        fee, earlier = values["fee_yen"], self._basis
        self._basis = basis
        taken = fee is None or (earlier is not None and fee == earlier.fee_yen)
        self.form.set_values({"fee_yen": basis.fee_yen} if basis is not None and taken else {})
        if basis is not None and taken:
            self.form.select("fee_yen")
        self.query_one("#proposal", Say).say(self._proposal())

    def relabel(self) -> None:
        """What the tariff says, in another language."""
        self.query_one("#proposal", Say).say(self._proposal())

    def _proposal(self) -> Wording:
        basis, texts = self._basis, self.texts
        if basis is None:
            return say("guarantor.no_proposal")
        fee = labelled(texts, yen_text(texts, basis.fee_yen), basis.label)
        return say("guarantor.proposal", fee=fee, computation=computation_text(texts, basis))

    def _differs(self, values: Mapping[str, Value]) -> bool:
        fee, basis = values["fee_yen"], self._basis
        return basis is not None and isinstance(fee, int) and fee != basis.fee_yen


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
        kinds = (Choice("PAYMENT", say("ledger.PAYMENT")), Choice("REFUND", say("ledger.REFUND")))
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
        over = amount - max(0, self.contract.balance_yen)
        if not refund and over > 0:
            lines.insert(0, say("guarantor.fee_too_much", over=plain_yen(self.texts, over)))
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
