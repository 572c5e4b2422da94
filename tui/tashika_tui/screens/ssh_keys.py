"""The person's own keys for signing in over SSH: which there are, a new one, and one less."""

from collections.abc import Mapping

from textual.app import ComposeResult

from tashika_formats.ssh_key import MAX_INPUT_CHARACTERS, SshKeyError, SshPublicKey, parse_ssh_key
from tashika_tui.client.records import SshKey
from tashika_tui.i18n import Wording, say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.columns import Few, day_column
from tashika_tui.screens.shared.intents import Intents
from tashika_tui.widgets.form import Field, Form, Value
from tashika_tui.widgets.paged_list import Column, PagedList
from tashika_tui.widgets.words import Say

_COLUMNS = (
    Column[SshKey]("ssh_keys.name", lambda row, _: row.name, 18, grow=1),
    Column[SshKey]("ssh_keys.kind", lambda row, _: row.kind, 12, drop=2),
    Column[SshKey]("ssh_keys.fingerprint", lambda row, _: row.fingerprint, 50),
    Column[SshKey]("ssh_keys.day", lambda row, _: day_column(row.create_time), 10, drop=3),
)


class SshKeysScreen(BaseScreen[None]):
    """SSH公開鍵. The list is short, so it is read whole."""

    TITLE = "ssh_keys.title"
    KEYS = ("new", "remove")
    FOOTER = ("new", "remove", "back", "palette", "help")
    HELP = "ssh_keys.help"

    def __init__(self) -> None:
        super().__init__()
        self._rows: Few[SshKey] = Few()
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """What this is for, and the keys."""
        yield Say(say("ssh_keys.about"), classes="note")
        yield PagedList(
            _COLUMNS,
            self._rows.page,
            lambda row: row.ssh_key_id,
            copied=lambda row: row.fingerprint,
            empty="ssh_keys.empty",
            search=False,
        )

    async def load(self) -> None:
        """Reads the keys."""
        self._rows[:] = await self.ask(lambda register: register.list_ssh_keys())
        await self.query_one(PagedList).load()

    def action_new(self) -> None:
        """To the form for another key."""
        self.app.push_screen(NewSshKeyScreen(), lambda _: self.load_now())

    def action_remove(self) -> None:
        """Removes the key under the cursor."""
        self.perform(self._remove)

    async def _remove(self) -> None:
        row = self.query_one(PagedList).row
        if row is None:
            return
        lines = (
            say("ssh_keys.line", name=row.name, fingerprint=row.fingerprint),
            say("ssh_keys.remove_about"),
        )
        if not await self.confirm(say("ssh_keys.remove"), say("ssh_keys.remove_yes"), lines=lines):
            return
        request_id = self._intents.id_for("remove", row.ssh_key_id)
        await self.ask(lambda register: register.remove_ssh_key(row.ssh_key_id, request_id=request_id))
        self.toast(say("ssh_keys.removed"))
        await self.load()


class NewSshKeyScreen(BaseScreen[None]):
    """A public key and what to call it. It is read here first, so that a private key goes nowhere."""

    TITLE = "ssh_keys.new"
    KEYS = ("submit",)
    FOOTER = ("submit", "next_problem", "back", "palette", "help")
    HELP = "ssh_keys.new_help"

    def __init__(self) -> None:
        super().__init__()
        self._intents = Intents()

    def body(self) -> ComposeResult:
        """How to come by a key, and the form."""
        yield Say(say("ssh_keys.new_about"), classes="note")
        fields = (
            Field(
                "public_key",
                label="ssh_keys.public_key",
                hint="ssh_keys.public_key_hint",
                required=True,
                max_length=MAX_INPUT_CHARACTERS,
            ),
            Field("name", label="ssh_keys.name", hint="ssh_keys.name_hint", max_length=100),
        )
        yield Form(fields, check=self._check)

    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self.query_one(Form).dirty

    def action_submit(self) -> None:
        """Registers it."""
        self.perform(self._add)

    async def _add(self) -> None:
        form = self.query_one(Form)
        if not form.complete():
            return
        values = form.values
        key, name = parse_ssh_key(str(values["public_key"])), str(values["name"] or "")
        lines = (_line(key, name), say("ssh_keys.add_about"))
        if not await self.confirm(say("ssh_keys.add"), say("ssh_keys.add_yes"), lines=lines):
            return
        text = f"{key.line} {key.comment}".strip()
        request_id = self._intents.id_for("add", text, name)
        await self.ask(lambda register: register.add_ssh_key(text, name, request_id=request_id))
        form.mark_saved()
        self.toast(say("ssh_keys.added"))
        self.dismiss()

    def _check(self, values: Mapping[str, Value]) -> Mapping[str, Wording]:
        typed = values["public_key"]
        if typed is None:
            return {}
        try:
            parse_ssh_key(str(typed))
        except SshKeyError as error:
            if error.code == "SSH_KEY_PRIVATE":
                # It must not be left standing on the screen, nor be sent by mistake.
                self.call_after_refresh(self._forget_private)
            return {"public_key": error.sentence(self.texts.language)}
        return {}

    def _forget_private(self) -> None:
        self.query_one(Form).set_values({"public_key": None})
        self.toast(say("ssh_keys.private"))


def _line(key: SshPublicKey, name: str) -> Wording:
    return say("ssh_keys.line", name=name or key.comment or key.kind, fingerprint=key.fingerprint)
