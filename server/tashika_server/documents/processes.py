"""Worker processes that import no more than they need, and that never outlive the server."""

import functools
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType


class _Worker(SpawnProcess):
    """A process that ignores SIGTERM, and that its server can end all the same.

    When one worker dies, the executor terminates the others and waits for them: without end, if that were SIGTERM.
    """

    def terminate(self) -> None:
        """End it at once. It has nothing to tidy up: a job has no effect but its result."""
        self.kill()


class _Context(SpawnContext):
    Process = _Worker


def spawning_executor(workers: int, prepare: Callable[[], object]) -> ProcessPoolExecutor:
    """An executor whose processes are already starting; each runs `prepare` first.

    Spawned and not forked, since the server has threads, locks and open sockets.
    """
    begin = functools.partial(_begin, prepare)
    executor = ProcessPoolExecutor(workers, mp_context=_Context(), initializer=begin)
    with _no_main_module():
        # A process starts with a job that finds no idle one, and none is idle before this loop ends.
        for _ in range(workers):
            executor.submit(os.getpid)
    return executor


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Hide the main module while processes start.

    A spawned process imports the main module of its parent: here the whole server, with its transport and
    storage, in every worker.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin(prepare: Callable[[], object]) -> None:
    # Ctrl+C, or a service manager's SIGTERM, reaches the whole group; the server decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare()


def _end_with_parent() -> None:
    """A server killed by SIGKILL can't end its workers, and they hold both ends of their queue: they see no end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
