"""詳細 of an electronic guarantee: where its key stands. The key itself shows only when somebody asks for it."""

from textual.app import ComposeResult

from tashika_tui.client.records import Key, WatchEvent
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.contract import advice_section
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import day_text, moment_text, yen_text
from tashika_tui.screens.contractor.handing_in import HandInScreen, OpeningsScreen
from tashika_tui.screens.contractor.history import HistoryScreen
from tashika_tui.screens.contractor.notice import deliver_notice
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import ContractScreen, handed_in
from tashika_tui.widgets.field_sheet import FieldSheet


class KeyDetail(ContractScreen[None]):
    """電子保証（認証キー）の詳細. Enter leads to 電子保証履歴一覧."""

    TITLE = "contractor.key_detail"
    KEYS = ("open", "save_document", "show_key", "hand_in", "openings")
    FOOTER = ("open", "save_document", "hand_in", "openings", "show_key", "back")
    HELP = "contractor.key_detail_help"

    def __init__(self, contract_id: str) -> None:
        super().__init__(contract_id)
        self._key: Key | None = None

    def body(self) -> ComposeResult:
        """One sheet."""
        yield FieldSheet(self._sections)

    async def load(self) -> None:
        """Reads the contract."""
        await self.read()
        self.query_one(FieldSheet).show(self._sections)

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def action_open(self) -> None:
        """電子保証履歴一覧."""
        self.app.push_screen(HistoryScreen(self.contract_id, keys=True))

    def action_save_document(self) -> None:
        """印刷, without the way over the versions."""
        self.perform(self._save)

    def action_show_key(self) -> None:
        """Shows the key, after a word that this is recorded."""
        self.perform(self._show_key)

    def action_hand_in(self) -> None:
        """How to hand in the key, and the record of it."""
        self.app.push_screen(HandInScreen(self.contract_id), lambda _: self.load_now())

    def action_openings(self) -> None:
        """Who tried to open the certificate, and when."""
        self.app.push_screen(OpeningsScreen(self.contract_id))

    async def _save(self) -> None:
        await deliver_notice(self, self.contract or await self.read())

    async def _show_key(self) -> None:
        if not await self.confirm(
            say("contractor.show_key_question"),
            say("contractor.show_key_yes"),
            lines=(say("contractor.show_key_about"),),
        ):
            return
        self._key = await self.ask(lambda register: register.get_key(self.contract_id))
        self.query_one(FieldSheet).show(self._sections)

    def _sections(self, texts: Texts) -> list[Section]:
        contract = self.contract
        if contract is None:
            return []
        terms = contract.terms or contract.application
        works = terms.works
        key = self._key.key if self._key is not None else texts("contractor.key_hidden")
        head = Section(
            "",
            [
                (texts("label.contract_number"), contract.contract_number),
                (texts("contractor.key"), key),
                (texts("label.state"), texts.choice("state", contract.state)),
                (texts("label.version"), texts("value.version", version=contract.version)),
                (texts("label.issue_time"), moment_text(texts, contract.issue_time)),
                (texts("label.product"), texts.choice("product", terms.product)),
                (texts("label.guaranteed_amount"), yen_text(texts, terms.amount_yen)),
                (texts("label.works_number"), works.number if works is not None else ""),
                (texts("label.works_name"), works.name if works is not None else ""),
                (
                    texts("label.contract_date"),
                    day_text(texts, works.contract_date) if works is not None else "",
                ),
            ],
        )
        sections = [head, handed_in(contract, texts)]
        if contract.hand_in_advice is not None:
            sections.append(advice_section(texts, contract.hand_in_advice))
        return sections
