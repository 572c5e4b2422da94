"""電子保証履歴一覧: the versions of a certificate, and before the issue what was applied for or accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tashika_tui.client.records import Contract, Day, File, Moment, VersionRow, WatchEvent
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.contract import contract_sections
from tashika_tui.presenting.fees import fee_is_told
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import bytes_text, day_text, moment_text
from tashika_tui.screens.contractor.check import CheckScreen
from tashika_tui.screens.contractor.handing_in import HandInScreen
from tashika_tui.screens.contractor.notice import deliver_notice
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.columns import Few
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.screens.shared.names import read_names
from tashika_tui.screens.shared.openings import OpeningsScreen
from tashika_tui.screens.shared.statement import StatementScreen
from tashika_tui.screens.shared.words import certificate_words
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.words import Say

_BEFORE_ISSUE = ("SUBMITTED", "RETURNED", "PENDING_APPROVAL", "ACCEPTED")


@dataclass(frozen=True, slots=True)
class _Row:
    """A version; 0: what stands before the first issue, of which `about` says what it is."""

    version: int
    about: str
    day: Day | None = None
    time: Moment | None = None
    size_bytes: int = 0


def _version(row: _Row, texts: Texts) -> str:
    return texts("value.version", version=row.version) if row.version else texts("contractor.before_issue")


def _size(row: _Row, texts: Texts) -> str:
    return bytes_text(texts, row.size_bytes) if row.version else ""


_COLUMNS = (
    Column[_Row]("label.version", _version, 10),
    Column[_Row]("contractor.what", lambda row, texts: texts(row.about), 16, grow=1),
    Column[_Row]("label.issue_date", lambda row, texts: day_text(texts, row.day), 16),
    Column[_Row]("contractor.issued_at", lambda row, texts: moment_text(texts, row.time), 28, drop=2),
    Column[_Row]("contractor.size", _size, 15, right=True, drop=1),
)


class HistoryScreen(ContractScreen[None]):
    """電子保証履歴一覧 of a contract. On the way of the keys (`keys`) printing gives the notice of the key, else
    the certificate under the cursor.
    """

    TITLE = "contractor.history"
    KEYS = (
        *("save_document", "details", "hand_in", "openings", "edit", "withdraw"),
        *("fee_sheet", "statement"),
    )
    FOOTER = ("open", "save_document", "hand_in", "edit", "details", "withdraw", "back", "help")
    HELP = "contractor.history_help"
    LABELS: ClassVar[Mapping[str, str]] = {"open": "contractor.to_check"}

    def __init__(self, contract_id: str, *, keys: bool = False) -> None:
        super().__init__(contract_id)
        self._keys = keys
        self._intents = Intents()
        self._rows: Few[_Row] = Few()

    def body(self) -> ComposeResult:
        """Which contract, and the versions."""
        yield Say("", id="head")
        yield PagedList(_COLUMNS, self._rows.page, lambda row: str(row.version), search=False)

    async def load(self) -> None:
        """Reads the contract and its versions."""
        contract = await self.read()
        versions: tuple[VersionRow, ...] = ()
        if contract.version:
            versions = await self.ask(lambda register: register.list_certificates(self.contract_id))
        self._rows[:] = _rows(contract, versions)
        await self.query_one(PagedList).load()
        self.refresh_bindings()

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def label_key(self, action: str) -> str:
        """What is saved is another document on each of the two ways here."""
        if action == "save_document":
            return "contractor.save_notice" if self._keys else "contractor.save_certificate"
        return super().label_key(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the state of the contract allows."""
        contract = self.contract
        match action:
            case "save_document":
                return contract is not None and contract.version > 0
            case "hand_in" | "openings":
                return contract is not None and contract.version > 0 and contract.application.form != "PAPER"
            case "edit":
                return contract is not None and contract.state == "RETURNED"
            case "withdraw":
                return contract is not None and contract.state in _BEFORE_ISSUE
            case "fee_sheet":
                return contract is not None and fee_is_told(contract)
            case "statement":
                return contract is not None and contract.monthly_payer
            case _:
                return True

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.app.push_screen(CheckScreen(self.contract_id, event.row.version), lambda _: self.load_now())

    def action_save_document(self) -> None:
        """印刷: the notice of the key, or the certificate."""
        self.perform(self._save_notice if self._keys else self._save_certificate)

    def action_details(self) -> None:
        """All about the contract."""
        self.app.push_screen(DetailsScreen(self.contract_id))

    def action_hand_in(self) -> None:
        """How to hand in the key, and the record of it."""
        self.app.push_screen(HandInScreen(self.contract_id))

    def action_openings(self) -> None:
        """Who tried to open the certificate, and when."""
        self.app.push_screen(OpeningsScreen(self.contract_id))

    def action_edit(self) -> None:
        """Corrects a returned application."""
        from tashika_tui.screens.contractor.application import ApplicationScreen

        self.app.push_screen(ApplicationScreen(contract_id=self.contract_id), lambda _: self.load_now())

    def action_fee_sheet(self) -> None:
        """保証料計算書."""
        self.perform(self._save_fee_sheet)

    def action_statement(self) -> None:
        """一括納付明細書 with the contract's guarantor."""
        if self.contract is not None:
            self.app.push_screen(StatementScreen(self.contract.guarantor_id))

    def action_withdraw(self) -> None:
        """Takes the application back."""
        self.perform(self._withdraw)

    async def _save_notice(self) -> None:
        await deliver_notice(self, self.contract or await self.read())

    async def _save_certificate(self) -> None:
        row = self.query_one(PagedList).row
        version = row.version if row is not None else 0
        contract = self.contract or await self.read()

        async def fetch() -> File:
            return await self.ask(lambda register: register.download_certificate(self.contract_id, version))

        await self.deliver_from(fetch, certificate_words(contract.contract_number, version))

    async def _save_fee_sheet(self) -> None:
        contract = self.contract or await self.read()

        async def fetch() -> File:
            return await self.ask(lambda register: register.download_fee_sheet(self.contract_id))

        await self.deliver_from(fetch, ("fee-sheet", contract.contract_number))

    async def _withdraw(self) -> None:
        contract = self.contract
        if contract is None:
            return
        asked = say("contractor.withdraw_question", number=contract.contract_number)
        yes = say("contractor.withdraw_yes")
        if not await self.confirm_typed(asked, say("contractor.withdraw_phrase"), yes):
            return
        request_id = self._intents.id_for("withdraw", contract.etag)
        await self.ask(lambda register: register.withdraw_contract(contract, request_id=request_id))
        self.toast(say("contractor.withdrawn"))
        await self.load()


class DetailsScreen(ContractScreen[None]):
    """Everything about a contract, to be read."""

    TITLE = "contractor.details"
    FOOTER = ("scroll_page_down", "scroll_page_up", "back", "palette", "help")
    HELP = "contractor.details_help"

    def __init__(self, contract_id: str) -> None:
        super().__init__(contract_id)
        self._names: Mapping[str, str] = {}

    def body(self) -> ComposeResult:
        """One sheet."""
        yield FieldSheet(self._sections)

    async def load(self) -> None:
        """Reads the contract."""
        contract = await self.read()
        self._names = await read_names(self, contract.application)
        self.query_one(FieldSheet).show(self._sections)

    def _sections(self, texts: Texts) -> list[Section]:
        if self.contract is None:
            return []
        return contract_sections(texts, self.contract, self._names)


def _rows(contract: Contract, versions: tuple[VersionRow, ...]) -> list[_Row]:
    if not versions:
        if contract.terms is not None:
            return [_Row(0, "contractor.accepted_terms", time=contract.steps.accept_time)]
        return [_Row(0, "contractor.applied_for", time=contract.submit_time)]
    return [
        _Row(
            row.version,
            "contractor.current" if row.version == contract.version else "contractor.superseded",
            row.issue_date,
            row.issue_time,
            row.pdf_size_bytes,
        )
        for row in versions
    ]
