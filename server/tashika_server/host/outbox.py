"""`tashika-server outbox`: what waits, what was given up, and what is to be tried again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tashika_server.application.ports import Change, Command, Done, Ids, MailRow, UnitOfWork
from tashika_server.config import Settings, SettingsError
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.mailing import MailState
from tashika_server.host.mailing import RetryWishes, is_mail_id
from tashika_server.host.register import store_location
from tashika_server.storage.errors import LockedError
from tashika_server.storage.key_mails import KIND
from tashika_server.storage.outbox_look import look_at_outbox
from tashika_server.storage.store import open_store
from tashika_server.system import SystemClock, SystemRandomness, TimeOrderedIds

SHOWN: Final = 200
"""Mails of a state that are listed; after an outage there are more than anybody reads."""

ALL: Final = "all"


def list_outbox(settings: Settings, states: Sequence[MailState]) -> list[str]:
    """Give the mails in these states as lines, and last how many there are."""
    look = look_at_outbox(store_location(settings), states, SHOWN)
    lines = [line for row in look.rows for line in _lines(row)]
    waiting, dead = look.counts[MailState.PENDING], look.counts[MailState.DEAD]
    off = "" if settings.smtp_server else "; no smtp_server is set: no mail is sent"
    return [*lines, f"{waiting} waiting, {dead} given up{off}"]


async def retry(settings: Settings, mail_ids: Sequence[str]) -> list[str]:
    """Try mails again that were given up, all of them with ``all``. A server that runs is asked to; else it is done
    here, and they go out when the server runs. Give a line for each."""
    for each in mail_ids:
        if each != ALL and not is_mail_id(each):
            raise SettingsError(f"{each} is no mail's id; tashika-server outbox lists them")
    wanted = list(dict.fromkeys(mail_ids))
    if ALL in wanted:
        look = look_at_outbox(store_location(settings), (MailState.DEAD,), 1_000_000)
        # A key is mailed again only after somebody has confirmed it anew.
        wanted = [row.mail_id for row in look.rows if row.kind != KIND]
    clock = SystemClock()
    try:
        store = open_store(
            store_location(settings), clock=clock, ids=TimeOrderedIds(clock, SystemRandomness())
        )
    except LockedError:
        wishes = RetryWishes(settings.data)
        for mail_id in wanted:
            wishes.add(mail_id)
        return [f"{mail_id} asked the running server to try again" for mail_id in wanted]
    try:
        done = await store.run(_revive(wanted))
    finally:
        await store.close()
    revived = set(done.value or ())
    return [
        f"{mail_id} {'will be tried again' if mail_id in revived else 'was not given up: nothing to do'}"
        for mail_id in wanted
    ]


def _revive(mail_ids: Sequence[str]) -> Command[list[str]]:
    def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[list[str]]:
        revived = [mail_id for mail_id in mail_ids if uow.outbox.revive(mail_id, now)]
        for mail_id in revived:
            uow.audit(Change("mail.retry", "system"), mail_id)
        return Done(revived)

    return command


def _lines(row: MailRow) -> list[str]:
    when = row.next_time.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")
    what = {MailState.PENDING: f"due {when}", MailState.DEAD: f"given up {when}"}[row.state]
    first = f"{row.mail_id}  {row.state}  {row.kind}  {row.contract_number}  {row.address}"
    second = f"    {what}, {row.attempts} attempts{f': {row.reason}' if row.reason else ''}"
    return [first, second]
