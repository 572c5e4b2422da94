"""What a wheel and an sdist contain."""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.tree import ROOT

# One worker, so that the wheel is built once.
pytestmark = pytest.mark.xdist_group("packages")


def built(target: str, folder: Path) -> Path:
    run = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built("wheel", tmp_path_factory.mktemp("wheel"))) as opened:
        yield opened


def test_wheel_holds_our_packages_and_the_generated_ones_and_no_other(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        *("tashika_formats", "tashika_server", "tashika_tui"),
        *("tashika", "buf"),
    }


def test_wheel_holds_what_imports_need(wheel: zipfile.ZipFile) -> None:
    assert {
        *("tashika/__init__.py", "tashika/py.typed", "tashika/v1/__init__.py", "tashika/v1/errors_pb2.py"),
        *("buf/validate/validate_pb2.py", "tashika_server/py.typed", "tashika_formats/py.typed"),
    } <= set(wheel.namelist())


def test_wheel_names_both_programs(wheel: zipfile.ZipFile) -> None:
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    text = wheel.read(entry_points).decode()
    assert "tashika = tashika_tui.start:main" in text
    assert "tashika-server = tashika_server.cli:main" in text


def test_sdist_holds_the_protos_and_nothing_generated(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path)) as sdist:
        names = [name.partition("/")[2] for name in sdist.getnames()]
    assert "proto/tashika/v1/errors.proto" in names
    assert "proto/build_stubs.py" in names
    assert not [name for name in names if name.startswith("build/") or "_pb2" in name]
