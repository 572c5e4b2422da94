"""What a failure means for people: a sentence, what to do next and who can, and a reference for the operator."""

import errno
from dataclasses import dataclass

from tashika_formats.errors import FormatError
from tashika_tui.client.errors import BrokenAnswer, FieldProblem, RefusedByServer, ServerNotReachable
from tashika_tui.i18n import Texts
from tashika_tui.problems import LocalError


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure in words of one language. `reason` is the server's token; `again` says that trying again may
    help.
    """

    sentence: str
    next_steps: tuple[str, ...] = ()
    reason: str = ""
    reference: str = ""
    fields: tuple[FieldProblem, ...] = ()
    again: bool = False


def describe(texts: Texts, error: Exception, server: str = "") -> Failure | None:
    """The failure behind an exception; None for one that is a fault of this programme."""
    match error:
        case RefusedByServer():
            return _refused(texts, error, server)
        case LocalError():
            return Failure(texts(error.key, **error.params))
        case FormatError():
            return Failure(error.sentence(texts.language))
        case BrokenAnswer():
            return Failure(texts("problem.broken_answer"), again=True)
        case UnicodeError():
            return Failure(texts("problem.text"))
        case OSError():
            cause = error.strerror or errno.errorcode.get(error.errno or 0, "")
            return Failure(texts("problem.system", cause=cause))
        case _:
            return None


def fault(texts: Texts, error: BaseException, reference: str) -> Failure:
    """The failure for a fault of this programme. The exception's text stays out of it: it may quote a secret."""
    return Failure(texts("problem.fault", kind=type(error).__name__), reference=reference)


def _refused(texts: Texts, error: RefusedByServer, server: str) -> Failure:
    unreachable = isinstance(error, ServerNotReachable)
    sentence = error.sentence
    if not sentence:
        sentence = (
            texts("problem.not_reachable", server=server)
            if unreachable
            else texts("problem.refused", code=error.code)
        )
    return Failure(sentence, error.next_steps, error.reason, error.reference, error.fields, again=unreachable)
