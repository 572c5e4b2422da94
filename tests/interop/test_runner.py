"""What `make interop` says and how it ends: PASSED, FAILED, or SKIPPED and why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop import __main__ as runner
from tests.interop.languages import HERE, LANGUAGES, Language, PreparationError
from tests.interop.playing import play
from tests.interop.register import LiveRegister
from tools.tree import ROOT

MAX_LINES = 200


def shell(script: str) -> Language:
    """A client that is a line of shell."""
    return Language("shell", (), lambda: "", lambda: None, ("sh", "-c", script))


def test_without_its_tools_a_language_is_skipped_and_says_why(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.interop"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == runner.SKIPPED, done.stderr
    *skipped, summary = done.stdout.strip().splitlines()
    assert [line.partition(":")[0] for line in skipped] == [f"SKIPPED  {name}" for name in LANGUAGES]
    assert all(line.endswith("not found") for line in skipped)
    assert summary == f"0 passed, 0 failed, {len(LANGUAGES)} skipped"


def test_what_can_not_be_installed_is_skipped_with_both_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "install", lambda packages: f"no {packages[0]} today")
    language = Language("x", ("a",), lambda: "a not found", lambda: None, ())
    assert runner.ready(language, installing=True) == runner.Result("x", "SKIPPED", "a not found; no a today")


def test_a_client_that_can_not_be_made_ready_has_failed() -> None:
    def refuse() -> None:
        raise PreparationError("it does not compile")

    found = runner.ready(Language("x", (), lambda: "", refuse, ()), installing=False)
    assert found == runner.Result("x", "FAILED", "it does not compile")


@pytest.mark.parametrize(
    ("script", "word"),
    [("echo 'ok  one'", "PASSED"), ("echo 'ok  one'; exit 7", "FAILED"), ("echo nothing", "FAILED")],
)
async def test_a_client_passes_that_ends_well_and_did_something(
    tmp_path: Path, script: str, word: str
) -> None:
    assert (await runner.played(shell(script), LiveRegister(tmp_path))).word == word


async def test_the_register_is_restarted_where_a_client_asks_for_it(tmp_path: Path) -> None:
    class Restarting(LiveRegister):
        restarts = 0

        async def restart(self) -> None:
            self.restarts += 1

    register = Restarting(tmp_path)
    played = await play(shell("echo restart: now; read line; echo ok  went on"), register, print)
    assert (register.restarts, played.code, played.steps) == (1, 0, ["went on"])


@pytest.mark.parametrize(
    "path", [path for path in sorted(HERE.glob("*/*")) if path.suffix in {".js", ".rb", ".cc", ".h"}], ids=str
)
def test_a_client_can_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
