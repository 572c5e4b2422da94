"""How many, how long, how fast; and how a host starts and stops."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncssh
import pytest

from tests.e2e.ssh.site import CONTRACTOR, PATIENCE_SECONDS, UNDERWRITER, Site, ssh_host

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]

MANY = 1_000


@asynccontextmanager
async def another(site: Site, **settings: str | int) -> AsyncIterator[Site]:
    """The same register behind a host of its own."""
    async with ssh_host(site.door, **settings) as host:
        yield replace(site, host=host)


async def test_a_thousand_connections_at_once_are_bounded_and_others_come_in_meanwhile(site: Site) -> None:
    bounds = {
        "max_connections": 120,
        "max_unauthenticated": 60,
        "max_unauthenticated_per_source": 10,
        "connections_per_minute": 60,
    }
    async with another(site, **bounds) as here:
        port = here.host.port

        async def knock() -> int:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return 0
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    return 1 if await reader.read(8) else 0
            except ConnectionError:
                return 0
            finally:
                if len(held) < 10:
                    held.append(writer)
                else:
                    writer.close()

        held: list[asyncio.StreamWriter] = []
        answered = sum(await asyncio.gather(*(knock() for _ in range(MANY))))
        assert 1 <= answered <= 60
        refused = await here.host.logged("connection.refused", MANY - 60)
        assert {line["why"] for line in refused} <= {"unauthenticated_per_source", "pace"}
        # Somebody from elsewhere is let in as if nothing had been.
        async with here.screen(CONTRACTOR, source="127.0.0.2") as screen:
            await screen.until("メニュー")
            screen.types("\x11")
            assert await screen.ends() == 0
        for writer in held:
            writer.close()
        assert here.host.alive()


async def test_connections_that_do_not_sign_in_are_hung_up_on(site: Site) -> None:
    async with another(site, login_seconds=1) as here:
        reader, writer = await asyncio.open_connection("127.0.0.1", here.host.port)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert (await reader.readline()).startswith(b"SSH-2.0-Tashika")
                writer.write(b"SSH-2.0-x\r\n")
                while await reader.read(4096):
                    pass
        finally:
            writer.close()


async def test_new_connections_from_one_place_are_paced(site: Site) -> None:
    async with another(site, connections_per_minute=3) as here:
        for _ in range(3):
            (await here.as_("city", source="127.0.0.8")).close()
        with pytest.raises((asyncssh.Error, OSError)):
            await here.as_("city", source="127.0.0.8")
        (await here.as_("city", source="127.0.0.9")).close()
        assert (await here.host.logged("connection.refused"))[0]["why"] == "pace"


async def test_one_person_has_some_sessions_and_no_more_and_is_told_so(site: Site) -> None:
    async with another(site, max_sessions_per_user=1, max_sessions=3) as here:
        async with here.screen(CONTRACTOR) as screen:
            await screen.until("メニュー")
            code, out, errors = await here.run(CONTRACTOR, f"get notice {here.issued.number}")
            assert (code, out) == (3, b"") and "接続が上限に達しています" in errors
            # Others are not concerned; visitors are told apart by where they are.
            async with here.screen("city", source="127.0.0.6") as visitor:
                await visitor.until("保証契約番号")
                async with here.screen("city", source="127.0.0.7") as other:
                    await other.until("保証契約番号")
                    code, _, errors = await here.run(UNDERWRITER, f"get notice {here.issued.number}")
                    assert code == 3 and "混み合っています" in errors
            screen.types("\x11")
            assert await screen.ends() == 0
        assert (await here.run(CONTRACTOR, f"get notice {here.issued.number}"))[0] == 0


async def test_a_session_without_a_key_stroke_ends_with_a_word(site: Site) -> None:
    async with another(site, idle_seconds=8) as here, here.screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        await screen.until("まもなく切断します")
        assert await screen.ends() == 0
        assert "しばらく操作がなかったため、切断しました".encode() in screen.raw
        assert b"\x1b[?1049l" in screen.raw
        assert (await here.host.logged("session.end"))[-1]["why"] == "idle"


async def test_a_session_ends_after_its_longest_time_however_much_is_typed(site: Site) -> None:
    async with another(site, max_seconds=4, idle_seconds=60) as here, here.screen("city") as screen:
        await screen.until("保証契約番号")
        typing = asyncio.ensure_future(type_on(screen.types))
        try:
            assert await screen.ends() == 0
        finally:
            typing.cancel()
        assert (await here.host.logged("session.end"))[-1]["why"] == "age"


async def type_on(types: object) -> None:
    assert callable(types)
    while True:
        types("1\x7f")
        await asyncio.sleep(0.1)


async def test_a_stalled_session_ends_too_when_its_time_is_over(site: Site) -> None:
    async with another(site, idle_seconds=2) as here, await here.as_(UNDERWRITER) as connection:
        stalled = await connection.create_process(
            term_type="xterm-256color", term_size=(200, 60), encoding=None, window=1024
        )
        stalled.channel.pause_reading()
        ended = (await here.host.logged("session.end"))[0]
        assert ended["why"] == "idle"
        assert here.host.session_processes() == []


async def test_a_document_waits_for_its_reader_as_long_as_its_command_might_have_run(site: Site) -> None:
    async with another(site, command_seconds=7) as here, await here.as_(CONTRACTOR) as connection:
        command = f"get notice {here.issued.number}"
        slow = await connection.create_process(command, encoding=None, window=1024)
        slow.channel.pause_reading()
        (ended,) = await here.host.logged("session.end")
        assert (ended["code"], ended["why"]) == (0, "left") and ended["seconds"] >= 7
        # Then it is given up on, and so is the connection, which nobody else uses.
        await connection.wait_closed()


async def test_sigterm_lets_a_command_finish_and_ends_screens_with_a_word(site: Site) -> None:
    async with another(site, drain_seconds=2) as here, here.screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        stopping = asyncio.ensure_future(here.host.stop())
        await screen.until("まもなく停止します")
        assert await screen.ends() == 0
        assert "この接続先が停止するため、切断しました".encode() in screen.raw
        assert await stopping == 0
        await here.host.logged("host.stopped")
        assert here.host.events("session.end")[-1]["why"] == "stopped"


async def test_a_host_that_drains_lets_nobody_in(site: Site) -> None:
    async with another(site, drain_seconds=30) as here, here.screen(CONTRACTOR) as screen:
        await screen.until("メニュー")
        stopping = asyncio.ensure_future(here.host.stop())
        await here.host.logged("host.draining")
        with pytest.raises((asyncssh.Error, OSError)):
            await here.as_("city")
        screen.types("\x11")
        assert await screen.ends() == 0
        # Once the last one has left, it does not wait any longer.
        assert await stopping == 0
        await here.host.logged("host.stopped")
        assert here.host.events("session.end")[-1]["why"] == "left"


async def test_the_host_key_is_made_once_for_its_owner_alone(site: Site) -> None:
    async with another(site) as here:
        path = here.host.folder / "host_key"
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert here.host.host_key.startswith("ssh-ed25519 ")
        kept = here.host.host_key
        async with ssh_host(site.door, host_key=str(path)) as again:
            # `connect` checks it, as people's computers do.
            assert again.host_key == kept
            (await again.connect("city")).close()


async def test_when_the_register_is_gone_people_are_told_so(site: Site) -> None:
    async with ssh_host("unix:/tmp/tashika-no-such-register/door") as host:
        here = replace(site, host=host)
        with pytest.raises(asyncssh.PermissionDenied):
            await here.as_(CONTRACTOR)
        async with here.screen("city") as screen:
            await screen.until("接続")
            screen.types("\x11")
            assert await screen.ends() == 0
        code, out, errors = await here.run(
            "city", f"get certificate {here.issued.number} --with-key", input=here.issued.key.encode()
        )
        assert (code, out) == (5, b"") and "接続できません" in errors
        await host.logged("register.unreachable")
