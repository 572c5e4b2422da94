"""The folder that a verifier trusts offline.

roots/*.pem                      certificates of the authorities that guarantors' certificates lead to
log.vkey                         the register's log key, one line
records/<number>-v<version>.json issuance bundles, as the register gives them out
"""

from dataclasses import dataclass
from pathlib import Path

from tashika_formats.checkpoint import LogKey, NoteError, parse_vkey
from tashika_formats.errors import FormatError
from tashika_formats.issuance import MAX_BUNDLE_BYTES, IssuanceBundle, parse_bundle
from tashika_formats.number import is_number

ROOTS_FOLDER = "roots"
LOG_KEY_FILE = "log.vkey"
RECORDS_FOLDER = "records"

# A root's PEM has some KB, the log key's line some hundred bytes.
_MAX_ROOT_BYTES = 65_536
_MAX_LOG_KEY_BYTES = 4_096


class TrustFolderError(FormatError):
    """A trust folder can't be used.

    Codes: TRUST_FOLDER (missing), TRUST_ROOTS (none, or not PEM), TRUST_LOG_KEY (missing or malformed),
    TRUST_RECORD (a bundle that can't be read). `path` is the file or folder.
    """

    def __init__(self, code: str, path: Path, ja: str, en: str) -> None:
        super().__init__(code, ja, en)
        self.path = path


def bundle_file_name(contract_number: str, version: int) -> str:
    """The name of a bundle's file in `records`. Raises ValueError for what is no number or version."""
    if not is_number(contract_number) or version < 1:
        raise ValueError("a contract number of 14 digits and a version from 1 are needed")
    return f"{contract_number}-v{version}.json"


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """A loaded trust folder: the roots' PEM files, the log's key, and where the bundles stand."""

    path: Path
    roots: tuple[bytes, ...]
    log_key: LogKey

    @classmethod
    def load(cls, path: Path) -> "TrustFolder":
        """The trust folder at `path`. Bundles are read when asked for. Raises TrustFolderError."""
        if not path.is_dir():
            raise TrustFolderError(
                "TRUST_FOLDER",
                path,
                "検証用フォルダーが見つかりません。登録簿から受け取ったフォルダーを指定してください。",
                "The trust folder was not found. Give the folder that you got from the register.",
            )
        return cls(path, _load_roots(path / ROOTS_FOLDER), _load_log_key(path / LOG_KEY_FILE))

    def find(self, contract_number: str, version: int) -> IssuanceBundle | None:
        """The bundle of this number and version, or None. Fits `verify_pdf`. Raises TrustFolderError."""
        file = self.path / RECORDS_FOLDER / bundle_file_name(contract_number, version)
        try:
            return parse_bundle(_read(file, MAX_BUNDLE_BYTES))
        except FileNotFoundError:
            return None
        except (OSError, FormatError):
            raise TrustFolderError(
                "TRUST_RECORD",
                file,
                f"検証用の記録 {file.name} を読み取れません。登録簿から受け取り直してください。",
                f"The record {file.name} can't be read. Fetch it from the register again.",
            ) from None


def _load_roots(folder: Path) -> tuple[bytes, ...]:
    try:
        roots = tuple(_read(file, _MAX_ROOT_BYTES) for file in sorted(folder.glob("*.pem")))
    except OSError:
        roots = ()
    if not roots or not all(_holds_certificates(root) for root in roots):
        raise TrustFolderError(
            "TRUST_ROOTS",
            folder,
            "検証用フォルダーの roots に、認証局の証明書（.pem ファイル）がないか、読み取れません。",
            "The trust folder's roots hold no certificates of authorities (.pem files), or unreadable ones.",
        )
    return roots


def _holds_certificates(pem: bytes) -> bool:
    from cryptography import x509

    try:
        return bool(x509.load_pem_x509_certificates(pem))
    except ValueError:
        return False


def _load_log_key(file: Path) -> LogKey:
    try:
        return parse_vkey(_read(file, _MAX_LOG_KEY_BYTES).decode("utf-8"))
    except (OSError, UnicodeDecodeError, NoteError):
        raise TrustFolderError(
            "TRUST_LOG_KEY",
            file,
            "検証用フォルダーの log.vkey（登録簿の公開鍵）がないか、読み取れません。",
            "The trust folder's log.vkey (the register's public key) is missing or can't be read.",
        ) from None


def _read(file: Path, limit: int) -> bytes:
    """The file's bytes. Raises OSError, also for more than `limit` bytes, of which no more are read."""
    with file.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise OSError(f"larger than {limit} bytes")
    return data
