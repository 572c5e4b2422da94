"""`tashika verify`, by its own function within the test, and as the programme."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from tashika_tui.cli import run
from tashika_tui.commands.outcome import report
from tashika_tui.commands.verify import VerifyOptions, verify
from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts
from tashika_tui.terminal import Console

PROGRAM = Path(sys.executable).with_name("tashika")


@dataclass(frozen=True)
class Said:
    """Exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def reason(self) -> str:
        """The reason's token at the end of what was said."""
        return self.err.rpartition("[")[2].partition("]")[0]


def verify_here(file: Path, *options: str, now: datetime | None = None) -> Said:
    """Run the command within this process, at a time."""
    session, out, err = _session(file, now or datetime.now(UTC))
    code = run(["verify", str(file), *options], session)
    return Said(code, out.getvalue(), err.getvalue())


def verify_offline(file: Path, trust: Path) -> Said:
    """Run what the command runs once its words are read, which takes longer than the verification: for thousands."""
    session, out, err = _session(file, datetime.now(UTC))
    try:
        code = asyncio.run(verify(session, VerifyOptions(file, trust)))
    except Exception as error:
        code = report(session, error, "")
    return Said(code, out.getvalue(), err.getvalue())


def verify_as_a_programme(file: Path, *options: str) -> Said:
    """Run the command in a process of its own, in Japanese."""
    ended = subprocess.run(
        [PROGRAM, "verify", str(file), *options],
        capture_output=True,
        env={**_clean(), "HOME": str(file.parent), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    return Said(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def check_refused(said: Said, reasons: Sequence[str] | None = None) -> None:
    """Not authentic: exit code 6, nothing on standard output, and a Japanese sentence of what is wrong."""
    assert said.code == 6, (said.code, said.out, said.err)
    assert said.out == ""
    assert said.err.startswith("エラー: 真正ではありません。")
    sentence = said.err.removeprefix("エラー: 真正ではありません。").rpartition("[")[0].strip()
    assert sentence.endswith("。") or "。" in sentence
    assert said.reason.isupper()
    if reasons is not None:
        assert said.reason in reasons, said.err


def _session(file: Path, moment: datetime) -> tuple[SessionContext, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    console = Console(io.BytesIO(), out, err, io.BytesIO(), _nobody, False, False)
    return SessionContext(Texts(), console, {"HOME": str(file.parent)}, lambda: moment), out, err


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("TASHIKA_")}


def _nobody(prompt: str) -> NoReturn:
    raise AssertionError(f"nobody is to be asked: {prompt}")
