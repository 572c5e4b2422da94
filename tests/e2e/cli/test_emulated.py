"""The emulator itself: what it says while a programme draws over half of what stood there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import Mock

import pytest

from tests.e2e.cli.emulated import Shown
from tests.e2e.cli.terminal import Terminal

AT = "\x1b[1;%dH"
"""Puts the cursor into a column of the first line."""
DELETE = "\x1b[1P"
"""Takes the cell under the cursor out of its line."""


@contextmanager
def shown(text: str) -> Iterator[Shown]:
    """A terminal of eight columns in which this was shown."""
    master, far = os.openpty()
    try:
        near = Terminal(master, Mock())
        near.shown = text.encode()
        yield Shown(near, columns=8, lines=1)
    finally:
        os.close(master)
        os.close(far)


@pytest.mark.parametrize(
    ("drawn", "line"),
    [
        ("", "        "),
        ("契約a", "契約a   "),
        ("abcdef契", "abcdef契"),
        ("契約" + AT % 1 + "b", "b 約    "),
        ("契約" + AT % 2 + "b", " b約    "),
        ("契約" + AT % 3 + "bc", "契bc    "),
        ("契約" + AT % 2 + "書", " 書     "),
        ("a契約" + AT % 1 + "書", "書 約   "),
        ("契約" + AT % 2 + DELETE, " 約     "),
        ("契約" + AT % 1 + DELETE, " 約     "),
        ("契約か\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}", "契約が  "),
    ],
)
def test_half_of_a_wide_character_is_blank(drawn: str, line: str) -> None:
    with shown(drawn) as screen:
        assert screen.text() == line
