"""The folder for what the script makes. It holds keys, so it is for its owner alone."""

import json
import os
from pathlib import Path

from tashika_formats.trust_folder import LOG_KEY_FILE, RECORDS_FOLDER, ROOTS_FOLDER
from tashika_server.demo.script.failure import StepFailedError

SUMMARY = "demo.json"
TRUST = "trust"

# What an earlier run left in its folder. Where anything else lies, the folder is somebody's, and is left alone.
_OWN_FILES = (
    *(SUMMARY, "*-certificate.pdf", "*-key-notice.pdf"),
    *("*-fee-sheet.pdf", "*-advance-request.pdf"),
)
_OURS = (
    *_OWN_FILES,
    f"{TRUST}/{LOG_KEY_FILE}",
    f"{TRUST}/{ROOTS_FOLDER}/*.pem",
    f"{TRUST}/{RECORDS_FOLDER}/*.json",
)


class OutFolder:
    """The folder, mode 0700; files in it have mode 0600."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def trust(self) -> Path:
        """What a verifier trusts offline."""
        return self.path / TRUST

    def prepare(self) -> None:
        """Make the folder, or clear one of an earlier run. Raises StepFailedError where it holds anything else."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not all(_is_ours(entry) for entry in self.path.iterdir()):
                raise StepFailedError(
                    f"{self.path} には他のファイルがあります。 / {self.path} holds other files.",
                    "--out に新しいフォルダーを指定してください。 / Give --out a new folder.",
                )
            self.path.chmod(0o700)
            for pattern in _OURS:
                for file in self.path.glob(pattern):
                    file.unlink()
            for folder in (self.trust, self.trust / ROOTS_FOLDER, self.trust / RECORDS_FOLDER):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def write(self, name: str, data: bytes) -> None:
        """Write a new file. `name` is relative to the folder. Raises StepFailedError."""
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(self.path / name, flags, 0o600), "wb") as file:
                file.write(data)
        except OSError as error:
            raise _unwritable(self.path / name, error) from None

    def write_summary(self, summary: dict[str, object]) -> None:
        """Write demo.json, the last file: it is there only if every step held."""
        self.write(SUMMARY, json.dumps(summary, ensure_ascii=False, indent=2).encode("utf-8") + b"\n")


def _is_ours(entry: Path) -> bool:
    return entry.name == TRUST or any(entry.match(pattern) for pattern in _OWN_FILES)


def _unwritable(path: Path, error: OSError) -> StepFailedError:
    return StepFailedError(
        f"{path} に書き込めません（{error.strerror}）。 / {path} can't be written.",
        "空き容量と書込み権限を確かめてください。 / Check free space and permissions.",
    )
