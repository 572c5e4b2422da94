"""What a call to the server can end with, beside an answer."""

from dataclasses import dataclass


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
    status; `sentence` and `next_steps` are in the caller's language, `sentence` empty where the server
    gave none; `reference` helps the operator find a fault.
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
    ) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason
        self.sentence = sentence
        self.next_steps = next_steps
        self.reference = reference
        self.fields = fields
        self.retry_after_seconds = retry_after_seconds


class ServerNotReachable(RefusedByServer):
    """No answer came in time, or the server could not work just now. It may help to try again."""


class BrokenAnswer(RegisterError):
    """The answer is not what it must be: cut off, of a wrong digest, or without a needed part."""
