"""What goes wrong on this side of the wire, and the exit codes by which scripts tell results apart."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of `tashika`. Anything else (1) is a fault of the programme."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    REFUSED = 3
    TYPING_ERROR = 4
    NOT_REACHABLE = 5
    NOT_AUTHENTIC = 6
    NOT_CURRENT = 7
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class LocalError(Exception):
    """Something on this computer keeps a command from being done.

    `key` names a sentence of the catalogues, `params` are what it quotes; neither is ever a secret. The
    text of the exception is the key alone.
    """

    def __init__(self, key: str, exit_code: Exit = Exit.USAGE, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.exit_code = exit_code
        self.params = params
