"""The session of this process: the one place that reads what the operating system gives."""

import datetime
import getpass
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from tashika_tui.context import SessionContext
from tashika_tui.delivery import local_delivery
from tashika_tui.faults import file_recorder
from tashika_tui.i18n import Texts, environment_language
from tashika_tui.terminal import Console, NoTerminalError


def process_session() -> SessionContext:
    """A session on this process's standard streams, environment and clock."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that can't show a character gets its number; Japanese must not end the programme.
            stream.reconfigure(errors="backslashreplace")
    # gRPC logs failed handshakes to standard error, in words for its developers.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    console = Console(
        input=_Interruptible(sys.stdin.buffer),
        output=sys.stdout,
        errors=sys.stderr,
        binary=sys.stdout.buffer,
        ask_secret=ask_at_terminal,
        input_is_terminal=sys.stdin.isatty(),
        output_is_terminal=sys.stdout.isatty(),
    )
    environment = dict(os.environ)
    return SessionContext(
        texts=Texts(environment_language(environment)),
        console=console,
        environment=environment,
        now=_now,
        delivery=local_delivery(environment),
        record_fault=file_recorder(environment, _now),
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _open_closed_streams() -> None:
    """Puts nothing in place of a standard stream that the caller closed, which Python gives as None."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def ask_at_terminal(prompt: str) -> str:
    """Asks at the controlling terminal without an echo. Raises NoTerminalError where there is none."""
    with warnings.catch_warnings(), interruptible():
        # getpass warns, and then shows what is typed, where it can't switch the echo off.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning:
            raise NoTerminalError from None


def silence_output() -> None:
    """Sends what is still buffered nowhere, once nobody reads standard output any more."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, sys.stdout.fileno())
    os.close(descriptor)


@contextmanager
def interruptible() -> Iterator[None]:
    """Lets ctrl+c end a blocking read at once: asyncio would only note it and wait for the read."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Interruptible:
    """Standard input, of which a line is read so that ctrl+c ends it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self, size: int, /) -> bytes:
        with interruptible():
            return self._stream.readline(size)
