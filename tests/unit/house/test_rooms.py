"""The contracts between rooms in pyproject.toml refuse the imports that they are there to refuse."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.tree import ROOT

ROOMS = [
    *("tashika_formats.key", "tashika_tui.cli", "tashika_tui.client", "tashika_server.cli"),
    *("tashika_server.domain.model", "tashika_server.application.ports", "tashika_server.application.issue"),
    *("tashika_server.storage.rows", "tashika_server.documents.page", "tashika_server.security.vault"),
    *("tashika_server.transport.server", "tashika_server.demo.script", "tashika_server.mail.smtp"),
    *("tashika_tui.screens.contractor.list", "tashika_tui.screens.guarantor.queue"),
    *("tashika_tui.screens.viewer.opening", "tashika_tui.widgets.form"),
    *("tashika_tui.commands.get", "tashika_tui.presenting.words", "tashika_tui.hosting.host"),
    *(
        f"tashika_tui.{name}"
        for name in (
            *(
                "start",
                "full_screen",
                "app",
                "at_host",
                "session",
                "process",
                "verification",
                "context",
                "delivery",
            ),
            *("i18n", "keymap", "theme", "terminal", "problems"),
        )
    ),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with every room and the real contracts, in which one import can be put."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), "utf-8")
    for room in ROOMS:
        *packages, module = room.split(".")
        folder = tmp_path.joinpath(*packages)
        folder.mkdir(parents=True, exist_ok=True)
        while folder != tmp_path:
            (folder / "__init__.py").touch()
            folder = folder.parent
        tmp_path.joinpath(*packages, f"{module}.py").touch()
    # import-linter refuses a contract about a package that nobody imports.
    (tmp_path / "tashika_tui" / "client.py").write_text("import tashika.v1.errors_pb2\n")
    return tmp_path


def verdict(house: Path, importer: str, imported: str) -> tuple[int, str]:
    """The exit code and report of import-linter once `importer` imports `imported`."""
    with house.joinpath(*importer.split(".")).with_suffix(".py").open("a") as module:
        module.write(f"import {imported}\n")
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    run = subprocess.run(
        lint,
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("tashika_server.domain.model", "tashika_server.application.ports"),
        ("tashika_server.domain.model", "peewee"),
        ("tashika_server.application.issue", "tashika_server.storage.rows"),
        ("tashika_server.application.issue", "cryptography.x509"),
        ("tashika_server.storage.rows", "tashika_server.application.issue"),
        ("tashika_server.storage.rows", "tashika_server.security.vault"),
        ("tashika_server.transport.server", "tashika_server.storage.rows"),
        ("tashika_server.mail.smtp", "tashika_server.storage.rows"),
        ("tashika_server.mail.smtp", "tashika_server.application.issue"),
        ("tashika_server.transport.server", "tashika_server.cli"),
        ("tashika_server.cli", "tashika.v1.errors_pb2"),
        ("tashika_server.application.issue", "tashika.v1.errors_pb2"),
        ("tashika_server.documents.page", "peewee"),
        ("tashika_server.cli", "tashika_tui.client"),
        ("tashika_tui.cli", "tashika_server.domain.model"),
        ("tashika_formats.key", "tashika_server.domain.model"),
        ("tashika_tui.widgets.form", "tashika_tui.screens.contractor.list"),
        ("tashika_tui.screens.guarantor.queue", "tashika_tui.screens.contractor.list"),
        ("tashika_tui.presenting.words", "tashika_tui.commands.get"),
        ("tashika_tui.commands.get", "textual.app"),
    ],
)
def test_an_import_against_the_direction_is_refused(house: Path, importer: str, imported: str) -> None:
    code, report = verdict(house, importer, imported)
    assert "BROKEN" in report
    assert code == 1


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("tashika_server.storage.rows", "tashika_server.application.ports"),
        ("tashika_server.transport.server", "tashika.v1.errors_pb2"),
        ("tashika_server.demo.script", "tashika.v1.errors_pb2"),
        ("tashika_server.cli", "tashika_server.storage.rows"),
        ("tashika_tui.screens.contractor.list", "tashika_tui.widgets.form"),
        ("tashika_tui.widgets.form", "textual.app"),
    ],
)
def test_an_import_along_the_direction_passes(house: Path, importer: str, imported: str) -> None:
    code, report = verdict(house, importer, imported)
    assert code == 0, report
