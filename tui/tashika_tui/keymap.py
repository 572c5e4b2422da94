"""The one table of keys. Footer, help, palette and the printed key list are made from it, and nothing else binds.

Each action has a key that works while an input method is on: an F-key, a ctrl key, or one that types nothing;
else it stands in the palette. Single characters also work full-width (ｊ ｋ ／), as an input method sends them.
What many terminals can't send or use themselves is never a key: alt, ctrl+enter, ctrl+i, ctrl+m, ctrl+h, ctrl+j,
ctrl+b, ctrl+space, F11.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

# Unicode has the full-width forms of ASCII in ASCII's order (U+FF01 to U+FF5E).
_FULL_WIDTH = 0xFEE0


class Scope(Enum):
    """Where an action is there. The value is the last part of its name in the catalogues (`scope.list`)."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    FILTER = "filter"
    FORM = "form"
    CHOICE = "choice"
    SHEET = "sheet"
    MENU = "menu"
    DIALOG = "dialog"
    CHOICES = "choices"
    WORK = "work"
    APPLYING = "applying"
    HANDING_IN = "handing_in"
    REPORT = "report"
    FEES = "fees"
    NOTICES = "notices"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Key:
    """An action and its keys.

    `id` names it: its label is `key.<id>` in the catalogues. `keys` are Textual's names, or single characters;
    the first is the one shown. `action` is what Textual runs on the widget or screen that has the binding.
    `palette` says whether the palette offers it: what only moves a cursor is not offered. `before` names an
    action of a wider scope that has the same key, and gets it when this one has nothing to do.
    """

    id: str
    keys: tuple[str, ...]
    scope: Scope
    action: str
    palette: bool = True
    before: str = ""

    def all_keys(self) -> Iterator[str]:
        """The keys with their full-width twins."""
        for key in self.keys:
            yield key
            if len(key) == 1:
                yield chr(ord(key) + _FULL_WIDTH)


def _rows(scope: Scope, rows: Iterable[tuple[str, str]], *, palette: bool = True) -> tuple[Key, ...]:
    """Rows of a scope: a name and its keys with spaces between. The action has the name's own name."""
    return tuple(Key(name, tuple(keys.split()), scope, name, palette) for name, keys in rows)


