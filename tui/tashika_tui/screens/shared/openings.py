"""Who tried to open a certificate with its number and a key."""

from textual.app import ComposeResult

from tashika_tui.client.records import Opening
from tashika_tui.i18n import Texts
from tashika_tui.presenting.wording import moment_text
from tashika_tui.screens.shared.columns import Few
from tashika_tui.screens.shared.contract_screen import ContractScreen
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.words import Say


def _outcome(row: Opening, texts: Texts) -> str:
    if not row.success:
        return texts("contractor.not_right")
    # Which of several keys it was is told where there has been more than one.
    return texts(
        "contractor.opened" if row.generation <= 1 else "contractor.opened_with", number=row.generation
    )


_OPENINGS = (
    Column[Opening]("contractor.open_time", lambda row, texts: moment_text(texts, row.open_time), 28),
    Column[Opening]("contractor.outcome", _outcome, 24),
    Column[Opening]("contractor.peer", lambda row, _: row.peer, 16, grow=1),
)


class OpeningsScreen(ContractScreen[None]):
    """The attempts to open, right and wrong, for both parties."""

    TITLE = "contractor.openings"
    FOOTER = ("back", "reload", "palette", "help")
    HELP = "contractor.openings_help"

    def __init__(self, contract_id: str) -> None:
        super().__init__(contract_id)
        self._rows: Few[Opening] = Few()

    def body(self) -> ComposeResult:
        """Which contract, and the attempts."""
        yield Say("", id="head")
        yield PagedList(
            _OPENINGS,
            self._rows.page,
            lambda row: f"{row.open_time} {row.peer}",
            empty="contractor.openings_empty",
            search=False,
        )

    async def load(self) -> None:
        """Reads the attempts."""
        await self.read()
        self._rows[:] = await self.ask(lambda register: register.list_openings(self.contract_id))
        await self.query_one(PagedList).load()
