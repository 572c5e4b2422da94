"""The log: one JSON object per line on standard error, for machines to collect and people to search.

What may stand in it goes by type: plain values do, anything else is replaced by the name of its type. So a
request, a token or a person that slips into a log call stays out of the log, without anybody guessing at its
text.
"""

import contextlib
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import Processor

from tashika_server.faults import describe_fault

# A line that is longer than a screenful helps nobody, and must not fill the disk.
_MAX_CHARACTERS = 2000
_MAX_ITEMS = 64
_MAX_DEPTH = 4


def configure_logs(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send this program's log and that of its libraries to ``stream`` (standard error).

    ``DEBUG`` also notes every call that went well. Libraries are heard from WARNING on, and of their messages
    only the fixed part, since what they fill in may be anything.
    """
    target = sys.stderr if stream is None else stream
    threshold = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*_processors(), structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Forgiving(target))),
        cache_logger_on_first_use=False,
    )
    handler = _LibraryHandler()
    handler.setLevel(max(threshold, logging.WARNING))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(threshold, logging.WARNING))


def _processors() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _plain_values,
    ]


def _plain_values(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {str(name): _plain(value, _MAX_DEPTH) for name, value in event.items()}


def _plain(value: object, depth: int) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        # Surrogates can't be written as UTF-8; JSON escapes whatever else could break a line.
        text = str(value).encode("utf-8", "replace").decode("utf-8")
        return text if len(text) <= _MAX_CHARACTERS else text[:_MAX_CHARACTERS] + "…"
    if depth > 0 and isinstance(value, list | tuple):
        return [_plain(item, depth - 1) for item in value[:_MAX_ITEMS]]
    if depth > 0 and isinstance(value, dict):
        return {str(name): _plain(item, depth - 1) for name, item in list(value.items())[:_MAX_ITEMS]}
    return f"<{type(value).__name__}>"


class _Forgiving:
    """A stream whose faults end nothing: on a full disk the line is lost, and the call that it tells of goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if the stream takes it."""
        with contextlib.suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Send on what was written, if that is possible."""
        with contextlib.suppress(OSError):
            self._stream.flush()


class _LibraryHandler(logging.Handler):
    """Passes on what libraries log: who, how bad, the fixed part of the message, and where a fault came from."""

    def emit(self, record: logging.LogRecord) -> None:
        fault = describe_fault(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None
        fixed = record.msg if isinstance(record.msg, str) and record.args else type(record.msg).__name__
        structlog.get_logger("library").log(
            record.levelno,
            "library",
            library=record.name,
            message=fixed,
            place=f"{record.pathname}:{record.lineno}",
            **({"fault": fault} if fault else {}),
        )
