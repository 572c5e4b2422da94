"""A server that is killed while it hands a mail over: after the mail server's "accepted" that mail comes once more, and
before it once in all. That one gap is what "at least once" means; nothing can close it from this side."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tashika.v1 import certificate_service_pb2 as certificates
from tashika_server.application.ports import Change, Done, Ids, UnitOfWork
from tashika_server.storage.sqlite import DATABASE_NAME
from tashika_server.storage.store import open_store
from tashika_server.system import SystemClock, SystemRandomness, TimeOrderedIds
from tests.bench.world import World
from tests.fault.site import Serving, Site, furnish, site_in
from tests.support.client import fresh
from tests.support.mail_server import Act, MailServer, Stage, mail_server

SECONDS = 120.0
"""A test that waits longer has found a fault."""

CLERK = "clerk@takasaki.example.jp"


@asynccontextmanager
async def mailing_site(folder: Path) -> AsyncIterator[tuple[Site, World, MailServer]]:
    """A register whose one contractor has a clerk with a mail address, and its mail server."""
    async with asyncio.timeout(SECONDS), mail_server() as server:
        settings = {
            "smtp_server": "127.0.0.1",
            "smtp_port": str(server.port),
            "smtp_security": "plain",
            "smtp_seconds": "2",
            "mail_from": "登録簿 <noreply@register.example.jp>",
        }
        with site_in(folder, render_workers="1", **settings) as site:
            world = await furnish(site, ready=1)
            await give_address(site)
            yield site, world, server


async def give_address(site: Site) -> None:
    """Give the clerk a mail address, which the bench's people have none of."""
    clock = SystemClock()
    store = open_store(site.data, clock=clock, ids=TimeOrderedIds(clock, SystemRandomness()))

    def command(uow: UnitOfWork, now: Any, ids: Ids) -> Done[None]:
        clerk = uow.users.by_login_name("clerk")
        assert clerk is not None
        uow.users.save(replace(clerk, mail=CLERK), Change("user.update", "system"))
        return Done(None)

    await store.run(command)
    await store.close()


async def issue(serving: Serving, world: World) -> None:
    async with serving.client(world.guarantor_token) as desk:
        request = certificates.IssueCertificateRequest(request_id=fresh(), contract_id=world.ready[0])
        await desk.certificates.IssueCertificate(request)


async def until(server: MailServer, count: int) -> None:
    """Wait until the mail server has so many mails."""
    while len(server.kept) < count:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.02)


def end_the_lease(site: Site) -> None:
    """Let the time pass for which the killed server had claimed the mail."""
    with sqlite3.connect(site.data / DATABASE_NAME) as connection:
        assert connection.execute("UPDATE mail SET time = 0 WHERE state = 'PENDING'").rowcount == 1
    connection.close()


async def listed(site: Site, stand: str) -> str:
    """What the operator's own command lists, once it says how things stand.

    It is asked anew when the mails in the store are others: each time it takes a process.
    """
    seen = None
    while True:
        if (looked := mails(site)) == seen:
            await asyncio.sleep(0.02)
            continue
        told = await site.command("outbox")
        assert told.code == 0, told.err
        if stand in told.out:
            return told.out
        seen = looked


def mails(site: Site) -> list[Any]:
    """The mails as the store has them, whatever is in them."""
    with closing(sqlite3.connect(site.data / DATABASE_NAME)) as connection:
        return connection.execute("SELECT * FROM mail ORDER BY rowid").fetchall()


async def until_nothing_waits(site: Site) -> None:
    await listed(site, "0 waiting, 0 given up")


async def killed(serving: Serving) -> None:
    assert await serving.ended() == -signal.SIGKILL


async def test_a_mail_that_was_accepted_as_the_server_died_comes_once_more_and_looks_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with mailing_site(tmp_path) as (site, world, server):
        async with site.serving() as serving:
            # Before its "250" is on the line: no server can have written that down.
            server.said_at_end = lambda _: serving.kill()
            await issue(serving, world)
            await killed(serving)
        server.said_at_end = lambda _: None
        assert "1 waiting, 0 given up" in (await site.command("outbox")).out
        end_the_lease(site)
        async with site.serving() as serving:
            await until(server, 2)
            await until_nothing_waits(site)
            assert await serving.stop() == 0
        first, second = server.of(CLERK)
        assert first.content == second.content
        assert (await site.fsck()).code == 0
        with capsys.disabled():
            print(f"\n  killed between acceptance and note: 2 copies, one Message-ID {second.message_id}")


@pytest.mark.slow
async def test_a_mail_that_was_not_accepted_when_the_server_died_comes_once(tmp_path: Path) -> None:
    async with mailing_site(tmp_path) as (site, world, server):
        async with site.serving() as serving:

            def plan(stage: Stage, receiver: str) -> Act:
                if stage is Stage.DATA:
                    serving.kill()
                return Act.OK

            server.plan = plan
            await issue(serving, world)
            await killed(serving)
        server.plan = lambda stage, receiver: Act.OK
        end_the_lease(site)
        async with site.serving() as serving:
            await until(server, 1)
            await until_nothing_waits(site)
            assert await serving.stop() == 0
        assert len(server.kept) == 1
        assert (await site.fsck()).code == 0


async def test_a_server_that_is_stopped_lets_the_mail_under_way_arrive_and_writes_it_down(
    tmp_path: Path,
) -> None:
    async with mailing_site(tmp_path) as (site, world, server):
        reached, go_on = asyncio.Event(), asyncio.Event()

        async with site.serving() as serving:
            act = server.act

            async def slowly(desk: Any, stage: Stage, receiver: str = "") -> str | None:
                if stage is Stage.DATA:
                    reached.set()
                    await go_on.wait()
                return await act(desk, stage, receiver)

            server.act = slowly  # type: ignore[method-assign]
            await issue(serving, world)
            await reached.wait()
            serving.process.terminate()
            # It waits for the mail, not for its time to run out.
            go_on.set()
            assert await serving.ended() == 0
        assert [each.receiver for each in server.kept] == [CLERK]
        assert "0 waiting, 0 given up" in (await site.command("outbox")).out


async def test_the_operator_sees_a_bounce_and_has_it_tried_again_while_the_server_runs(
    tmp_path: Path,
) -> None:
    async with mailing_site(tmp_path) as (site, world, server):
        server.plan = lambda stage, receiver: Act.NEVER if stage is Stage.RCPT else Act.OK
        async with site.serving() as serving:
            await issue(serving, world)
            told = await listed(site, "0 waiting, 1 given up")
            assert "RCPT TO: 550 5.1.1 Never" in told and CLERK in told
            mail_id = told.split()[0]
            server.plan = lambda stage, receiver: Act.OK
            asked = await site.command("outbox", "--retry", mail_id)
            assert (asked.code, asked.out) == (0, f"{mail_id} asked the running server to try again\n")
            await until(server, 1)
            await until_nothing_waits(site)
            assert await serving.stop() == 0
        again = await site.command("outbox", "--retry", mail_id)
        assert again.out == f"{mail_id} was not given up: nothing to do\n"
        assert (await site.fsck()).code == 0


@pytest.mark.slow
async def test_a_mail_is_tried_again_by_a_server_that_starts_later(tmp_path: Path) -> None:
    async with mailing_site(tmp_path) as (site, world, server):
        server.plan = lambda stage, receiver: Act.NEVER if stage is Stage.RCPT else Act.OK
        async with site.serving() as serving:
            await issue(serving, world)
            await listed(site, "1 given up")
            assert await serving.stop() == 0
        server.plan = lambda stage, receiver: Act.OK
        told = await site.command("outbox", "--retry", "all")
        assert told.out.endswith(" will be tried again\n")
        strange = await site.command("outbox", "--retry", "../../etc/passwd")
        assert strange.code == 1 and "no mail's id" in strange.err
        async with site.serving() as serving:
            await until(server, 1)
            assert await serving.stop() == 0
