"""Who may call what, over the wire: every method, every role, and every way of not being signed in."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from google.protobuf.descriptor import MethodDescriptor

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import organization_pb2, user_pb2
from tashika.v1 import session_service_pb2 as sessions
from tashika_server.application.access import RULES, Rule
from tashika_server.domain.model import Role
from tests.support.client import Client, fresh
from tests.support.people import FIRST_PASSWORD, OPERATOR_PASSWORD, PASSWORD, World, make_world
from tests.support.refusals import refusal, refusal_of, refused
from tests.support.server import Running, running_server
from tests.transport.protos import services

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-access")]

METHODS = [method for service in services() for method in service.methods]
PEOPLE = {
    "contractor": {Role.CONTRACTOR},
    "underwriter": {Role.UNDERWRITER},
    "approver": {Role.APPROVER},
    "deputy": {Role.UNDERWRITER, Role.APPROVER},
    "officer": {Role.OFFICER},
    "operator": {Role.OPERATOR},
}
GATES = {"UNAUTHENTICATED", "SESSION_EXPIRED", "PASSWORD_CHANGE_REQUIRED", "PERMISSION_DENIED"}
ME = sessions.GetSessionRequest()


def _name(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def _rule(method: MethodDescriptor) -> Rule:
    """The rule that an empty request meets: without a viewing token, a download is a party's look."""
    name = _name(method)
    return RULES[name.replace("/DownloadCertificate", "/GetCertificate")]


async def _gate(person: Client, method: MethodDescriptor) -> str:
    """What an empty request meets: the reason of a gate, or nothing where it came through to be looked at."""
    try:
        if method.client_streaming:
            await person.upload(_name(method), [])
        elif method.server_streaming:
            await person.first(_name(method), b"")
        else:
            await person.raw(_name(method), b"")
    except grpc.aio.AioRpcError as error:
        reason = refusal_of(error).reason
        return reason if reason in GATES else ""
    return ""


async def test_every_method_of_the_contract_has_its_rule() -> None:
    assert {_name(method) for method in METHODS} == set(RULES)


@pytest.mark.parametrize("who", PEOPLE)
async def test_a_role_comes_through_exactly_where_its_rule_lets_it(world: World, who: str) -> None:
    person = await world.sign_in(
        "operator" if who == "operator" else f"{who}@example.jp",
        OPERATOR_PASSWORD if who == "operator" else PASSWORD,
    )
    # Signing out comes last.
    for method in sorted(METHODS, key=lambda each: each.name == "DeleteSession"):
        rule = _rule(method)
        allowed = rule.anyone or bool(rule.roles & PEOPLE[who])
        assert await _gate(person, method) == ("" if allowed else "PERMISSION_DENIED"), method.full_name


async def test_nobody_comes_through_where_only_people_may(world: World) -> None:
    for method in METHODS:
        allowed = _rule(method).anyone
        assert await _gate(world.anonymous, method) == ("" if allowed else "UNAUTHENTICATED"), (
            method.full_name
        )


async def test_with_a_first_password_only_ones_own_session_can_be_used(world: World) -> None:
    newcomer = await world.hire(f"fresh_{uuid.uuid4().hex}", "company", user_pb2.ROLE_CONTRACTOR)
    person = await world.sign_in(newcomer.login_name, FIRST_PASSWORD)
    for method in METHODS:
        rule = _rule(method)
        allowed = rule.anyone or rule.before_password_change
        wanted = "" if allowed else "PASSWORD_CHANGE_REQUIRED"
        assert await _gate(person, method) == wanted, method.full_name


@pytest.mark.parametrize("method", ["GetKey", "DownloadKeyNotice", "RecordHandIn", "RecordPhoneConfirmation"])
async def test_only_the_contractor_reads_keys_and_hands_them_in(method: str) -> None:
    assert RULES[f"/tashika.v1.KeyService/{method}"].roles == {Role.CONTRACTOR}


async def test_the_operator_has_no_way_to_contracts_and_certificates() -> None:
    for name, rule in RULES.items():
        if any(service in name for service in ("ContractService", "KeyService", "WorksService")):
            assert Role.OPERATOR not in rule.roles, name


@pytest.mark.parametrize(
    "heading",
    [
        [("authorization", "Bearer tsk_00000000000000000000000000_" + "A" * 43 + "_00000000")],
        [("authorization", "Bearer ")],
        [("authorization", "Bearer 合言葉".encode("ascii", "ignore").decode() + "x")],
        [("authorization", "Basic b3BlcmF0b3I6c2VjcmV0")],
        [("authorization", "Bearer " + "x" * 5000)],
    ],
    ids=["unknown", "empty", "short", "basic", "over-long"],
)
async def test_credentials_that_are_none_are_refused_even_where_nobody_need_sign_in(
    world: World, heading: list[tuple[str, str]]
) -> None:
    info = sessions.GetServerInfoRequest()
    with refused("UNAUTHENTICATED"):
        await world.anonymous.sessions.GetServerInfo(info, metadata=heading)


