"""The application for a guarantee as a wizard: five steps, the live quote beside them, the draft on the server."""

from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer, RegisterError
from tashika_tui.client.intent import new_request_id
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import JAPAN, yen_text
from tashika_tui.problems import LocalError
from tashika_tui.screens.contractor.drafting import values_of
from tashika_tui.screens.contractor.quote import QuotePanel
from tashika_tui.screens.contractor.review import review_sections, works_text
from tashika_tui.screens.contractor.saving import DRAFTS, Saving
from tashika_tui.screens.contractor.steps import STEPS
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.form import Form
from tashika_tui.widgets.words import Say

_WIDE_COLUMNS = 110
_MOST_REMARKS = 3


class ApplicationScreen(Saving):
    """An application: new, begun with a copy, or one that is on the server already."""

    TITLE = "contractor.application"
    KEYS = ("next_step", "previous_step", "save", "submit", "use_limit", "edit_works", "attach", "discard")
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
        super().__init__(application, contract_id)
        self._step = STEPS[0]
        self._quote: records.Quote | None = None
        self._filled = False
        self._last_path = ""
        self._aim = ""

    # --- what is shown -----------------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The steps' names, the form of one of them, and the quote."""
        yield Say("", id="steps")
        yield Say("", id="remarks")
        with Container(id="work"):
            # A draft that is not read yet would go over what is typed.
            with Vertical(id="filled", disabled=bool(self.contract_id)):
                yield from self._forms.values()
                yield Say("", id="chosen")
                yield FieldSheet(self._review, id="review")
            yield QuotePanel(id="quote")

    def on_mount(self) -> None:
        """What is begun here stands in the fields at once; a draft when it is read."""
        super().on_mount()
        if not self.contract_id:
            self._fill(self._before)
            self._focus()

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
        self._show_remarks()
        self._show_quote()

    async def load(self) -> None:
        """Reads what there is to choose from, and, the first time, the draft."""
        await self.read_choices()
        if not self._filled:
            contract_id = self.contract_id
            contract = await self.ask(lambda register: register.get_contract(contract_id))
            if contract.state not in DRAFTS:
                raise self.not_a_draft(contract)
            self.contract, self._before = contract, contract.application
            self._fill(self._before)
            self.query_one("#filled").disabled = False
            if not self._show_at_remarks(contract):
                self._focus()
        self.offer_branches(str(self._forms["guarantee"].values.get("guarantor_id") or ""))
        self.relabel()
        self.refresh_bindings()
        self._ask_quote()

    def changed(self, event: records.WatchEvent) -> None:
        """Looks at the draft when somebody else may have changed it."""
        if self.contract is not None and concerns(event, self.contract_id):
            self.perform(self._look_at_draft, group="look")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can't be done yet is not offered."""
        match action:
            case "save" | "submit" | "attach":
                return self._filled
            case "next_step":
                return self._filled and self._step != STEPS[-1]
            case "previous_step":
                return self._filled and self._step != STEPS[0]
            case "discard":
                return self.contract is not None and self.contract.state == "DRAFT"
            case "use_limit":
                return self._limit() is not None
            case "edit_works":
                return self._filled and self._chosen() is not None
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
        self.go(STEPS[min(STEPS.index(self._step) + 1, len(STEPS) - 1)])

    def action_previous_step(self) -> None:
        """The step before."""
        self.go(STEPS[max(STEPS.index(self._step) - 1, 0)])

    def action_use_limit(self) -> None:
        """Puts the highest (an advance) or lowest (a performance guarantee) amount into its field."""
        limit = self._limit()
        if limit is not None:
            form = self._forms["amount"]
            form.type("amount_yen", limit)
            self.go("amount")

    def action_edit_works(self) -> None:
        """Shows the fields of the works that are chosen, to correct them."""
        self.works_form.edit()
        self.go("works", "works.name")

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
        if await self.save():
            self.toast(say("contractor.saved_but" if self.point_at_malformed() else "contractor.saved"))

    async def _look_at_draft(self) -> None:
        """Shows what somebody else saved where nothing is lost by that, and else says so."""
        contract_id = self.contract_id
        theirs = await self.ask(lambda register: register.get_contract(contract_id))
        mine = self.contract
        if mine is None or theirs.etag == mine.etag or self.at_work or theirs.state not in DRAFTS:
            return
        if self.unsaved():
            self.toast(say("contractor.others_saved"))
        else:
            self.take(theirs)
            self.toast(say("contractor.taken_over"))

    def take(self, contract: records.Contract) -> None:
        """Shows what is on the server, in place of what is typed."""
        self._fill(contract.application)
        self.saved(contract)
        self.relabel()
        self._ask_quote()

    # --- submitting --------------------------------------------------------------------------------------------

    async def _submit(self) -> None:
        for form in self._forms.values():
            # What the server said before is asked anew.
            form.show_problems({})
        if await self._is_submitted() or self._incomplete() or not await self.save():
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
                await self.conflict(contract.application)
            elif not self.show_refusal(error):
                raise
            return
        if self._step != "review":
            self.go("review")
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
        try:
            submitted: records.Contract = await self._intents.send(
                "submit",
                (contract.contract_id, contract.etag),
                lambda request_id: self.ask(
                    lambda register: register.submit_contract(contract, request_id=request_id)
                ),
            )
        except RefusedByServer as error:
            if error.reason != "ETAG_MISMATCH":
                raise
            await self.conflict(application)
            return
        self._leave_submitted(submitted)

    async def _is_submitted(self) -> bool:
        """Whether the submission whose answer was lost was done; then that is said, and the screen goes."""
        contract = self.contract
        if contract is None or not self._intents.is_unanswered("submit", contract.contract_id, contract.etag):
            return False
        now = await self.ask(lambda register: register.get_contract(contract.contract_id))
        if now.state in DRAFTS:
            return False
        self._leave_submitted(now)
        return True

    def _leave_submitted(self, contract: records.Contract) -> None:
        self.saved(contract)
        self.toast(say("contractor.submitted", number=contract.contract_number))
        self.dismiss()

    def _incomplete(self) -> bool:
        """Goes to the first step in which something is missing or wrong."""
        for step, form in self._forms.items():
            if form.problems():
                self.go(step)
                form.complete()
                return True
        return False

    # --- other actions -----------------------------------------------------------------------------------------

    async def _add_document(self) -> None:
        if self.session.context.hosted:
            # A path would be one of the host's own files.
            raise LocalError("hosting.no_attach")
        if not await self.save() or self.contract is None:
            return
        where = await self.enter_text(say("contractor.attach_question"), self._last_path)
        if where is None:
            return
        self._last_path = where
        contract, path = self.contract, _path(where)
        self.contract = await self._intents.send(
            "attach",
            (contract.etag, path, _state_of(path)),
            lambda request_id: self.ask(
                lambda register: register.attach_document(contract, path, request_id=request_id)
            ),
        )
        self._last_path = ""
        self.toast(say("contractor.attached", name=path.name))
        self.query_one(FieldSheet).show(self._review)

    async def _discard(self) -> None:
        contract = self.contract
        if contract is None or not await self.confirm(
            say("contractor.discard_question"), say("contractor.discard_yes")
        ):
            return
        await self._intents.send(
            "discard",
            (contract.etag,),
            lambda request_id: self.ask(
                lambda register: register.delete_draft(contract, request_id=request_id)
            ),
        )
        for form in self._forms.values():
            form.mark_saved()
        self.toast(say("contractor.discarded"))
        self.dismiss()

    # --- of its own --------------------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        """What the quote says of the field with the cursor comes first."""
        form = self._forms.get(self._step)
        if form is not None:
            self.query_one(QuotePanel).stand_at(form.current, form.typed)

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        if event.form.id == "guarantee":
            self.offer_branches(str(event.values.get("guarantor_id") or ""))
            for step in ("amount", "people"):
                self._forms[step].show_problems({})
        self._show_chosen()
        self._ask_quote()

    def _fill(self, application: records.Application) -> None:
        if application.works is not None:
            self.add_works(application.works)
        values = values_of(application) | {"works.low_bid": False, "works.multi_year": False}
        if values["period_start"] is None and not values["period_on_signing"]:
            values["period_start"] = self.session.context.now().astimezone(JAPAN).date()
        self.offer_branches(application.guarantor_id)
        for form in self._forms.values():
            form.set_values(values)
        self._filled = True

    def go(self, step: str, field: str = "") -> None:
        """Shows a step, with the cursor in a field: this one, else the first with a problem, else the first."""
        self._step, self._aim = step, field
        self.relabel()
        self.refresh_bindings()
        if step == "review":
            self.query_one(FieldSheet).show(self._review)
        form = self._forms.get(step)
        if form is None or all(map(form.takes_keyboard, form.values)):
            # At once: until it is drawn there would be no field for what is typed next.
            self._focus()
        else:
            # What is typed meanwhile waits, as for a list to choose from.
            self.perform(self._focus_mounted, group="choose")

    async def _focus_mounted(self) -> None:
        form = self._forms.get(self._step)
        if form is not None:
            await form.mounted()
        self._focus()

    def _focus(self) -> None:
        if self._step == "review":
            self.query_one("#review").focus()
            return
        form = self._forms[self._step]
        if self._aim in form.values:
            form.go_to(self._aim)
            return
        problems = form.problems()
        form.go_to(next((name for name in form.values if name in problems), next(iter(form.values))))

    def _limit(self) -> int | None:
        if self._quote is None:
            return None
        least = self._product() == "PERFORMANCE"
        return self._quote.minimum_yen if least else self._quote.maximum_yen

    def _ask_quote(self) -> None:
        self.run_worker(
            self.client.guarded(self._read_quote), group="quote", exclusive=True, exit_on_error=False
        )

    async def _read_quote(self) -> None:
        application = self._application()
        try:
            # Nobody asked for it, so that it asks nobody for a password. What can't be judged is said when it is
            # saved.
            self._quote = await self.session.call(lambda register: register.quote_contract(application))
        except RegisterError:
            self._quote = None
        self._show_quote()
        self.refresh_bindings()

    def _show_remarks(self) -> None:
        """The first of what the guarantor wants corrected; each stands at its field too."""
        texts = self.texts
        remarks = list(self.contract.remarks) if self.contract is not None else []
        # Those that stand at no field first.
        placed = {f"application.{name}" for form in self._forms.values() for name in form.typed}
        remarks.sort(key=lambda remark: remark.field in placed)
        lines = [texts("contractor.remark", text=remark.text) for remark in remarks[:_MOST_REMARKS]]
        if len(remarks) > _MOST_REMARKS:
            lines.append(texts("contractor.more_remarks", count=len(remarks) - _MOST_REMARKS))
        shown = self.query_one("#remarks", Say)
        shown.display = bool(lines)
        shown.say("\n".join(lines))

    def _show_at_remarks(self, contract: records.Contract) -> bool:
        """Shows the guarantor's remarks at their fields, and goes to the first. False: there are none."""
        return self.show_at_fields(
            {
                remark.field: say("contractor.remark_here", text=remark.text)
                for remark in contract.remarks
                if remark.field
            }
        )

    def _show_quote(self) -> None:
        ready = "contractor.ready_now" if self._step == "review" else "contractor.ready"
        self.query_one(QuotePanel).show(self._chosen(), self._quote, ready)

    def _chosen(self) -> records.Works | None:
        """The works contract that is chosen; None: none, or one that is entered anew."""
        return self.works(str(self._forms["works"].values.get("works_id") or ""))

    def _show_chosen(self) -> None:
        """What the works that are chosen are, below their field."""
        works = self._chosen() if self._step == "works" and not self.works_form.editing else None
        shown = self.query_one("#chosen", Say)
        shown.display = works is not None
        self._forms["works"].set_class(works is not None, "brief")
        if works is not None:
            what = works_text(self.texts, works, self.known_names())
            shown.say(f"{what}\n\n{self.texts('contractor.works_hint')}")

    def _review(self, texts: Texts) -> list[Section]:
        return review_sections(texts, self._application(), self.contract, self.known_names())


def _path(typed: str) -> Path:
    path = Path(typed.strip())
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _state_of(path: Path) -> tuple[int, int] | None:
    """What is another file under the same name."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns
