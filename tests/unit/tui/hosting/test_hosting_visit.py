"""A connection that is lost while the register is asked: no session of the register is left that nobody knows of."""

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tashika_tui.hosting.host import Host
from tashika_tui.hosting.order import Kind, Order
from tashika_tui.hosting.register import Refused
from tashika_tui.hosting.settings import HostSettings
from tashika_tui.hosting.visit import Visit
from tashika_tui.i18n import Wording, say


class SlowRegister:
    """Answers when the test says so, and keeps who was signed out."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.asked = asyncio.Event()
        self.signed_out: list[str] = []

    async def owns(self, login_name: str, public_key: str, source: str) -> bool:
        """Every key is."""
        return True

    async def by_key(self, *_: str) -> str:
        """In its time."""
        self.asked.set()
        return await self.answer

    by_password = by_key

    async def sign_out(self, token: str, source: str) -> None:
        """Kept."""
        self.signed_out.append(token)


class Waiting:
    """The part of the host that a connection needs."""

    def __init__(self) -> None:
        self.register = SlowRegister()
        self.settings = HostSettings(server="unix:/run/x")
        self.log = SimpleNamespace(event=lambda *_, **__: None)
        self.tasks: list[asyncio.Task[None]] = []

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that is done before the test ends."""
        self.tasks.append(asyncio.ensure_future(work))

    def known(self, visit: Visit) -> None:
        """Not counted here."""

    async def done(self) -> None:
        """Waits for all of it."""
        while self.tasks:
            await self.tasks.pop()


@pytest.mark.parametrize("refused", [False, True])
async def test_who_is_gone_before_the_key_has_opened_a_session_leaves_none(refused: bool) -> None:
    host = Waiting()
    visit = Visit(cast(Host, host), "192.0.2.1")
    key = SimpleNamespace(export_public_key=lambda _: b"ssh-ed25519 AAAA")
    assert await visit.validate_public_key("hanako", cast(Any, key))
    asking = asyncio.ensure_future(visit.prepare(Kind.COMMAND, {}, None, "ja"))
    await host.register.asked.wait()
    visit.connection_lost(None)
    if refused:
        host.register.answer.set_exception(Refused())
    else:
        host.register.answer.set_result("tsk_1")
    assert not isinstance(await asking, Order)
    await host.done()
    assert host.register.signed_out == ([] if refused else ["tsk_1"])


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (Refused(), say("hosting.key_unknown")),
        (Refused("混み合っています。", reason="SERVER_BUSY"), "混み合っています。"),
        (Refused(reachable=False), say("hosting.not_reachable")),
    ],
    ids=["unknown", "busy", "away"],
)
async def test_who_is_not_let_in_is_told_why(refused: Refused, told: Wording) -> None:
    host = Waiting()
    visit = Visit(cast(Host, host), "192.0.2.1")
    key = SimpleNamespace(export_public_key=lambda _: b"ssh-ed25519 AAAA")
    assert await visit.validate_public_key("hanako", cast(Any, key))
    host.register.answer.set_exception(refused)
    assert await visit.prepare(Kind.COMMAND, {}, None, "ja") == told


@pytest.mark.parametrize("answered", [False, True], ids=["before it answers", "as it answers"])
async def test_a_password_that_is_given_up_on_leaves_no_session(answered: bool) -> None:
    host = Waiting()
    visit = Visit(cast(Host, host), "192.0.2.1")
    asking = asyncio.ensure_future(visit.validate_password("hanako", "secret"))
    await host.register.asked.wait()
    if answered:
        host.register.answer.set_result("tsk_1")
        await asyncio.sleep(0)
    # As asyncssh does when the connection is lost.
    asking.cancel()
    visit.connection_lost(None)
    if not answered:
        host.register.answer.set_result("tsk_1")
    with pytest.raises(asyncio.CancelledError):
        await asking
    await host.done()
    assert host.register.signed_out == ["tsk_1"]
