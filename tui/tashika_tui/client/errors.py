"""What a call to the server can end with, beside an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SESSION_OVER = frozenset({"UNAUTHENTICATED", "SESSION_EXPIRED"})
"""The reasons that are cured by signing in (again)."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One cause at one place of a request: the field's path (may be empty), the reason, a sentence."""

    field: str
    reason: str
    sentence: str


class RegisterError(Exception):
    """A call had no answer. The text of the exception holds nothing that a user typed."""


class RefusedByServer(RegisterError):
    """The server understood and refused; nothing was changed.

    `reason` is the token of the refusal (empty where the server gave none), `code` gRPC's name of the
    status; `sentence` and `next_steps` (what to do, and who can) are in the caller's language, `sentence`
    empty where the server gave none; `fields` are all causes that stand at fields; `params` what the sentence
    quotes, by name (yen and days as digits, choices as tokens); `reference` helps the operator find a fault.
    """

    def __init__(
        self,
        code: str,
        reason: str = "",
        sentence: str = "",
        next_steps: tuple[str, ...] = (),
        reference: str = "",
        fields: tuple[FieldProblem, ...] = (),
        retry_after_seconds: int = 0,
        params: Mapping[str, str] = _NOTHING,
    ) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason
        self.sentence = sentence
        self.next_steps = next_steps
        self.reference = reference
        self.fields = fields
        self.retry_after_seconds = retry_after_seconds
        self.params = params


class SessionExpired(RefusedByServer):
    """Nobody is signed in (any more): the same call may work after signing in again."""


class ServerNotReachable(RefusedByServer):
    """No answer came in time, or the server could not work just now. It may help to try again."""


class BrokenAnswer(RegisterError):
    """The answer is not what it must be: cut off, of a wrong digest, or without a needed part."""
