"""The outbox, on every store: one mail for an event and a receiver, claimed by one sender at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tashika_server.application.ports import Done, Ids, Letter, UnitOfWork
from tashika_server.domain.mailing import MailState
from tashika_server.domain.notices import Addressee, Party
from tashika_server.storage.outbox_look import look_at_outbox
from tashika_server.storage.retention import SENT_MAIL_DAYS
from tashika_server.storage.store import SqlStore
from tests.storage.databases import Database
from tests.storage.test_notices import event, tells
from tests.storage.world import START, ManualClock

ADDRESSEE = Addressee("keiri@example.jp", "Keiri@example.jp", "ja", Party.CONTRACTOR)
LEASE = timedelta(minutes=5)


def puts(*mail_ids: str, addressee: Addressee = ADDRESSEE, number: int = 1) -> Callable[..., Done[None]]:
    """A command that puts mails of one event into the outbox."""

    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        for mail_id in mail_ids:
            unit.outbox.put(mail_id, event(number), addressee)
        return Done(None)

    return command


async def claim(store: SqlStore, lease: str = "one", host: str = "example.jp") -> Letter | None:
    def command(unit: UnitOfWork, now: datetime, ids: Ids) -> Done[Letter | None]:
        return Done(unit.outbox.claim(now, now + LEASE, lease, host))

    return (await store.run(command)).value


async def settle(store: SqlStore, act: Callable[[Any, datetime], bool]) -> bool | None:
    return (await store.run(lambda unit, now, ids: Done(act(unit.outbox, now)))).value


async def states(store: SqlStore) -> dict[str, tuple[str, int, str]]:
    def query(view: Any) -> dict[str, tuple[str, int, str]]:
        rows = [row for state in MailState for row in view.outbox.rows(state, 10)]
        return {row.mail_id: (row.state.value, row.attempts, row.reason) for row in rows}

    return await store.read(query)


async def filled(store: SqlStore, *mail_ids: str) -> None:
    await store.run(tells(1))
    await store.run(puts(*mail_ids))


async def test_a_receiver_gets_one_mail_of_an_event(store: SqlStore) -> None:
    await filled(store, "mil_1", "mil_2")
    assert list(await states(store)) == ["mil_1"]
    await store.run(
        puts("mil_3", addressee=Addressee("other@example.jp", "other@example.jp", "en", Party.GUARANTOR))
    )
    await store.run(tells(2))
    await store.run(puts("mil_4", number=2))
    assert sorted(await states(store)) == ["mil_1", "mil_3", "mil_4"]


async def test_a_claimed_mail_is_nobody_elses_until_its_lease_ends(
    store: SqlStore, clock: ManualClock
) -> None:
    await filled(store, "mil_1")
    letter = await claim(store)
    assert letter is not None
    assert (letter.addressee, letter.event, letter.attempts) == (ADDRESSEE, event(1), 1)
    assert (letter.message_id, letter.first_time) == ("<mil_1@example.jp>", START)
    assert await claim(store, "two") is None
    clock.forward(minutes=5)
    again = await claim(store, "two", "elsewhere.example.jp")
    assert again is not None
    assert (again.message_id, again.attempts) == (letter.message_id, 2)
    # The first sender, slower than its lease, has nothing to say any more.
    assert await settle(store, lambda outbox, now: outbox.sent("mil_1", "one", now)) is False
    assert await settle(store, lambda outbox, now: outbox.sent("mil_1", "two", now)) is True
    assert (await states(store))["mil_1"] == ("SENT", 2, "")
    clock.forward(days=1)
    assert await claim(store) is None


async def test_a_sent_mail_stays_sent_whoever_says_otherwise(store: SqlStore, clock: ManualClock) -> None:
    await filled(store, "mil_1")
    await claim(store)
    assert await settle(store, lambda outbox, now: outbox.sent("mil_1", "one", now))
    for late in (
        lambda outbox, now: outbox.sent("mil_1", "one", now),
        lambda outbox, now: outbox.postpone("mil_1", "one", now, "late"),
        lambda outbox, now: outbox.bury("mil_1", "one", now, "late"),
        lambda outbox, now: outbox.sent("mil_1", "", now),
        lambda outbox, now: outbox.revive("mil_1", now),
    ):
        assert await settle(store, late) is False
    assert (await states(store))["mil_1"][0] == "SENT"


async def test_what_waits_is_due_when_it_was_said_and_the_first_due_goes_first(
    store: SqlStore, clock: ManualClock
) -> None:
    await filled(store, "mil_1")
    await store.run(tells(2))
    await store.run(puts("mil_2", number=2))
    await claim(store)
    soon = clock.now() + timedelta(minutes=2)
    assert await settle(store, lambda outbox, now: outbox.postpone("mil_1", "one", soon, "452 full"))
    second = await claim(store)
    assert second is not None and second.mail_id == "mil_2"
    later = clock.now() + timedelta(minutes=1)
    # The mail server was away: that attempt does not count.
    await settle(store, lambda outbox, now: outbox.postpone("mil_2", "one", later, "away", counted=False))
    assert await store.read(lambda view: view.outbox.next_time()) == later
    assert await states(store) == {
        "mil_1": ("PENDING", 1, "452 full"),
        "mil_2": ("PENDING", 0, "away"),
    }
    clock.forward(minutes=5)
    order = [await claim(store, "a"), await claim(store, "b")]
    assert [each.mail_id for each in order if each] == ["mil_2", "mil_1"]


async def test_a_mail_that_was_given_up_is_tried_again_as_if_it_were_new(
    store: SqlStore, clock: ManualClock
) -> None:
    await filled(store, "mil_1")
    first = await claim(store)
    reason = "RCPT TO: 550 no such user\0\ud800"
    assert await settle(store, lambda outbox, now: outbox.bury("mil_1", "one", now, reason))
    assert (await states(store))["mil_1"] == ("DEAD", 1, "RCPT TO: 550 no such user")
    assert await store.read(lambda view: view.outbox.counts()) == {MailState.PENDING: 0, MailState.DEAD: 1}
    clock.forward(days=30)
    assert await claim(store) is None
    assert await settle(store, lambda outbox, now: outbox.revive("mil_unknown", now)) is False
    assert await settle(store, lambda outbox, now: outbox.revive("\ud800", now)) is False
    assert await settle(store, lambda outbox, now: outbox.revive("mil_1", now)) is True
    again = await claim(store)
    assert first is not None and again is not None
    assert (again.message_id, again.attempts, again.first_time) == (first.message_id, 1, clock.now())


async def test_sent_mails_are_forgotten_after_a_while_and_no_others(
    store: SqlStore, database: Database, clock: ManualClock
) -> None:
    await filled(store, "mil_1")
    await store.run(tells(2, 3))
    for number in (2, 3):
        await store.run(puts(f"mil_{number}", number=number))
    await claim(store)
    await settle(store, lambda outbox, now: outbox.sent("mil_1", "one", now))
    await claim(store)
    await settle(store, lambda outbox, now: outbox.bury("mil_2", "one", now, "550"))
    clock.forward(days=SENT_MAIL_DAYS)
    await store.forget()
    assert database.count("mail") == 3
    clock.forward(seconds=1)
    await store.forget()
    assert sorted(await states(store)) == ["mil_2", "mil_3"]


async def test_the_outbox_is_looked_at_while_the_server_runs(store: SqlStore, database: Database) -> None:
    await filled(store, "mil_1")
    look = look_at_outbox(database.location, (MailState.PENDING, MailState.DEAD), 10)
    assert look.counts == {MailState.PENDING: 1, MailState.DEAD: 0}
    assert [(row.mail_id, row.address) for row in look.rows] == [("mil_1", "Keiri@example.jp")]
    # It has left no lock behind.
    assert await claim(store) is not None
