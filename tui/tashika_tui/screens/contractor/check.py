"""保証契約内容の確認画面: what was applied for beside what was accepted or issued, and the report of an error."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult

from tashika_formats.statement import StatementError, parse_envelope
from tashika_tui.client.errors import BrokenAnswer
from tashika_tui.client.records import Application, Contract, Remark, WatchEvent
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.comparison import SECTIONS, different_paths, pairs, stated, value_text
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.screens.shared.names import read_names
from tashika_tui.widgets.field_sheet import CompareSheet, Comparison
from tashika_tui.widgets.form import Field, Form, Heading, Value
from tashika_tui.widgets.words import Say

_WHOLE = "whole"


class CheckScreen(ContractScreen[None]):
    """The contents to be checked: of a version, or (version 0) of what stands before the first issue."""

    TITLE = "contractor.check"
    KEYS = ("report_error",)
    DEFAULT_CSS = """
    CheckScreen #verdict.marked { color: $warning; text-style: bold; }
    CheckScreen #verdict.marked:ansi { color: ansi_default; text-style: bold; }
    """

    FOOTER = ("next_difference", "report_error", "scroll_page_down", "back", "help", "scroll_page_up")
    HELP = "contractor.check_help"

    def __init__(self, contract_id: str, version: int) -> None:
        super().__init__(contract_id)
        self._version = version
        self._right: Application | None = None
        self._names: Mapping[str, str] = {}

    def body(self) -> ComposeResult:
        """Which contract, how many differences, and both sides."""
        yield Say("", id="head")
        yield Say("", id="verdict", classes="note")
        yield CompareSheet()

    async def load(self) -> None:
        """Reads the contract, and the version."""
        contract = await self.read()
        self._names = await read_names(self, contract.application)
        if self._version:
            view = await self.ask(lambda register: register.get_certificate(self.contract_id, self._version))
            try:
                self._right = stated(parse_envelope(view.certificate.envelope), contract.application)
            except StatementError:
                raise BrokenAnswer from None
        else:
            self._right = contract.terms or contract.application
        self.query_one(CompareSheet).show(self._comparison)
        self.relabel()
        self.refresh_bindings()

    def relabel(self) -> None:
        """Which contract, and how many differences."""
        super().relabel()
        if self.contract is None or self._right is None:
            return
        count = len(list(different_paths(self.contract.application, self._right)))
        if not self._version and self.contract.terms is None:
            verdict = say("contractor.not_accepted_yet")
        elif count:
            verdict = say("contractor.differences", count=count)
        else:
            verdict = say("contractor.no_difference")
        said = self.query_one("#verdict", Say)
        said.set_class(bool(count), "marked")
        said.say(verdict)

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An error is reported before the issue."""
        if action == "report_error":
            return self.contract is not None and self.contract.state in ("PENDING_APPROVAL", "ACCEPTED")
        return True

    def action_report_error(self) -> None:
        """Sends it back to the guarantor, with a remark per field."""
        if self.contract is not None and self._right is not None:
            screen = ReportScreen(self.contract, self._right, self._names)
            self.app.push_screen(screen, lambda _: self.load_now())

    def _comparison(self, texts: Texts) -> Comparison:
        contract, right = self.contract, self._right
        if contract is None or right is None:
            return Comparison("", "", [])
        if self._version:
            heading = texts("contractor.certificate_side", version=self._version)
        else:
            heading = texts("contractor.terms_side" if contract.terms is not None else "contractor.same_side")
        sections = pairs(texts, contract.application, right, self._names)
        return Comparison(texts("contractor.application_side"), heading, sections)


class ReportScreen(BaseScreen[None]):
    """What is wrong with what the guarantor accepted: a line for each field, with its value under it."""

    TITLE = "contractor.report"
    KEYS = ("submit",)
    FOOTER = ("submit", "form_page_down", "form_page_up", "back", "palette", "help")
    HELP = "contractor.report_help"
    LABELS: ClassVar[Mapping[str, str]] = {"submit": "contractor.report_yes"}

    def __init__(self, contract: Contract, right: Application, names: Mapping[str, str]) -> None:
        super().__init__()
        self._contract = contract
        self._right = right
        self._names = names
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """A field of the form for each field that has a value on either side, those that differ first."""
        yield Say(say("contractor.report_about"), classes="note")
        yield Form(self._fields(), self._suggested())

    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self.query_one(Form).dirty

    def action_submit(self) -> None:
        """Sends it."""
        self.perform(self._report)

    def _fields(self) -> list[Field | Heading]:
        differing = list(different_paths(self._contract.application, self._right))
        rest = [path for _, paths in SECTIONS for path in paths if path not in differing]
        rest = [path for path in rest if value_text(self.texts, self._right, path, self._names)]
        fields: list[Field | Heading] = []
        if differing:
            fields += [Heading("contractor.differing"), *map(self._remark_field, differing)]
        fields += [Heading("contractor.others"), *map(self._remark_field, rest)]
        return [*fields, Field(_WHOLE, label="label.whole", max_length=500)]

    def _suggested(self) -> dict[str, Value]:
        """Of what differs, what it ought to be."""
        application = self._contract.application
        found: dict[str, Value] = {}
        for path in different_paths(application, self._right):
            wanted = value_text(self.texts, application, path, self._names).replace("\n", " ")
            found[path] = (
                self.texts("contractor.ought_to_be", value=wanted)
                if wanted
                else self.texts("contractor.ought_to_be_empty")
            )
        return found

    async def _report(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        remarks = tuple(
            Remark("" if name == _WHOLE else f"application.{name}", str(text))
            for name, text in form.values.items()
            if text
        )
        if not remarks:
            self.toast(say("contractor.report_nothing"))
            return
        lines: list[Wording] = [say("contractor.report_lines", count=len(remarks))]
        if not await self.confirm(
            say("contractor.report_question"), say("contractor.report_yes"), lines=lines
        ):
            return
        await self._intents.send_or_settle(
            "report",
            (remarks,),
            lambda request_id: self.ask(
                lambda register: register.report_error(self._contract, remarks, request_id=request_id)
            ),
        )
        form.mark_saved()
        self.toast(say("contractor.reported"))
        self.dismiss()

    def _remark_field(self, path: str) -> Field:
        """A line for what is wrong with a field, with what stands there now as its hint."""
        value = value_text(self.texts, self._right, path, self._names)
        hint = say("contractor.accepted_value", value=value or self.texts("value.nothing"))
        return Field(path, max_length=500, hint=hint)
