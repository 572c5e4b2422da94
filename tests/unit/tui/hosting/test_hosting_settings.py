"""The host's own settings, key and log."""

import contextlib
import datetime
import io
import json
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tashika_tui.hosting.host_key import load_host_key
from tashika_tui.hosting.limits import Bounds
from tashika_tui.hosting.log import HostLog, LibraryHandler
from tashika_tui.hosting.settings import BOUNDS, HostSettings, load_settings
from tashika_tui.problems import LocalError

NOW = datetime.datetime(2026, 5, 11, 1, tzinfo=datetime.UTC)


def written(folder: Path, text: str) -> Path:
    path = folder / "host.toml"
    path.write_text(text, encoding="utf-8")
    return path


def told(folder: Path, text: str, **flags: str) -> str:
    with pytest.raises(LocalError) as caught:
        load_settings(written(folder, text), flags, {"HOME": str(folder)})
    return caught.value.key


def test_a_file_and_flags_over_it(tmp_path: Path) -> None:
    text = 'server = "unix:/run/door"\nlisten = "0.0.0.0:22"\nidle_seconds = 60\nmax_sessions = 7\nca = "ca.pem"\n'
    found = load_settings(written(tmp_path, text), {"listen": "[::1]:2200"}, {"HOME": str(tmp_path)})
    assert (found.listen, found.address, found.idle_seconds) == ("[::1]:2200", ("::1", 2200), 60)
    assert found.bounds.sessions == 7 and found.bounds.connections == Bounds().connections
    # A path is meant from where the file lies.
    assert found.ca == str(tmp_path / "ca.pem")
    assert found.host_key == str(tmp_path / ".local/state/tashika/ssh_host_ed25519_key")
    assert found.place.port == 2200


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "hosting.server_missing"),
        ('server = "x"\nlisten = "nowhere"', "hosting.setting_wrong"),
        ('server = "x"\nlisten = "h:99999"', "hosting.setting_wrong"),
        ('server = "x"\nidle_seconds = 0', "hosting.setting_wrong"),
        ('server = "x"\nidle_seconds = "soon"', "hosting.setting_wrong"),
        ('server = "x"\nidle_seconds = true', "hosting.setting_wrong"),
        ('server = "x"\nmax_sessions = -1', "hosting.setting_wrong"),
        ('server = "x"\nname = 7', "hosting.setting_wrong"),
        ('server = "x"\ncertificate = "c.pem"', "hosting.setting_wrong"),
        ('server = "x"\nshell = "/bin/sh"', "hosting.setting_unknown"),
        ('server = "x"\nbounds = 1', "hosting.setting_unknown"),
        ("server =", "hosting.setting_file"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, text: str, key: str) -> None:
    assert told(tmp_path, text) == key


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError) as caught:
        load_settings(tmp_path / "none.toml", {}, {})
    assert caught.value.key == "problem.file_read"


def test_every_limit_of_the_file_is_one_of_the_bounds() -> None:
    assert set(BOUNDS.values()) == set(Bounds.__dataclass_fields__)
    assert HostSettings().viewer_user == "city"


def test_the_host_key_is_made_once_for_its_owner_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "state" / "host_key"
    key, made = load_host_key(path)
    again, made_again = load_host_key(path)
    assert (made, made_again) == (True, False)
    assert key.get_fingerprint() == again.get_fingerprint()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["host_key"]


@pytest.mark.parametrize(
    ("mode", "key"), [(0o644, "hosting.host_key_open"), (0o640, "hosting.host_key_open")]
)
def test_a_host_key_that_others_can_read_is_refused(tmp_path: Path, mode: int, key: str) -> None:
    path = tmp_path / "host_key"
    load_host_key(path)
    os.chmod(path, mode)
    with pytest.raises(LocalError) as caught:
        load_host_key(path)
    assert caught.value.key == key


def test_a_host_key_that_can_not_be_read_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "host_key"
    path.write_text("no key", encoding="ascii")
    os.chmod(path, 0o600)
    with pytest.raises(LocalError) as caught:
        load_host_key(path)
    assert caught.value.key == "hosting.host_key_unreadable"
    assert path.read_text(encoding="ascii") == "no key"


def test_the_log_is_a_json_object_a_line_and_bounded() -> None:
    stream = io.StringIO()
    log = HostLog(stream, lambda: NOW)
    log.event("sign_in", user="花子\n\x1b[2J", source="192.0.2.1", seconds=1.5)
    log.event("session.fault", places="x" * 10_000)
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first == {
        "timestamp": "2026-05-11T01:00:00.000+00:00",
        "event": "sign_in",
        "user": "花子\n\x1b[2J",
        "source": "192.0.2.1",
        "seconds": 1.5,
    }
    assert len(second["places"]) == 500


def test_a_log_that_can_not_be_written_ends_nothing() -> None:
    written_to = False
    # What could not be written is tried once more when the file is closed.
    with contextlib.suppress(OSError), open("/dev/full", "w", encoding="utf-8") as full:
        HostLog(full, lambda: NOW).event("sign_in")
        written_to = True
    assert written_to
    HostLog(_closed(), lambda: NOW).event("sign_in")


def _closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


def test_what_any_library_warns_of_goes_into_the_log() -> None:
    # In a process of its own: a log hears all that its process says.
    code = (
        "import asyncio, logging\n"
        "from tashika_tui.hosting.host import make_log\n"
        "make_log()\n"
        "logging.getLogger('asyncssh').warning('Uncaught %s', 'x')\n"
        "loop = asyncio.new_event_loop()\n"
        "loop.call_exception_handler({'message': 'the-password', 'exception': KeyError('the-password')})\n"
        "loop.close()\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert [line["library"] for line in lines] == ["asyncssh", "asyncio"]
    assert "the-password" not in run.stderr


def test_of_a_library_only_the_fixed_part_of_a_message_is_logged() -> None:
    stream = io.StringIO()
    logger = logging.Logger("asyncssh")
    logger.addHandler(LibraryHandler(HostLog(stream, lambda: NOW)))
    logger.warning("Uncaught %s", "the-password")
    logger.warning("a whole text with the-password")
    try:
        raise KeyError("the-password")
    except KeyError:
        logger.exception("Uncaught exception %s", "the-password")
    logger.info("not at all")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert "the-password" not in stream.getvalue()
    assert [line["message"] for line in lines] == ["Uncaught %s", "str", "Uncaught exception %s"]
    assert lines[-1]["fault"] == "KeyError"
