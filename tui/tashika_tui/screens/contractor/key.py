"""詳細 of an electronic guarantee: where its key stands. The key itself shows only when somebody asks for it."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult

from tashika_tui.client.records import Key, WatchEvent
from tashika_tui.i18n import Texts
from tashika_tui.presenting.contract import advice_section
from tashika_tui.presenting.handing_in import is_out, key_sections
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import day_text, moment_text, yen_text
from tashika_tui.screens.contractor.handing_in import HandInScreen
from tashika_tui.screens.contractor.history import HistoryScreen
from tashika_tui.screens.contractor.notice import deliver_notice
from tashika_tui.screens.contractor.reissuing import ask_for_key, reissue
from tashika_tui.screens.shared.changes import concerns
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.screens.shared.openings import OpeningsScreen
from tashika_tui.widgets.field_sheet import FieldSheet


class KeyDetail(ContractScreen[None]):
    """電子保証（認証キー）の詳細. Enter leads to 電子保証履歴一覧."""

    TITLE = "contractor.key_detail"
    KEYS = ("open", "save_document", "show_key", "hand_in", "openings", "reissue_key")
    FOOTER = ("open", "save_document", "hand_in", "openings", "show_key", "back")
    HELP = "contractor.key_detail_help"
    LABELS: ClassVar[Mapping[str, str]] = {
        "open": "contractor.to_history",
        "save_document": "contractor.save_notice",
    }

    def __init__(self, contract_id: str) -> None:
        super().__init__(contract_id)
        self._key: Key | None = None
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """One sheet."""
        yield FieldSheet(self._sections)

    async def load(self) -> None:
        """Reads the contract; a key that was shown stays, unless another one took its place."""
        contract = await self.read()
        if self._key is not None and contract.keys and contract.keys[-1].generation != self._key.generation:
            self._key = None
        self.query_one(FieldSheet).show(self._sections)

    def changed(self, event: WatchEvent) -> None:
        """Follows its contract."""
        if concerns(event, self.contract_id):
            self.load_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The contractor issues a key anew as long as nobody else has it."""
        contract = self.contract
        if action == "reissue_key":
            return contract is not None and bool(contract.keys) and not is_out(contract)
        return True

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

    def action_reissue_key(self) -> None:
        """Issues the key anew."""
        self.perform(self._reissue)

    async def _save(self) -> None:
        await deliver_notice(self, self.contract or await self.read())

    async def _show_key(self) -> None:
        key = await ask_for_key(self, self.contract_id)
        if key is not None:
            self._key = key
            self.query_one(FieldSheet).show(self._sections)

    async def _reissue(self) -> None:
        if self.contract is not None and await reissue(self, self.contract, self._intents):
            await self.load()

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
        sections = [head, *key_sections(texts, contract, "contractor")]
        if contract.hand_in_advice is not None:
            sections.append(advice_section(texts, contract.hand_in_advice))
        return sections