async def test_two_authorization_headers_are_refused(world: World) -> None:
    twice = world.contractor.metadata * 2
    with refused("UNAUTHENTICATED"):
        await world.contractor.sessions.GetSession(ME, metadata=twice)


async def test_a_token_with_one_character_changed_is_refused(world: World) -> None:
    token = world.contractor.token
    for place in (10, 40, len(token) - 1):
        other = "B" if token[place] != "B" else "C"
        changed = token[:place] + other + token[place + 1 :]
        told = await refusal(world.running.client(changed).sessions.GetSession(ME))
        assert told.reason == "UNAUTHENTICATED"


async def test_a_session_that_was_ended_is_over_at_once(world: World) -> None:
    person = await world.sign_in("contractor@example.jp")
    await person.sessions.DeleteSession(sessions.DeleteSessionRequest(request_id=fresh()))
    with refused("UNAUTHENTICATED"):
        await person.sessions.GetSession(ME)


async def test_a_new_password_ends_the_persons_other_sessions(world: World) -> None:
    person = await world.hire(f"other_{uuid.uuid4().hex}", "company", user_pb2.ROLE_CONTRACTOR)
    here, there = [await world.sign_in(person.login_name, FIRST_PASSWORD) for _ in range(2)]
    change = sessions.ChangePasswordRequest(old_password=FIRST_PASSWORD, new_password=PASSWORD)
    await here.sessions.ChangePassword(change)
    assert not (await here.sessions.GetSession(ME)).session.user.must_change_password
    with refused("UNAUTHENTICATED"):
        await there.sessions.GetSession(ME)


async def test_a_person_who_is_disabled_is_out_at_once_and_is_not_told_why(world: World) -> None:
    user = await world.hire(f"leaving_{uuid.uuid4().hex}", "company", user_pb2.ROLE_CONTRACTOR)
    person = await world.sign_in(user.login_name, FIRST_PASSWORD)
    user.disabled = True
    await world.operator.directory.UpdateUser(
        directory.UpdateUserRequest(request_id=fresh(), user_id=user.user_id, etag=user.etag, user=user)
    )
    with refused("UNAUTHENTICATED"):
        await person.sessions.GetSession(ME)
    told = [
        await refusal(
            world.anonymous.sessions.CreateSession(
                sessions.CreateSessionRequest(login_name=name, password=FIRST_PASSWORD)
            )
        )
        for name in (user.login_name, f"nobody-{uuid.uuid4().hex}")
    ]
    assert told[0] == told[1]
    assert told[0].reason == "WRONG_CREDENTIALS"


async def test_an_organisation_that_is_disabled_is_out_with_all_its_people(world: World) -> None:
    fields = {
        "kind": organization_pb2.ORGANIZATION_KIND_CONTRACTOR,
        "address": "千葉県",
        "representative": "髙﨑 一",
    }
    await world.organize("closing", name="しまい建設㈱", **fields)
    user = await world.hire(f"closing_{uuid.uuid4().hex}", "closing", user_pb2.ROLE_CONTRACTOR)
    person = await world.sign_in(user.login_name, FIRST_PASSWORD)
    home = (await person.sessions.GetSession(ME)).session.organization
    home.disabled = True
    await world.operator.directory.UpdateOrganization(
        directory.UpdateOrganizationRequest(request_id=fresh(), etag=home.etag, organization=home)
    )
    with refused("UNAUTHENTICATED"):
        await person.sessions.GetSession(ME)


@pytest.mark.parametrize("role", [user_pb2.ROLE_OPERATOR, user_pb2.ROLE_UNDERWRITER, user_pb2.ROLE_OFFICER])
async def test_nobody_gets_a_role_that_does_not_fit_the_organisation(
    world: World, role: user_pb2.Role
) -> None:
    with refused("FIELD_NOT_ALLOWED"):
        await world.hire(f"odd_{uuid.uuid4().hex}", "company", role)


@pytest_asyncio.fixture(loop_scope="session")
async def passing(tmp_path: Path) -> AsyncIterator[tuple[Running, Client]]:
    """A server on which time passes, and somebody who is signed in."""
    async with running_server(tmp_path) as running:
        yield running, (await make_world(running)).contractor


async def test_a_session_ends_when_it_is_idle_and_after_a_working_day_at_the_latest(
    passing: tuple[Running, Client],
) -> None:
    running, person = passing
    for _ in range(13):
        running.clock.move(timedelta(minutes=55))
        await person.sessions.GetSession(ME)
    running.clock.move(timedelta(minutes=5, seconds=1))
    with refused("SESSION_EXPIRED"):
        await person.sessions.GetSession(ME)


async def test_a_session_that_is_idle_for_an_hour_is_over(passing: tuple[Running, Client]) -> None:
    running, person = passing
    running.clock.move(timedelta(minutes=59))
    await person.sessions.GetSession(ME)
    running.clock.move(timedelta(minutes=61))
    with refused("SESSION_EXPIRED"):
        await person.sessions.GetSession(ME)
