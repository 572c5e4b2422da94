"""The log holds plain values only; what a library fills into its messages stays out."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from tashika_server.application.caller import Caller
from tashika_server.faults import describe_fault
from tashika_server.logs import configure_logs

SECRET = "K7Q2-SECRET"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logs("INFO", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


def last(log: io.StringIO) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(log.getvalue().splitlines()[-1])
    return line


def test_a_line_is_json_with_time_and_level(log: io.StringIO) -> None:
    structlog.get_logger("t").info("started", port=7, name="登録")
    line = last(log)
    assert (line["event"], line["port"], line["name"], line["level"]) == ("started", 7, "登録", "info")
    assert line["timestamp"].endswith("Z")


def test_what_is_no_plain_value_is_named_by_its_type(log: io.StringIO) -> None:
    structlog.get_logger("t").info(
        "odd",
        token=SECRET.encode(),
        caller=Caller(user_id=SECRET),
        error=ValueError(SECRET),
        deep=[{"a": {SECRET}}],
    )
    line = last(log)
    assert (line["token"], line["caller"], line["error"]) == ("<bytes>", "<Caller>", "<ValueError>")
    assert line["deep"] == [{"a": "<set>"}]
    assert SECRET not in log.getvalue()


def test_no_value_breaks_a_line(log: io.StringIO) -> None:
    structlog.get_logger("t").info("a\nb", text="\r\n\ud800\x1b[31m" + "x" * 5000)
    assert len(log.getvalue().splitlines()) == 1
    assert len(last(log)["text"]) < 2100


def test_a_librarys_message_keeps_its_fixed_part_alone(log: io.StringIO) -> None:
    try:
        raise OSError(5, f"no {SECRET}")
    except OSError:
        logging.getLogger("lib").error("can't read %s", SECRET, exc_info=True)
    logging.getLogger("lib").error(f"whole {SECRET}")
    first, second = (json.loads(line) for line in log.getvalue().splitlines())
    assert (first["message"], first["library"], first["fault"][0]["errno"]) == ("can't read %s", "lib", 5)
    assert second["message"] == "str"
    assert SECRET not in log.getvalue()


def test_libraries_are_heard_from_warnings_on(log: io.StringIO) -> None:
    logging.getLogger("lib").info("chatter")
    assert log.getvalue() == ""


def test_a_fault_is_described_without_its_text() -> None:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError as error:
        described = describe_fault(error)
    assert [one["type"] for one in described] == ["builtins.KeyError", "builtins.ValueError"]
    assert SECRET not in json.dumps(described)
    assert any("test_logs.py" in frame for frame in described[0]["frames"])  # type: ignore[attr-defined]


class FullDisk(io.StringIO):
    """A file on a full disk."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_log_that_can_not_be_written_stops_nobody(log: io.StringIO) -> None:
    configure_logs("INFO", FullDisk())
    structlog.get_logger("t").warning("lost")
    logging.getLogger("lib").warning("lost too")
