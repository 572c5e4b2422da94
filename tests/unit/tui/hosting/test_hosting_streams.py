"""Terminals and pipes of sessions, by themselves."""

import os

from tashika_tui.hosting.asked import Size
from tashika_tui.hosting.streams import open_terminal


def test_what_is_typed_before_a_client_reads_is_kept_as_it_is_and_not_echoed() -> None:
    own, other = open_terminal(Size(132, 43))
    try:
        assert os.get_terminal_size(other) == (132, 43)
        # A return, keys that would stop, end or erase, and no end of line: nothing of it means anything yet.
        os.write(own, b"12\r\x03\x13\x04\x7f\x15")
        assert os.read(other, 100) == b"12\r\x03\x13\x04\x7f\x15"
        os.set_blocking(own, False)
        # What the session says comes out as on any terminal.
        os.write(other, b"said\n")
        assert os.read(own, 100) == b"said\r\n"
    finally:
        os.close(own)
        os.close(other)
