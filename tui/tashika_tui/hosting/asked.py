"""What comes from the other end of an SSH connection, made harmless: environment, terminal, size, command."""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# What a client may set, since it says how to show things; nothing else of its environment is taken.
_NAMES = re.compile(r"TERM|LANG|LC_[A-Z]{1,20}|COLORTERM|NO_COLOR")
# No slash among them: a locale must not be a path.
_VALUE = re.compile(r"[A-Za-z0-9_.@:+-]{0,64}")

MAX_VARIABLES = 32
"""TERM, LANG, the thirteen LC_ variables of POSIX and glibc, and the two about colour; a client that sends more is
looking for something.
"""

# A terminal of 500 columns is four screens wide; each cell costs memory and time, and a size of 2**32 is no size.
MAX_COLUMNS, MAX_LINES = 500, 200
USUAL_COLUMNS, USUAL_LINES = 80, 24

MAX_COMMAND_CHARACTERS = 500

_GET = "get"
_LANGUAGES = ("ja", "en")
_NUMBERED = ("--version", "--file")
_WITH_KEY = "--with-key"


def clean_environment(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The variables that a session may see."""
    kept: dict[str, str] = {}
    for name, value in pairs:
        if _NAMES.fullmatch(name) and _VALUE.fullmatch(value) and len(kept) < MAX_VARIABLES:
            kept[name] = value
    return kept


class Variables(dict[bytes, bytes]):
    """A place for the variables of one SSH session that stays small, whatever is sent."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        """Keeps it, if it may be seen at all."""
        if name in self or len(self) < MAX_VARIABLES:
            pair = name.decode("ascii", "replace"), value.decode("ascii", "replace")
            if clean_environment([pair]):
                super().__setitem__(name, value)

    def clean(self) -> dict[str, str]:
        """As a session sees them."""
        return clean_environment((name.decode(), value.decode()) for name, value in self.items())


@dataclass(frozen=True, slots=True)
class Size:
    """A terminal's size in cells."""

    columns: int = USUAL_COLUMNS
    lines: int = USUAL_LINES


def clean_size(columns: int, lines: int) -> Size:
    """A size that can be drawn; a terminal that says nothing has the usual one."""
    if columns <= 0 or lines <= 0:
        return Size()
    return Size(min(columns, MAX_COLUMNS), min(lines, MAX_LINES))


class CommandRefused(Exception):
    """What was asked for is no command of this host. `key` names the sentence; what was asked is not repeated."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Command:
    """A plain command: its words as the client's own command line has them, and the language that it asked for."""

    words: tuple[str, ...]
    language: str = ""

    @property
    def logged(self) -> str:
        """What of it may stand in a log: the kind of thing, and never what somebody typed."""
        return " ".join(self.words[:2])


def read_command(text: str, kinds: Iterable[str]) -> Command:
    """`get KIND NUMBER`, with `--version N`, `--file N`, `--with-key` and `--lang ja|en`. Raises CommandRefused for
    everything else.

    No shell ever sees the text, so quotes and spaces are all that is read of it; there is no way to name a file, a
    server or another programme.
    """
    if len(text) > MAX_COMMAND_CHARACTERS or not text.isprintable():
        raise CommandRefused("hosting.command")
    try:
        words = shlex.split(text)
    except ValueError:
        raise CommandRefused("hosting.command") from None
    plain, options = _options(words)
    if len(plain) != 3 or plain[0] != _GET or plain[1] not in frozenset(kinds):
        raise CommandRefused("hosting.command")
    if any(word.startswith("-") for word in plain):
        raise CommandRefused("hosting.command")
    language = options.get("--lang", "")
    if language not in ("", *_LANGUAGES):
        raise CommandRefused("usage.language")
    extra: list[str] = []
    for name in _NUMBERED:
        value = options.get(name, "")
        if value and not (value.isascii() and value.isdecimal() and len(value) <= 6):
            raise CommandRefused("hosting.command")
        extra += [name, value] if value else []
    if _WITH_KEY in options:
        extra.append(_WITH_KEY)
    return Command((*plain, *extra), language)


def _options(words: list[str]) -> tuple[list[str], Mapping[str, str]]:
    plain: list[str] = []
    options: dict[str, str] = {}
    left = iter(words)
    for word in left:
        name, equals, value = word.partition("=")
        if name in (*_NUMBERED, "--lang"):
            options[name] = value if equals else next(left, "-")
        elif word == _WITH_KEY:
            options[word] = word
        else:
            plain.append(word)
    return plain, options
