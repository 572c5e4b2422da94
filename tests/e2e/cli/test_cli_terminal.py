"""The plain commands in a real terminal and in real pipes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cli.terminal import terminal
from tests.unit.formats.issued import NUMBER
from tests.unit.tui.register import KEY, FakeRegister, serving


@pytest.fixture
def register() -> Iterator[FakeRegister]:
    with serving() as found:
        yield found


@pytest.fixture
def environment(register: FakeRegister, tmp_path: Path) -> dict[str, str]:
    return {"TASHIKA_SERVER": register.address, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}


def test_a_key_that_is_typed_is_never_shown(environment: dict[str, str]) -> None:
    with terminal("open", NUMBER, environment=environment) as screen:
        screen.waits_for("認証キー")
        screen.waits_for_hidden_typing()
        screen.types(f"{KEY}\n")
        assert screen.ends() == 0
    assert "保証金額" in screen.shown.decode()
    assert KEY.encode() not in screen.shown


def test_standard_input_that_is_a_terminal_does_not_show_the_key_either(environment: dict[str, str]) -> None:
    with terminal("open", NUMBER, "-", environment=environment) as screen:
        screen.waits_for_hidden_typing()
        screen.types(f"{KEY}\n")
        assert screen.ends() == 0
    assert KEY.encode() not in screen.shown


def test_ctrl_c_at_the_prompt_ends_quietly(environment: dict[str, str]) -> None:
    with terminal("open", NUMBER, environment=environment) as screen:
        screen.waits_for("認証キー")
        screen.waits_for_hidden_typing()
        screen.types("\x03")
        assert screen.ends() == 130
    assert b"Traceback" not in screen.shown
    assert b"Error" not in screen.shown


def test_ctrl_d_at_the_prompt_is_an_empty_key(environment: dict[str, str]) -> None:
    with terminal("open", NUMBER, environment=environment) as screen:
        screen.waits_for_hidden_typing()
        screen.types("\x04")
        assert screen.ends() == 4


def test_without_a_terminal_nobody_is_asked(environment: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tashika_tui", "open", NUMBER],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **environment},
        start_new_session=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, b"")
    assert len(run.stderr.decode().splitlines()) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp932"])
def test_a_terminal_that_can_not_show_a_name_gets_its_number(
    environment: dict[str, str], encoding: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tashika_tui", "open", NUMBER, "-"],
        input=KEY.encode(),
        capture_output=True,
        env={**os.environ, **environment, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert ("\\U00020bb7" in run.stdout.decode(encoding)) == (encoding != "utf-8")


def test_nobody_who_reads_on_ends_it_quietly(environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        [sys.executable, "-m", "tashika_tui", "open", NUMBER, "-"],
        input=KEY.encode(),
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        check=False,
    )
    os.close(writing)
    assert (run.returncode, run.stderr) == (141, b"")


def test_a_full_disk_is_told(environment: dict[str, str]) -> None:
    with open("/dev/full", "wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "tashika_tui", "open", NUMBER, "-"],
            input=KEY.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            # Unbuffered output would fail early, and hide what is said only at the end.
            env={**os.environ, **environment, "PYTHONUNBUFFERED": ""},
            check=False,
        )
    assert run.returncode == 2
    assert b"Traceback" not in run.stderr
    assert len(run.stderr.decode().splitlines()) == 1


def test_closed_streams_are_no_fault(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m tashika_tui open {NUMBER} - <&- >&-"
    run = subprocess.run(
        ["/bin/sh", "-c", command], stderr=subprocess.PIPE, env={**os.environ, **environment}, check=False
    )
    assert run.returncode == 4
    assert len(run.stderr.decode().splitlines()) == 1
