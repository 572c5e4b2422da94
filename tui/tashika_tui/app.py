"""The full-screen client."""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from rich.text import Text
from textual import events
from textual.driver import Driver
from textual.filter import Monochrome
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from tashika_tui import at_host
from tashika_tui.client.connection import Connection, Link, LinkState
from tashika_tui.client.errors import RegisterError, SessionExpired
from tashika_tui.context import SessionContext, Start
from tashika_tui.failure import Failure, describe, fault
from tashika_tui.faults import new_reference
from tashika_tui.following import Following
from tashika_tui.i18n import LANGUAGES, Texts, Wording, say
from tashika_tui.keymap import Scope
from tashika_tui.leaving import Leaving
from tashika_tui.problems import LocalError
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.entries import ENTRIES, Entry
from tashika_tui.session import ClientSession
from tashika_tui.theme import NAMES, choose, themes
from tashika_tui.widgets.binding import bind_scope
from tashika_tui.widgets.guard import Guarded
from tashika_tui.widgets.scrollbar import PlainScrollBar
from tashika_tui.widgets.strokes import Strokes
from tashika_tui.widgets.words import Worded, lines_of

if TYPE_CHECKING:
    from tashika_tui.client.port import Register
    from tashika_tui.client.records import WatchEvent

T = TypeVar("T")

# How long to wait before the server is tried again, in seconds; the last one repeats.
_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)

# Terminals that can't place a cursor can't show screens.
_TOAST_SECONDS = 6.0


