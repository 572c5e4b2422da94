"""The first step: which works; those that are entered anew, or corrected, field by field."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from textual import on

from tashika_tui.client.records import Works
from tashika_tui.i18n import say
from tashika_tui.screens.contractor.drafting import NEW_WORKS, works_of
from tashika_tui.widgets.field_row import FieldRow
from tashika_tui.widgets.form import Choice, Field, Form, Heading, Kind, Value

_WORKS_KINDS = ("CONSTRUCTION", "CONSULTING", "SERVICES")


class WorksForm(Form):
    """The choice of the works. Their own fields are there for new works, and for known ones once `edit` was called.

    `find` gives the works with an id.
    """

    def __init__(self, find: Callable[[str], Works | None], id: str) -> None:
        self._find = find
        self._editing = False
        # Whose values stand in the fields, and what was typed of new works meanwhile.
        self._of = ""
        self._typed_anew: Mapping[str, str] = {}
        super().__init__(self._layout(), id=id)

    @property
    def chosen(self) -> str:
        """The id of the works, `NEW_WORKS`, or nothing."""
        return self._rows["works_id"].typed

    @property
    def editing(self) -> bool:
        """Whether the fields of works that were entered before are there."""
        return self._editing and self._of == self.chosen

    def edit(self) -> None:
        """Shows the fields of the works that are chosen."""
        self._follow()
        self._editing = self.chosen not in ("", NEW_WORKS)
        self._refresh_problems()

    def corrected(self) -> Works | None:
        """The works that are chosen, with what was corrected; None where nothing was."""
        held = self._find(self.chosen)
        if held is None or not self.editing:
            return None
        wanted = replace(
            works_of(self.values),
            works_id=held.works_id,
            initial_contract_date=held.initial_contract_date,
            etag=held.etag,
        )
        return wanted if wanted != held else None

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Shows these values, and those of the works that they choose."""
        super().set_values(values)
        if "works_id" in values:
            self._of = ""
            self._follow()

    def type(self, name: str, value: Value) -> None:
        """Shows a value as if somebody had typed it."""
        super().type(name, value)
        if name == "works_id":
            self._follow()

    def take_entered(self, works_id: str) -> None:
        """Chooses works that were just registered or corrected, and shows them as they are now."""
        self.type("works_id", works_id)
        self._typed_anew = {}
        self._of = ""
        self._follow()

    def show_untouched(self) -> None:
        """Shows the works as they are now, but where something else was typed."""
        held = self._find(self._of)
        names = [name for name in self._rows if name.startswith("works.")]
        untouched = [name for name in names if self._rows[name].typed == self._saved.get(name, "")]
        super().set_values({name: _value(held, name.removeprefix("works.")) for name in untouched})

    @on(FieldRow.Edited)
    def _choice_edited(self, event: FieldRow.Edited) -> None:
        # At once and not when typing stops: until then the fields would belong to other works.
        if event.row.field.name == "works_id":
            self._follow()

    def _follow(self) -> None:
        """Brings the fields in line with the choice."""
        if self.chosen == self._of:
            return
        parts = [name for name in self._rows if name.startswith("works.")]
        if self._of == NEW_WORKS:
            self._typed_anew = {name: self._rows[name].typed for name in parts}
        self._of, self._editing = self.chosen, False
        held = self._find(self._of)
        super().set_values({name: _value(held, name.removeprefix("works.")) for name in parts})
        if self._of == NEW_WORKS:
            for name, typed in self._typed_anew.items():
                self._rows[name].type(typed)

    def _layout(self) -> list[Field | Heading]:
        def open_(values: Mapping[str, Value]) -> bool:
            return values["works_id"] == NEW_WORKS or self.editing

        kinds = [Choice(token, say(f"works_kind.{token}")) for token in _WORKS_KINDS]
        return [
            Field("works_id", Kind.CHOICE, required=True, choices=None),
            Field("works.name", required=True, max_length=200, when=open_),
            Field("works.number", max_length=50, when=open_),
            Field("works.place", max_length=200, when=open_),
            Field("works.kind", Kind.CHOICE, choices=kinds, when=open_),
            Field("works.orderer_id", Kind.CHOICE, choices=None, when=open_),
            Field("works.section", max_length=100, when=open_),
            Field("works.price_yen", Kind.YEN, when=open_),
            Field("works.notice_date", Kind.DAY, when=open_),
            Field("works.expected_contract_date", Kind.DAY, when=open_),
            Field("works.contract_date", Kind.DAY, when=open_),
            Field("works.period_start", Kind.DAY, when=open_),
            Field("works.period_end", Kind.DAY, when=open_),
            Field("works.low_bid", Kind.YES_NO, when=open_),
            Field("works.multi_year", Kind.YES_NO, when=open_),
        ]


def _value(works: Works | None, part: str) -> Value:
    value: Value = getattr(works or Works(), part)
    # A no is one; an empty text is nothing.
    return None if value == "" else value
