"""Troubles that the person at the host can mend, as sentences."""

from tashika_server.application.log import RolledBackError
from tashika_server.config import SettingsError
from tashika_server.documents.errors import FontError
from tashika_server.domain.reasons import RefusedError
from tashika_server.security.log_key import LogKeyError
from tashika_server.security.root_secret import RootSecretError
from tashika_server.security.signer import SignerError
from tashika_server.storage.errors import StorageError, StoreFaultError
from tashika_server.transport.listen import ListenError
from tashika_server.transport.sentences import violation_sentence

_SPEAKING = (
    SettingsError,
    LogKeyError,
    RootSecretError,
    SignerError,
    StorageError,
    ListenError,
    RolledBackError,
    FontError,
)

# What SQLite calls a trouble, by the beginning of its name, and what mends it.
_OF_THE_DISK = {
    "SQLITE_FULL": "the disk is full; make room, then try again",
    "SQLITE_NOTADB": "the database file is none of Tashika's; name another data folder, or restore a backup",
    "SQLITE_CORRUPT": "the database file is damaged; restore a backup",
    "SQLITE_CANTOPEN": "the database file can't be opened; see who owns the data folder",
    "SQLITE_READONLY": "the database file can't be written to; see who owns the data folder",
    "SQLITE_IOERR": "the disk does not read or write as it should; see the system's log",
}


def explain(error: Exception) -> str | None:
    """Give the sentence for a trouble that is the person's to mend; ``None`` for a fault of the program."""
    if isinstance(error, RefusedError):
        return "\n".join(violation_sentence(each, "en") for each in error.violations)
    if isinstance(error, StoreFaultError):
        known = next((text for name, text in _OF_THE_DISK.items() if str(error).startswith(name)), "")
        return f"{known} ({error})" if known else str(error)
    if isinstance(error, _SPEAKING):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return None
