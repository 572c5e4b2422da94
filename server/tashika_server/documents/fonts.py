"""The two Japanese faces that every document embeds: where they come from, where they are kept, that they are
right.

The package pylopdf-fonts-jp holds Noto Serif JP and Noto Sans JP with CFF outlines, which reportlab refuses.
They are converted once (`font_build`) into a folder beside that package or, where that can't be written, into
a folder that the caller names. The folder appears by one rename, so two processes that convert at once do no
harm.

`python -m tashika_server.documents.fonts [--cache DIR]` converts what is absent and prints one line per face.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tashika_server.documents.errors import FontError
from tashika_server.documents.processes import spawning_executor

PACKAGE: Final = "pylopdf_fonts_jp"
SERIF: Final = "serif"
SANS: Final = "sans"
FACES: Final = {SERIF: "NotoSerifJP-Regular", SANS: "NotoSansJP-Regular"}

# Raised whenever `font_build` gives other bytes, so that an old cache is never taken for a new one.
BUILD: Final = 1
PINNED_VERSIONS: Final = {"pylopdf-fonts-jp": "0.1.1", "fonttools": "4.68.0"}
# Of the conversion by the pinned versions. Another processor may round a curve otherwise, so it is not
# compared.
PINNED_MACHINES: Final = frozenset({"x86_64", "amd64"})
PINNED_SHA256: Final = {
    "serif.ttf": "3003e76bfe5bef3248fb078f8470db0a565dafa7a25837da06c804778a36cb92",
    "serif.json": "1c21468fe826d73cab4852b4bff93e2b1af08be1f77a93a8c68aed0e59e22100",
    "sans.ttf": "9260438a5a5a2d4eeddab46677c064dd68bb734ce2827658c72ed3e0ff739cba",
    "sans.json": "8457e7a4ee67cfbca4ca1fd0eac054d89cd8a52ee042e4a95171d6c7560d6cab",
}
_MANIFEST: Final = "manifest.json"
_FORMAT: Final = "tashika-fonts/1"


@dataclass(frozen=True, slots=True)
class FontSet:
    """A folder with checked faces. Reading a file checks its hash again."""

    folder: Path
    sha256: Mapping[str, str]
    converted: bool = False

    def truetype(self, face: str) -> bytes:
        """The TrueType file of the face. Raises FontError when it is not what the manifest says."""
        return self._read(f"{face}.ttf")

    def face_map(self, face: str) -> bytes:
        """The JSON map of what the face covers. Raises FontError when it is not what the manifest says."""
        return self._read(f"{face}.json")

    def _read(self, name: str) -> bytes:
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise FontError(f"the font file {name} can't be read: {error.strerror}") from None
        if hashlib.sha256(data).hexdigest() != self.sha256[name]:
            raise FontError(
                f"the font file {name} in {self.folder} is damaged; remove the folder and start again"
            )
        return data


def ensure_fonts(cache: Path | None = None) -> FontSet:
    """The faces, converted now if no folder holds them (10-25 s on two cores).

    `cache` is where they go when the place beside the installed package can't be written. Raises FontError.
    """
    places = _places(cache)
    for place in places:
        found = _open(place)
        if found is not None:
            return found
    for place in places:
        if _writable(place.parent):
            return _convert_into(place)
    raise FontError("no place to keep the converted fonts: " + ", ".join(str(p.parent) for p in places))


def open_fonts(folder: Path) -> FontSet:
    """The faces in a folder that `ensure_fonts` has named. Raises FontError."""
    found = _open(folder)
    if found is None:
        raise FontError(f"no converted fonts of this release in {folder}")
    return found


def _places(cache: Path | None) -> list[Path]:
    name = "tashika-fonts-" + "-".join([str(BUILD), *(version(package) for package in PINNED_VERSIONS)])
    places = [_package_folder() / name]
    return places if cache is None else [*places, cache / name]


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FontError(f"the package {PACKAGE} is not installed")
    return Path(spec.origin).parent


def _pins_hold() -> bool:
    installed = {package: version(package) for package in PINNED_VERSIONS}
    return installed == PINNED_VERSIONS and platform.machine().lower() in PINNED_MACHINES


def _open(place: Path) -> FontSet | None:
    """The set in `place` if it is whole; a damaged one counts as absent."""
    try:
        manifest = json.loads((place / _MANIFEST).read_bytes())
        fonts = FontSet(place, {name: str(manifest["sha256"][name]) for name in PINNED_SHA256})
        _check_pins(fonts.sha256)
        for face in FACES:
            fonts.truetype(face)
            fonts.face_map(face)
    except (OSError, ValueError, KeyError, TypeError, FontError):
        return None
    return fonts


def _check_pins(sha256: Mapping[str, str]) -> None:
    if not _pins_hold():
        return
    for name, expected in PINNED_SHA256.items():
        if sha256[name] != expected:
            raise FontError(f"the converted font file {name} is not the pinned one")


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _convert_into(place: Path) -> FontSet:
    # fontTools is imported where it is needed: a worker that finds the cache never pays for it. The function must
    # lie in a module of its own, since this one is the main module when it runs as a command.
    from tashika_server.documents.font_build import convert_face

    package = _package_folder()
    work = Path(tempfile.mkdtemp(prefix=".tashika-fonts-", dir=place.parent))
    try:
        with spawning_executor(len(FACES), os.getpid) as pool:
            jobs = [pool.submit(convert_face, face, package / f"{file}.otf") for face, file in FACES.items()]
            files = {name: data for job in jobs for name, data in job.result().items()}
        for name, data in files.items():
            _write(work / name, data)
        sha256 = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        _check_pins(sha256)
        manifest = {"format": _FORMAT, "sha256": sha256}
        _write(work / _MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode("ascii"))
        work.chmod(0o755)
        _publish(work, place)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return FontSet(place, sha256, converted=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _publish(work: Path, place: Path) -> None:
    """Rename the whole folder. Another process may have been faster: then its folder holds the same bytes."""
    if place.exists() and _open(place) is None:
        shutil.rmtree(place, ignore_errors=True)
    try:
        work.rename(place)
    except OSError:
        if _open(place) is None:
            raise FontError(f"the fonts can't be put into {place}") from None


def main() -> None:
    """Convert what is absent and print one line per face."""
    parser = argparse.ArgumentParser(description="Convert the Japanese fonts for the documents, once.")
    parser.add_argument("--cache", type=Path, help="folder to use when the package's own can't be written")
    fonts = ensure_fonts(parser.parse_args().cache)
    for face, file in FACES.items():
        done = "converted" if fonts.converted else "present"
        print(f"{face:5} {file} {done} {fonts.sha256[face + '.ttf'][:16]} {fonts.folder / (face + '.ttf')}")


if __name__ == "__main__":
    main()
