"""Keeping an application on the server: its works, its draft, and what others did to it meanwhile."""

from collections.abc import Mapping
from dataclasses import replace

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.i18n import Wording, say
from tashika_tui.problems import LocalError
from tashika_tui.screens.contractor.choosing import Choosing
from tashika_tui.screens.contractor.conflict import ConflictScreen
from tashika_tui.screens.contractor.drafting import NEW_WORKS, application_of, works_of
from tashika_tui.screens.contractor.steps import forms
from tashika_tui.screens.contractor.works_form import WorksForm
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.widgets.form import Form, Value
from tashika_tui.widgets.values import Choice

DRAFTS = ("DRAFT", "RETURNED")

# What stands in the fields of each step.
Typed = Mapping[str, Mapping[str, str]]


class Saving(Choosing):
    """A screen with an application in forms, one per step. Subclasses show them, and say which step is on top."""

    def __init__(self, application: records.Application | None, contract_id: str) -> None:
        super().__init__()
        self.contract_id = contract_id
        self.contract: records.Contract | None = None
        self._begun = application
        self._before = application or records.Application()
        self._forms: dict[str, Form] = forms(self._product, self.works)
        self._intents = Intents()
        self._overwrite = False

    def unsaved(self) -> bool:
        """Whether something was typed that is not on the server."""
        return any(form.dirty for form in self._forms.values()) or (
            self._begun is not None and self.contract is None
        )

    # --- for a subclass to say ---------------------------------------------------------------------------------

    def go(self, step: str, field: str = "") -> None:
        """Shows a step, with the cursor in a field of it."""

    def take(self, contract: records.Contract) -> None:
        """Shows what is on the server, in place of what is typed."""

    # --- for a subclass to use ---------------------------------------------------------------------------------

    @property
    def works_form(self) -> WorksForm:
        """The first step."""
        form = self._forms["works"]
        assert isinstance(form, WorksForm)
        return form

    async def save(self) -> bool:
        """Whether what is typed is on the server now. What can't be understood is left out of it."""
        if not await self._enter_works():
            return False
        await self._settle()
        application, contract = self._application(), self.contract
        if contract is not None and not (self.unsaved() or self._overwrite):
            return True
        sent = {step: form.typed for step, form in self._forms.items()}
        try:
            saved = await self._send(application, contract)
        except RefusedByServer as error:
            if error.reason == "ETAG_MISMATCH":
                await self.conflict(application)
                return False
            if not self.show_refusal(error):
                raise
            return False
        self.saved(saved, sent)
        return True

    def saved(self, contract: records.Contract, sent: Typed | None = None) -> None:
        """Keeps what the server has now. `sent` is what stood in the fields when it was asked."""
        # Remarks come with the reading only where the state has them; they go when it is submitted.
        self.contract, self.contract_id = contract, contract.contract_id
        self._before = contract.application
        self._begun = None
        self._overwrite = False
        for step, form in self._forms.items():
            form.mark_saved(sent[step] if sent is not None else None)
        self.refresh_bindings()
        self.refresh_frame()

    def not_a_draft(self, contract: records.Contract) -> LocalError:
        """What is said of a draft that somebody has submitted, withdrawn or whatever else."""
        return LocalError("contractor.not_a_draft_any_more", state=self.texts.choice("state", contract.state))

    async def conflict(self, mine: records.Application) -> None:
        """Somebody else changed the draft meanwhile: reload it, or compare."""
        contract_id = self.contract_id
        theirs = await self.ask(lambda register: register.get_contract(contract_id))
        if theirs.state not in DRAFTS:
            raise self.not_a_draft(theirs)
        chosen = await self.pick(
            say("contractor.conflict_question"),
            (
                Choice("compare", say("contractor.conflict_compare")),
                Choice("reload", say("contractor.conflict_reload")),
                Choice("stay", say("contractor.conflict_stay")),
            ),
        )
        if chosen == "reload":
            self.take(theirs)
        elif chosen == "compare":
            screen = ConflictScreen(mine, theirs.application, await self.names_of(theirs.application))

            def answered(keep: bool | None) -> None:
                if keep:
                    self.contract, self._overwrite = theirs, True
                    self.action_save()

            self.app.push_screen(screen, answered)

    def action_save(self) -> None:
        """Keeps the draft on the server."""

    def show_refusal(self, error: RefusedByServer) -> bool:
        """Shows the server's causes at their fields, and goes to the first. False: none has a field."""
        return self.show_at_fields({each.field: each.sentence for each in error.fields})

    def show_at_fields(self, problems: Mapping[str, Wording]) -> bool:
        """The same for sentences by the fields' paths."""
        plain = {
            path.removeprefix("application.").removeprefix("terms."): words
            for path, words in problems.items()
        }
        if any(name.startswith("works.") for name in plain):
            # What was entered before is corrected where it is shown.
            self.works_form.edit()
        first, first_name = "", ""
        for step, form in self._forms.items():
            mine = {name: words for name, words in plain.items() if name in form.typed}
            if step == "works":
                mine |= {name: words for name, words in plain.items() if name.startswith("works.")}
            form.show_problems(mine)
            if mine and not first:
                first, first_name = step, next(iter(mine))
        if first:
            self.go(first, first_name)
        return bool(first)

    def point_at_malformed(self) -> bool:
        """Goes to the first field whose text can't be understood. False: there is none."""
        for step, form in self._forms.items():
            for name in form.malformed:
                self.go(step, name)
                form.point_at(name)
                return True
        return False

    # --- of its own --------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """What was sent without an answer is asked for first: else a second draft came beside it, or a conflict with
        oneself.
        """
        etag = self.contract.etag if self.contract is not None else ""
        if self._intents.is_unanswered("save", self._application(), etag):
            # It is the same, and is sent again as the same request.
            return
        earlier: records.Contract | None = await self._intents.settle("save")
        if earlier is not None:
            self.contract, self.contract_id = earlier, earlier.contract_id
            self._begun = None

    async def _send(
        self, application: records.Application, contract: records.Contract | None
    ) -> records.Contract:
        if contract is None:
            return await self._intents.send(
                "save",
                (application, ""),
                lambda request_id: self.ask(
                    lambda register: register.create_contract(application, request_id=request_id)
                ),
            )
        return await self._intents.send(
            "save",
            (application, contract.etag),
            lambda request_id: self.ask(
                lambda register: register.update_contract(contract, application, request_id=request_id)
            ),
        )

    async def _enter_works(self) -> bool:
        """Registers works that were entered anew, so that the application can name them, and what was corrected of
        known ones.
        """
        form = self.works_form
        corrected = form.corrected()
        if form.chosen != NEW_WORKS and corrected is None:
            return True
        if form.malformed:
            self.point_at_malformed()
            return False
        if not form.values.get("works.name"):
            self.go("works")
            form.complete()
            return False
        try:
            if corrected is not None:
                await self._correct(corrected)
            else:
                await self._register(works_of(form.values))
        except RefusedByServer as error:
            if corrected is not None and error.reason == "ETAG_MISMATCH":
                await self._works_conflict(corrected.works_id)
                return False
            if not self.show_refusal(error):
                raise
            return False
        return True

    async def _register(self, works: records.Works) -> None:
        earlier: records.Works | None = None
        if not self._intents.is_unanswered("works", works):
            earlier = await self._intents.settle("works")
        if earlier is not None:
            # Sent before something of it was changed: it is there, and is corrected.
            self.put_works(earlier)
            await self._correct(_same_place(works, earlier))
            return
        entered: records.Works = await self._intents.send(
            "works",
            (works,),
            lambda request_id: self.ask(lambda register: register.create_works(works, request_id=request_id)),
        )
        self.put_works(entered)
        self.works_form.take_entered(entered.works_id)

    async def _correct(self, works: records.Works) -> None:
        held = works
        if not held.etag:
            # The works within an application are a snapshot, without the mark of its state.
            now = await self.ask(lambda register: register.get_works(works.works_id))
            held = _same_place(works, now)
        changed: records.Works = await self._intents.send(
            "correct",
            (held,),
            lambda request_id: self.ask(lambda register: register.update_works(held, request_id=request_id)),
        )
        self.put_works(changed)
        self.works_form.take_entered(changed.works_id)
        # The application takes the works as they are when it is saved.
        self._overwrite = True

    async def _works_conflict(self, works_id: str) -> None:
        """Somebody else changed the works: what was typed stays, all else shows as it is now."""
        self.put_works(await self.ask(lambda register: register.get_works(works_id)))
        self.works_form.show_untouched()
        raise LocalError("contractor.works_changed")

    def _application(self) -> records.Application:
        values = self._values()
        return application_of(values, self.works(str(values.get("works_id") or "")), self._before)

    def _values(self) -> dict[str, Value]:
        return {name: value for form in self._forms.values() for name, value in form.values.items()}

    def _product(self) -> str:
        return str(self._forms["guarantee"].values.get("product") or "")


def _same_place(works: records.Works, held: records.Works) -> records.Works:
    """`works` in the place of those that are held."""
    return replace(
        works,
        works_id=held.works_id,
        initial_contract_date=held.initial_contract_date,
        etag=held.etag,
    )
