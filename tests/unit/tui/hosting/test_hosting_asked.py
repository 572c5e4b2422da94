"""What comes from the other end is made harmless before anything looks at it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashika_tui.commands.getting import KINDS
from tashika_tui.hosting.asked import (
    MAX_COLUMNS,
    MAX_COMMAND_CHARACTERS,
    MAX_LINES,
    MAX_VARIABLES,
    Command,
    CommandRefused,
    Size,
    Variables,
    clean_environment,
    clean_size,
    read_command,
)


def refused(text: str) -> str:
    with pytest.raises(CommandRefused) as caught:
        read_command(text, KINDS)
    return caught.value.key


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("get notice 0126", ("get", "notice", "0126"), ""),
        ("  get   certificate  '0126'  ", ("get", "certificate", "0126"), ""),
        ("get certificate 0126 --version 2", ("get", "certificate", "0126", "--version", "2"), ""),
        ("get --version=2 certificate 0126", ("get", "certificate", "0126", "--version", "2"), ""),
        ("--lang en get contract 0126", ("get", "contract", "0126"), "en"),
        ("get attachment 0126 --file 3 --lang=ja", ("get", "attachment", "0126", "--file", "3"), "ja"),
        ("get certificate 0126 --with-key", ("get", "certificate", "0126", "--with-key"), ""),
        ("get notice ../../etc/passwd", ("get", "notice", "../../etc/passwd"), ""),
        ("get notice '01 26'", ("get", "notice", "01 26"), ""),
        ("get notice ０１２６", ("get", "notice", "０１２６"), ""),
    ],
)
def test_get_is_read_as_the_clients_own_command_line(
    text: str, words: tuple[str, ...], language: str
) -> None:
    assert read_command(text, KINDS) == Command(words, language)


@pytest.mark.parametrize(
    "text",
    [
        *("", "sh", "get", "get notice", "get notice 1 2", "get x 1", "GET notice 1", "put notice 1"),
        *("get notice 1 --out x", "get notice 1 -o x", "get notice --server 1", "get -x notice 1"),
        *(
            "get notice 1 --version",
            "get notice 1 --version x",
            "get notice 1 --version ２",
            "get notice 1 --file -1",
        ),
        *(
            "get notice 1\n",
            "get notice \x1b",
            "get notice \x00",
            "get notice '1",
            'get notice "1',
            "get notice 1\\",
        ),
        *("get notice 1 --version 9999999", "get notice " + "1" * MAX_COMMAND_CHARACTERS, "get -- notice 1"),
    ],
)
def test_everything_else_is_refused_without_a_word_of_it(text: str) -> None:
    assert refused(text) == "hosting.command"


def test_a_language_that_is_none_is_said_as_such() -> None:
    assert refused("get notice 1 --lang fr") == refused("get notice 1 --lang") == "usage.language"


@given(st.text(max_size=200))
def test_whatever_is_asked_gives_a_command_of_ours_or_is_refused(text: str) -> None:
    try:
        command = read_command(text, KINDS)
    except CommandRefused:
        return
    assert command.words[0] == "get" and command.words[1] in KINDS and len(command.words) <= 8
    assert not command.words[2].startswith("-")
    assert set(command.words[3::1]) <= {"--version", "--file", "--with-key"} | {
        word for word in command.words[3:] if word.isdecimal()
    }


def test_what_is_logged_of_a_command_holds_nothing_that_was_typed() -> None:
    assert read_command("get notice secret-typed-by-mistake", KINDS).logged == "get notice"


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("TERM", "xterm-256color", True),
        ("LANG", "ja_JP.UTF-8", True),
        ("LC_ALL", "en_US.UTF-8@euro", True),
        ("COLORTERM", "truecolor", True),
        ("NO_COLOR", "", True),
        ("NO_COLOR", "1", True),
        ("term", "xterm", False),
        ("LC_", "x", False),
        ("LC_ALL", "../evil", False),
        ("TERM", "x" * 65, False),
        ("TERM", "\x1b[2J", False),
        ("LANG", "ja\nTOKEN=x", False),
        ("LD_PRELOAD", "x", False),
        ("PATH", "x", False),
        ("TASHIKA_SERVER", "x", False),
        ("LANGUAGE", "en", False),
        ("TERMCAP", "x", False),
    ],
)
def test_of_the_environment_only_what_is_about_the_terminal_is_kept(
    name: str, value: str, kept: bool
) -> None:
    assert clean_environment([(name, value)]) == ({name: value} if kept else {})
    variables = Variables()
    variables[name.encode()] = value.encode()
    assert variables.clean() == ({name: value} if kept else {})


def test_variables_stay_few_and_the_last_value_of_each_counts() -> None:
    variables = Variables()
    for number in range(10_000):
        variables[b"LC_" + bytes((65 + number % 26, 65 + number // 26 % 26))] = b"C"
    assert len(variables) == MAX_VARIABLES
    (first, *_) = variables
    variables[first] = b"POSIX"
    assert variables[first] == b"POSIX"
    variables[b"TERM"] = b"xterm"
    assert b"TERM" not in variables


@pytest.mark.parametrize(
    ("columns", "lines", "size"),
    [
        (80, 24, Size(80, 24)),
        (1, 1, Size(1, 1)),
        (0, 0, Size()),
        (0, 24, Size()),
        (-1, 5, Size()),
        (2**32 - 1, 2**32 - 1, Size(MAX_COLUMNS, MAX_LINES)),
    ],
)
def test_a_window_is_one_that_can_be_drawn(columns: int, lines: int, size: Size) -> None:
    assert clean_size(columns, lines) == size
