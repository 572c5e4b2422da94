"""The fork server: loads the client once, and forks a session from it in some milliseconds.

It runs by itself (`python -m tashika_tui.hosting.fork_server`), with its socket to the host as standard input, and
knows nothing but the client's code. Nothing here starts a thread or an event loop, and gRPC is not loaded: what has
been forked with either of them in it does not work.
"""

import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys

from tashika_tui.hosting.order import MAX_LINE_BYTES, Kind

MAX_STREAMS = 4
"""The leash, and a terminal or three pipes."""

_PACKAGES = ("tashika_tui.screens", "tashika_tui.widgets", "tashika_tui.presenting", "tashika_tui.commands")
_MODULES = (
    "tashika_tui.app",
    "tashika_tui.full_screen",
    "tashika_tui.process",
    "tashika_tui.cli",
    "tashika_tui.verification",
    "tashika_tui.hosting.session_process",
    "textual.drivers.linux_driver",
    "google.rpc.error_details_pb2",
    "google.rpc.status_pb2",
)
_MESSAGES = "tashika.v1"
_NEVER = "grpc"


def preload() -> None:
    """Loads all that every session needs, but gRPC."""
    # Both are read when Textual is imported.
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    for name in _MODULES:
        importlib.import_module(name)
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(found.name)
    for found in pkgutil.iter_modules(importlib.import_module(_MESSAGES).__path__, f"{_MESSAGES}."):
        if found.name.endswith("_pb2"):
            importlib.import_module(found.name)
    _read_texts()
    assert _NEVER not in sys.modules, "a session could not speak to the register"


def _read_texts() -> None:
    from tashika_tui.i18n import LANGUAGES, catalogue

    for language in LANGUAGES:
        catalogue(language)


class ForkServer:
    """Forks on request, passes signals on, and tells which session ended how."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._sessions: dict[int, int] = {}
        self._wake, self._waking = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Until the host is gone; then every session that is left is hung up on."""
        signal.set_wakeup_fd(self._waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(self._end, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._tell({"ready": True})
        while self._turn():
            self._reap()
        for process in self._sessions:
            os.kill(process, signal.SIGHUP)

    def _turn(self) -> bool:
        for ready, _ in self._selector.select():
            if ready.fileobj is self._end:
                if not self._request():
                    return False
            else:
                os.read(self._wake, 512)
        return True

    def _request(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._end, MAX_LINE_BYTES, MAX_STREAMS)
        if not data:
            return False
        asked = json.loads(data)
        if "signal" in asked:
            # What has been reaped is not in here, so no other process can be hit.
            for process in [p for p, number in self._sessions.items() if number == asked["id"]]:
                os.kill(process, asked["signal"])
            return True
        # A session can't sign out before it has read whose it is: till then it is not told to go.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        process = os.fork()
        if process == 0:
            self._become(Kind(asked["kind"]), descriptors)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        for descriptor in descriptors:
            os.close(descriptor)
        self._sessions[process] = asked["id"]
        self._tell({"id": asked["id"], "process": process})
        return True

    def _become(self, kind: Kind, descriptors: list[int]) -> None:
        """In the new process: never comes back."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            self._selector.close()
            self._end.detach()
            from tashika_tui.hosting.session_process import run_session

            code = run_session(kind, descriptors[0], descriptors[1:])
        finally:
            os._exit(code)

    def _reap(self) -> None:
        while self._sessions:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                return
            number = self._sessions.pop(process, None)
            if number is not None:
                self._tell({"id": number, "exit": os.waitstatus_to_exitcode(status)})

    def _tell(self, words: dict[str, int | bool]) -> None:
        try:
            self._end.send(json.dumps(words).encode("ascii"))
        except OSError:
            # The host is gone; the next turn sees it.
            return


def main() -> None:
    """Loads, says so, and serves."""
    end = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    preload()
    # What was made until now lives as long as this process: nobody looks at it again, so it stays shared.
    gc.collect()
    gc.freeze()
    ForkServer(end).serve()


if __name__ == "__main__":
    main()
