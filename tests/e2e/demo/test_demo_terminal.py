"""A demo at a terminal: the client opens over it, works, and leaves everything as it was."""

import os
import re
import shutil
import signal
import tempfile
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tashika_tui.terminal import width
from tests.e2e.cli.emulated import Shown
from tests.e2e.cli.terminal import Terminal, terminal
from tests.e2e.client import strokes

pytestmark = pytest.mark.xdist_group("demo")

PROGRAM = ("-c", "from tashika_server.cli import main; main()")
PROMPT = "leaving it (Ctrl+Q) ends the demo."
OTHER_SCREEN, OWN_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
FIRST = re.compile(r"^  受注者 contractor +(?P<login_name>[a-z]+) +(?P<password>\S+)\r$", re.MULTILINE)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """The demo's folder for temporary files: a socket's path is short, and pytest's folders need not be."""
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    yield folder
    shutil.rmtree(folder)


@contextmanager
def demo(temporary: Path, *arguments: str, **environment: str) -> Iterator[Terminal]:
    """`tashika-server demo` in a terminal."""
    base = {"TERM": "xterm-256color", "LANG": "ja_JP.UTF-8", "TMPDIR": str(temporary), "HOME": str(temporary)}
    with terminal("demo", *arguments, environment={**base, **environment}, program=PROGRAM) as near:
        yield near


def opened(near: Terminal) -> Shown:
    """The client, opened as the demo says."""
    near.waits_for(PROMPT)
    near.types("\r")
    shown = Shown(near)
    shown.until("> ログイン名")
    return shown


def test_the_client_opens_over_the_demo_and_the_demo_ends_with_it(temporary: Path) -> None:
    with demo(temporary, "--contracts", "4", TASHIKA_LOG_LEVEL="DEBUG") as near:
        shown = opened(near)
        person = FIRST.search(near.shown.decode())
        assert person is not None
        strokes.play(shown, strokes.Job("", "", 0, strokes.LOGIN), person.groupdict())
        shown.types("\x11")
        assert near.ends() == 0
        before, _, rest = near.shown.partition(OTHER_SCREEN)
        client, _, after = rest.rpartition(OWN_SCREEN)
        # The log waited for the end of the client; what was shown before it is still there to scroll to.
        assert b'"event"' not in client and b"CreateSession" in after
        assert person["password"].encode() in before
        lines = before.decode().splitlines()
        # What is to be copied, and what the log says before the client opens, has the length that it has.
        told = [line for line in lines if "export" not in line and not line.startswith("{")]
        assert [line for line in told if width(line) > 80] == []
        # Who is to sign in first can be read without scrolling.
        assert any(PROMPT in line for line in lines) and any(FIRST.match(f"{line}\r") for line in lines[-24:])
        assert not re.search(rb"\x1b\[[23]?J|\x1bc", after)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "environment"), [(["--no-client"], {}), ([], {"TERM": "dumb"})], ids=["flag", "terminal"]
)
def test_without_a_client_it_serves_as_ever(
    temporary: Path, arguments: list[str], environment: dict[str, str]
) -> None:
    with demo(temporary, "--contracts", "0", *arguments, **environment) as near:
        near.waits_for("Ctrl+C ends the server.")
        assert PROMPT.encode() not in near.shown
        near.types("\x03")
        assert near.ends() == 0
    assert list(temporary.iterdir()) == []


def test_ctrl_c_instead_of_enter_ends_it(temporary: Path) -> None:
    with demo(temporary, "--contracts", "0") as near:
        near.waits_for(PROMPT)
        near.types("\x03")
        assert near.ends() == 0
        assert OTHER_SCREEN not in near.shown
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["told-to", "terminal-gone"])
def test_a_demo_that_has_to_end_takes_its_client_along(temporary: Path, number: signal.Signals) -> None:
    with demo(temporary, "--contracts", "0") as near:
        opened(near)
        near.process.send_signal(number)
        # The end comes when nobody has the terminal open any more, the client included.
        assert near.ends() == 0
        assert near.shown.rfind(OWN_SCREEN) > near.shown.rfind(OTHER_SCREEN)
        assert termios.tcgetattr(near.master)[3] & termios.ECHO
    assert list(temporary.iterdir()) == []


def test_a_client_that_dies_does_not_take_the_demo_along(temporary: Path) -> None:
    with demo(temporary, "--contracts", "0") as near:
        shown = opened(near)
        os.kill(client_of(near.process.pid), signal.SIGKILL)
        near.waits_for("The client failed (-9). The server goes on")
        assert near.shown.rfind(OWN_SCREEN) > near.shown.rfind(OTHER_SCREEN)
        shown.types("\x03")
        assert near.ends() == 0


def client_of(demo: int) -> int:
    """The process of the client among those that the demo has started."""
    children = Path(f"/proc/{demo}/task/{demo}/children").read_text().split()
    (found,) = (
        int(child) for child in children if b"tashika_tui" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    return found
