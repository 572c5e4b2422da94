"""What a failure means for people and scripts: one sentence on standard error, and an exit code."""

import errno

from tashika_formats.errors import FormatError
from tashika_formats.key import KeyTypingError
from tashika_formats.number import NumberTypingError
from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.client.errors import BrokenAnswer, RefusedByServer, ServerNotReachable
from tashika_tui.context import SessionContext
from tashika_tui.problems import Exit, LocalError

_TYPING_REASONS = frozenset({"NUMBER_TYPING_ERROR", "KEY_TYPING_ERROR"})


def report(session: SessionContext, error: Exception, server: str = "") -> Exit:
    """Says what went wrong, never with a traceback, and gives the exit code. `server` is named where it could
    not be reached.
    """
    if isinstance(error, RefusedByServer):
        return _refused(session, error, server)
    sentence, code = _local(session, error)
    session.console.error(session.texts("problem.line", sentence=sentence))
    return code


def _local(session: SessionContext, error: Exception) -> tuple[str, Exit]:
    texts = session.texts
    match error:
        case LocalError():
            return texts(error.key, **error.params), error.exit_code
        case NumberTypingError() | KeyTypingError():
            return error.sentence(texts.language), Exit.TYPING_ERROR
        case NotAuthenticError():
            return not_authentic(session, error), Exit.NOT_AUTHENTIC
        case UnicodeError():
            return texts("problem.text"), Exit.USAGE
        case FormatError():
            return error.sentence(texts.language), Exit.USAGE
        case BrokenAnswer():
            return texts("problem.broken_answer"), Exit.NOT_REACHABLE
        case OSError():
            cause = error.strerror or errno.errorcode.get(error.errno or 0, "")
            return texts("problem.system", cause=cause), Exit.USAGE
        case _:
            # The kind alone: the text of an unforeseen exception may quote a secret.
            return texts("problem.fault", kind=type(error).__name__), Exit.FAULT


def not_authentic(session: SessionContext, error: NotAuthenticError) -> str:
    """Why something is not authentic, with the reason's token for support."""
    sentence = error.sentence(session.language)
    return session.texts("verify.not_authentic", sentence=sentence, reason=error.reason)


def _refused(session: SessionContext, error: RefusedByServer, server: str) -> Exit:
    texts, console = session.texts, session.console
    unreachable = isinstance(error, ServerNotReachable)
    if error.sentence:
        sentence = error.sentence
    elif unreachable:
        sentence = texts("problem.not_reachable", server=server)
    else:
        sentence = texts("problem.refused", code=error.code)
    parts = [sentence, *error.next_steps]
    if error.reference and error.reference not in sentence:
        parts.append(texts("problem.reference", reference=error.reference))
    if error.reason:
        parts.append(f"[{error.reason}]")
    console.error(texts("problem.line", sentence=" ".join(parts)))
    if len(error.fields) > 1:
        for problem in error.fields:
            console.error(texts("problem.field", field=problem.field, sentence=problem.sentence))
    if unreachable:
        return Exit.NOT_REACHABLE
    typing = error.reason in _TYPING_REASONS
    return Exit.TYPING_ERROR if typing else Exit.REFUSED
