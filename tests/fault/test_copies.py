"""Copies of a register: an older one put back is refused, and a backup made while it serves is a whole register."""

import asyncio
import shutil
from collections import deque
from pathlib import Path

from tests.bench.world import World
from tests.fault.checks import check_nothing_lost, check_sound
from tests.fault.clients import Fleet
from tests.fault.journal import Journal
from tests.fault.site import Site, furnish, site_in

DATABASE = "tashika.db"
CHECKPOINT = "checkpoint"


async def issue_some(site: Site, world: World, journal: Journal, waiting: deque[str], count: int) -> None:
    """Serve, issue at least that many, and end in peace, which leaves a database of one file."""
    async with site.serving() as serving:
        fleet = Fleet(world, journal, waiting)
        async with asyncio.TaskGroup() as group:
            group.create_task(fleet.issue(serving))
            await fleet.answered(count)
            fleet.stop()
        assert await serving.stop() == 0
    # What is copied below is all of it, and what is put back is not mixed with the newer one's log.
    assert not list(site.data.glob(f"{DATABASE}-*"))


async def test_an_older_copy_that_is_put_back_is_refused(tmp_path: Path) -> None:
    with site_in(tmp_path, render_workers="1") as site:
        world = await furnish(site, ready=100)
        journal, waiting = Journal(tmp_path / "journal"), deque(world.ready)
        await issue_some(site, world, journal, waiting, 5)
        older, newer = tmp_path / "older.db", tmp_path / "newer.db"
        shutil.copy(site.data / DATABASE, older)
        await issue_some(site, world, journal, waiting, 5)
        assert (site.keys / CHECKPOINT).is_file()

        shutil.copy(site.data / DATABASE, newer)
        shutil.copy(older, site.data / DATABASE)
        refused = await site.command("serve", "--demo", "--listen", f"unix:{site.sockets}/s")
        assert refused.code == 1
        assert len(refused.err.splitlines()) == 1
        assert "older" in refused.err
        assert "Traceback" not in refused.err
        checked = await site.fsck()
        assert checked.code == 1, checked.out

        shutil.copy(newer, site.data / DATABASE)
        async with site.serving() as serving:
            await check_nothing_lost(serving, world, journal)
            assert await serving.stop() == 0
        await check_sound(site)


async def test_a_backup_made_while_it_serves_holds_what_was_acknowledged_before(tmp_path: Path) -> None:
    with site_in(tmp_path, render_workers="1") as site:
        world = await furnish(site, ready=600)
        journal, waiting = Journal(tmp_path / "journal"), deque(world.ready)
        copy = tmp_path / "backup"
        fleet = Fleet(world, journal, waiting)
        async with site.serving() as serving, asyncio.TaskGroup() as group:
            group.create_task(fleet.issue(serving))
            await fleet.answered(8)
            before = {entry.request_id for entry in journal.answered}
            done = await site.command("backup", str(copy))
            assert done.code == 0, done.err
            after = len(journal.answered)
            fleet.stop()
        assert after > len(before), "nobody issued while the backup was made"
        assert not list(copy.rglob("*.pem"))
        assert not list(copy.rglob("*.secret"))

        # The register has gone on since, which is known beside the keys; whoever has nothing newer accepts the loss.
        shutil.rmtree(site.data)
        copy.rename(site.data)
        serve = await site.command("serve", "--demo", "--listen", f"unix:{site.sockets}/s")
        for refused in (await site.fsck(), serve):
            assert refused.code == 1
            assert "older" in refused.out + refused.err
        (site.keys / CHECKPOINT).unlink()
        await check_sound(site)
        async with site.serving() as serving:
            early = Journal(tmp_path / "early")
            for entry in journal.answered:
                if entry.request_id in before:
                    early.keeps(entry)
            await check_nothing_lost(serving, world, early)
            assert await serving.stop() == 0
        await check_sound(site)


async def test_whoever_comes_second_is_refused(tmp_path: Path) -> None:
    with site_in(tmp_path, render_workers="1") as site:
        await furnish(site, ready=1)
        async with site.serving() as serving:
            for command in (
                ("fsck",),
                ("migrate",),
                ("serve", "--demo", "--listen", f"unix:{site.sockets}/t"),
            ):
                second = await site.command(*command)
                assert second.code == 1, command
                assert "in use" in second.err, command
                assert len(second.err.splitlines()) == 1, command
            assert await serving.stop() == 0
