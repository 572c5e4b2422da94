"""What is typed is a key, what is pasted is text, wherever the terminal's bytes happen to be cut."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.message import Message

from tashika_tui.widgets.pastes import PasteParser

START, END = "\x1b[200~", "\x1b[201~"

# What would press enter, submit, leave the client, resize the screen, and begin or report something.
ACTING = "\x1b\r\x1b[21~\x1b\x11q\x1b[48;1;1;1;1t\x1b[I\x1b[200~\x1b]0;x\x07\x1bOS\x1b[<0;1;1M"


def told(messages: Iterable[Message]) -> list[str]:
    """Keys by their names, pastes by their text."""
    return [
        message.key
        if isinstance(message, events.Key)
        else f"<{message.text}>"
        if isinstance(message, events.Paste)
        else type(message).__name__
        for message in messages
    ]


def read(parts: Sequence[str], parser: XTermParser | None = None) -> list[str]:
    """What comes of a terminal's bytes in these parts."""
    found = parser or PasteParser()
    return [each for part in parts for each in told(found.feed(part))]


def test_textual_alone_would_type_what_follows_an_escape() -> None:
    # If this changes, `PasteParser` may go.
    assert "enter" in read([f"{START}a{ACTING}{END}"], XTermParser())


def test_nothing_in_a_paste_acts() -> None:
    assert read([f"a{START}{ACTING}{END}b"]) == ["a", f"<{ACTING}>", "b"]


@given(st.text(st.sampled_from("\x1b[201~a改\r\n"), max_size=12), st.lists(st.integers(0, 40), max_size=5))
def test_a_paste_is_one_text_however_it_is_cut(text: str, cuts: list[int]) -> None:
    sent = f"x{START}{text.replace(END, '')}{END}y"
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    parts = [sent[a:b] for a, b in pairwise(places)]
    assert read(parts) == read([sent])
    assert read([sent])[0] == "x" and read([sent])[1].startswith("<")


@pytest.mark.parametrize("keys", ["\x1b[A", "\x1b[21~", "\x1bOS", "\x1b[2~", "\x1b[1;2A"])
def test_keys_are_what_they_were_however_they_are_cut(keys: str) -> None:
    whole = read([keys], XTermParser())
    assert len(whole) == 1
    for cut in range(1, len(keys)):
        assert read([keys[:cut], keys[cut:]]) == whole


@pytest.mark.parametrize("sent", ["\x1b", "\x1b[", "\x1b[2"])
def test_an_escape_that_nothing_follows_is_the_key_as_soon_as_it_was(
    monkeypatch: pytest.MonkeyPatch, sent: str
) -> None:
    now = 100.0
    for module in ("textual._parser", "tashika_tui.widgets.pastes"):
        monkeypatch.setattr(f"{module}.get_time", lambda: now)
    ours, theirs = PasteParser(), XTermParser()
    for parser in (ours, theirs):
        assert told(parser.feed(sent)) == told(parser.tick()) == []
    now += ESCAPE_DELAY
    found = told(ours.tick())
    assert found == told(theirs.tick()) != []
    assert read(["a"], ours) == ["a"]


def test_a_long_paste_is_cut_and_what_comes_after_it_is_typed() -> None:
    (paste, key) = read([START, *(["改" * 1000] * 500), END, "a"])
    assert (len(paste), key) == (100_002, "a")


def test_the_end_of_the_terminal_is_the_end() -> None:
    parser = PasteParser()
    assert read([f"{START}abc", ""], parser) == []
    assert parser.is_eof