class TashikaApp(Guarded, Leaving, inherit_bindings=False):
    """The client for one session. Everything that it knows of the world is in `context`.

    `entries` are what the menu can offer. Exit codes: 0 left, 1 a fault of the programme.
    """

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    NOTIFICATION_TIMEOUT = _TOAST_SECONDS
    TITLE = "Tashika"

    def __init__(
        self,
        context: SessionContext,
        driver_class: type[Driver] | None = None,
        entries: Sequence[Entry] = ENTRIES,
    ) -> None:
        ScrollBar.renderer = PlainScrollBar
        super().__init__(driver_class=driver_class)
        # Textual reads NO_COLOR of this process itself, and then greys everything before it knows the theme: the
        # monochrome one became black on black. The context says which look it is.
        self._filters = [each for each in self._filters if not isinstance(each, Monochrome)]
        # Nothing here glides; without looking for what does the first frame is there sooner.
        self.animation_level = "none"
        self.context = context
        self._start = context.start
        self.entries = entries
        self.session = ClientSession(context, self._opened)
        self.link = LinkState(Link.CONNECTED)
        self.unread = 0
        # Somebody is signed in here, and the register knows nothing of it any more.
        self.session_over = False
        self._following = Following(
            self.session, self._tell, self._note_unread, self._session_ended, self._fault_behind
        )
        self._signing_in = asyncio.Lock()
        self._signed_in_again = False
        self._reconnecting = False
        self._fault_dialog: Screen[Any] | None = None
        self.strokes = Strokes(self, super().on_event)
        for theme in themes():
            self.register_theme(theme)
        self.theme = choose(context.theme, context.environment)
        bind_scope(self, Scope.EVERYWHERE)

    # --- for screens -------------------------------------------------------------------------------------------

    @property
    def texts(self) -> Texts:
        """The texts in the language that is set."""
        return self.session.texts

    async def ask(self, call: Callable[["Register"], Awaitable[T]]) -> T:
        """A call to the register; an expired session is asked for anew over the screen, then it calls again.

        Raises RegisterError; a person who does not sign in again gets the SessionExpired.
        """
        while True:
            signed_in = self.session.person
            try:
                return await self.session.call(call)
            except SessionExpired:
                if signed_in is None:
                    raise
                # Who has signed in again while this call was on its way is not asked once more.
                if self.session.person is signed_in and not await self._sign_in_again():
                    raise

    async def guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        """Runs `work`. What it raises becomes a dialog; where trying again may help, it offers that."""
        while True:
            try:
                await work()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                if not await self._show(error):
                    return
            else:
                return

    async def tell(self, error: Exception) -> None:
        """Shows an error, and waits until somebody has read it."""
        await self._show(error)

    def lost(self) -> None:
        """A call found the server away: the banner says it, and what could not be loaded is when it is back."""
        self._reconnect()

    def report_fault(self, error: BaseException) -> None:
        """Keeps a fault of this programme and tells the person its reference; of many at once, of the first."""
        from tashika_tui.widgets.dialogs import ErrorDialog

        if not self.screen_stack and isinstance(error, Exception):
            self._handle_exception(error)
            return
        failure = self._keep(error)
        if self._fault_dialog not in self.screen_stack:
            self._fault_dialog = ErrorDialog(failure)
            self.push_screen(self._fault_dialog)

    def toast(self, wording: Wording) -> None:
        """A short message that goes by itself."""
        # Names and places from elsewhere stand in it.
        self.notify(lines_of(self.texts.words(wording)), markup=False)

    def open_entry(self, name: str, argument: str = "") -> None:
        """Opens what an entry of the menu stands for."""
        entry = next(entry for entry in self.entries if entry.id == name)
        self.push_screen(entry.screen(argument))

    def take_start(self) -> Start | None:
        """Where the person asked to begin, once."""
        start, self._start = self._start, Start()
        return start if start.entry else None

    def signed_in(self) -> None:
        """To the menu, or first to another password where the server wants one."""
        from tashika_tui.screens.password import PasswordScreen

        person = self.session.person
        if person is not None and person.must_change_password:
            self.above_sign_in(PasswordScreen(must=True))
            return
        self.enter()
        if start := self.take_start():
            self.open_entry(start.entry, start.argument)

    def enter(self) -> None:
        """Shows the menu of who is signed in, in place of all other screens."""
        from tashika_tui.screens.menu import MenuScreen

        self.above_sign_in(MenuScreen())
        self._start_watch()

    def leave(self) -> None:
        """Shows the sign-in, in place of all other screens. At a host, who signs out has no other way to sign in."""
        self.workers.cancel_group(self, "watch")
        self.unread = 0
        self._following.forget()
        self._session_is_over(False)
        if self.context.hosted:
            self.exit(0)
            return
        self.above_sign_in(None)

    # --- actions of the key table ------------------------------------------------------------------------------

    def action_help(self) -> None:
        """What can be done here."""
        from tashika_tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_palette(self) -> None:
        """Everything that can be done here, by name."""
        from tashika_tui.screens.palette import Palette

        palette = Palette(self.screen)
        self.push_screen(palette, palette.carry_out)

    async def action_back(self) -> None:
        """To the screen before; never out of the client."""
        if not self.at_root():
            screen = self.screen
            self.leave_screen(screen, lambda: self.close_screen(screen))

    def action_menu(self) -> None:
        """To the menu."""
        if not self.at_root():
            self.leave_all(self.pop_to_root)

    def action_reload(self) -> None:
        """Asks again for what is shown."""
        if isinstance(self.screen, BaseScreen):
            self.screen.load_now()

    def action_language(self) -> None:
        """Japanese or English."""
        now = LANGUAGES.index(self.texts.language)
        self.session.set_language(LANGUAGES[(now + 1) % len(LANGUAGES)])
        for screen in self.screen_stack:
            for widget in screen.walk_children(Worded):
                widget.relabel()
            if isinstance(screen, BaseScreen):
                screen.relabel()
                screen.load_now()
            screen.refresh(layout=True)

    def action_theme(self) -> None:
        """The next look."""
        self.theme = NAMES[(NAMES.index(self.theme) + 1) % len(NAMES)]
        self.toast(say(f"theme.{self.theme}"))

    def action_sign_out(self) -> None:
        """Signs out; at a host that is the way out."""
        if self.session.person is not None:
            self.leave_all(lambda: self._in_background(self._sign_out))

    async def action_quit(self) -> None:
        """Leaves the client."""
        self.leave_all(lambda: self.exit(0))

    def action_next_pane(self) -> None:
        """To the next part of the screen."""
        self.screen.focus_next()

    def action_previous_pane(self) -> None:
        """To the part before."""
        self.screen.focus_previous()

    def action_copy(self) -> None:
        """Copies what is marked; says how to leave, since many try that with this key."""
        marked = self.screen.get_selected_text()
        if marked:
            self.copy_to_clipboard(marked)
        else:
            self.toast(say("shell.how_to_quit"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What makes no sense now is not offered."""
        if action in ("back", "menu"):
            return not self.at_root()
        if action == "sign_out":
            return self.session.person is not None
        if action == "reload":
            return isinstance(self.screen, BaseScreen)
        return True

    # --- life --------------------------------------------------------------------------------------------------

    def get_driver_class(self) -> type[Driver]:
        """Textual's own for this platform, which must not take what is pasted for keys."""
        from tashika_tui.widgets.pastes import take_pastes_apart

        found = super().get_driver_class()
        take_pastes_apart(found)
        return found

    def get_default_screen(self) -> Screen[Any]:
        """The first screen, which shows itself before it looks for the server."""
        return at_host.first_screen(self.context)

    def on_mount(self) -> None:
        """Hears a host, where there is one."""
        self.screen_change_signal.subscribe(self, lambda _: self.strokes.look_again(), immediate=True)
        at_host.listen(self)

    async def on_event(self, event: events.Event) -> None:
        """Lets one stroke have its effect before the next one is looked at."""
        if not self.strokes.take(event):
            await super().on_event(event)

    async def on_unmount(self) -> None:
        """Closes the connection while its event loop still runs."""
        self.strokes.close()
        await self.session.close()

    def _handle_exception(self, error: Exception) -> None:
        """The last resort, for what no guard caught: leaves with one sentence instead of Textual's traceback."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        failure = self._keep(error)
        sentence = f"{failure.sentence} {self.texts('problem.reference', reference=failure.reference)}"
        # One sentence: to a second one Textual would add a line of its own about its developers' tools.
        if not self._exit_renderables:
            line = self.texts("problem.line", sentence=sentence)
            self._exit_renderables.append(Text(line, no_wrap=True, overflow="ignore"))
        self._close_messages_no_wait()

    # --- of its own --------------------------------------------------------------------------------------------

    def _in_background(self, work: Callable[[], Awaitable[None]]) -> None:
        self.run_worker(self.guarded(work), exit_on_error=False)

    async def _sign_out(self) -> None:
        try:
            with contextlib.suppress(RegisterError):
                await self.session.sign_out()
        finally:
            self.leave()

    async def _sign_in_again(self) -> bool:
        """Asks for the password over the screen, once for all calls that found the session over."""
        from tashika_tui.screens.sign_in_again import SignInAgain

        waited = self._signing_in.locked()
        async with self._signing_in:
            if waited:
                return self._signed_in_again
            self._session_is_over(True)
            self._signed_in_again = False
            self._signed_in_again = await self.push_screen_wait(SignInAgain())
            if self._signed_in_again:
                self._session_is_over(False)
                # The watch ended with the session.
                self._start_watch()
            return self._signed_in_again

    def _session_ended(self) -> None:
        """Says that the session is over, and asks for nothing: somebody may be typing. The next call asks."""
        if self.session.person is not None:
            self._session_is_over(True)

    def _session_is_over(self, over: bool) -> None:
        self.session_over = over
        self._show_standing()

    async def _show(self, error: Exception) -> bool:
        """Shows an error; True: try again."""
        from tashika_tui.widgets.dialogs import ErrorDialog

        failure = describe(self.texts, error, self.session.address) or self._keep(error)
        return await self.push_screen_wait(ErrorDialog(failure, again=failure.again))

    def _keep(self, error: BaseException) -> Failure:
        reference = new_reference()
        self.context.record_fault(reference, error)
        return fault(self.texts, error, reference)

    def _opened(self, register: "Register") -> None:
        connection: Connection = register.connection
        connection.subscribe(self._link_changed)

    def _link_changed(self, state: LinkState) -> None:
        self.link = state
        self._show_standing()
        if state.link is not Link.CONNECTED:
            self._reconnect()

    def _show_standing(self) -> None:
        """Shows on every screen where connection and session stand."""
        for screen in self.base_screens():
            screen.show_standing()

    def _reconnect(self) -> None:
        if not self._reconnecting:
            self._reconnecting = True
            self.run_worker(self._until_connected(), group="reconnect", exit_on_error=False)

    async def _until_connected(self) -> None:
        """Waits until the server answers, and lets the screens load again that could not."""
        try:
            for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
                before = self.link
                await asyncio.sleep(pause)
                if self.link.link is Link.CONNECTED:
                    break
                # Where the gateway or the watch tries by itself, the attempts are enough.
                if self.link == before:
                    with contextlib.suppress(RegisterError, LocalError):
                        await self.session.look_at_server()
                        break
        finally:
            self._reconnecting = False
        for screen in self.base_screens()[-1:]:
            screen.load_now()

    def _start_watch(self) -> None:
        self.run_worker(self._following.run(), group="watch", exclusive=True, exit_on_error=False)

    def _fault_behind(self, error: Exception) -> None:
        """A fault where nobody did anything: kept, and not shown in the middle of something else."""
        self._keep(error)

    def _tell(self, event: "WatchEvent") -> None:
        self._each_screen(lambda screen: screen.changed(event))

    def _note_unread(self, count: int) -> None:
        """Shows how many notices are unread, on every screen."""
        if count == self.unread:
            return
        self.unread = count
        self._each_screen(lambda screen: screen.unread_changed())
        for screen in self.base_screens():
            screen.refresh_frame()

    def _each_screen(self, tell: Callable[[BaseScreen[Any]], None]) -> None:
        for screen in self.base_screens():
            if not screen.is_mounted:
                # It has read nothing yet.
                continue
            try:
                tell(screen)
            except Exception as error:
                self.report_fault(error)
