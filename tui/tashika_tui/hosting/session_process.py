"""A session: what a process does that the fork server has just forked for one person."""

import asyncio
import contextlib
import fcntl
import os
import resource
import signal
import socket
import sys
import termios
import threading
from collections.abc import Mapping, Sequence

from tashika_tui.context import LAST_SECONDS, Arrival
from tashika_tui.faults import new_reference
from tashika_tui.hosting.hosted import endpoint_of, hosted_session
from tashika_tui.hosting.leash import Leash
from tashika_tui.hosting.order import Fault, Kind, Order
from tashika_tui.problems import Exit

# Standard streams come first, and the leash behind them.
_LEASH = 3

# A connection to the register, its event loop and a few spare.
_MAX_FILES = 256

_NAME = "tashika-ssh"

# Between two attempts to sign out, when the register does not answer.
_AGAIN_SECONDS = 0.5


def run_session(kind: Kind, leash: int, streams: Sequence[int]) -> int:
    """Becomes the session on these descriptors: a terminal, or input, output and errors. Gives the exit code.

    Runs right after the fork: nothing that was open before stays open. SIGHUP is blocked, until it can be answered.
    """
    os.setsid()
    _take_over(leash, streams if kind is Kind.COMMAND else [streams[0]] * 3)
    if kind is Kind.SCREEN:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    _bound()
    # Whoever is told to go is gone soon, whatever the terminal does.
    held = Leash(socket.socket(fileno=_LEASH), lambda: signal.alarm(LAST_SECONDS))
    order, ended = None, threading.Event()
    try:
        order = held.order()
        if order.token:
            threading.Thread(target=_stand_by, args=(order, held, ended), daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        _set_environment(order.environment)
        _open_streams()
        return _run(order, held)
    except (EOFError, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except BaseException as error:
        # The person sees a reference and nothing of what went wrong; the host's log has the place.
        held.report(Fault(new_reference(), type(error).__name__, _places(error)))
        return Exit.FAULT
    finally:
        _ignore_interrupts()
        if order is not None and order.token and held.cut:
            _sign_out(order)
        ended.set()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()


def _run(order: Order, leash: Leash) -> int:
    from tashika_tui.process import process_session

    async def token() -> str:
        return order.token

    arrival = None if order.visitor else Arrival(token)
    session = hosted_session(process_session(), order, arrival, leash, leash.report)
    if order.kind is Kind.COMMAND:
        from tashika_tui.cli import run

        return run(order.words, session)
    from tashika_tui.full_screen import run_client

    return run_client(session)


def _stand_by(order: Order, leash: Leash, ended: threading.Event) -> None:
    """Signs out for a session that the host left behind and that can not: Textual may wait for ever to write to a
    terminal that is gone.
    """
    leash.wait_until_cut()
    if not ended.wait(LAST_SECONDS / 2):
        _sign_out(order)
        os._exit(Exit.INTERRUPTED)


def _sign_out(order: Order) -> None:
    """Ends the session of the register in place of the host, which is gone. Tries for as long as there is time."""
    from tashika_tui.client.errors import RefusedByServer, RegisterError
    from tashika_tui.client.gateway.ssh_host import SshHostCalls

    async def end() -> None:
        calls = SshHostCalls(endpoint_of(order.place), order.language)
        try:
            while True:
                try:
                    await calls.sign_out(order.token, order.source)
                except RefusedByServer:
                    return
                except RegisterError:
                    await asyncio.sleep(_AGAIN_SECONDS)
                else:
                    return
        finally:
            await calls.close()

    signal.alarm(LAST_SECONDS)
    asyncio.run(end())


def _take_over(leash: int, streams: Sequence[int]) -> None:
    """Puts the descriptors in their places, and closes all others."""
    # Out of the way first, since one of them may stand where another one has to go.
    apart = [fcntl.fcntl(number, fcntl.F_DUPFD, _LEASH + 1) for number in (*streams, leash)]
    for place, number in enumerate(apart):
        os.dup2(number, place)
    os.closerange(_LEASH + 1, os.sysconf("SC_OPEN_MAX"))


def _bound() -> None:
    """What a session may use. It writes no file, of whatever size, and leaves no memory behind on a disk."""
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGHUP,
        signal.SIGCHLD,
        signal.SIGQUIT,
        signal.SIGALRM,
    ):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # The line is cut: a command comes to its end as if it were interrupted. Screens have their own way to leave.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGINT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_FILES, _MAX_FILES))
    sys.dont_write_bytecode = True
    with contextlib.suppress(OSError), open("/proc/self/comm", "w", encoding="ascii") as name:
        name.write(_NAME)


def _ignore_interrupts() -> None:
    """It ends anyway. The terminal says that the line is cut, and the fork server says so too, which may be late: none
    of that must interrupt the signing out.
    """
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _set_environment(given: Mapping[str, str]) -> None:
    """Only what the client may say of its terminal."""
    os.environ.clear()
    os.environ.update(given)
    os.environ["GRPC_VERBOSITY"] = "NONE"


def _open_streams() -> None:
    """Gives Python's own names to the new standard streams."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = open(number, mode, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        # Textual speaks to the terminal by these names.
        setattr(sys, f"__{name}__", stream)


def _places(error: BaseException) -> tuple[str, ...]:
    import datetime

    from tashika_tui.faults import fault_lines

    return tuple(fault_lines("", error, datetime.datetime.now(datetime.UTC))[1:])
