"""Troubles that the person at the host can mend, as sentences."""

from tashika_server.application.log import RolledBackError
from tashika_server.config import SettingsError
from tashika_server.domain.reasons import RefusedError
from tashika_server.security.log_key import LogKeyError
from tashika_server.security.root_secret import RootSecretError
from tashika_server.security.signer import SignerError
from tashika_server.storage.errors import StorageError
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
)


def explain(error: Exception) -> str | None:
    """Give the sentence for a trouble that is the person's to mend; ``None`` for a fault of the program."""
    if isinstance(error, RefusedError):
        return "\n".join(violation_sentence(each, "en") for each in error.violations)
    if isinstance(error, _SPEAKING):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return None
