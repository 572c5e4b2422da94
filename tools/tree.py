"""The files of this checkout, as the checks see them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Where nothing of ours lives, for a tree that came as an archive instead of a clone.
MADE = {".git", ".venv", "build", "dist", "out", "__pycache__", "node_modules"}


def files(root: Path = ROOT) -> Iterator[Path]:
    """All files that are tracked or would be: what `git add --all` takes, sorted.

    In a tree without git all files outside the folders that tools make, hidden ones included.
    """
    try:
        # Inside another repository git would answer for that one.
        if not (root / ".git").exists():
            raise FileNotFoundError(root / ".git")
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True,
            capture_output=True,
        ).stdout
        paths = [root / name for name in listed.decode().split("\0") if name]
    except (FileNotFoundError, subprocess.CalledProcessError):
        paths = [path for path in root.rglob("*") if not MADE.intersection(path.relative_to(root).parts)]
    return (path for path in sorted(set(paths)) if path.is_file())
