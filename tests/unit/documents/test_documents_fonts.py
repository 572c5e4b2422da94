"""Where fonts come from, and that a damaged one is never used."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tashika_server.documents import fonts as fonts_module
from tashika_server.documents.errors import FontError
from tashika_server.documents.fonts import FontSet, ensure_fonts, open_fonts


@pytest.fixture
def copy(fonts: FontSet, tmp_path: Path) -> Path:
    """A folder with the converted fonts that a test may damage."""
    return Path(shutil.copytree(fonts.folder, tmp_path / fonts.folder.name))


def test_a_second_call_finds_what_the_first_converted(fonts: FontSet) -> None:
    again = ensure_fonts(fonts.folder.parent)
    assert (again.converted, again.sha256) == (False, fonts.sha256)


def test_a_changed_font_file_is_refused(copy: Path) -> None:
    whole = open_fonts(copy)
    data = bytearray((copy / "serif.ttf").read_bytes())
    data[-1] ^= 1
    (copy / "serif.ttf").write_bytes(data)
    with pytest.raises(FontError):
        open_fonts(copy)
    with pytest.raises(FontError, match="damaged"):
        whole.truetype("serif")


def test_a_manifest_that_vouches_for_another_font_is_refused(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts_module, "_pins_hold", lambda: True)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "sans.json").write_bytes(b"{}")
    manifest["sha256"]["sans.json"] = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(FontError):
        open_fonts(copy)


def test_a_folder_without_fonts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FontError):
        open_fonts(tmp_path)


def test_a_set_that_another_process_published_first_is_kept(copy: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(copy, mine)
    before = (copy / "manifest.json").stat().st_ino
    fonts_module._publish(mine, copy)
    assert (copy / "manifest.json").stat().st_ino == before


def test_a_damaged_set_is_replaced_as_a_whole(copy: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(copy, mine)
    (copy / "sans.ttf").write_bytes(b"")
    fonts_module._publish(mine, copy)
    assert open_fonts(copy).truetype("sans")


@pytest.mark.slow
def test_a_conversion_gives_the_pinned_bytes(tmp_path: Path) -> None:
    converted = fonts_module._convert_into(tmp_path / "set")
    assert converted.converted
    if fonts_module._pins_hold():
        assert dict(converted.sha256) == fonts_module.PINNED_SHA256


@pytest.mark.slow
def test_the_command_of_the_set_up_converts_in_its_own_processes(tmp_path: Path) -> None:
    package = fonts_module._package_folder()
    shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("tashika-fonts-*"))
    done = subprocess.run(
        [sys.executable, "-m", "tashika_server.documents.fonts"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout
