"""Checks that what is generated fits what it is generated from.

The stubs and the image below `build/` come from today's protos, the lock files hold a version for each
requirement in pyproject.toml that the requirement allows, the same in both, and each committed file in
`GENERATED` is what its generator prints. Prints each fault and exits 1 if there is one.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import build_stubs
from tools.tree import ROOT

LOCK = "requirements/dev.txt"
RUN_LOCK = "requirements/run.txt"
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)

# A committed file, and the arguments after `python -m` that print it.
GENERATED: dict[str, list[str]] = {"proto/REFERENCE.md": ["tools.reference"]}


def stale_stubs(root: Path) -> Iterator[str]:
    """Files below `build/` that today's protos would give another content."""
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        build_stubs.generate(root / "proto", fresh)
        made = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
        for path in sorted(made):
            there = root / "build" / path
            if not there.is_file() or there.read_bytes() != (fresh / path).read_bytes():
                yield f"build/{path}: not what the protos give; run `make stubs`"
    stubs = root / "build" / "stubs"
    for left in sorted(path for path in stubs.rglob("*.py*") if path.suffix in {".py", ".pyi"}):
        if left.relative_to(root / "build") not in made:
            yield f"{left.relative_to(root)}: no proto gives this; run `make stubs`"


def stale_locks(root: Path) -> Iterator[str]:
    """Requirements in pyproject.toml that a lock file lacks or holds in a version they do not allow."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    running = [*project["project"]["dependencies"], *extras["server"], *extras["tui"]]
    developing = [*running, *extras["dev"], *project["build-system"]["requires"]]
    pinned, pinned_run = pins(root / LOCK), pins(root / RUN_LOCK)
    for lock, found, wanted in ((LOCK, pinned, developing), (RUN_LOCK, pinned_run, running)):
        for requirement in map(Requirement, wanted):
            pin = found.get(canonicalize_name(requirement.name))
            if pin is None or not requirement.specifier.contains(pin, prereleases=True):
                yield f"{lock}: {pin or 'nothing'} for {requirement}; run `make lock`"
    for name, pin in pinned_run.items():
        if pinned.get(name) != pin:
            yield f"{RUN_LOCK}: {name} {pin}, but {pinned.get(name)} in {LOCK}; run `make lock`"


def pins(lock: Path) -> dict[str, str]:
    """Package names of a lock file and their versions."""
    return {canonicalize_name(name): pin for name, pin in PIN.findall(lock.read_text(encoding="utf-8"))}


def stale_files(root: Path, generated: dict[str, list[str]]) -> Iterator[str]:
    """Committed files that their generator would write another way."""
    for name, arguments in generated.items():
        run = subprocess.run([sys.executable, "-m", *arguments], cwd=root, capture_output=True, check=False)
        if run.returncode != 0:
            yield f"{name}: its generator fails: {run.stderr.decode(errors='replace').strip()[-300:]}"
        elif not (root / name).is_file() or (root / name).read_bytes() != run.stdout:
            yield f"{name}: differs from what `python -m {' '.join(arguments)}` prints"


def main() -> int:
    """Exit code: 0 nothing found, 1 faults found."""
    found = [*stale_stubs(ROOT), *stale_locks(ROOT), *stale_files(ROOT, GENERATED)]
    print("\n".join(found) or "fresh: stubs, image, locks and generated files fit their sources")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
