"""The host's log: one JSON object a line on standard error. Who, from where, how long, which command; nothing typed."""

import datetime
import json
import logging
from collections.abc import Callable
from typing import TextIO

_MAX_CHARACTERS = 500

Value = str | int | float | bool | None


class HostLog:
    """Writes events. A log that can't be written to (a full disk) ends nothing."""

    def __init__(self, stream: TextIO, now: Callable[[], datetime.datetime]) -> None:
        self._stream = stream
        self._now = now

    def event(self, name: str, **values: Value) -> None:
        """One line."""
        line: dict[str, Value] = {
            "timestamp": self._now().isoformat(timespec="milliseconds"),
            "event": name,
            **{key: _short(value) for key, value in values.items()},
        }
        text = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            return


def _short(value: Value) -> Value:
    return value[:_MAX_CHARACTERS] if isinstance(value, str) else value


class LibraryHandler(logging.Handler):
    """Passes on what a library warns of: who, and the fixed part of the message, since the rest may be anything."""

    def __init__(self, log: HostLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """One line for it."""
        fixed = record.msg if isinstance(record.msg, str) and record.args else type(record.msg).__name__
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        self._log.event("library", library=record.name, message=fixed, fault=kind)
