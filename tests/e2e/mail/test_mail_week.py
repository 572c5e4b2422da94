"""A week of simulated days with a real mail server that fails half the time: each event is mailed, and no mail comes
twice that the server had acknowledged."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tashika_server.application.mailing import Mailing
from tashika_server.application.ports import NoticeQuery
from tashika_server.domain.mailing import GIVE_UP_AFTER, LONGEST_OUTAGE_PAUSE, MailState
from tests.e2e.mail.house import BOUNCING, MONDAY, House, house
from tests.storage.databases import Database
from tests.support.mail_server import Act, MailServer, Stage, mail_server

SEED = 20_260_511
SECONDS = 300.0
"""A test that takes longer than this has found a fault."""

OUTAGE = (MONDAY + timedelta(days=2, hours=3), MONDAY + timedelta(days=2, hours=11))
"""Eight hours of the Wednesday, in which nobody answers."""

SLOW_ONES = 4
"""Each costs as long as the sender waits, so only some are."""


@dataclass
class Weather:
    """The server's troubles: half of all mails meet one, at a stage and of a kind that the seed says."""

    chance: random.Random
    now: Any
    slow_left: int = SLOW_ONES
    met: Counter[str] = field(default_factory=Counter)
    _trouble: tuple[Stage, Act] | None = None

    def __call__(self, stage: Stage, receiver: str) -> Act:
        if stage is Stage.CONNECT:
            self._draw()
            if OUTAGE[0] <= self.now() < OUTAGE[1]:
                return self._meet(stage, Act.DROP)
        if stage is Stage.MAIL and Stage.MAIL not in (self._trouble or ()):
            # Another mail on the same line has its own luck.
            self._draw(Stage.MAIL)
        if stage is Stage.RCPT and receiver in BOUNCING:
            return Act.NEVER
        if self._trouble is None or self._trouble[0] is not stage:
            return Act.OK
        act, self._trouble = self._trouble[1], None
        return self._meet(stage, act)

    def _draw(self, first: Stage = Stage.CONNECT) -> None:
        self._trouble = None
        if self.chance.random() < 0.5:
            stages = [each for each in Stage if each.value >= first.value]
            stage = self.chance.choice(stages)
            self._trouble = (stage, self.chance.choice(ACTS[stage]))

    def _meet(self, stage: Stage, act: Act) -> Act:
        if act is Act.SLOW:
            if not self.slow_left:
                act = Act.LATER
            self.slow_left = max(0, self.slow_left - 1)
        self.met[f"{stage.name} {act.name}"] += 1
        return act


# A recipient that is refused for good is given up, so only the two bouncing ones are.
ACTS = {
    Stage.CONNECT: (Act.DROP, Act.CLOSING, Act.SLOW),
    Stage.EHLO: (Act.DROP, Act.CLOSING),
    Stage.MAIL: (Act.LATER, Act.NEVER, Act.CLOSING, Act.DROP),
    Stage.RCPT: (Act.LATER, Act.CLOSING, Act.DROP, Act.SLOW),
    Stage.DATA: (Act.LATER, Act.NEVER, Act.DROP),
    Stage.END: (Act.LATER, Act.NEVER, Act.DROP, Act.DROP, Act.SLOW),
}


async def pass_time(made: House, sender: Mailing, until: datetime) -> None:
    """Let simulated time go by, sending what is due when it is due."""
    await sender.send_due()
    while (due := await sender.next_time()) is not None and due <= until:
        made.clock.at = max(made.clock.at, due)
        await sender.send_due()
    made.clock.at = max(made.clock.at, until)


def copies(server: MailServer) -> tuple[Counter[str], Counter[str]]:
    """How often each Message-ID was acknowledged, and how often taken without a word."""
    said = Counter(each.message_id for each in server.kept if each.acknowledged)
    silent = Counter(each.message_id for each in server.kept if not each.acknowledged)
    return said, silent