KEYS: tuple[Key, ...] = (
    *_rows(
        Scope.EVERYWHERE,
        (
            ("help", "f1 ?"),
            ("palette", "ctrl+p :"),
            ("back", "escape"),
            ("menu", "f9"),
            ("reload", "f5 ctrl+r"),
            ("language", "ctrl+l"),
            ("theme", "f2"),
            ("sign_out", ""),
            ("quit", "ctrl+q"),
        ),
    ),
    *_rows(
        Scope.EVERYWHERE,
        (("next_pane", "tab"), ("previous_pane", "shift+tab"), ("copy", "ctrl+c")),
        palette=False,
    ),
    # --- lists -------------------------------------------------------------------------------------------------
    *_rows(
        Scope.LIST,
        (
            ("open", "enter"),
            ("filter", "/ ctrl+f"),
            ("sort", "s f7"),
            ("reverse", "S shift+f7"),
            ("jump", "t ctrl+t"),
            ("copy_id", "c"),
        ),
    ),
    Key("clear_filter", ("escape",), Scope.LIST, "clear_filter", palette=False, before="back"),
    *_rows(
        Scope.LIST,
        (
            ("cursor_down", "down j"),
            ("cursor_up", "up k"),
            ("page_down", "pagedown"),
            ("page_up", "pageup"),
            ("first", "home g"),
            ("last", "end G"),
        ),
        palette=False,
    ),
    *_rows(Scope.FILTER, (("keep_filter", "enter down"),), palette=False),
    Key("drop_filter", ("escape",), Scope.FILTER, "drop_filter", palette=False, before="back"),
    # --- forms -------------------------------------------------------------------------------------------------
    *_rows(Scope.FORM, (("next_problem", "f8"), ("previous_problem", "shift+f8"))),
    *_rows(
        Scope.FORM,
        (
            ("next_field", "down enter"),
            ("previous_field", "up"),
            ("form_page_down", "pagedown"),
            ("form_page_up", "pageup"),
        ),
        palette=False,
    ),
    *_rows(
        Scope.CHOICE,
        (("choose", "enter space f4"), ("next_choice", "right"), ("previous_choice", "left")),
        palette=False,
    ),
    # --- what is only read -------------------------------------------------------------------------------------
    *_rows(Scope.SHEET, (("next_difference", "d f8"), ("previous_difference", "D shift+f8"))),
    *_rows(
        Scope.SHEET,
        (
            ("scroll_down", "down j"),
            ("scroll_up", "up k"),
            ("scroll_page_down", "pagedown"),
            ("scroll_page_up", "pageup"),
            ("scroll_home", "home g"),
            ("scroll_end", "end G"),
        ),
        palette=False,
    ),
    *(
        Key(f"choose_{number}", (f"{number}",), Scope.MENU, f"choose_number({number})", palette=False)
        for number in range(1, 10)
    ),
    # --- dialogs and lists of choices --------------------------------------------------------------------------
    *_rows(
        Scope.DIALOG,
        (
            ("press", "enter space"),
            ("accept", "y"),
            ("decline", "n"),
            ("cancel_dialog", "escape"),
            ("next_button", "tab right"),
            ("previous_button", "shift+tab left"),
        ),
        palette=False,
    ),
    *_rows(
        Scope.CHOICES,
        (
            ("choose_this", "enter"),
            ("choice_down", "down"),
            ("choice_up", "up"),
            ("choice_page_down", "pagedown"),
            ("choice_page_up", "pageup"),
        ),
        palette=False,
    ),
    # --- the work itself ---------------------------------------------------------------------------------------
    *_rows(
        Scope.WORK,
        (
            ("save", "ctrl+s f12"),
            ("submit", "f10"),
            ("next_step", "f6"),
            ("previous_step", "shift+f6"),
            ("new", "n f3"),
            ("save_document", "p ctrl+o"),
            ("remove", "delete"),
        ),
    ),
    # --- the guarantor's ---------------------------------------------------------------------------------------
    *_rows(
        Scope.WORK,
        (
            ("accept_application", "a"),
            ("approve_application", "v"),
            ("issue", "I"),
            ("record_paper", "P"),
            ("record_fee", "f"),
            ("return_application", "r"),
            ("refuse_application", "x"),
            ("save_attachment", "b ctrl+a"),
            ("pick_state", "l ctrl+u"),
            ("key_life", "K"),
        ),
    ),
    # --- the contractor's --------------------------------------------------------------------------------------
    *_rows(
        Scope.WORK,
        (
            ("copy_last", "y ctrl+y"),
            ("details", "i ctrl+g"),
            ("hand_in", "h ctrl+n"),
            ("openings", "o ctrl+k"),
            ("report_error", "e ctrl+d"),
            ("edit", "m ctrl+e"),
            ("withdraw", "w ctrl+w"),
            ("show_key", "ctrl+x"),
        ),
    ),
    # Beside a sheet alone, so that numbers and letters of lists are free.
    *_rows(
        Scope.HANDING_IN,
        (
            ("copy_address", "1"),
            ("copy_subject", "2"),
            ("copy_body", "3"),
            ("copy_number", "4"),
            ("copy_key", "5"),
            ("mail_key", "s f7"),
            ("record_spoken", "t ctrl+t"),
            ("reissue_key", "R"),
        ),
    ),
    *_rows(Scope.REPORT, (("pick_period", "s f7"),)),
    # --- who is not signed in yet ------------------------------------------------------------------------------
    *_rows(Scope.SIGN_IN, (("open_certificate", "f4"),)),
    # --- fees --------------------------------------------------------------------------------------------------
    *_rows(
        Scope.FEES,
        (
            ("fee_sheet", "F ctrl+v"),
            ("statement", "u"),
            ("record_receipt", "R"),
            ("set_payer", "M"),
            ("edit_tariff", "E"),
        ),
    ),
    *_rows(
        Scope.APPLYING,
        (("use_limit", "f7"), ("edit_works", "shift+f4"), ("attach", "ctrl+t"), ("discard", "shift+f3")),
    ),
    # --- notices -----------------------------------------------------------------------------------------------
    *_rows(
        Scope.NOTICES,
        (
            ("mark_read", "d f8"),
            ("mark_all_read", "D shift+f8"),
            ("unread_only", "u f4"),
            ("mail_settings", "M"),
        ),
    ),
)

BY_ID = {key.id: key for key in KEYS}

# Scopes that are there together with a list, a form or a sheet; a dialog stands alone.
TOGETHER = (Scope.EVERYWHERE, Scope.WORK)
ALONE = (Scope.DIALOG, Scope.CHOICES)
# Each of these stands beside one of its scopes at a time.
BESIDE = {
    Scope.APPLYING: (Scope.FORM,),
    Scope.HANDING_IN: (Scope.SHEET,),
    Scope.REPORT: (Scope.SHEET,),
    Scope.FEES: (Scope.SHEET, Scope.LIST),
    Scope.NOTICES: (Scope.LIST,),
    Scope.SIGN_IN: (Scope.FORM,),
}

_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "delete": "Del",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
}


def of_scope(scope: Scope) -> tuple[Key, ...]:
    """The actions of a scope, in the table's order."""
    return tuple(key for key in KEYS if key.scope is scope)


def shown(key: str) -> str:
    """A key as people read it: F10, ^S, Shift+F8, Esc."""
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+').upper()}"
    if key.startswith("shift+"):
        return f"Shift+{shown(key.removeprefix('shift+'))}"
    return _NAMES.get(key) or (key if len(key) == 1 else key.upper())


def keys_shown(key: Key) -> str:
    """All keys of an action, without the full-width twins."""
    return " ".join(map(shown, key.keys))


def clashes() -> list[str]:
    """Keys that would mean two things at once. A test holds this empty."""
    found = []
    for scope in Scope:
        for beside in BESIDE.get(scope, (scope,)):
            near = {scope} if scope in ALONE else {scope, beside, *TOGETHER}
            found += [f"{clash} ({scope.value} beside {beside.value})" for clash in _clashes(near)]
    return found


def _clashes(near: set[Scope]) -> Iterator[str]:
    owners: dict[str, Key] = {}
    for row in (key for key in KEYS if key.scope in near):
        for each in row.keys:
            other = owners.setdefault(each, row)
            if other is not row and row.id != other.before and other.id != row.before:
                yield f"{each}: {other.id} and {row.id}"
