"""Sending what is in the outbox: at least once each, and never again once it is known that the mail server has it.

A mail is claimed in one transaction, handed over outside of any, and settled in another. Between the mail server's
"accepted" and the settling's COMMIT lies the one gap in which a crash leads to a second sending, when the lease has
ended; the second has the first one's Message-ID. Likewise where the mail server hangs up before it has answered: it may
have taken the mail, so it gets it again. A mail server that says "accepted" and loses the mail is believed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tashika_server.application.key_mails import KeyMails
from tashika_server.application.kit import Kit
from tashika_server.application.lookups import not_found
from tashika_server.application.ports import (
    Change,
    Done,
    Handover,
    Ids,
    KeyLetter,
    Letter,
    Mailer,
    MailLine,
    UnitOfWork,
)
from tashika_server.domain.mailing import (
    LONGEST_OUTAGE_PAUSE,
    LONGEST_PAUSE,
    Delivery,
    MailState,
    given_up,
    pause_after,
)

LEASE_MARGIN: Final = timedelta(seconds=30)
"""How much longer than the longest handing over a claim holds: the settling has to come in time, too."""

REASON_CHARACTERS: Final = 300
"""A mail server's answer of some lines; the operator needs no more of it."""

_CHANCE_BYTES: Final = 4


@dataclass(slots=True)
class Round:
    """What one round did: mails by what became of them, and those of which nobody knows whether they arrived."""

    results: dict[Delivery, int] = field(default_factory=lambda: dict.fromkeys(Delivery, 0))
    doubtful: int = 0
    dead: int = 0

    def note(self, result: Handover, buried: bool) -> None:
        """Count one."""
        self.results[result.delivery] += 1
        self.doubtful += result.doubtful
        self.dead += buried

    @property
    def anything(self) -> bool:
        """Whether a mail was tried."""
        return any(self.results.values())


class Mailing:
    """The use case of sending mail. One at a time: a mail server likes one line better than twenty."""

    def __init__(self, kit: Kit, mailer: Mailer) -> None:
        self._kit = kit
        self._mailer = mailer
        self._key_mails = KeyMails(kit)
        self._accepted: set[str] = set()
        """What the mail server has although the store could not take that down: never handed over again."""
        self._line: MailLine | None = None
        self._outages = 0
        self._not_before: datetime | None = None

    async def next_time(self) -> datetime | None:
        """Give the moment from which on there is something to do; ``None``: nothing waits."""
        both = await self._kit.store.read(lambda view: (view.key_mails.next_time(), view.outbox.next_time()))
        due = min((each for each in both if each is not None), default=None)
        if due is None or self._not_before is None:
            return due
        return max(due, self._not_before)

    async def send_due(self, stopping: Callable[[], bool] = lambda: False) -> Round:
        """Send what is due, one after the other, until nothing is, the mail server is away, or ``stopping``."""
        done = Round()
        if self._not_before is not None and self._kit.clock.now() < self._not_before:
            return done
        self._line = line = self._mailer.line()
        try:
            while not stopping() and (letter := await self._claim()) is not None:
                if letter.mail_id in self._accepted:
                    result = Handover(Delivery.ACCEPTED)
                else:
                    result = await line.hand_over(letter)
                if result.delivery is Delivery.ACCEPTED:
                    self._accepted.add(letter.mail_id)
                done.note(result, await self._settle(letter, result))
                if result.delivery is Delivery.UNREACHABLE:
                    self._note_outage()
                    break
                self._outages, self._not_before = 0, None
        finally:
            self._line = None
            await line.close()
        return done

    def hurry(self) -> None:
        """Cut off the handing over that is under way; what is known of it is still written down."""
        if self._line is not None:
            self._line.cut()

    async def revive(self, mail_id: str) -> None:
        """Try a mail that was given up again, for the operator. NOT_FOUND where there is none of this id."""
        change = Change("mail.retry", "system")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            if not uow.outbox.revive(mail_id, now):
                raise not_found("mail")
            uow.audit(change, mail_id)
            return Done(None)

        await self._kit.store.run(command)

    async def counts(self) -> dict[MailState, int]:
        """Count the mails that wait and those that were given up."""
        both = await self._kit.store.read(
            lambda view: (view.key_mails.counts(), view.outbox.counts()), slow=True
        )
        return {state: sum(each[state] for each in both) for state in both[0]}

    async def _claim(self) -> Letter | KeyLetter | None:
        """The mail that is due first; one with a key before all notices, since somebody waits for it."""
        lease = self._kit.ids.new("lse")
        lasts = timedelta(seconds=self._mailer.longest_seconds) + LEASE_MARGIN
        return await self._key_mails.claim(lease, lasts, self._mailer.host) or await self._claim_notice(
            lease, lasts
        )

    async def _claim_notice(self, lease: str, lasts: timedelta) -> Letter | None:
        # Looked at before anything is written: most of the time nothing is due.
        due = await self._kit.store.read(lambda view: view.outbox.next_time())
        if due is None or due > self._kit.clock.now():
            return None

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Letter | None]:
            return Done(uow.outbox.claim(now, now + lasts, lease, self._mailer.host))

        return (await self._kit.store.run(command)).value

    async def _settle(self, letter: Letter | KeyLetter, result: Handover) -> bool:
        """Write down what became of a mail; answers whether it was given up."""
        if isinstance(letter, KeyLetter):
            buried = await self._key_mails.settle(letter, result, self._chance())
        else:
            buried = await self._settle_notice(letter, result)
        self._accepted.discard(letter.mail_id)
        return buried

    async def _settle_notice(self, letter: Letter, result: Handover) -> bool:
        now = self._kit.clock.now()
        over = result.delivery is Delivery.LATER and given_up(letter.first_time, now)
        buried = over or result.delivery is Delivery.NEVER
        reason = result.reason[:REASON_CHARACTERS]
        pause = pause_after(letter.attempts, self._chance(), LONGEST_PAUSE)

        def command(uow: UnitOfWork, at: datetime, ids: Ids) -> Done[bool]:
            mail_id, lease, outbox = letter.mail_id, letter.lease, uow.outbox
            if buried:
                return Done(outbox.bury(mail_id, lease, at, reason))
            match result.delivery:
                case Delivery.ACCEPTED:
                    return Done(outbox.sent(mail_id, lease, at))
                case Delivery.UNREACHABLE:
                    return Done(outbox.postpone(mail_id, lease, at, reason, counted=False))
                case _:
                    return Done(outbox.postpone(mail_id, lease, at + pause, reason))

        await self._kit.store.run(command)
        return buried

    def _note_outage(self) -> None:
        """The mail server can't be used: nobody is tried for a while, and no mail pays for it."""
        self._outages += 1
        pause = pause_after(self._outages, self._chance(), LONGEST_OUTAGE_PAUSE)
        self._not_before = self._kit.clock.now() + pause

    def _chance(self) -> int:
        return int.from_bytes(self._kit.randomness.token(_CHANCE_BYTES), "big")
