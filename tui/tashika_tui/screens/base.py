"""What every screen is built on.

How to write a screen
---------------------
1. A folder per role (`screens/contractor/`), a file per screen, a class on `BaseScreen`:

       class ContractList(BaseScreen[None]):
           TITLE = "contracts.title"              # breadcrumb, a key of both catalogues
           KEYS = ("new", "save_document")        # actions of keymap.py that this screen has: def action_new(self)
           FOOTER = ("open", "filter", "sort", "new", "back", "help")     # at most six, in this order
           HELP = "contracts.help"                # a paragraph for F1
           LABELS = {"submit": "contracts.send"}  # what a key does here, where that can be said more exactly

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
   `def changed(self, event)` hears of every contract that changes anywhere (WatchEvent), while the screen is in use,
   `def unread_changed(self)` of new notices and of those that were read elsewhere.
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

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen

from tashika_tui.client.connection import Link
from tashika_tui.client.errors import ServerNotReachable
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.problems import LocalError
from tashika_tui.session import ClientSession
from tashika_tui.widgets.binding import bind
from tashika_tui.widgets.guard import Guarded
from tashika_tui.widgets.shell import Banner, Crumbs, KeyFooter, StatusLine, TooSmall, watch_size
from tashika_tui.widgets.stacked import Stacked
from tashika_tui.widgets.values import Choice

if TYPE_CHECKING:
    from tashika_tui.app import TashikaApp
    from tashika_tui.client.port import Register
    from tashika_tui.client.records import File, WatchEvent

T = TypeVar("T")
ResultT = TypeVar("ResultT")


class BaseScreen(Guarded, Stacked[ResultT], Generic[ResultT], inherit_bindings=False):
    """A screen with breadcrumbs, a body, the status line and the footer."""

    TITLE: ClassVar[str] = ""
    KEYS: ClassVar[tuple[str, ...]] = ()
    FOOTER: ClassVar[tuple[str, ...]] = ("back", "palette", "help")
    HELP: ClassVar[str] = ""
    LABELS: ClassVar[Mapping[str, str]] = {}

    DEFAULT_CSS = """
    BaseScreen { layers: base over; background: $background; color: $foreground; }
    BaseScreen > #body { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        # Whether one can't go back behind it: the sign-in, the menu.
        self.is_root = False
        # Whether what it shows ought to be read again, and could not be so far.
        self.stale = False
        self._to_load = False
        self._was_read = False
        bind(self, self.KEYS)

    def compose(self) -> ComposeResult:
        """The frame around `body`."""
        yield Crumbs()
        yield Banner()
        with Vertical(id="body"):
            yield from self.body()
        yield StatusLine()
        yield KeyFooter()
        yield TooSmall()

    # --- for a screen to say -----------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The widgets between breadcrumbs and status line."""
        yield from ()

    def crumb(self) -> str:
        """This screen's part of the breadcrumbs."""
        return self.texts(self.TITLE)

    async def load(self) -> None:
        """Asks for what the screen shows, and shows it."""

    def relabel(self) -> None:
        """Puts into words what the widgets can't put into words themselves."""

    def changed(self, event: "WatchEvent") -> None:
        """A contract changed somewhere, or (WatchGap) more than could be told."""

    def unread_changed(self) -> None:
        """Another number of notices is unread (`client.unread`) than before."""

    def label_key(self, action: str) -> str:
        """Where the words stand for what an action does here."""
        return self.LABELS.get(action, f"key.{action}")

    def unsaved(self) -> bool:
        """Whether leaving the screen would lose something; then leaving asks first."""
        return False

    @property
    def busy(self) -> bool:
        """Whether something was sent whose answer is not there yet."""
        return self.at_work and not self._screens_above()

    @property
    def at_work(self) -> bool:
        """Whether something is being done, be it that it waits for somebody's answer."""
        return self._runs("perform")

    # --- for a screen to use -----------------------------------------------------------------------------------

    @property
    def client(self) -> "TashikaApp":
        """The app."""
        return cast("TashikaApp", self.app)

    @property
    def texts(self) -> Texts:
        """The texts in the language that is set."""
        return self.client.texts

    @property
    def session(self) -> ClientSession:
        """Who is signed in, and where."""
        return self.client.session

    async def ask(self, call: Callable[["Register"], Awaitable[T]]) -> T:
        """A call to the register. Raises RegisterError for what only the caller can handle."""
        return await self.client.ask(call)

    def perform(self, work: Callable[[], Awaitable[None]], *, group: str = "perform") -> None:
        """Runs `work`; whatever it raises becomes a dialog. A second call in the same group while the first runs
        does nothing, so that a key pressed twice does not do a thing twice. A screen that is gone does nothing.
        """
        if self not in self.app.screen_stack or self._runs(group):
            return
        self.run_worker(self._through(work), group=group, exit_on_error=False)

    @property
    def passing(self) -> bool:
        """Whether there is nothing here yet to do something with, or what a key set off asks the register: strokes wait
        for what comes of it.
        """
        return self.busy or (not self._was_read and self.is_reading)

    @property
    def choosing(self) -> bool:
        """Whether a list to choose from is to come, but is not there yet."""
        return self._runs("choose") and not self._screens_above()

    @property
    def is_reading(self) -> bool:
        """Whether what the screen is about is being read, or is to be as soon as it stands, or a list in it is."""
        to_read = (self.stale or self._to_load) and self.client.link.link is Link.CONNECTED
        return to_read or self._runs("load", "list-")

    async def _through(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await self.client.guarded(work)
        finally:
            # Once this is over, strokes that waited for it go on.
            self.app.call_later(self.client.strokes.look_again)

    async def confirm(
        self, question: Wording, yes: Wording, no: Wording | None = None, lines: Sequence[Wording] = ()
    ) -> bool:
        """Asks a question."""
        from tashika_tui.widgets.dialogs import Confirm

        return await self.client.push_screen_wait(Confirm(question, yes, no, lines))

    async def confirm_typed(
        self, question: Wording, phrase: Wording, yes: Wording, lines: Sequence[Wording] = ()
    ) -> bool:
        """Asks about what can't be undone; the phrase must be typed."""
        from tashika_tui.widgets.dialogs import TypedConfirm

        return await self.client.push_screen_wait(TypedConfirm(question, phrase, yes, lines))

    async def enter_text(self, question: Wording, value: str = "", *, required: bool = True) -> str | None:
        """Asks for a line of text; None: cancelled."""
        from tashika_tui.widgets.dialogs import TextDialog

        return await self.client.push_screen_wait(TextDialog(question, value, required=required))

    async def pick(self, question: Wording, choices: Sequence[Choice], chosen: str = "") -> str | None:
        """Asks for one of some choices; None: cancelled."""
        from tashika_tui.widgets.dialogs import PickDialog

        return await self.client.push_screen_wait(PickDialog(question, choices, chosen))

    async def deliver_from(self, fetch: Callable[[], Awaitable["File"]], get: Sequence[str]) -> bool:
        """Fetches a document and delivers it. Where the client runs on a host, nothing is fetched here: the person is
        shown the command that gets it; `get` are its words (`notice`, a contract's number). False: cancelled.
        """
        command = self.session.context.delivery.command(get)
        if command is None:
            return await self.deliver(await fetch())
        from tashika_tui.widgets.dialogs import CommandDialog

        about = say("hosting.get_with_key" if "--with-key" in get else "hosting.get_about")
        await self.client.push_screen_wait(CommandDialog(say("hosting.get"), command, about))
        return True

    async def deliver(self, file: "File") -> bool:
        """Saves a document where a person says, and tells where it is. Where that can't be done it says why, and
        asks again. False: cancelled. At a host there is nothing to save to: say with `deliver_from` how the person
        gets it.
        """
        delivery = self.session.context.delivery
        suggested = delivery.suggest(file.name)
        if suggested is None:
            self.toast(say("save.done", path=delivery.deliver("", file.name, file.content, overwrite=False)))
            return True
        where: str | None = suggested
        while where is not None:
            where = await self.enter_text(say("save.where"), where)
            path = await self._put_file(file, where) if where is not None else None
            if path is not None:
                self.toast(say("save.done", path=path))
                return True
        return False

    async def _put_file(self, file: "File", where: str) -> str | None:
        """Where the document is now; None: it could not be saved there, or ought not to be."""
        delivery = self.session.context.delivery
        try:
            return delivery.deliver(where, file.name, file.content, overwrite=False)
        except LocalError as error:
            if error.key != "problem.file_exists":
                await self.client.tell(error)
                return None
            # What stands there, which for a folder is the file in it.
            question = say("save.replace", path=error.params["path"])
        if not await self.confirm(question, say("save.replace_yes")):
            return None
        try:
            return delivery.deliver(where, file.name, file.content, overwrite=True)
        except LocalError as error:
            await self.client.tell(error)
            return None

    def toast(self, wording: Wording) -> None:
        """A short message that goes by itself: something was done."""
        self.client.toast(wording)

    # --- of its own --------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Shows itself, and then asks for what it shows."""
        self.relabel()
        self.load_first()

    def load_first(self) -> None:
        """Loads as soon as the screen is shown."""
        self._to_load = True
        self.call_after_refresh(self.load_now)

    def load_now(self) -> None:
        """Runs `load`, or once more if it runs already: what that one reads may be older. Under another screen it
        waits until this one is on top again: what it raises would come up in the middle of something else. What it
        raises is shown, a lost connection by the banner alone.
        """
        self.stale, self._to_load = True, False
        if not any(isinstance(screen, BaseScreen) for screen in self._screens_above()):
            self.perform(self._load, group="load")

    def on_resize(self, _event: events.Resize) -> None:
        """Follows the terminal."""
        watch_size(self)

    def on_screen_resume(self) -> None:
        """Shows how things stand now."""
        self.show_standing()
        self.refresh_frame()
        if self.stale and self.client.link.link is Link.CONNECTED:
            self.load_now()

    def show_standing(self) -> None:
        """Shows where connection and session stand."""
        for banner in self.query(Banner):
            banner.show(self.client.link, session_over=self.client.session_over)

    def refresh_frame(self) -> None:
        """Draws breadcrumbs, status line and footer anew."""
        for shown in (Crumbs, StatusLine, KeyFooter):
            self.query_one(shown).refresh()

    def _screens_above(self) -> Sequence[Screen[Any]]:
        stack = self.app.screen_stack
        return stack[stack.index(self) + 1 :] if self in stack else ()

    def _runs(self, *groups: str) -> bool:
        """Whether work in one of these groups is under way; a group that ends with `-` stands for all that begin so."""
        return any(
            worker.node is self
            and not worker.is_finished
            and any(
                worker.group == each or (each.endswith("-") and worker.group.startswith(each))
                for each in groups
            )
            for worker in self.workers
        )

    async def _load(self) -> None:
        while self.stale:
            self.stale = False
            try:
                await self.load()
                self._was_read = True
            except ServerNotReachable:
                self.stale = True
                self.client.lost()
                return
