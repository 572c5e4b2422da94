"""The application for a guarantee as a wizard: five steps, the live quote beside them, the draft on the server."""

from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable, SessionExpired
from tashika_tui.client.intent import new_request_id
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import JAPAN, yen_text
from tashika_tui.problems import LocalError
from tashika_tui.screens.contractor.choosing import Choosing
from tashika_tui.screens.contractor.conflict import ConflictScreen
from tashika_tui.screens.contractor.drafting import NEW_WORKS, application_of, values_of, works_of
from tashika_tui.screens.contractor.quote import QuotePanel
from tashika_tui.screens.contractor.review import review_sections, works_text
from tashika_tui.screens.contractor.steps import STEPS, forms
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Form, Value
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Say

_WIDE_COLUMNS = 110
_DRAFTS = ("DRAFT", "RETURNED")


class ApplicationScreen(Choosing):
    """An application: new, begun with a copy, or one that is on the server already."""

    TITLE = "contractor.application"
    KEYS = ("next_step", "previous_step", "save", "submit", "use_limit", "attach", "discard")
    FOOTER = ("next_step", "save", "submit", "use_limit", "attach", "help", "previous_step")
    HELP = "contractor.application_help"

    DEFAULT_CSS = """
    ApplicationScreen #steps { height: 1; padding: 0 1; text-style: bold; }
    ApplicationScreen #remarks { padding: 0 1; display: none; color: $warning; }
    ApplicationScreen #remarks:ansi { color: ansi_default; text-style: bold; }
    ApplicationScreen #work { height: 1fr; layout: vertical; }
    ApplicationScreen #work.wide { layout: horizontal; }
    ApplicationScreen #filled { height: 1fr; width: 1fr; }
    ApplicationScreen #chosen { height: 1fr; padding: 1 1; display: none; }
    ApplicationScreen #works.brief, ApplicationScreen #works.brief > _Fields { height: auto; }
    ApplicationScreen #work.wide QuotePanel { width: 42; height: 1fr; }
    """

    def __init__(self, application: records.Application | None = None, *, contract_id: str = "") -> None:
        super().__init__()
        self.contract_id = contract_id
        self.contract: records.Contract | None = None
        self._begun = application
        self._before = application or records.Application()
        self._forms = forms(self._product)
        self._step = STEPS[0]
        self._quote: records.Quote | None = None
        self._intent: tuple[object, str] = (None, "")
        self._filled = False
        self._overwrite = False

    # --- what is shown -----------------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The steps' names, the form of one of them, and the quote."""
        yield Say("", id="steps")
        yield Say("", id="remarks")
        with Container(id="work"):
            with Vertical(id="filled"):
                yield from self._forms.values()
                yield Say("", id="chosen")
                yield FieldSheet(self._review, id="review")
            yield QuotePanel(id="quote")

    def on_resize(self, event: events.Resize) -> None:
        """The quote stands beside the fields where there is room, else below them."""
        super().on_resize(event)
        self.query_one("#work").set_class(event.size.width >= _WIDE_COLUMNS, "wide")

    def relabel(self) -> None:
        """The steps, the guarantor's remarks, and the quote."""
        texts = self.texts
        names = [
            texts("contractor.step_now" if step == self._step else "contractor.step", number=n, name=name)
            for n, step in enumerate(STEPS, 1)
            for name in (texts(f"contractor_step.{step}"),)
        ]
        self.query_one("#steps", Say).say(" ".join(names))
        for step in STEPS:
            self.query_one(f"#{step}").display = step == self._step
        self._show_chosen()
        remarks = self.contract.remarks if self.contract is not None else ()
        shown = self.query_one("#remarks", Say)
        shown.display = bool(remarks)
        shown.say("\n".join(texts("contractor.remark", text=remark.text) for remark in remarks[:3]))
        self._show_quote()

    def unsaved(self) -> bool:
        """Whether something was typed that is not on the server."""
        return any(form.dirty for form in self._forms.values()) or (
            self._begun is not None and self.contract is None
        )

    async def load(self) -> None:
        """Reads what there is to choose from, and, the first time, the draft."""
        await self.read_choices()
        if not self._filled:
            if self.contract_id:
                contract_id = self.contract_id
                self.contract = await self.ask(lambda register: register.get_contract(contract_id))
                self._before = self.contract.application
            self._fill(self._before)
            self._filled = True
            self._focus()
        self.relabel()
        self._ask_quote()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can't be done yet is not offered."""
        match action:
            case "discard":
                return self.contract is not None and self.contract.state == "DRAFT"
            case "use_limit":
                return self._limit() is not None
            case "next_step":
                return self._step != STEPS[-1]
            case "previous_step":
                return self._step != STEPS[0]
            case _:
                return True

    def label_key(self, action: str) -> str:
        """F10 first leads to the review, and there submits."""
        if action == "submit":
            return "contractor.submit_yes" if self._step == "review" else "contractor.to_review"
        return super().label_key(action)

    # --- keys --------------------------------------------------------------------------------------------------

    def action_next_step(self) -> None:
        """The next step."""
        self._go(STEPS[min(STEPS.index(self._step) + 1, len(STEPS) - 1)])

    def action_previous_step(self) -> None:
        """The step before."""
        self._go(STEPS[max(STEPS.index(self._step) - 1, 0)])

    def action_use_limit(self) -> None:
        """Puts the highest (an advance) or lowest (a performance guarantee) amount into its field."""
        limit = self._limit()
        if limit is not None:
            form = self._forms["amount"]
            form.type("amount_yen", limit)
            self._go("amount")

    def action_save(self) -> None:
        """Keeps the draft on the server."""
        self.perform(self._save_and_say)

    def action_submit(self) -> None:
        """Checks everything, shows it, and submits after a typed confirmation."""
        self.perform(self._submit)

    def action_attach(self) -> None:
        """Attaches a PDF."""
        self.perform(self._add_document)

    def action_discard(self) -> None:
        """Deletes the draft."""
        self.perform(self._discard)

    # --- saving ------------------------------------------------------------------------------------------------

    async def _save_and_say(self) -> None:
        if await self._save():
            self.toast(say("contractor.saved"))

    async def _save(self) -> bool:
        """Whether what is typed is on the server now."""
        if not await self._enter_works():
            return False
        application, contract = self._application(), self.contract
        if contract is not None and not (self.unsaved() or self._overwrite):
            return True
        request_id = self._request_id(application, contract.etag if contract is not None else "")
        try:
            if contract is None:
                saved = await self.ask(
                    lambda register: register.create_contract(application, request_id=request_id)
                )
            else:
                saved = await self.ask(
                    lambda register: register.update_contract(contract, application, request_id=request_id)
                )
        except RefusedByServer as error:
            if error.reason == "ETAG_MISMATCH":
                await self._conflict(application)
                return False
            if not self._show_problems({each.field: each.sentence for each in error.fields}):
                raise
            return False
        self._saved(saved)
        return True

    def _saved(self, contract: records.Contract) -> None:
        # Remarks come with the reading only where the state has them; they go when it is submitted.
        self.contract, self.contract_id = contract, contract.contract_id
        self._before = contract.application
        self._begun = None
        self._overwrite = False
        for form in self._forms.values():
            form.mark_saved()
        self.refresh_bindings()
        self.refresh_frame()

    async def _enter_works(self) -> bool:
        """Registers works that were entered anew, so that the application can name them."""
        form = self._forms["works"]
        if form.values.get("works_id") != NEW_WORKS:
            return True
        works = works_of(form.values)
        if not works.name:
            self._go("works")
            form.complete()
            return False
        request_id = self._request_id(works, "works")
        try:
            entered = await self.ask(lambda register: register.create_works(works, request_id=request_id))
        except RefusedByServer as error:
            if not self._show_problems({each.field: each.sentence for each in error.fields}):
                raise
            return False
        self.add_works(entered)
        form.type("works_id", entered.works_id)
        return True

    async def _conflict(self, mine: records.Application) -> None:
        """Somebody else saved the draft meanwhile: reload it, or compare."""
        contract_id = self.contract_id
        theirs = await self.ask(lambda register: register.get_contract(contract_id))
        chosen = await self.pick(
            say("contractor.conflict_question"),
            (
                Choice("compare", say("contractor.conflict_compare")),
                Choice("reload", say("contractor.conflict_reload")),
                Choice("stay", say("contractor.conflict_stay")),
            ),
        )
        if chosen == "reload":
            self._take(theirs)
        elif chosen == "compare":
            screen = ConflictScreen(mine, theirs.application, await self.names_of(theirs.application))

            def answered(keep: bool | None) -> None:
                if keep:
                    self.contract, self._overwrite = theirs, True
                    self.action_save()

            self.app.push_screen(screen, answered)

    def _take(self, contract: records.Contract) -> None:
        self._fill(contract.application)
        self._saved(contract)
        self.relabel()
        self._ask_quote()

    # --- submitting --------------------------------------------------------------------------------------------

    async def _submit(self) -> None:
        if self._incomplete() or not await self._save():
            return
        contract = self.contract
        if contract is None:
            return
        try:
            await self.ask(
                lambda register: register.submit_contract(
                    contract, request_id=new_request_id(), validate_only=True
                )
            )
        except RefusedByServer as error:
            if error.reason == "ETAG_MISMATCH":
                await self._conflict(contract.application)
            elif not self._show_problems({each.field: each.sentence for each in error.fields}):
                raise
            return
        if self._step != "review":
            self._go("review")
            self.toast(say("contractor.review_now"))
            return
        await self._submit_now(contract)

    async def _submit_now(self, contract: records.Contract) -> None:
        application = contract.application
        works = application.works.name if application.works is not None else ""
        lines: list[Wording] = [
            works,
            say(f"product.{application.product}"),
            yen_text(self.texts, application.amount_yen),
        ]
        phrase, yes = say("contractor.submit_phrase"), say("contractor.submit_yes")
        if not await self.confirm_typed(say("contractor.submit_question"), phrase, yes, lines):
            return
        request_id = self._request_id(contract, "submit")
        submitted = await self.ask(lambda register: register.submit_contract(contract, request_id=request_id))
        self._saved(submitted)
        self.toast(say("contractor.submitted", number=submitted.contract_number))
        self.dismiss()

    def _incomplete(self) -> bool:
        """Goes to the first step in which something is missing or wrong."""
        for step, form in self._forms.items():
            if form.problems():
                self._go(step)
                form.complete()
                return True
        return False

    def _show_problems(self, problems: dict[str, str]) -> bool:
        """Shows the server's causes at their fields, and goes to the first. False: none has a field."""
        first = ""
        plain = {
            path.removeprefix("application.").removeprefix("terms."): words
            for path, words in problems.items()
        }
        for step, form in self._forms.items():
            mine: dict[str, Wording] = {name: words for name, words in plain.items() if name in form.typed}
            if step == "works":
                # What is wrong with works that were entered before has no field here, but belongs here.
                mine |= {name: words for name, words in plain.items() if name.startswith("works.")}
            form.show_problems(mine)
            first = first or (step if mine else "")
        if first:
            self._go(first)
            for name in plain:
                self._forms[first].go_to(name)
        return bool(first)

    # --- other actions -----------------------------------------------------------------------------------------

    async def _add_document(self) -> None:
        if self.session.context.hosted:
            # A path would be one of the host's own files.
            raise LocalError("hosting.no_attach")
        if not await self._save() or self.contract is None:
            return
        where = await self.enter_text(say("contractor.attach_question"))
        if where is None:
            return
        contract, path, request_id = self.contract, _path(where), new_request_id()
        self.contract = await self.ask(
            lambda register: register.attach_document(contract, path, request_id=request_id)
        )
        self.toast(say("contractor.attached", name=path.name))
        self.query_one(FieldSheet).show(self._review)

    async def _discard(self) -> None:
        contract = self.contract
        if contract is None or not await self.confirm(
            say("contractor.discard_question"), say("contractor.discard_yes")
        ):
            return
        request_id = new_request_id()
        await self.ask(lambda register: register.delete_draft(contract, request_id=request_id))
        for form in self._forms.values():
            form.mark_saved()
        self.toast(say("contractor.discarded"))
        self.dismiss()

    # --- of its own --------------------------------------------------------------------------------------------

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        if event.form.id == "guarantee":
            self.offer_branches(str(event.values.get("guarantor_id") or ""))
            for step in ("amount", "people"):
                self._forms[step].show_problems({})
        self._show_chosen()
        self._ask_quote()

    def _product(self) -> str:
        return str(self._forms["guarantee"].values.get("product") or "")

    def _values(self) -> dict[str, Value]:
        return {name: value for form in self._forms.values() for name, value in form.values.items()}

    def _application(self) -> records.Application:
        values = self._values()
        return application_of(values, self.works(str(values.get("works_id") or "")), self._before)

    def _fill(self, application: records.Application) -> None:
        if application.works is not None:
            self.add_works(application.works)
        values = values_of(application) | {"works.low_bid": False, "works.multi_year": False}
        if values["period_start"] is None and not values["period_on_signing"]:
            values["period_start"] = self.session.context.now().astimezone(JAPAN).date()
        self.offer_branches(application.guarantor_id)
        for form in self._forms.values():
            form.set_values(values)

    def _go(self, step: str) -> None:
        self._step = step
        self.relabel()
        self.refresh_bindings()
        if step == "review":
            self.query_one(FieldSheet).show(self._review)
        self.call_after_refresh(self._focus)

    def _focus(self) -> None:
        if self._step == "review":
            self.query_one("#review").focus()
            return
        form = self._forms[self._step]
        problems = form.problems()
        form.go_to(next((name for name in form.values if name in problems), next(iter(form.values))))

    def _limit(self) -> int | None:
        if self._quote is None:
            return None
        least = self._product() == "PERFORMANCE"
        return self._quote.minimum_yen if least else self._quote.maximum_yen

    def _request_id(self, *request: object) -> str:
        """The same for the same request, until another one is made: repeated, it happens once."""
        if self._intent[0] != request:
            self._intent = (request, new_request_id())
        return self._intent[1]

    def _ask_quote(self) -> None:
        self.run_worker(
            self.client.guarded(self._read_quote), group="quote", exclusive=True, exit_on_error=False
        )

    async def _read_quote(self) -> None:
        application = self._application()
        try:
            self._quote = await self.ask(lambda register: register.quote_contract(application))
        except (SessionExpired, ServerNotReachable):
            self._quote = None
        except RefusedByServer:
            # What can't be judged at all is said when it is saved.
            self._quote = None
        self._show_quote()
        self.refresh_bindings()

    def _show_quote(self) -> None:
        ready = "contractor.ready_now" if self._step == "review" else "contractor.ready"
        self.query_one(QuotePanel).show(self._chosen(), self._quote, ready)

    def _chosen(self) -> records.Works | None:
        """The works contract that is chosen; None: none, or one that is entered anew."""
        return self.works(str(self._forms["works"].values.get("works_id") or ""))

    def _show_chosen(self) -> None:
        """What the works that are chosen are, below their field."""
        works = self._chosen() if self._step == "works" else None
        shown = self.query_one("#chosen", Say)
        shown.display = works is not None
        self._forms["works"].set_class(works is not None, "brief")
        if works is not None:
            shown.say(works_text(self.texts, works, self.known_names()))

    def _review(self, texts: Texts) -> list[Section]:
        return review_sections(texts, self._application(), self.contract, self.known_names())


def _path(typed: str) -> Path:
    path = Path(typed.strip())
    try:
        return path.expanduser()
    except RuntimeError:
        return path
