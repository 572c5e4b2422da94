"""Somebody in front of the client, in a terminal of 80 columns and 24 lines, in Japanese."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.cli.emulated import Shown
from tests.e2e.cli.terminal import terminal


@contextmanager
def seated(address: str, home: Path) -> Iterator[Shown]:
    """The client at this server, with its files in `home`, where it also saves documents."""
    environment = {
        "TERM": "xterm-256color",
        "LANG": "ja_JP.UTF-8",
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_DOWNLOAD_DIR": str(home),
        "TASHIKA_SERVER": address,
    }
    with terminal(environment=environment) as near:
        yield Shown(near)
