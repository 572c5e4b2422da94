"""A socket folder that somebody else made is not trusted."""

import os
from pathlib import Path

import pytest

from tashika_tui.client.endpoint import find_endpoint
from tashika_tui.problems import LocalError


def test_the_client_does_not_trust_a_folder_of_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / f"tashika-{os.getuid()}"
    folder.mkdir(mode=0o700)
    owner = folder.stat().st_uid
    if owner == 0:
        os.chown(folder, 4711, -1)
    else:
        monkeypatch.setattr("os.getuid", lambda: owner + 1)
        folder.rename(tmp_path / f"tashika-{owner + 1}")
    with pytest.raises(LocalError):
        find_endpoint(None, None, {})
