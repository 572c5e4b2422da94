"""What every screen is built on.

How to write a screen
---------------------
1. A folder per role (`screens/contractor/`), a file per screen, a class on `BaseScreen`:

       class ContractList(BaseScreen[None]):
           TITLE = "contracts.title"              # breadcrumb, a key of both catalogues
           KEYS = ("new", "save_document")        # actions of keymap.py that this screen has: def action_new(self)
           FOOTER = ("open", "filter", "sort", "new", "back", "help")     # at most six, in this order
           HELP = "contracts.help"                # a paragraph for F1

           def body(self) -> ComposeResult:
               yield PagedList(COLUMNS, self.page, lambda row: row.contract_id)

           async def page(self, query, place, size):
               return await self.ask(lambda register: register.list_contracts(...))

           @on(PagedList.Opened)
           def opened(self, event): self.app.push_screen(ContractScreen(event.row.contract_id))

2. Talk to the server only in `await self.ask(lambda register: register.method(...))`. It handles a lost connection
   (banner, later `load` again), an expired session (asks for the password over the screen, then calls again) and
   raises RegisterError for the rest. A mutation takes its request_id from outside of the lambda, so that a second
   call is the same request.
3. `async def load(self)` asks for and shows what the screen is about. It runs after the screen is shown, on F5,
   after a reconnect and after a change of the language. It must not overwrite what somebody has typed.
4. An action that waits for anything is `def action_submit(self): self.perform(self._submit)`, with
   `async def _submit(self)`. Whatever it raises becomes a dialog: reason, next step, who, reference. Inside it
   `await self.confirm(...)`, `confirm_typed`, `enter_text`, `pick`, `deliver(file)` ask people.
5. Every text is a key of both catalogues: `say("key", name=value)` is a text that changes with the language,
   `self.texts("key")` one that does not. `Say(say("key"))` is the widget that shows one. What you put into words
   yourself you do in `relabel`, which runs before the first frame and at each change of the language.
6. Every key stands in keymap.py, in the section of your role. Use no other bindings.
7. State is a word or a mark, never a colour alone. No ambiguous-width characters (arrows, circles, box lines, …).
8. Text from the server goes through Say, FieldSheet or PagedList, which show control characters written out.
9. Reach the screen from the menu by a row in `screens/entries.py`.
10. Tests: `tests/tui/` has `run(...)` and `shows(...)` for behaviour, and `snapshots.py` for pictures.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.screen import Screen

from tashika_tui.client.port import Register
from tashika_tui.client.records import File
from tashika_tui.i18n import Texts, Wording
from tashika_tui.widgets.form import Choice

T = TypeVar("T")
ResultT = TypeVar("ResultT")


class BaseScreen(Screen[ResultT]):
    """A screen with breadcrumbs, a body, the status line and the footer."""

    TITLE: ClassVar[str]
    KEYS: ClassVar[tuple[str, ...]] = ()
    FOOTER: ClassVar[tuple[str, ...]] = ("help", "palette", "back")
    HELP: ClassVar[str] = ""

    def body(self) -> ComposeResult:
        """The widgets between breadcrumbs and status line."""
        yield from ()

    def crumb(self) -> str:
        """This screen's part of the breadcrumbs."""
        ...

    @property
    def texts(self) -> Texts:
        """The texts in the language that is set."""
        ...

    async def load(self) -> None:
        """Asks for what the screen shows, and shows it."""

    def relabel(self) -> None:
        """Puts into words what the widgets can't put into words themselves."""

    def unsaved(self) -> bool:
        """Whether leaving the screen would lose something; then leaving asks first."""
        return False

    async def ask(self, call: Callable[[Register], Awaitable[T]]) -> T:
        """A call to the register. Raises RegisterError for what only the caller can handle."""
        ...

    def perform(self, work: Callable[[], Awaitable[None]], *, group: str = "perform") -> None:
        """Runs `work`; whatever it raises becomes a dialog. A second call in the same group while the first runs
        does nothing, so that a key pressed twice does not do a thing twice.
        """

    async def confirm(
        self, question: Wording, yes: Wording, no: Wording | None = None, lines: Sequence[Wording] = ()
    ) -> bool:
        """Asks a question."""
        ...

    async def confirm_typed(
        self, question: Wording, phrase: Wording, yes: Wording, lines: Sequence[Wording] = ()
    ) -> bool:
        """Asks about what can't be undone; the phrase must be typed."""
        ...

    async def enter_text(self, question: Wording, value: str = "", *, required: bool = True) -> str | None:
        """Asks for a line of text; None: cancelled."""
        ...

    async def pick(self, question: Wording, choices: Sequence[Choice], chosen: str = "") -> str | None:
        """Asks for one of some choices; None: cancelled."""
        ...

    async def deliver(self, file: File) -> bool:
        """Saves a document where a person says, and tells where it is. False: cancelled."""
        ...

    def toast(self, wording: Wording) -> None:
        """A short message that goes by itself: something was done."""
