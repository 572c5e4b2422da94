"""A form: labelled fields with their problems beside them, and a summary that leads to each."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from textual.containers import VerticalScroll
from textual.message import Message

from tashika_tui.i18n import Wording

Value = str | int | bool | datetime.date | None


class Kind(Enum):
    """What a field holds, and how it is typed."""

    TEXT = "text"  # a name or a sentence; the exact characters are kept
    SECRET = "secret"  # not shown
    YEN = "yen"  # an amount: any width, separators, 円; an int
    COUNT = "count"  # another whole number; an int
    DAY = "day"  # 2025-12-26, 令和7年12月26日, R7.12.26; a date
    NUMBER = "number"  # a guarantee contract number; 14 digits
    KEY = "key"  # an authentication key; 20 characters
    CODE = "code"  # digits and letters such as an account number; width is folded
    CHOICE = "choice"  # one of some; a token
    YES_NO = "yes_no"  # a bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the choices of a field: the token, and its words."""

    token: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `name` is its path as the server names it (`works.price_yen`); `label` is a key of the catalogues,
    `field.<name>` where it is empty; `hint` another, shown while the field has the focus.

    `when` says, from all values, whether the field is there at all. `max_length` is in characters.
    """

    name: str
    kind: Kind = Kind.TEXT
    label: str = ""
    required: bool = False
    hint: str = ""
    choices: Sequence[Choice] = ()
    max_length: int = 200
    when: Callable[[Mapping[str, Value]], bool] | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between fields; a key of the catalogues."""

    label: str


Check = Callable[[Mapping[str, Value]], Mapping[str, Wording]]


class Form(VerticalScroll):
    """The fields in the order given.

    `check` is called with all values after each change, and gives a sentence per field name that is wrong. It is
    for rules that need no server; what the server says goes to `show_problems`.
    """

    class Changed(Message):
        """Values changed; sent when nobody has typed for a fifth of a second."""

        def __init__(self, form: "Form", values: Mapping[str, Value]) -> None:
            super().__init__()
            self.form = form
            self.values = values

    def __init__(
        self,
        fields: Sequence[Field | Heading],
        values: Mapping[str, Value] | None = None,
        *,
        check: Check | None = None,
        id: str | None = None,
    ) -> None: ...

    @property
    def values(self) -> dict[str, Value]:
        """The value of every field that is there; None where nothing valid was typed."""
        ...

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, as it stands there."""
        ...

    @property
    def dirty(self) -> bool:
        """Whether anything differs from what was set."""
        ...

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Shows these values (fields that are not named keep theirs) and counts them as saved."""

    def mark_saved(self) -> None:
        """Counts what stands there as saved."""

    def show_problems(self, problems: Mapping[str, Wording]) -> None:
        """Shows a server's problems by field name, in place of those it gave before. A name that is no field
        (or empty) shows in the summary alone. The problem of a field goes when the field is changed.
        """

    def problems(self) -> dict[str, Wording]:
        """Everything that is wrong now, by field name; required fields that are empty among them."""
        ...

    def complete(self) -> bool:
        """Whether nothing is wrong. If something is, all of it is shown and the cursor goes to the first."""
        ...

    def go_to(self, name: str) -> None:
        """Puts the cursor into a field."""
