"""The jobs beside the server that concern notices: telling of openings, and sending mail."""

import asyncio
import contextlib
import re
from pathlib import Path
from typing import Final

import structlog

from tashika_server.application.mailing import Mailing, Round
from tashika_server.application.notices import Notices
from tashika_server.application.ports import Clock, Store
from tashika_server.domain.mailing import Delivery
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.faults import describe_fault
from tashika_server.host.metrics import MailMetrics
from tashika_server.storage.folder import private_folder, sync_folder

TELL_EVERY_SECONDS: Final = 1.0
"""People see within a second that a certificate was opened; looking costs one look-up in an empty index."""

LOOK_EVERY_SECONDS: Final = 15.0
"""A commit wakes the sender; it looks by itself for what comes due, and for what the operator asks for."""

PACE_SECONDS: Final = 0.2
"""However often something is committed, the sender looks at most this often."""

RETRY_FOLDER: Final = "outbox-retry"
"""In the data folder: the operator's wishes to a server that runs, a file each."""

_MAIL_ID: Final = re.compile(r"mil_[0-9A-HJKMNP-TV-Z]{26}")
_LOG = structlog.get_logger("tashika.mail")


async def tell_openings(notices: Notices) -> None:
    """Tell of openings and of guessing, soon after they were written down."""
    while True:
        try:
            await notices.tell_waiting()
        except RefusedError as error:
            _LOG.warning("notices.refused", reason=error.reason)
        except Exception as error:
            _LOG.error("notices.failed", fault=describe_fault(error))
        await asyncio.sleep(TELL_EVERY_SECONDS)


class RetryWishes:
    """What the operator wants tried again while the server runs. The server does it, since it alone writes."""

    def __init__(self, data: Path) -> None:
        self._folder = data / RETRY_FOLDER

    def add(self, mail_id: str) -> None:
        """Leave a wish. Raises OSError, StoreOpenError."""
        private_folder(self._folder)
        (self._folder / mail_id).touch(mode=0o600)
        sync_folder(self._folder)

    def take(self) -> list[str]:
        """Give the wishes that there are; other files are none."""
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if is_mail_id(path.name))

    def done(self, mail_id: str) -> None:
        """Forget a wish."""
        (self._folder / mail_id).unlink(missing_ok=True)


def is_mail_id(text: str) -> bool:
    """Say whether a text has the form of a mail's id."""
    return _MAIL_ID.fullmatch(text) is not None


class MailSender:
    """Sends what is due until it is stopped."""

    def __init__(self, mailing: Mailing, wishes: RetryWishes, clock: Clock, metrics: MailMetrics) -> None:
        self._mailing = mailing
        self._wishes = wishes
        self._clock = clock
        self._metrics = metrics
        self._woken = asyncio.Event()
        self._stopping = False

    def wake_after(self, store: Store) -> None:
        """Look soon after each commit."""
        loop = asyncio.get_running_loop()

        def wake(_revision: int) -> None:
            # Called on the store's own thread; the loop may have closed.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._woken.set)

        store.after_commit(wake)

    async def run(self) -> None:
        """Send until ``stop``."""
        with contextlib.suppress(RefusedError):
            self._metrics.stand(await self._mailing.counts())
        while not self._stopping:
            self._woken.clear()
            await self._round()
            if self._stopping:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(await self._until_due()):
                    await self._woken.wait()
            await asyncio.sleep(PACE_SECONDS)

    async def stop(self, seconds: float, task: "asyncio.Task[None]") -> None:
        """Let the mail that is under way end within so many seconds; then cut it off, and write down what is known."""
        self._stopping = True
        self._woken.set()
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            self._mailing.hurry()
            await asyncio.wait({task}, timeout=max(seconds, PACE_SECONDS))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _round(self) -> None:
        try:
            await self._grant()
            done = await self._mailing.send_due(lambda: self._stopping)
            self._note(done)
            if done.anything:
                self._metrics.stand(await self._mailing.counts())
        except RefusedError as error:
            _LOG.warning("mail.refused", reason=error.reason)
        except Exception as error:
            _LOG.error("mail.failed", fault=describe_fault(error))

    async def _grant(self) -> None:
        """Do what the operator asked for."""
        for mail_id in await asyncio.to_thread(self._wishes.take):
            try:
                await self._mailing.revive(mail_id)
                _LOG.info("mail.retry", mail=mail_id)
            except RefusedError as error:
                # One that is not there, or not given up, is no wish any more; any other trouble passes.
                if error.reason is not Reason.NOT_FOUND:
                    raise
            await asyncio.to_thread(self._wishes.done, mail_id)

    async def _until_due(self) -> float:
        with contextlib.suppress(RefusedError):
            due = await self._mailing.next_time()
            if due is not None:
                left = (due - self._clock.now()).total_seconds()
                return min(max(left, 0.0), LOOK_EVERY_SECONDS)
        return LOOK_EVERY_SECONDS

    def _note(self, done: Round) -> None:
        if not done.anything:
            return
        self._metrics.count(done)
        tried = {delivery.lower(): count for delivery, count in done.results.items() if count}
        level = _LOG.warning if done.dead or done.results[Delivery.UNREACHABLE] else _LOG.info
        level("mail", **tried, dead=done.dead, doubtful=done.doubtful)
