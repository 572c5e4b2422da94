"""When a mail that did not go out is tried again, and when nobody tries any more."""

from datetime import datetime, timedelta
from enum import auto, unique
from typing import Final

from tashika_server.domain.reasons import Token

FIRST_PAUSE: Final = timedelta(minutes=1)
"""Greylisting, the most common temporary refusal, lets a second attempt pass after some minutes."""

LONGEST_PAUSE: Final = timedelta(hours=2)
"""RFC 5321 section 4.5.4.1 wants retries at least every some hours, so that a repaired server gets its mail."""

LONGEST_OUTAGE_PAUSE: Final = timedelta(minutes=5)
"""The one server that we hand mails to is asked more often: when it is back, what waited goes out at once."""

GIVE_UP_AFTER: Final = timedelta(days=5)
"""RFC 5321 section 4.5.4.1: "the give-up time generally needs to be at least 4-5 days"."""

CHANCES: Final = 2**32
"""How many values the chance for ``pause_after`` has: 4 random bytes."""


@unique
class MailState(Token):
    """Where a mail stands. ``DEAD``: it could not be delivered, and only the operator tries a notice again, while a key
    is mailed again only after somebody has confirmed it anew.
    """

    PENDING = auto()
    SENT = auto()
    DEAD = auto()


@unique
class Delivery(Token):
    """What became of handing a mail to the mail server.

    ``ACCEPTED``: the server said that it has it. ``LATER``: it refused for now, or hung up. ``NEVER``: it refused the
    address for good. ``UNREACHABLE``: the server itself can't be used, whatever the mail.
    """

    ACCEPTED = auto()
    LATER = auto()
    NEVER = auto()
    UNREACHABLE = auto()


def pause_after(attempts: int, chance: int, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """Give the pause after so many failed attempts (from 1): twice as long each time, up to ``longest``.

    Half of it goes by ``chance`` (0 up to ``CHANCES``), so that what failed together does not come back together.
    """
    # 20 doublings of a minute are two years: beyond the longest pause anyway.
    doublings = min(max(attempts, 1) - 1, 20)
    full = min(FIRST_PAUSE * (1 << doublings), longest)
    return full / 2 + full / 2 * (chance / CHANCES)


def given_up(first_time: datetime, now: datetime, after: timedelta = GIVE_UP_AFTER) -> bool:
    """Say whether a mail that waits since ``first_time`` has been tried for long enough."""
    return now - first_time >= after
