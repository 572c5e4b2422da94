"""What is typed into a field, and what it means. No terminal here: all of it is plain functions."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tashika_formats.dates import parse_date
from tashika_formats.errors import FormatError
from tashika_formats.folding import HYPHENS
from tashika_formats.key import format_key, normalise_key
from tashika_formats.money import group_digits, parse_yen
from tashika_formats.number import format_number, normalise_number
from tashika_formats.text import clean_text
from tashika_tui.i18n import Said, Texts, Wording, say
from tashika_tui.presenting.wording import day_text, yen_text

Value = str | int | bool | datetime.date | None

# Whole numbers other than yen: years, days, versions.
_MAX_COUNT_DIGITS = 9
_COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")

YES, NO = "yes", "no"


class Kind(Enum):
    """What a field holds, and how it is typed."""

    TEXT = "text"  # a name or a sentence; the exact characters are kept
    SECRET = "secret"  # noqa: S105 - not shown
    YEN = "yen"  # an amount: any width, separators, 円; an int
    COUNT = "count"  # another whole number; an int
    DAY = "day"  # 2025-12-26, 令和7年12月26日, R7.12.26; a date
    NUMBER = "number"  # a guarantee contract number; 14 digits
    KEY = "key"  # an authentication key; 20 characters
    CODE = "code"  # digits, letters and hyphens such as an account or telephone number; width is folded
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
    `field.<name>` where it is empty; `hint` another, or words, shown while the field has the focus.

    `choices` are None where they are still to be read from the server. `when` says, from all values, whether the
    field is there at all. `max_length` is in characters.
    """

    name: str
    kind: Kind = Kind.TEXT
    label: str = ""
    required: bool = False
    hint: str | Said = ""
    choices: Sequence[Choice] | None = ()
    max_length: int = 200
    when: Callable[[Mapping[str, Value]], bool] | None = None

    @property
    def label_key(self) -> str:
        """Where its label stands in the catalogues."""
        return self.label or f"field.{self.name}"

    @property
    def hint_wording(self) -> Wording:
        """Its hint; how to choose where it has none of its own and there is something to choose."""
        if self.hint:
            return say(self.hint) if isinstance(self.hint, str) else self.hint
        if self.kind in (Kind.CHOICE, Kind.YES_NO):
            return say("entering.choose_hint" if self.kind is Kind.CHOICE else "entering.yes_no_hint")
        return ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between fields; a key of the catalogues."""

    label: str


def fold(text: str) -> str:
    """`text` as NFKC has it, without white space around it; for amounts, numbers and codes alone."""
    return unicodedata.normalize("NFKC", text).strip()


def parse(field: Field, typed: str, language: str) -> tuple[Value, Wording | None]:
    """What was typed into a field, and what is wrong with it. Nothing typed is None and never wrong here."""
    if (not typed.strip() and field.kind is not Kind.SECRET) or not typed:
        return None, None
    try:
        return _parse(field, typed), None
    except FormatError as error:
        return None, error.sentence(language)
    except _Wrong as error:
        return None, say(error.key)


class _Wrong(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _parse(field: Field, typed: str) -> Value:
    match field.kind:
        case Kind.TEXT:
            return clean_text(typed, field.max_length)
        case Kind.YEN:
            return parse_yen(typed)
        case Kind.DAY:
            return parse_date(typed)
        case Kind.NUMBER:
            return normalise_number(typed)
        case Kind.KEY:
            return normalise_key(typed)
        case Kind.COUNT:
            return _count(typed)
        case Kind.CODE:
            return _code(typed, field.max_length)
        case Kind.YES_NO:
            return typed == YES
        case Kind.SECRET | Kind.CHOICE:
            return typed


def _count(typed: str) -> int:
    folded = fold(typed)
    digits = folded.replace(",", "")
    if not _COUNT.fullmatch(folded) or len(digits) > _MAX_COUNT_DIGITS:
        raise _Wrong("entering.count")
    return int(digits)


def _code(typed: str, limit: int) -> str:
    # An input method has several dashes, and the long vowel mark on the hyphen's key.
    folded = "".join("-" if char in HYPHENS else char for char in fold(typed))
    if not re.fullmatch(r"[0-9A-Za-z()+ -]+", folded) or len(folded) > limit:
        raise _Wrong("entering.code")
    return folded


def typed_as(kind: Kind, value: Value) -> str:
    """How a value stands in its field."""
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case int():
            return group_digits(value) if kind is Kind.YEN else str(value)
        case datetime.date():
            return value.isoformat()
        case str():
            if kind is Kind.NUMBER:
                return format_number(value)
            return format_key(value) if kind is Kind.KEY else value


def echo(kind: Kind, value: Value, texts: Texts) -> str:
    """How the client understood what was typed, shown beside it: the era date, the amount with its commas."""
    if isinstance(value, datetime.date):
        return day_text(texts, value) if texts.language == "ja" else value.isoformat()
    if kind is Kind.YEN and isinstance(value, int):
        return yen_text(texts, value)
    return ""
