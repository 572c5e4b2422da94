"""The client in a real terminal: it starts, lives through any size, and leaves the terminal as it was."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.cli.emulated import Shown
from tests.e2e.cli.terminal import terminal

pytestmark = pytest.mark.xdist_group("pty")


@contextmanager
def client(folder: Path, **environment: str) -> Iterator[Shown]:
    """`tashika` without a command on 80 columns and 24 lines, with no server there."""
    base = {
        "TERM": "xterm-256color",
        "HOME": str(folder),
        "XDG_STATE_HOME": str(folder / "state"),
        "TASHIKA_SERVER": f"unix:{folder}/none.sock",
        "LANG": "ja_JP.UTF-8",
    }
    with terminal(environment={**base, **environment}) as near:
        yield Shown(near)


def test_it_starts_lives_through_any_size_and_leaves(tmp_path: Path) -> None:
    with client(tmp_path) as shown:
        shown.until("ログイン名")
        shown.until("^Q 終了")
        shown.near.types("山田")
        shown.until("山田")
        shown.resize(1, 1)
        shown.resize(30, 5)
        shown.until("小さすぎます")
        shown.resize(80, 24)
        shown.until("山田")
        shown.near.types("\x11")
        assert shown.near.ends() == 0
        # Back on the normal screen, with the cursor visible.
        assert shown.near.shown.rstrip().rfind(b"\x1b[?1049l") > shown.near.shown.rfind(b"\x1b[?1049h")
        assert b"Traceback" not in shown.near.shown


def test_a_size_that_the_environment_tells_is_not_the_terminals(tmp_path: Path) -> None:
    with client(tmp_path, COLUMNS="80", LINES="24") as shown:
        shown.until("^Q 終了")
        shown.resize(30, 5)
        shown.until("小さすぎます")
        shown.near.types("\x11")
        assert shown.near.ends() == 0


def test_the_keyboard_protocol_that_loses_composed_text_is_not_asked_for(tmp_path: Path) -> None:
    with client(tmp_path) as shown:
        shown.until("ログイン名")
        assert b"\x1b[>25u" not in shown.near.shown and b"\x1b[>1u" not in shown.near.shown
        shown.near.types("\x11")
        shown.near.ends()


def test_a_lost_server_is_said_and_typing_goes_on(tmp_path: Path) -> None:
    with client(tmp_path) as shown:
        shown.until("接続")
        shown.near.types("ab")
        shown.until("ab")
        shown.near.types("\x11")
        assert shown.near.ends() == 0


@pytest.mark.parametrize(
    ("environment", "code", "sentence"),
    [
        ({"TERM": "dumb"}, 2, "この端末では画面を表示できません"),
        ({"TASHIKA_SERVER": "nowhere"}, 2, "接続先「nowhere」を読み取れません"),
    ],
)
def test_what_can_not_be_shown_is_said_in_a_sentence(
    tmp_path: Path, environment: dict[str, str], code: int, sentence: str
) -> None:
    with client(tmp_path, **environment) as shown:
        assert shown.near.ends() == code
        assert sentence.encode() in shown.near.shown
        assert b"\x1b[?1049h" not in shown.near.shown


def test_without_colour_nothing_is_coloured(tmp_path: Path) -> None:
    with client(tmp_path, NO_COLOR="1") as shown:
        shown.until("ログイン名")
        for sequence in (b"[38;", b"[48;", b";38;", b";48;"):
            assert sequence not in shown.near.shown
        shown.near.types("\x11")
        shown.near.ends()


def test_output_that_is_no_terminal_gets_the_help(tmp_path: Path) -> None:
    read, write = os.pipe()
    with terminal(environment={"HOME": str(tmp_path), "TERM": "xterm"}, stdout=write) as near:
        os.close(write)
        assert near.ends() == 2
        assert b"tashika" in near.shown
    os.close(read)
