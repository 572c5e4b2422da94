"""Each line of the briefing is shown by the demo as the README's table says it: the table itself is played."""

import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.e2e.cli.emulated import Shown
from tests.e2e.cli.terminal import PATIENCE_SECONDS, terminal
from tests.e2e.demo.briefing import README, Row, filled, rows, sent
from tests.e2e.demo.serving import PROGRAM, served

pytestmark = pytest.mark.xdist_group("demo")

ROWS = rows(README.read_text("utf-8"))
CLIENT = [sys.executable, "-m", "tashika_tui"]
KEY = re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}(?![0-9A-Z])")
SAMPLES = 120


@dataclass(frozen=True)
class Demo:
    """A demo that serves, with a home for each of its people, and what the table's names in capitals stand for."""

    address: str
    passwords: dict[str, str]
    folder: Path
    values: dict[str, str]

    def environment(self, who: str) -> dict[str, str]:
        home = self.folder / (who or "nobody")
        home.mkdir(exist_ok=True)
        return {
            **os.environ,
            "HOME": str(home),
            "XDG_STATE_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "TERM": "xterm-256color",
            "LANG": "ja_JP.UTF-8",
            "TASHIKA_SERVER": self.address,
        }

    def run(self, who: str, *arguments: str, given: str | None = None) -> "subprocess.CompletedProcess[str]":
        """`tashika` as somebody runs it, in the folder where the table's files are."""
        return subprocess.run(
            [*CLIENT, *arguments],
            env=self.environment(who),
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def listed(self, who: str, what: str, *arguments: str) -> list[dict[str, Any]]:
        answer = self.run(who, "list", what, "--limit", "200", "--json", *arguments)
        assert answer.returncode == 0, answer.stderr
        found: list[dict[str, Any]] = json.loads(answer.stdout)[what]
        return found


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """The demo as `make demo` starts it, with everybody of the table signed in."""
    with served(SAMPLES) as found:
        folder = found.temporary / "work"
        folder.mkdir()
        passwords = {person.name: person.password for person in found.people}
        yield looked_up(Demo(found.address, passwords, folder, {}))


def looked_up(demo: Demo) -> Demo:
    """The demo with its people signed in, and with the values that somebody would look up in its lists."""
    for who in {row.who for row in ROWS if row.who}:
        answer = demo.run(who, "login", who, "-", given=demo.passwords[who])
        assert answer.returncode == 0, answer.stderr
    (contractor,) = {row.who for row in ROWS if "NUMBER" in row.how[0] and row.who}
    issued = [
        each
        for each in demo.listed(contractor, "contracts", "--state", "IN_FORCE")
        if each["form"] == "ELECTRONIC"
    ]
    number, other = (each["contract_number"] for each in issued[:2])
    advance = next(
        each["contract_number"]
        for each in issued
        if each["product"] == "PREPAYMENT" and each["advance_request_date"] is None
    )
    closed = {each["orderer_id"] for each in demo.listed(contractor, "orderers") if not each["electronic"]}
    works = max(
        (each for each in demo.listed(contractor, "works") if each["orderer_id"] in closed),
        key=lambda each: str(each["period_end"]),
    )
    answer = demo.run(contractor, "get", "notice", number, "--out", "looked-up.pdf")
    assert answer.returncode == 0, answer.stderr
    key = KEY.search(words(demo.folder / "looked-up.pdf"))
    assert key is not None
    (demo.folder / "key").write_text(key[0])
    demo.values.update(NUMBER=number, OTHER=other, ADVANCE=advance, WORKS=works["name"], KEY=key[0])
    return demo


def words(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def test_the_table_has_each_line_of_the_briefing() -> None:
    assert list(dict.fromkeys(row.line for row in ROWS)) == [f"K{number}" for number in range(1, 15)]


@pytest.mark.parametrize("row", [row for row in ROWS if not row.is_command], ids=str)
def test_keys_show_it(demo: Demo, row: Row) -> None:
    with terminal(environment=demo.environment(row.who)) as near:
        shown = Shown(near)
        shown.until("メニュー" if row.who else "> ログイン名")
        for key in row.how:
            shown.types(sent(key, demo.values))
        for each in row.seen:
            shown.until(filled(each, demo.values))


@pytest.mark.parametrize("row", [row for row in ROWS if row.is_command], ids=str)
def test_a_command_shows_it(demo: Demo, row: Row) -> None:
    command, _, file = filled(row.how[0], demo.values).partition(" < ")
    name, *arguments = shlex.split(command)
    if name == "make":
        said = made_demo(arguments, demo.folder)
    else:
        answer = demo.run(row.who, *arguments, given=(demo.folder / file).read_text() if file else None)
        said = answer.stdout + answer.stderr
    if "--out" in arguments and name != "make":
        said = unicodedata.normalize("NFKC", words(demo.folder / arguments[arguments.index("--out") + 1]))
    missing = [each for each in row.seen if filled(each, demo.values) not in said]
    # What is said may hold the key, which no report of a test should show.
    assert not missing, f"{missing} did not appear"


def made_demo(arguments: list[str], folder: Path) -> str:
    """What `make demo ARGS=...` prints: its command, without the setting up."""
    target, given = arguments
    assert target == "demo"
    played = subprocess.run(
        [*PROGRAM, *shlex.split(given.removeprefix("ARGS="))],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert played.returncode == 0, played.stderr
    return played.stdout
