"""Signing in through the SSH host, over the wire: by key, by password, and what nobody else may say of people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import ssh_key_pb2
from tashika_formats.number import make_number
from tashika_server.application.sessions import LIMIT_PER_NAME_AND_PEER
from tests.support.client import Client, fresh
from tests.support.people import OPERATOR_PASSWORD, PASSWORD, World, make_world
from tests.support.refusals import refusal, refused
from tests.support.server import running_server
from tests.support.ssh_keys import made_up_key

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-ssh-host")]

NAME = "contractor@example.jp"
KEY = made_up_key("over the wire", "花子")
HERE, THERE = "203.0.113.7", "198.51.100.9"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hosted(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A server with people and a door, and a key of the contractor's."""
    async with running_server(tmp_path_factory.mktemp("hosted"), ssh_host="yes") as running:
        world = await make_world(running)
        await add(world.contractor, KEY)
        yield world
        logged = str(running.logs)
        assert not [secret for secret in world.secrets if secret in logged]


async def add(person: Client, key: str) -> ssh_key_pb2.SshKey:
    request = directory.AddSshKeyRequest(request_id=fresh(), public_key=key)
    return (await person.directory.AddSshKey(request)).ssh_key


def by_key(key: str = KEY, name: str = NAME) -> sessions.CreateSessionRequest:
    return sessions.CreateSessionRequest(
        login_name=name, ssh_key_assertion=sessions.SshKeyAssertion(public_key=key)
    )


def by_password(password: str = PASSWORD, name: str = NAME) -> sessions.CreateSessionRequest:
    return sessions.CreateSessionRequest(login_name=name, password=password)


async def test_a_registered_key_signs_in_and_the_session_works_at_the_door_and_at_the_front(
    hosted: World,
) -> None:
    made = await hosted.running.at_door(HERE).sessions.CreateSession(by_key())
    hosted.tokens.append(made.token)
    assert made.session.user.login_name == NAME
    for client in (
        hosted.running.at_door(HERE, made.token),
        hosted.running.client(made.token),
    ):
        told = await client.sessions.GetSession(sessions.GetSessionRequest())
        assert told.session.session_id == made.session.session_id


async def test_at_the_front_no_assertion_and_no_question_about_keys_is_taken(hosted: World) -> None:
    asked = sessions.CheckSshKeyRequest(login_name=NAME, public_key=KEY)
    forwarded = Client(hosted.running.channel, more=(("tashika-source", HERE),))
    for client in (hosted.anonymous, hosted.contractor, hosted.operator, forwarded):
        told = await refusal(client.sessions.CreateSession(by_key()))
        assert told.reason == "PERMISSION_DENIED"
        told = await refusal(client.sessions.CheckSshKey(asked))
        assert told.reason in ("PERMISSION_DENIED", "UNAUTHENTICATED")


async def test_the_host_learns_whose_a_key_is(hosted: World) -> None:
    door = hosted.running.at_door().sessions
    assert (await door.CheckSshKey(sessions.CheckSshKeyRequest(public_key=KEY))).login_name == NAME
    for name, key in (("approver@example.jp", KEY), ("", made_up_key("nobody's"))):
        with refused("WRONG_CREDENTIALS"):
            await door.CheckSshKey(sessions.CheckSshKeyRequest(login_name=name, public_key=key))


async def test_a_key_that_is_not_ones_own_and_a_name_that_is_not_there_look_the_same(hosted: World) -> None:
    door = hosted.running.at_door().sessions
    told = [
        await refusal(door.CreateSession(by_key(*each)))
        for each in ((made_up_key("other"), NAME), (KEY, "approver@example.jp"), (KEY, "nobody@example.jp"))
    ]
    assert told[0] == told[1] == told[2]
    assert told[0].reason == "WRONG_CREDENTIALS"


@pytest.mark.parametrize("who", ["key", "password"])
async def test_no_operator_signs_in_through_the_host(hosted: World, who: str) -> None:
    door = hosted.running.at_door().sessions
    if who == "password":
        with refused("OPERATOR_OVER_SSH"):
            await door.CreateSession(by_password(OPERATOR_PASSWORD, "operator"))
    else:
        with refused("PERMISSION_DENIED"):
            await add(hosted.operator, made_up_key("operator"))
        with refused("WRONG_CREDENTIALS"):
            await door.CreateSession(by_key(made_up_key("operator"), "operator"))


async def test_neither_password_nor_key_or_both_is_refused_by_its_field(hosted: World) -> None:
    door = hosted.running.at_door().sessions
    nothing = await refusal(door.CreateSession(sessions.CreateSessionRequest(login_name=NAME)))
    assert (nothing.reason, nothing.fields) == ("FIELD_REQUIRED", {"password"})
    both = by_key()
    both.password = PASSWORD
    told = await refusal(door.CreateSession(both))
    assert (told.reason, told.fields) == ("FIELD_NOT_ALLOWED", {"password"})
    unreadable = await refusal(door.CreateSession(by_key("ssh-ed25519 AAAA")))
    assert (unreadable.reason, unreadable.fields) == ("SSH_KEY_UNSUITABLE", {"ssh_key_assertion.public_key"})


async def test_passwords_are_counted_by_where_the_person_is_and_not_by_the_host(hosted: World) -> None:
    name = "underwriter@example.jp"
    here, there = hosted.running.at_door(HERE).sessions, hosted.running.at_door(THERE).sessions
    for _ in range(LIMIT_PER_NAME_AND_PEER):
        with refused("WRONG_CREDENTIALS"):
            await here.CreateSession(by_password("まちがった長い合言葉", name))
    with refused("TOO_MANY_ATTEMPTS"):
        await here.CreateSession(by_password(name=name))
    hosted.tokens.append((await there.CreateSession(by_password(name=name))).token)


async def test_openings_without_an_account_are_counted_by_where_the_person_is(hosted: World) -> None:
    request = certificates.OpenCertificateRequest(contract_number=make_number(11, 2026, 7), key="0" * 20)
    with refused("WRONG_NUMBER_OR_KEY"):
        await hosted.running.at_door(HERE).certificates.OpenCertificate(request)
    peers = await hosted.running.register.kit.store.read(
        lambda view: view._session.all("SELECT peer FROM opening ORDER BY id DESC LIMIT 1")  # type: ignore[attr-defined]
    )
    assert [row[0] for row in peers] == [HERE]


async def test_a_server_without_a_door_has_none(tmp_path: Path) -> None:
    async with running_server(tmp_path) as running:
        call = running.at_door().sessions.GetServerInfo(sessions.GetServerInfoRequest())
        assert (await call.code()).name == "UNAVAILABLE"
