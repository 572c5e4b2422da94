"""The host's own key: made at the first start, for the host's eyes only, and never changed by itself."""

import os
import secrets
import stat
from pathlib import Path

import asyncssh

from tashika_tui.problems import LocalError

_MODE = 0o600
_FOLDER_MODE = 0o700
_KIND = "ssh-ed25519"


def load_host_key(path: Path) -> tuple[asyncssh.SSHKey, bool]:
    """The key in the file, and whether it was made just now. Raises LocalError.

    People's computers remember the key, so a file that is there and can't be read is never replaced.
    """
    made = False
    if not path.exists():
        _make(path)
        made = True
    try:
        found = path.stat()
        if found.st_uid not in (0, os.getuid()) or stat.S_IMODE(found.st_mode) & 0o077:
            raise LocalError("hosting.host_key_open", path=path)
        return asyncssh.read_private_key(path), made
    except OSError as error:
        raise LocalError("problem.file_read", path=path, cause=error.strerror or "") from None
    except asyncssh.KeyImportError:
        raise LocalError("hosting.host_key_unreadable", path=path) from None


def _make(path: Path) -> None:
    """Writes a new key whole or not at all, and durably: a host must not change its key after a power cut."""
    beside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    data = asyncssh.generate_private_key(_KIND, comment="tashika ssh-host").export_private_key()
    try:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        # Not over a key that another host has put there in this moment.
        os.link(beside, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except FileExistsError:
        return
    except OSError as error:
        raise LocalError("problem.file_write", path=path, cause=error.strerror or "") from None
    finally:
        beside.unlink(missing_ok=True)
