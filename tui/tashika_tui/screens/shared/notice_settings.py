"""Which kinds of notices come by mail too, and in which language."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from tashika_tui.client.records import NOTICE_KINDS, NoticePreferences
from tashika_tui.i18n import LANGUAGES, Wording, say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.widgets.form import Choice, Field, Form, Heading, Kind, Value
from tashika_tui.widgets.values import NO, YES
from tashika_tui.widgets.words import Say

_LANGUAGE = "language"


class NoticeSettingsScreen(BaseScreen[None]):
    """One line for the language, and one for each kind that this person can get."""

    TITLE = "notice_settings.title"
    KEYS = ("submit",)
    FOOTER = ("submit", "back", "next_choice", "language", "palette", "help")
    HELP = "notice_settings.help"

    DEFAULT_CSS = """
    NoticeSettingsScreen #about { height: auto; padding: 0 1 1 1; }
    NoticeSettingsScreen #place { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._present: NoticePreferences | None = None
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """Where mails go; the lines come once it is known which kinds there are."""
        yield Say("", id="about")
        yield Vertical(id="place")

    async def load(self) -> None:
        """Asks what the person wants; what was typed meanwhile stays."""
        if self.unsaved():
            return
        self._present = await self.ask(lambda register: register.get_notice_preferences())
        self.relabel()
        place = self.query_one("#place", Vertical)
        await place.remove_children()
        await place.mount(Form(_fields(self._present), _values(self._present)))
        self.query_one(Form).go_to(_LANGUAGE)

    def relabel(self) -> None:
        """Where mails go, if anywhere."""
        self.query_one("#about", Say).say(_about(self._present) if self._present is not None else "")

    def unsaved(self) -> bool:
        """Whether a choice differs from what is kept."""
        return any(form.dirty for form in self.query(Form))

    def action_submit(self) -> None:
        """Keeps the choices."""
        self.perform(self._keep)

    async def _keep(self) -> None:
        present = self._present
        if present is None:
            # What there is to choose is not known yet.
            return
        form = self.query_one(Form)
        if not form.complete():
            return
        values = form.values
        # A kind that only a newer server knows stays as it is.
        mails = tuple((kind, values.get(kind, YES if mail else NO) == YES) for kind, mail in present.mails)
        wanted = NoticePreferences(str(values[_LANGUAGE]), mails, etag=present.etag)
        request_id = self._intents.id_for("settings", wanted)
        self._present = await self.ask(
            lambda register: register.set_notice_preferences(wanted, request_id=request_id)
        )
        form.mark_saved()
        self.toast(say("notice_settings.kept"))
        self.dismiss()


def _about(present: NoticePreferences) -> Wording:
    if present.mail_off:
        return say("notice_settings.mail_off")
    if not present.mail:
        return say("notice_settings.no_address")
    return say("notice_settings.address", mail=present.mail)


def _fields(present: NoticePreferences) -> Sequence[Field | Heading]:
    languages = [Choice(each, say(f"notice_language.{each}")) for each in LANGUAGES]
    wanted = [
        Choice(YES, say("notice_settings.with_mail")),
        Choice(NO, say("notice_settings.without_mail")),
    ]
    return (
        Field(_LANGUAGE, Kind.CHOICE, label="notice_settings.language", required=True, choices=languages),
        Heading("notice_settings.kinds"),
        *(
            Field(kind, Kind.CHOICE, label=f"notice.{kind}", required=True, choices=wanted)
            for kind, _ in present.mails
            if kind in NOTICE_KINDS
        ),
    )


def _values(present: NoticePreferences) -> dict[str, Value]:
    return {_LANGUAGE: present.language, **{kind: YES if mail else NO for kind, mail in present.mails}}
