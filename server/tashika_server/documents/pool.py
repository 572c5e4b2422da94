"""The processes that render and sign: in a thread, that would stall the event loop and not scale.

A worker that dies (killed, out of memory) breaks the executor. It is made anew once for a job and the job runs
again, which is safe, since a job has no effect but its result.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial
from typing import Final, ParamSpec, TypeVar

from tashika_server.documents import worker
from tashika_server.documents.content import NoticeContent, OpenSigner, SignedCertificate, SignerRef
from tashika_server.documents.coverage import Coverage
from tashika_server.documents.errors import MissingGlyphError, RenderUnavailableError
from tashika_server.documents.fee_content import AdvanceContent, FeeSheetContent, StatementContent
from tashika_server.documents.fonts import FontSet
from tashika_server.documents.processes import spawning_executor

P = ParamSpec("P")
R = TypeVar("R")

# At 20 ms a job and two workers, this is half a second of waiting; a client's deadline is not much longer.
_WAITING_PER_WORKER: Final = 32
_MAX_WORKERS: Final = 16


class DocumentPool:
    """Renders in worker processes. Make it, `await start()`, and at the end `close()`.

    `open_signer` is a module's function that each worker calls once for each signer. `workers` defaults to the
    number of usable cores. At most 32 jobs a worker are accepted at a time; more raise RenderUnavailableError.
    """

    def __init__(self, fonts: FontSet, open_signer: OpenSigner, workers: int | None = None) -> None:
        self._fonts = fonts
        self._open_signer = open_signer
        self._workers = workers or min(len(os.sched_getaffinity(0)), _MAX_WORKERS)
        self._limit = self._workers * _WAITING_PER_WORKER
        self._coverage = Coverage(fonts)
        self._executor: ProcessPoolExecutor | None = None
        self._running = 0
        self._closed = False

    async def start(self) -> None:
        """Start the workers and parse the fonts in each."""
        folder = self._fonts.folder
        await asyncio.gather(*(self._run(worker.warm_up, folder) for _ in range(self._workers)))

    def close(self) -> None:
        """End the workers after what they are doing, and drop the jobs that wait. Blocks until they ended."""
        self._closed = True
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def missing_glyphs(self, texts: Mapping[str, str]) -> list[MissingGlyphError]:
        """Every character of the texts (by field) that can't be printed. In this process, microseconds a text."""
        return self._coverage.missing(texts)

    def check_glyphs(self, texts: Mapping[str, str]) -> None:
        """Raise MissingGlyphError for the first character of the texts (by field) that can't be printed."""
        self._coverage.check(texts)

    async def issue(
        self, envelope: bytes, signer: SignerRef, *, demo: bool, signing_time: datetime
    ) -> SignedCertificate:
        """Render the certificate of a canonical statement and sign both.

        Raises StatementError, MissingGlyphError, RenderUnavailableError, and what `open_signer` raises.
        """
        return await self._run(
            worker.issue, self._fonts.folder, self._open_signer, envelope, signer, demo, signing_time
        )

    async def notice(self, content: NoticeContent) -> bytes:
        """Render a key notice. Raises MissingGlyphError, KeyTypingError and RenderUnavailableError."""
        return await self._run(worker.notice, self._fonts.folder, content)

    async def fee_sheet(self, content: FeeSheetContent) -> bytes:
        """Render a fee sheet. Raises MissingGlyphError and RenderUnavailableError, as those below."""
        return await self._run(worker.fee_sheet, self._fonts.folder, content)

    async def fee_statement(self, content: StatementContent) -> bytes:
        """Render the statement of a month."""
        return await self._run(worker.fee_statement, self._fonts.folder, content)

    async def advance_request(self, content: AdvanceContent) -> bytes:
        """Render a request for the advance."""
        return await self._run(worker.advance_request, self._fonts.folder, content)

    async def _run(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        if self._running >= self._limit:
            raise RenderUnavailableError("too many documents are waiting")
        self._running += 1
        try:
            return await self._twice(job, *args, **kwargs)
        finally:
            self._running -= 1

    async def _twice(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the job, and once more if a worker died meanwhile (which takes all jobs of the pool along)."""
        for _ in range(2):
            executor = self._ready()
            try:
                return await asyncio.wrap_future(executor.submit(job, *args, **kwargs))
            except BrokenProcessPool:
                self._give_up(executor)
            except RuntimeError:
                # Another job saw the broken executor first and shut it down, or the pool was closed.
                if executor is self._executor:
                    raise
        raise RenderUnavailableError("the rendering processes ended unexpectedly, twice")

    def _ready(self) -> ProcessPoolExecutor:
        if self._closed:
            raise RenderUnavailableError("the rendering processes were closed")
        if self._executor is None:
            prepare = partial(worker.prepare, self._fonts.folder)
            self._executor = spawning_executor(self._workers, prepare)
        return self._executor

    def _give_up(self, executor: ProcessPoolExecutor) -> None:
        """Put the broken executor aside, unless another job has done so and a new one is at work already."""
        if executor is self._executor:
            self._executor = None
            with contextlib.suppress(Exception):
                executor.shutdown(wait=False, cancel_futures=True)
