"""A form: labelled fields with their problems beside them, and a summary that leads to each."""

from collections.abc import Callable, Mapping, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widget import AwaitMount, Widget

from tashika_tui.i18n import Wording, say
from tashika_tui.keymap import Scope
from tashika_tui.widgets.binding import bind_scope
from tashika_tui.widgets.field_row import FieldRow
from tashika_tui.widgets.guard import Guarded
from tashika_tui.widgets.problems import ProblemSummary
from tashika_tui.widgets.values import Choice, Field, Heading, Kind, Value, typed_as
from tashika_tui.widgets.words import Say, texts_of

__all__ = ["Check", "Choice", "Field", "Form", "Heading", "Kind", "Value"]

Check = Callable[[Mapping[str, Value]], Mapping[str, Wording]]

CHANGED_SECONDS = 0.2


class _Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The fields, which scroll with the cursor."""

    DEFAULT_CSS = """
    _Fields { height: 1fr; }
    _Fields > .heading { color: $primary; text-style: bold; margin: 1 0 0 1; }
    _Fields > .heading.first { margin: 0 0 0 1; }
    _Fields > .heading:ansi { color: ansi_default; text-style: bold underline; }
    """


class Form(Guarded, Vertical):
    """The fields in the order given.

    `check` is called with all values after each change, and gives a sentence per field name that is wrong. It is
    for rules that need no server; what the server says goes to `show_problems`. With `last_submits`, enter in
    the last field is `LastEntered`, for small forms like a sign-in; what is wrong then stands at its field alone.
    """

    DEFAULT_CSS = """
    Form { height: 1fr; padding: 0 1 0 0; }
    """

    class Changed(Message):
        """Values changed; sent when nobody has typed for a fifth of a second."""

        def __init__(self, form: "Form", values: Mapping[str, Value]) -> None:
            super().__init__()
            self.form = form
            self.values = values

    class LastEntered(Message):
        """Enter was pressed in the last field of a form with `last_submits`."""

        def __init__(self, form: "Form") -> None:
            super().__init__()
            self.form = form

    def __init__(
        self,
        fields: Sequence[Field | Heading],
        values: Mapping[str, Value] | None = None,
        *,
        check: Check | None = None,
        last_submits: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.last_submits = last_submits
        self._check = check
        given = values or {}
        self._rows = {
            field.name: FieldRow(field, typed_as(field.kind, given.get(field.name)))
            for field in fields
            if isinstance(field, Field)
        }
        self._parts = [self._part(field, first=place == 0) for place, field in enumerate(fields)]
        self._saved = self._told = self.typed
        self._from_server: dict[str, Wording] = {}
        self._strict = False
        self._typing: Timer | None = None
        self._mounting: list[AwaitMount] = []
        bind_scope(self, Scope.FORM)

    def compose(self) -> ComposeResult:
        """Fields under their headings, and the summary below."""
        there = self.values
        with _Fields():
            for part in self._parts:
                if not isinstance(part, FieldRow) or part.field.name in there:
                    yield part
        yield ProblemSummary()

    def on_mount(self) -> None:
        """Shows which fields are there."""
        self._refresh_problems()

    # --- for screens -------------------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Value]:
        """The value of every field that is there; None where nothing valid was typed."""
        values: dict[str, Value] = {name: row.value for name, row in self._rows.items()}
        return {
            name: value
            for name, value in values.items()
            if (when := self._rows[name].field.when) is None or when(values)
        }

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, as it stands there."""
        return {name: row.typed for name, row in self._rows.items()}

    @property
    def current(self) -> str:
        """The name of the field with the cursor; empty: none of them."""
        return next((name for name, row in self._rows.items() if row.editor.has_focus), "")

    @property
    def dirty(self) -> bool:
        """Whether anything differs from what was set."""
        return self.typed != self._saved

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Shows these values (fields that are not named keep theirs) and counts them as saved."""
        for name, value in values.items():
            if name in self._rows:
                row = self._rows[name]
                row.type(typed_as(row.field.kind, value))
                self._saved[name] = row.typed
        self._refresh_problems()

    def type(self, name: str, value: Value) -> None:
        """Shows a value as if somebody had typed it: it is not saved yet."""
        row = self._rows[name]
        row.type(typed_as(row.field.kind, value))

    def set_choices(self, name: str, choices: Sequence[Choice]) -> None:
        """What a field of choices offers from now on; a value that is none of them goes."""
        self._rows[name].set_choices(choices)

    def mark_saved(self, typed: Mapping[str, str] | None = None) -> None:
        """Counts as saved what stands there, or what stood there when it was sent. What can't be understood was
        not sent, and stays unsaved.
        """
        malformed = self.malformed
        sent = typed if typed is not None else self.typed
        self._saved = {name: "" if name in malformed else text for name, text in sent.items()}

    @property
    def malformed(self) -> list[str]:
        """The fields that are there and hold something that can't be understood."""
        values = self.values
        checked = self._check(values) if self._check is not None else {}
        return [
            name
            for name in values
            if not self._rows[name].empty
            and (self._rows[name].problem(texts_of(self).language) or name in checked)
        ]

    def point_at(self, name: str) -> None:
        """Puts the cursor into a field, and says what is wrong with it."""
        self._rows[name].visited = True
        self._refresh_problems()
        self.go_to(name)

    def show_problems(self, problems: Mapping[str, Wording]) -> None:
        """Shows a server's problems by field name, in place of those it gave before. A name that is no field
        (or empty), or whose field is not there, shows in the summary alone. The problem of a field goes when the
        field is changed.
        """
        self._from_server = dict(problems)
        self._refresh_problems()

    def problems(self) -> dict[str, Wording]:
        """Everything that is wrong now, by field name; required fields that are empty among them."""
        values = self.values
        found: dict[str, Wording] = {}
        checked = self._check(values) if self._check is not None else {}
        for name in values:
            row = self._rows[name]
            # What a server says of a field is more than that it is empty.
            problem = row.problem(texts_of(self).language) or self._from_server.get(name)
            if problem is None and row.field.required and row.empty:
                problem = say("entering.required")
            problem = problem or checked.get(name)
            if problem is not None:
                found[name] = problem
        for others in (checked, self._from_server):
            found |= {name: problem for name, problem in others.items() if name not in values}
        return found

    def complete(self) -> bool:
        """Whether nothing is wrong. If something is, all of it is shown and the cursor goes to the first."""
        self._strict = True
        problems = self._refresh_problems()
        first = next((name for name in self._rows if name in problems), None)
        if first is not None:
            self.go_to(first)
        return not problems

    def go_to(self, name: str) -> None:
        """Puts the cursor into a field."""
        if name in self._rows:
            self._rows[name].editor.focus()

    def takes_keyboard(self, name: str) -> bool:
        """Whether the cursor can go there now; a field that was not there before has to be mounted first."""
        return self._rows[name].editor.is_attached

    async def mounted(self) -> None:
        """Waits until every field that is there can take the cursor."""
        while self._mounting:
            await self._mounting.pop()

    def select(self, name: str) -> None:
        """Marks what stands in a field, so that typing replaces it."""
        self._rows[name].select()

    # --- keys --------------------------------------------------------------------------------------------------

    def action_next_field(self) -> None:
        """To the next field."""
        self.screen.focus_next()

    def action_previous_field(self) -> None:
        """To the field before."""
        self.screen.focus_previous()

    def action_next_problem(self) -> None:
        """To the next field with a problem."""
        self._to_problem(1)

    def action_previous_problem(self) -> None:
        """To the one before."""
        self._to_problem(-1)

    def action_form_page_down(self) -> None:
        """A screen down."""
        self.query_one(_Fields).scroll_page_down(animate=False)

    def action_form_page_up(self) -> None:
        """A screen up."""
        self.query_one(_Fields).scroll_page_up(animate=False)

    # --- of its own --------------------------------------------------------------------------------------------

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """With the first field its heading comes into sight too."""
        first = next((row for row in self._rows.values() if row.display), None)
        if first is not None and event.widget is first.editor:
            self.call_after_refresh(self.query_one(_Fields).scroll_home, animate=False)

    @on(FieldRow.Edited)
    def _edited(self, event: FieldRow.Edited) -> None:
        event.stop()
        self._from_server.pop(event.row.field.name, None)
        # What was said of fields that are not there may be cured by any other, and by nothing else.
        there = self.values
        self._from_server = {name: text for name, text in self._from_server.items() if name in there}
        self._refresh_problems()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(CHANGED_SECONDS, self._say_changed)

    @on(FieldRow.Left)
    def _left(self, event: FieldRow.Left) -> None:
        event.stop()
        self._refresh_problems()

    @on(FieldRow.Entered)
    def _entered(self, event: FieldRow.Entered) -> None:
        event.stop()
        names = list(self._rows)
        if self.last_submits and event.row.field.name == names[-1]:
            self.post_message(self.LastEntered(self))
        else:
            self.screen.focus_next()

    @on(ProblemSummary.Asked)
    def _asked(self, event: ProblemSummary.Asked) -> None:
        event.stop()
        self.go_to(event.field)

    def _say_changed(self) -> None:
        if self.typed == self._told:
            return
        self._told = self.typed
        self.post_message(self.Changed(self, self.values))

    def _to_problem(self, by: int) -> None:
        self._strict = True
        problems = self._refresh_problems()
        names = [name for name in self._rows if name in problems]
        if not names:
            return
        order = list(self._rows)
        here = order.index(self.current) if self.current else -1
        places = [order.index(name) for name in names]
        if by > 0:
            target = next((place for place in places if place > here), places[0])
        else:
            target = next((place for place in reversed(places) if place < here), places[-1])
        self.go_to(order[target])

    def _part(self, field: Field | Heading, *, first: bool) -> Widget:
        if isinstance(field, Field):
            return self._rows[field.name]
        return Say(say(field.label), classes="heading first" if first else "heading")

    def _show_fields(self, there: Mapping[str, Value]) -> None:
        """Shows the fields that are there. One that never was is not made a part of the screen: that is most of a
        long form, which would open the slower for it.
        """
        behind: Widget | None = None
        for part in reversed(self._parts):
            if isinstance(part, FieldRow):
                part.display = part.field.name in there
                if part.display and not part.is_attached:
                    self._mounting.append(self.query_one(_Fields).mount(part, before=behind))
            if part.is_attached:
                behind = part

    def _refresh_problems(self) -> dict[str, Wording]:
        """Shows what is wrong: everywhere after `complete`, before that only where somebody has been."""
        there, problems = self.values, self.problems()
        self._show_fields(there)
        for name, row in self._rows.items():
            server = name in self._from_server
            row.show_problem(problems.get(name) if self._strict or row.visited or server else None)
        texts = texts_of(self)
        seen = {
            name: problem
            for name, problem in problems.items()
            if name not in self._rows
            or ((self._strict or name in self._from_server) and not self.last_submits)
        }
        labels = {name: texts(row.field.label_key) for name, row in self._rows.items()}
        self.query_one(ProblemSummary).show(
            [(name, labels.get(name, ""), problem) for name, problem in seen.items()]
        )
        return problems