async def test_a_week_of_failing_every_other_time_mails_each_event_once(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    async with asyncio.timeout(SECONDS), mail_server() as server, house(database, server.port, SEED) as made:
        weather = Weather(random.Random(SEED + 1), made.clock.now)
        server.plan = weather
        sender = made.sender()
        while made.clock.now() < MONDAY + timedelta(days=7):
            for _ in range(chance.choice((0, 1, 1, 2, 2))):
                await made.happen()
            await pass_time(made, sender, made.clock.now() + timedelta(hours=chance.choice((1, 2, 3))))
        while await made.pending():
            await pass_time(made, sender, made.clock.now() + timedelta(hours=1))
            assert made.clock.now() < MONDAY + timedelta(days=7) + GIVE_UP_AFTER, "some mails never go out"
        mails = await made.mails()
    said, silent = copies(server)
    tried, failed = server.tried.count(Stage.CONNECT), weather.met.total()
    with capsys.disabled():
        print(
            f"\n  seed {SEED}: {made.events} events, {len(mails)} mails over {tried} connections; {failed} troubles "
            f"{dict(sorted(weather.met.items()))}; {sum(silent.values())} taken without a word"
        )
    assert made.events > 60 and failed > len(mails) // 2
    for mail_id, receiver, state, reason, message_id in mails:
        if receiver in BOUNCING:
            assert (state, said[message_id], silent[message_id]) == ("DEAD", 0, 0), mail_id
            assert reason == "RCPT TO: 550 5.1.1 Never, at RCPT"
        else:
            # Once, and never again once it was acknowledged; what was taken without a word may be there besides.
            assert (state, said[message_id]) == ("SENT", 1), (mail_id, receiver)
    assert set(said) | set(silent) <= {message_id for *_, message_id in mails}
    assert len({message_id for *_, message_id in mails}) == len(mails)
    check_contents(server)


def check_contents(server: MailServer) -> None:
    """Each copy of a mail is the same, in the receiver's language, to the receiver alone."""
    by_id: dict[str, set[bytes]] = {}
    for kept in server.kept:
        by_id.setdefault(kept.message_id, set()).add(kept.content)
        assert kept.message["To"] == kept.receiver
        assert kept.message["Content-Language"] == ("en" if kept.receiver.startswith("jiro@") else "ja")
    assert {len(contents) for contents in by_id.values()} == {1}
    subjects = {str(each.message["Subject"]).partition("（")[0] for each in server.kept}
    assert {
        "電子保証発行完了のお知らせ",
        "保証申込み承諾のお知らせ",
        "保証申込み差戻しのお知らせ",
        "認証キー提出のお知らせ",
    } <= subjects


async def test_each_event_is_in_the_client_too_once_for_each(sqlite: Database) -> None:
    async with asyncio.timeout(SECONDS), house(sqlite, 1, SEED) as made:
        for _ in range(60):
            await made.happen()
        for user_id in ("usr_1", "usr_2", "usr_3", "usr_4", "usr_desk"):
            query = NoticeQuery(user_id, page_size=200)
            page = await made.store.read(lambda view, q=query: view.notices.page(q))  # type: ignore[misc]
            events = [each.event.event_id for each in page.items]
            assert events and len(set(events)) == len(events) == page.unread


# --- A sender that dies between "accepted" and the note of it ------------------------------------------------------


class Killed(BaseException):
    """The process is gone."""


class DyingStore:
    """A store whose process dies at the settling of some mails: what was to be written is not."""

    def __init__(self, made: House, server: MailServer, chance: random.Random) -> None:
        self._store = made.kit.store
        self._server = server
        self._chance = chance
        self._before = 0
        self.died: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def run(self, command: Any, replay: Any = None) -> Any:
        acknowledged = [each for each in self._server.kept if each.acknowledged]
        if len(acknowledged) > self._before:
            self._before = len(acknowledged)
            if self._chance.random() < 0.3:
                self.died.append(acknowledged[-1].message_id)
                raise Killed
        return await self._store.run(command, replay)


async def test_a_sender_that_dies_between_acceptance_and_note_sends_that_mail_again_and_no_other(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async with asyncio.timeout(SECONDS), mail_server() as server, house(database, server.port, SEED) as made:
        for _ in range(25):
            await made.happen()
        dying = DyingStore(made, server, random.Random(SEED))
        object.__setattr__(made.kit, "store", dying)
        server.plan = lambda stage, receiver: (
            Act.NEVER if stage is Stage.RCPT and receiver in BOUNCING else Act.OK
        )
        sender = made.sender()
        while await made.pending():
            made.clock.move(minutes=10)
            try:
                await sender.send_due()
            except Killed:
                sender = made.sender()
        mails = await made.mails()
    said, _ = copies(server)
    died = Counter(dying.died)
    with capsys.disabled():
        print(
            f"\n  seed {SEED}: {len(mails)} mails, {died.total()} deaths, {said.total()} acknowledged copies"
        )
    assert died.total() > 5
    assert {state for _, receiver, state, _, _ in mails if receiver not in BOUNCING} == {"SENT"}
    # The one gap that is left: a copy more for each death in it, with the same Message-ID; none otherwise.
    for _, receiver, _, _, message_id in mails:
        if receiver not in BOUNCING:
            assert said[message_id] == 1 + died[message_id]


async def test_a_store_that_can_not_take_down_an_acceptance_is_no_reason_to_send_again(
    sqlite: Database,
) -> None:
    """As long as the process lives it knows what the mail server said."""
    from tashika_server.domain.reasons import Reason, RefusedError, refuse

    async with asyncio.timeout(SECONDS), mail_server() as server, house(sqlite, server.port, SEED) as made:
        for _ in range(5):
            await made.happen()
        store, broken = made.kit.store, [True]

        class Failing:
            def __getattr__(self, name: str) -> Any:
                return getattr(store, name)

            async def run(self, command: Any, replay: Any = None) -> Any:
                if broken[0] and server.kept:
                    raise refuse(Reason.STORE_UNAVAILABLE)
                return await store.run(command, replay)

        object.__setattr__(made.kit, "store", Failing())
        sender = made.sender()
        with pytest.raises(RefusedError):
            await sender.send_due()
        made.clock.move(hours=1)
        for _ in range(3):
            with pytest.raises(RefusedError):
                await sender.send_due()
        assert len(server.kept) == 1
        broken[0] = False
        while await made.pending():
            made.clock.move(hours=1)
            await sender.send_due()
        assert set(copies(server)[0].values()) == {1}


# --- What can't be known, and what is given up ---------------------------------------------------------------------


async def test_a_server_that_accepts_and_forgets_is_believed(sqlite: Database) -> None:
    async with asyncio.timeout(SECONDS), mail_server() as server, house(sqlite, server.port, SEED) as made:
        await made.happen()
        server.plan = lambda stage, receiver: Act.FORGET if stage is Stage.END else Act.OK
        await made.sender().send_due()
        assert server.kept == []
        assert set(await made.states()) == {"SENT"}


async def test_an_address_that_is_refused_for_good_is_given_up_at_once_and_one_for_now_after_days(
    sqlite: Database,
) -> None:
    async with asyncio.timeout(SECONDS), mail_server() as server, house(sqlite, server.port, SEED) as made:
        for _ in range(6):
            await made.happen()
        greylisted = "hanako@takasaki.example.jp"

        def plan(stage: Stage, receiver: str) -> Act:
            if stage is not Stage.RCPT:
                return Act.OK
            return Act.NEVER if receiver in BOUNCING else Act.LATER if receiver == greylisted else Act.OK

        server.plan = plan
        sender = made.sender()
        first = await sender.send_due()
        assert first.dead == sum(receiver in BOUNCING for _, receiver, *_ in await made.mails()) > 0
        await pass_time(made, sender, MONDAY + GIVE_UP_AFTER - timedelta(hours=3))
        states = {receiver: state for _, receiver, state, *_ in await made.mails()}
        assert states[greylisted] == "PENDING"
        await pass_time(made, sender, MONDAY + GIVE_UP_AFTER + timedelta(hours=3))
        dead = {receiver: reason for _, receiver, state, reason, _ in await made.mails() if state == "DEAD"}
        assert dead[greylisted] == "RCPT TO: 451 4.3.0 Not now, at RCPT"
        # The operator mends it, and tries again.
        server.plan = lambda stage, receiver: Act.OK
        for mail_id, _, state, _, _ in await made.mails():
            if state == "DEAD":
                await sender.revive(mail_id)
        await sender.send_due()
        assert set(await made.states()) == {"SENT"}
        assert set(copies(server)[0].values()) == {1}


async def test_a_server_that_is_away_costs_no_mail_its_life(sqlite: Database) -> None:
    async with asyncio.timeout(SECONDS), mail_server() as server, house(sqlite, server.port, SEED) as made:
        for _ in range(3):
            await made.happen()
        server.plan = lambda stage, receiver: Act.DROP
        sender = made.sender()
        await pass_time(made, sender, MONDAY + timedelta(days=2))
        made.clock.move(days=20)
        await sender.send_due()
        counts = await sender.counts()
        assert counts[MailState.DEAD] == 0 and counts[MailState.PENDING] > 0
        # It is asked again and again, but not once for each mail, and less and less often.
        looks = timedelta(days=2) / (LONGEST_OUTAGE_PAUSE / 2) + 10
        assert 100 < server.tried.count(Stage.CONNECT) < looks
        server.plan = lambda stage, receiver: Act.OK
        made.clock.move(minutes=5)
        await sender.send_due()
        assert set(await made.states()) == {"SENT"}
