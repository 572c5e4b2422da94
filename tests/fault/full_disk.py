"""Disks that are full: a small one in memory with ballast on it, and a limit on how long any file may become."""

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fault.site import Serving

_BLOCK = bytes(64 * 1024)


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A disk of its own below a folder; the test is skipped where this user may not mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tashika-test", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk can't be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def no_space_left(folder: Path) -> Iterator[None]:
    """Fill the disk of a folder to its last byte, until the block ends."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            for block in (_BLOCK, bytes(1)):
                with contextlib.suppress(OSError):
                    while file.write(block) == len(block):
                        pass
        yield
    finally:
        ballast.unlink()


@contextmanager
def no_file_grows(serving: Serving) -> Iterator[None]:
    """Let every write of the server to a file fail (EFBIG), until the block ends. Pipes and sockets still work."""
    before = resource.prlimit(serving.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(serving.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(serving.pid, resource.RLIMIT_FSIZE, before)


def free_bytes(folder: Path) -> int:
    """What is left on the disk of a folder."""
    left = os.statvfs(folder)
    return left.f_bavail * left.f_frsize
