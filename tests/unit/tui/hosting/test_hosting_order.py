"""What goes over a leash reads as it was written, and a token is in no representation."""

import asyncio
import socket

import pytest

from tashika_tui.hosting.leash import Leash
from tashika_tui.hosting.order import MAX_LINE_BYTES, Fault, Kind, Notice, Order, Place
from tashika_tui.i18n import Said, say

PLACE = Place("unix:/run/tashika/door", "/ca.pem", "/cert.pem", "/key.pem", "ssh.example.jp", 2222)
ORDER = Order(
    Kind.COMMAND,
    PLACE,
    "hanako@example.jp",
    "203.0.113.7",
    {"TERM": "xterm", "LANG": "ja_JP.UTF-8"},
    ("get", "notice", "０１２６"),
    "ja",
    "tsk_secret",
)


def test_an_order_reads_as_it_was_written() -> None:
    assert Order.read(ORDER.line()) == ORDER
    assert ORDER.line().count(b"\n") == 1 and ORDER.line().isascii()


def test_a_token_shows_in_no_representation() -> None:
    assert "tsk_secret" not in repr(ORDER)


def test_without_a_token_somebody_is_a_visitor() -> None:
    visitor = Order(Kind.SCREEN, PLACE, "city", "203.0.113.7", {})
    assert visitor.visitor and not ORDER.visitor


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"1", b"\xff", b'{"kind": "shell"}', b'{"place": {}}'])
def test_what_is_no_order_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        Order.read(line)


def test_notices_and_faults_read_as_they_were_written() -> None:
    for made in (Notice("hosting.stopped", final=True), Fault("C-1", "KeyError", ("app.py:1 f",))):
        assert type(made).read(made.line()) == made
    with pytest.raises(ValueError):
        Fault.read(b'{"reference": "C-1"}')
    with pytest.raises(ValueError):
        Notice.read(b'{"key": "x", "other": 1}')


def pair() -> tuple[socket.socket, Leash]:
    own, other = socket.socketpair()
    return own, Leash(other)


def test_the_order_comes_first_however_it_is_cut() -> None:
    host, leash = pair()
    with host:
        for start in range(0, len(ORDER.line()), 7):
            host.send(ORDER.line()[start : start + 7])
        assert leash.order() == ORDER
        leash._end.close()


def test_a_host_that_is_gone_or_talks_on_and_on_gives_no_order() -> None:
    host, leash = pair()
    host.close()
    with pytest.raises(EOFError):
        leash.order()
    leash._end.close()

    host, leash = pair()
    with host:
        host.settimeout(10)
        host.setblocking(False)
        sent = 0
        while sent <= MAX_LINE_BYTES:
            sent += host.send(b"x" * 8192)
        with pytest.raises(ValueError, match="without an end"):
            leash.order()
        leash._end.close()


async def test_notices_are_heard_and_without_the_host_the_session_ends() -> None:
    host, leash = pair()
    host.send(ORDER.line() + Notice("hosting.stopping").line())
    assert leash.order() == ORDER
    heard: asyncio.Queue[tuple[Said, bool]] = asyncio.Queue()
    leash.listen(lambda words, final: heard.put_nowait((words, final)))
    host.send(Notice("hosting.ends_soon").line()[:9])
    host.send(Notice("hosting.ends_soon").line()[9:])
    async with asyncio.timeout(20):
        assert await heard.get() == (say("hosting.stopping"), False)
        assert await heard.get() == (say("hosting.ends_soon"), False)
        leash.report(Fault("C-1", "KeyError", ()))
        assert Fault.read(host.recv(4096)) == Fault("C-1", "KeyError", ())
        host.close()
        assert await heard.get() == (say("hosting.host_gone"), True)
    # A host that is gone needs no telling.
    leash.report(Fault("C-2", "KeyError", ()))
    leash._end.close()
