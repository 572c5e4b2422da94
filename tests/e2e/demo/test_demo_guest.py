"""Where a demo opens the client, and what becomes of standard error meanwhile."""

import os
import subprocess
import sys
import time

import pytest

from tashika_server.demo import guest, relay
from tashika_server.demo.options import DemoOptions
from tashika_server.demo.relay import Relay, relayed_errors


@pytest.fixture
def seat(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A terminal that can show a client; the test takes away from it."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(os, "isatty", lambda _: True)
    monkeypatch.setattr(os, "getpgrp", lambda: 7)
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: 7)
    return monkeypatch


def test_a_terminal_is_a_seat(seat: pytest.MonkeyPatch) -> None:
    assert guest.has_seat(DemoOptions())


@pytest.mark.parametrize("options", [DemoOptions(client=False), DemoOptions(script=True, keep_serving=True)])
def test_nobody_is_seated_who_did_not_ask(seat: pytest.MonkeyPatch, options: DemoOptions) -> None:
    assert not guest.has_seat(options)


@pytest.mark.parametrize("terminal", ["", "dumb"])
def test_a_terminal_that_can_not_place_a_cursor_is_no_seat(seat: pytest.MonkeyPatch, terminal: str) -> None:
    seat.setenv("TERM", terminal)
    assert not guest.has_seat(DemoOptions())


@pytest.mark.parametrize("pipe", [0, 1])
def test_a_pipe_is_no_seat(seat: pytest.MonkeyPatch, pipe: int) -> None:
    seat.setattr(os, "isatty", lambda descriptor: descriptor != pipe)
    assert not guest.has_seat(DemoOptions())


def test_the_background_is_no_seat(seat: pytest.MonkeyPatch) -> None:
    seat.setattr(os, "tcgetpgrp", lambda _: 8)
    assert not guest.has_seat(DemoOptions())


def test_without_the_clients_libraries_there_is_no_seat(seat: pytest.MonkeyPatch) -> None:
    seat.setattr(guest, "_PARTS_OF_IT", ("tashika_tui", "a_library_that_is_not_there"))
    assert not guest.has_seat(DemoOptions())


def wait_for_held(held: Relay, size: int) -> None:
    """Returns when so many bytes wait, or fails."""
    deadline = time.monotonic() + 30
    while len(held._held) < size:
        assert time.monotonic() < deadline, held._held
        time.sleep(0.001)


def test_errors_of_all_processes_wait_for_the_screen_and_keep_their_order(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with relayed_errors() as passing:
        os.write(2, b"before\n")
        with passing.held():
            os.write(2, b"meanwhile\n")
            subprocess.run([sys.executable, "-c", "import os; os.write(2, b'elsewhere\\n')"], check=True)
            wait_for_held(passing, len("meanwhile\nelsewhere\n"))
            assert "meanwhile" not in capfd.readouterr().err.replace("before", "")
        os.write(2, b"after\n")
    os.write(2, b"at the end\n")
    assert capfd.readouterr().err.split("\n")[-5:] == ["meanwhile", "elsewhere", "after", "at the end", ""]


def test_a_flood_of_errors_is_cut_and_holds_nobody_up(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_MOST_HELD_BYTES", 1000)
    with relayed_errors() as passing, passing.held():
        for _ in range(200):
            os.write(2, b"x" * 1000)
        wait_for_held(passing, 1000)
    # What is still in the pipe at the end, and what was just read from it, belongs to the time after.
    assert set(found := capfd.readouterr().err) == {"x"} and 1000 <= len(found) <= 1000 + 2 * 65536


def test_a_terminal_that_is_gone_is_no_fault() -> None:
    with relayed_errors() as passing:
        nowhere, gone = os.pipe()
        os.close(nowhere)
        os.dup2(gone, passing.terminal)
        os.close(gone)
        os.write(2, b"nobody reads this\n")
