"""Who comes in and how: keys, passwords, the visitor; and who does not, however they knock."""

import asyncio
import contextlib
from typing import Any

import asyncssh
import pytest

from tashika.v1 import directory_service_pb2 as directory
from tashika_server.transport.admission import DEFAULT_LIMITS
from tashika_server.transport.methods import Lane
from tests.e2e.ssh.site import CONTRACTOR, PATIENCE_SECONDS, UNDERWRITER, Site, register_key, until
from tests.support.client import fresh
from tests.support.people import OPERATOR_PASSWORD, PASSWORD

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("ssh")]


class Talking(asyncssh.SSHClient):
    """A client that answers what it is asked, and hears what it is told."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.told: list[str] = []

    def auth_banner_received(self, msg: str, lang: str) -> None:
        """A word of the host."""
        self.told.append(msg)

    def kbdint_auth_requested(self) -> str:
        """Any kind of question."""
        return ""

    def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> Any:
        """The question."""
        self.asked += [prompt for prompt, _ in prompts]
        assert all(not echo for _, echo in prompts)
        return [self.answers.pop(0)] if self.answers and prompts else None

    def password_auth_requested(self) -> None:
        """Nothing by this way."""
        return


async def sign_in(site: Site, user: str, client: Talking, **options: Any) -> asyncssh.SSHClientConnection:
    return await site.host.connect(user, client_factory=lambda: client, **options)


async def alive(site: Site) -> None:
    """Whatever was tried, the host serves on."""
    assert (await site.run(CONTRACTOR, f"get notice {site.issued.number}"))[0] == 0


@pytest.mark.parametrize(
    "algorithm", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521", "ssh-rsa"]
)
async def test_every_kind_of_key_signs_in_once_it_is_registered(site: Site, algorithm: str) -> None:
    size: dict[str, Any] = {"key_size": 3072} if algorithm == "ssh-rsa" else {}
    key = asyncssh.generate_private_key(algorithm, **size)
    with pytest.raises(asyncssh.PermissionDenied):
        await site.host.connect(UNDERWRITER, key=key)
    await register_key(site.world, "underwriter", key)
    async with await site.host.connect(UNDERWRITER, key=key):
        pass


async def test_a_key_signs_in_nobody_else_and_a_removed_one_nobody(site: Site) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    line = key.export_public_key().decode()
    office = site.world.underwriter.directory
    made = await office.AddSshKey(directory.AddSshKeyRequest(request_id=fresh(), public_key=line))
    for user in (CONTRACTOR, "nobody@example.jp", "operator", "root"):
        with pytest.raises(asyncssh.PermissionDenied):
            await site.host.connect(user, key=key)
    async with await site.host.connect(UNDERWRITER, key=key):
        pass
    remove = directory.RemoveSshKeyRequest(request_id=fresh(), ssh_key_id=made.ssh_key.ssh_key_id)
    await office.RemoveSshKey(remove)
    with pytest.raises(asyncssh.PermissionDenied):
        await site.host.connect(UNDERWRITER, key=key)


async def test_a_certificate_over_a_registered_key_is_not_taken(site: Site) -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    key = asyncssh.generate_private_key("ssh-ed25519")
    certificate = authority.generate_user_certificate(key, "contractor", principals=[CONTRACTOR])
    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(
            *("127.0.0.1", site.host.port),
            username=CONTRACTOR,
            client_keys=[(key, certificate)],
            known_hosts=None,
            config=None,
            agent_path=None,
        )


@pytest.mark.parametrize("way", ["password", "keyboard-interactive"])
async def test_a_password_signs_in_through_the_registers_own_check(site: Site, way: str) -> None:
    if way == "password":
        connection = await site.host.connect(CONTRACTOR, password=PASSWORD, preferred_auth="password")
    else:
        client = Talking(PASSWORD)
        connection = await sign_in(site, CONTRACTOR, client, preferred_auth="keyboard-interactive")
        assert client.asked == ["パスワード / Password: "]
    async with connection:
        done = await connection.run(f"get notice {site.issued.number}", encoding=None)
    assert done.exit_status == 0


async def test_a_wrong_password_is_refused_without_a_reason_and_the_registers_throttle_sees_the_source(
    site: Site,
) -> None:
    client = Talking("まちがった長い合言葉", "まちがった長い合言葉")
    with pytest.raises(asyncssh.PermissionDenied):
        await sign_in(site, "monthly.contractor@example.jp", client, source="127.0.0.3")
    assert client.told == []
    for _ in range(8):
        with pytest.raises((asyncssh.Error, OSError)):
            wrong = Talking(*["まちがった長い合言葉"] * 3)
            await sign_in(site, "monthly.contractor@example.jp", wrong, source="127.0.0.3")
    throttled = Talking(PASSWORD)
    with pytest.raises(asyncssh.PermissionDenied):
        await sign_in(site, "monthly.contractor@example.jp", throttled, source="127.0.0.3")
    assert "しばらくの間受け付けられません" in "".join(throttled.told)
    # The person is let in from elsewhere: the host is not the place that is counted.
    elsewhere = await sign_in(site, "monthly.contractor@example.jp", Talking(PASSWORD), source="127.0.0.4")
    elsewhere.close()


async def test_many_wrong_passwords_in_one_connection_end_it(site: Site) -> None:
    client = Talking(*["まちがった長い合言葉"] * 50)
    with pytest.raises((asyncssh.Error, OSError)):
        await sign_in(site, "nobody@example.jp", client, source="127.0.0.5")
    assert len(client.answers) > 40
    await alive(site)


async def test_an_operator_does_not_come_in_and_is_told_so(site: Site) -> None:
    client = Talking(OPERATOR_PASSWORD)
    with pytest.raises(asyncssh.PermissionDenied):
        await sign_in(site, "operator", client)
    assert "運営者は SSH 接続ではログインできません" in "".join(client.told)


async def test_the_visitor_comes_in_without_anything_and_as_nobody_else(site: Site) -> None:
    async with await site.host.connect("city") as connection:
        done = await connection.run(f"get notice {site.issued.number}")
    assert done.exit_status == 3
    for user in ("City", "city ", "citý", "city\u200b", ""):
        with pytest.raises((asyncssh.Error, OSError, ValueError)):
            await site.host.connect(user)


@pytest.mark.parametrize(
    "user", ["x" * 2000, "\x00", "\u202e", "' OR 1=1 --", "../../etc", "a" * 64, "\ud800"]
)
async def test_odd_names_are_refused_and_harm_nobody(site: Site, user: str) -> None:
    with pytest.raises((asyncssh.Error, OSError, ValueError)):
        await site.host.connect(user, password="x")
    await alive(site)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"SSH-1.5-old\r\n",
        b"SSH-2.0-x\r\n" + b"\xff" * 4096,
        b"\x00" * 10_000,
        b"SSH-2.0-" + b"x" * 5_000,
    ],
)
async def test_what_is_no_ssh_is_hung_up_on(site: Site, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.host.port)
    try:
        writer.write(sent)
        if not sent:
            writer.write_eof()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await reader.read(4096):
                pass
    except ConnectionResetError:
        pass
    finally:
        writer.close()
    await alive(site)


@pytest.mark.parametrize("by", ["key", "password"])
async def test_who_comes_while_the_register_is_busy_comes_in_a_little_later(site: Site, by: str) -> None:
    """Forty at once were told that their keys are not registered."""
    admission = site.world.running.server._pipeline.admission
    told = len(refused_as_busy(site))

    async def is_told() -> bool:
        return len(refused_as_busy(site)) > told

    how: dict[str, Any] = {"key": site.keys[CONTRACTOR]}
    if by == "password":
        how = {"password": PASSWORD, "preferred_auth": "password"}

    async def get() -> int | None:
        async with await site.host.connect(CONTRACTOR, **how) as connection:
            done = await connection.run(f"get contract {site.issued.number}", encoding=None)
        return done.exit_status

    with contextlib.ExitStack() as others:
        for _ in range(DEFAULT_LIMITS[Lane.SIGN_INS]):
            others.enter_context(admission.admit(Lane.SIGN_INS))
        coming = asyncio.create_task(get())
        await until(is_told, True)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await coming == 0


def refused_as_busy(site: Site) -> list[dict[str, Any]]:
    return [line for line in site.world.running.logs if line.get("reason") == "SERVER_BUSY"]


async def test_a_session_of_the_register_ends_with_the_last_session_of_the_connection(site: Site) -> None:
    before = await site.sessions()
    command = f"get contract {site.issued.number}"

    async def left() -> set[str]:
        return await site.sessions() - before

    async with await site.as_(UNDERWRITER) as connection:
        terminal = await connection.create_process(term_type="xterm", term_size=(80, 24), encoding=None)
        assert (await connection.run(command, encoding=None)).exit_status == 0
        # Both share it.
        assert len(await left()) == 1
        terminal.stdin.write(b"\x11")
        await until(left, set())
        # The next one gets another.
        assert (await connection.run(command, encoding=None)).exit_status == 0
    await until(left, set())


async def test_a_session_of_the_register_ends_with_the_connection_of_a_password(site: Site) -> None:
    before = await site.sessions()
    async with await site.host.connect(CONTRACTOR, password=PASSWORD, preferred_auth="password"):
        own = await site.sessions() - before
        assert len(own) == 1

    async def left() -> set[str]:
        return await site.sessions() & own

    await until(left, set())


async def test_what_is_logged_is_who_and_how_and_never_a_name_that_was_not_proven(site: Site) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        await site.host.connect("typed-my-password-here", password="y", preferred_auth="password")
    async with await site.as_(CONTRACTOR, source="127.0.0.9"):
        pass
    assert "typed-my-password-here" not in str(site.host.log)
    (line,) = await site.host.logged("sign_in", source="127.0.0.9")
    assert (line["user"], line["how"]) == (CONTRACTOR, "key")
