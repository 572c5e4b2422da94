"""A demo that serves, as `make demo` starts it without a terminal."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = [sys.executable, "-c", "from tashika_server.cli import main; main()", "demo"]

_ADDRESS = re.compile(r"export TASHIKA_SERVER=(\S+)")
_ROW = re.compile(
    r"^  (?P<role>\S+ \S+(?: \S+)?) +(?P<name>[a-z-]+) +(?P<password>[a-z]+-[a-z]+-[a-z]+-\d{4})  ",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in: the role in English, the name to sign in by, and the password."""

    role: str
    name: str
    password: str


@dataclass(frozen=True)
class Served:
    """The process, all that it said until it was ready, and its folder for temporary files."""

    process: "subprocess.Popen[str]"
    said: str
    temporary: Path

    @property
    def address(self) -> str:
        """Where it serves."""
        found = _ADDRESS.search(self.said)
        assert found is not None
        return found[1]

    @property
    def people(self) -> list[Person]:
        """Who can sign in, in its order."""
        return [
            Person(row["role"].split()[-1], row["name"], row["password"]) for row in _ROW.finditer(self.said)
        ]


@contextmanager
def served(contracts: int) -> Iterator[Served]:
    """A demo server with so many contracts, once it is ready."""
    # A socket's path is short, and pytest's folders need not be.
    temporary = Path(tempfile.mkdtemp(prefix="t-"))
    process = subprocess.Popen(
        [*PROGRAM, "--contracts", str(contracts)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl+C" in line:
                break
        yield Served(process, said, temporary)
    finally:
        # In good order, so that what it shares with its rendering processes goes with it.
        process.terminate()
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        shutil.rmtree(temporary, ignore_errors=True)
