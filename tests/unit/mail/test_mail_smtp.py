"""Handing mails to a real mail server: what each of its answers means, and that nothing goes in clear by mistake."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tashika_server.application.ports import Handover, Letter
from tashika_server.domain.mailing import Delivery
from tashika_server.mail.smtp import Security, SmtpLine, SmtpMailer, SmtpOptions
from tests.support.mail_server import Act, MailServer, Plan, Stage, mail_server
from tests.transport.server.test_tls import Authority, install
from tests.unit.mail.letters import SENDER, letter

SECONDS = 20.0
PASSWORD = "invented-password-9"


def options(server: MailServer, /, **changes: Any) -> SmtpOptions:
    made = SmtpOptions("127.0.0.1", server.port, Security.PLAIN, SENDER, "bounces@register.example.jp")
    return replace(made, seconds=SECONDS, **changes)


@asynccontextmanager
async def line_to(server: MailServer, /, **changes: Any) -> AsyncIterator[SmtpLine]:
    line = SmtpMailer(options(server, **changes)).line()
    try:
        yield line
    finally:
        await line.close()


async def send(server: MailServer, /, *letters: Letter, **changes: Any) -> list[Handover]:
    async with line_to(server, **changes) as line:
        return [await line.hand_over(each) for each in letters or (letter(),)]


def only(stage: Stage, act: Act) -> Plan:
    return lambda here, receiver: act if here is stage else Act.OK


def first(stage: Stage, act: Act) -> Plan:
    """That once, and then nothing more."""
    left = [act]
    return lambda here, receiver: left.pop() if here is stage and left else Act.OK


async def test_several_mails_go_over_one_connection() -> None:
    async with mail_server() as server:
        results = await send(server, letter(1), letter(2, address="desk@guarantor.example.jp"), letter(3))
        assert {each.delivery for each in results} == {Delivery.ACCEPTED}
        assert [each.receiver for each in server.kept] == [
            "keiri@takasaki.example.jp",
            "desk@guarantor.example.jp",
            "keiri@takasaki.example.jp",
        ]
        assert server.tried.count(Stage.CONNECT) == 1
        kept = server.kept[0]
        assert (kept.sender, kept.message_id) == (
            "bounces@register.example.jp",
            "<mil_1@register.example.jp>",
        )
        assert "電子保証の" not in str(kept.message["From"]) and "登録簿" in str(kept.message["From"])


@pytest.mark.parametrize(
    ("stage", "act", "delivery", "said"),
    [
        (Stage.CONNECT, Act.DROP, Delivery.UNREACHABLE, "no connection"),
        (Stage.CONNECT, Act.CLOSING, Delivery.UNREACHABLE, "421"),
        (Stage.CONNECT, Act.NEVER, Delivery.UNREACHABLE, "550"),
        (Stage.EHLO, Act.DROP, Delivery.UNREACHABLE, "no connection"),
        (Stage.MAIL, Act.LATER, Delivery.LATER, "MAIL FROM: 451 4.3.0 Not now"),
        (Stage.MAIL, Act.NEVER, Delivery.LATER, "MAIL FROM: 550"),
        (Stage.MAIL, Act.CLOSING, Delivery.LATER, "MAIL FROM: 421"),
        (Stage.MAIL, Act.DROP, Delivery.LATER, "MAIL FROM"),
        (Stage.RCPT, Act.LATER, Delivery.LATER, "RCPT TO: 451"),
        (Stage.RCPT, Act.NEVER, Delivery.NEVER, "RCPT TO: 550 5.1.1 Never"),
        (Stage.RCPT, Act.DROP, Delivery.LATER, "RCPT TO"),
        (Stage.DATA, Act.LATER, Delivery.LATER, "DATA: 451"),
        (Stage.DATA, Act.NEVER, Delivery.LATER, "DATA: 550"),
        (Stage.DATA, Act.DROP, Delivery.LATER, "DATA"),
        (Stage.END, Act.LATER, Delivery.LATER, "the answer to the mail: 452"),
        (Stage.END, Act.NEVER, Delivery.LATER, "the answer to the mail: 554"),
    ],
)
async def test_each_answer_has_its_meaning(stage: Stage, act: Act, delivery: Delivery, said: str) -> None:
    async with mail_server(plan=only(stage, act)) as server:
        (result,) = await send(server)
        assert (result.delivery, result.doubtful) == (delivery, False)
        assert said in result.reason
        assert server.kept == []


async def test_a_server_that_hangs_up_before_its_answer_may_have_the_mail() -> None:
    async with mail_server(plan=only(Stage.END, Act.DROP)) as server:
        (result,) = await send(server)
        assert (result.delivery, result.doubtful) == (Delivery.LATER, True)
        assert [each.acknowledged for each in server.kept] == [False]


async def test_a_server_that_says_it_has_a_mail_is_believed() -> None:
    async with mail_server(plan=only(Stage.END, Act.FORGET)) as server:
        assert (await send(server))[0].delivery is Delivery.ACCEPTED
        assert server.kept == []


@pytest.mark.parametrize("act", [Act.NEVER, Act.LATER, Act.DROP, Act.CLOSING])
async def test_what_one_mail_meets_does_not_stop_the_next(act: Act) -> None:
    async with mail_server(plan=first(Stage.RCPT, act)) as server:
        results = await send(server, letter(1), letter(2))
        assert results[1].delivery is Delivery.ACCEPTED
        assert [each.message_id for each in server.kept] == ["<mil_2@register.example.jp>"]


async def test_a_line_that_was_closed_between_two_mails_is_made_again() -> None:
    async with mail_server() as server, line_to(server) as line:
        assert (await line.hand_over(letter(1))).delivery is Delivery.ACCEPTED
        server.plan = first(Stage.MAIL, Act.CLOSING)
        assert (await line.hand_over(letter(2))).delivery is Delivery.ACCEPTED
        server.plan = first(Stage.MAIL, Act.DROP)
        assert (await line.hand_over(letter(3))).delivery is Delivery.ACCEPTED
        assert (len(server.kept), server.tried.count(Stage.CONNECT)) == (3, 3)


async def test_nobody_there_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        (result,) = await send(MailServer(free.getsockname()[1]))
        assert result.delivery is Delivery.UNREACHABLE
        assert "refused" in result.reason.lower()


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.END])
async def test_a_server_that_answers_nothing_is_left_after_its_time(stage: Stage) -> None:
    async with mail_server(plan=only(stage, Act.SLOW)) as server:
        line = SmtpMailer(replace(options(server), seconds=0.1)).line()
        async with asyncio.timeout(SECONDS):
            result = await line.hand_over(letter())
            assert result.delivery is (Delivery.UNREACHABLE if stage is Stage.CONNECT else Delivery.LATER)
            assert result.doubtful is (stage is Stage.END)
            await line.close()


async def test_a_server_that_drips_is_cut_off_in_the_end() -> None:
    """Each byte comes in time, so only the clock over all of it ends this."""
    ended = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(b"220-x\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        finally:
            writer.close()
            ended.set()

    listening = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    line = SmtpMailer(replace(options(MailServer(port)), seconds=0.1)).line()
    async with asyncio.timeout(SECONDS):
        assert (await line.hand_over(letter())).delivery is Delivery.UNREACHABLE
        await line.close()
        await ended.wait()
    listening.close()


async def test_a_line_that_is_cut_tells_what_is_known_by_then() -> None:
    async with mail_server(plan=only(Stage.END, Act.SLOW)) as server, line_to(server) as line:
        handing = asyncio.ensure_future(line.hand_over(letter()))
        async with asyncio.timeout(SECONDS):
            while not server.kept:  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
            line.cut()
            result = await handing
        assert (result.delivery, result.doubtful) == (Delivery.LATER, True)


# --- Addresses beyond ASCII ----------------------------------------------------------------------------------------


async def test_a_name_beyond_ascii_goes_to_a_server_that_takes_it() -> None:
    async with mail_server(utf8=True) as server:
        results = await send(server, letter(1, address="経理@建設.example.jp"), letter(2))
        assert [each.delivery for each in results] == [Delivery.ACCEPTED, Delivery.ACCEPTED]
        assert [each.receiver for each in server.kept] == [
            "経理@xn--b0tp57g.example.jp",
            "keiri@takasaki.example.jp",
        ]
        assert [each.upper() for each in server.kept[0].options] == ["SMTPUTF8", "BODY=8BITMIME"]
        assert server.kept[1].options == ()


async def test_a_name_beyond_ascii_is_given_up_where_the_server_takes_none() -> None:
    async with mail_server() as server:
        results = await send(server, letter(1, address="経理@example.jp"), letter(2))
        assert [each.delivery for each in results] == [Delivery.NEVER, Delivery.ACCEPTED]
        assert "SMTPUTF8" in results[0].reason


async def test_what_is_no_address_is_given_up_without_asking() -> None:
    async with mail_server() as server:
        (result,) = await send(server, letter(address="keiri@example.jp>\r\nRCPT TO:<other@example.jp"))
        assert result == Handover(Delivery.NEVER, "this is no mail address")
        assert server.tried == []


# --- Protection ----------------------------------------------------------------------------------------------------


def context(folder: Path, authority: Authority) -> ssl.SSLContext:
    files = install(folder, authority, "mail")
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(files.cert, files.key)
    return made


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_mails_and_passwords_go_over_tls(
    tmp_path: Path, authority: Authority, security: Security
) -> None:
    tls, users = context(tmp_path, authority), {"register": PASSWORD}
    async with mail_server(tls=tls, implicit_tls=security is Security.TLS, users=users) as server:
        wanted: dict[str, Any] = {"server": "localhost", "security": security, "ca": tmp_path / "ca.pem"}
        results = await send(server, letter(1), letter(2), user="register", password=PASSWORD, **wanted)
        assert [each.delivery for each in results] == [Delivery.ACCEPTED] * 2
        assert (server.signed_in, server.protected.count(True)) == (
            [("register", PASSWORD)],
            2 if security is Security.STARTTLS else 0,
        )
        # without signing in it takes nothing, and that is no fault of the mail's
        (result,) = await send(server, **wanted)
        assert result.delivery is Delivery.UNREACHABLE and "530" in result.reason


async def test_a_wrong_password_is_told_without_it(tmp_path: Path, authority: Authority) -> None:
    async with mail_server(tls=context(tmp_path, authority), users={"register": "another"}) as server:
        wanted: dict[str, Any] = {"security": Security.STARTTLS, "ca": tmp_path / "ca.pem"}
        (result,) = await send(server, server="localhost", user="register", password=PASSWORD, **wanted)
        assert result.delivery is Delivery.UNREACHABLE
        assert "signing in was refused (535)" in result.reason
        assert PASSWORD not in result.reason + repr(options(server, password=PASSWORD))


async def test_a_password_that_the_server_repeats_is_left_out() -> None:
    line = SmtpLine(options(MailServer(25), password=PASSWORD))
    assert PASSWORD not in line._plain(f"what is {PASSWORD}?\r\n\x1b[2J髙".encode())
    await line.close()


async def test_without_starttls_nothing_goes_in_clear() -> None:
    async with mail_server() as server:
        (result,) = await send(server, security=Security.STARTTLS)
        assert result.delivery is Delivery.UNREACHABLE
        assert Stage.MAIL not in server.tried


@pytest.mark.parametrize("trouble", ["stranger", "other name"])
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_a_server_that_can_not_show_who_it_is_gets_nothing(
    tmp_path: Path, authority: Authority, security: Security, trouble: str
) -> None:
    tls = context(tmp_path, authority)
    async with mail_server(tls=tls, implicit_tls=security is Security.TLS) as server:
        # the certificate is localhost's, and this machine's own authorities don't know its authority
        wanted: dict[str, Any] = (
            {"server": "localhost"} if trouble == "stranger" else {"ca": tmp_path / "ca.pem"}
        )
        (result,) = await send(server, security=security, **wanted)
        assert result.delivery is Delivery.UNREACHABLE
        assert "certificate is not trusted" in result.reason
        assert Stage.MAIL not in server.tried
