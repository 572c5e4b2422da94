"""Reasons about the call itself and about who calls."""

import uuid
from datetime import timedelta

from grpc import StatusCode

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import user_pb2
from tashika.v1 import works_service_pb2 as works
from tests.e2e.wire.provoking.scene import Scene, raises
from tests.support.client import fresh
from tests.support.people import FIRST_PASSWORD, OPERATOR_PASSWORD, PASSWORD, make_world
from tests.support.refusals import Refusal, refusal
from tests.support.server import running_server


@raises("MALFORMED_REQUEST", StatusCode.INVALID_ARGUMENT)
async def malformed(scene: Scene) -> Refusal:
    return await refusal(scene.person("contractor").raw("WorksService/GetWorks", b"\x0a\x7fshort"))


@raises("REQUEST_TOO_LARGE", StatusCode.RESOURCE_EXHAUSTED)
async def too_large(scene: Scene) -> Refusal:
    request = works.CreateWorksRequest(request_id=fresh())
    request.works.name = "工" * 400_000
    return await refusal(scene.person("contractor").works.CreateWorks(request))


@raises("UNKNOWN_METHOD", StatusCode.UNIMPLEMENTED)
async def unknown_method(scene: Scene) -> Refusal:
    return await refusal(scene.person("contractor").raw("WorksService/BurnWorks", b""))


@raises("UNAUTHENTICATED", StatusCode.UNAUTHENTICATED)
async def unauthenticated(scene: Scene) -> Refusal:
    return await refusal(scene.anonymous.sessions.GetSession(sessions.GetSessionRequest()))


@raises("SESSION_EXPIRED", StatusCode.UNAUTHENTICATED)
async def session_expired(scene: Scene) -> Refusal:
    async with running_server(scene.folder) as running:
        world = await make_world(running)
        running.clock.move(timedelta(hours=1, seconds=1))
        person = world.people["contractor"].speaking(scene.language)
        return await refusal(person.sessions.GetSession(sessions.GetSessionRequest()))


@raises("WRONG_CREDENTIALS", StatusCode.UNAUTHENTICATED)
async def wrong_credentials(scene: Scene) -> Refusal:
    request = sessions.CreateSessionRequest(login_name="contractor@example.jp", password="ちがう合言葉です")
    return await refusal(scene.anonymous.sessions.CreateSession(request))


@raises("TOO_MANY_ATTEMPTS", StatusCode.RESOURCE_EXHAUSTED)
async def too_many_attempts(scene: Scene) -> Refusal:
    request = sessions.CreateSessionRequest(
        login_name=f"nobody-{uuid.uuid4().hex}", password="ちがう合言葉です"
    )
    for _ in range(20):
        assert (await refusal(scene.anonymous.sessions.CreateSession(request))).reason == "WRONG_CREDENTIALS"
    return await refusal(scene.anonymous.sessions.CreateSession(request))


@raises("PASSWORD_UNSUITABLE", StatusCode.INVALID_ARGUMENT)
async def password_unsuitable(scene: Scene) -> Refusal:
    request = sessions.ChangePasswordRequest(old_password=PASSWORD, new_password="みじかい")
    return await refusal(scene.person("contractor").sessions.ChangePassword(request))


@raises("SSH_KEY_UNSUITABLE", StatusCode.INVALID_ARGUMENT)
async def ssh_key_unsuitable(scene: Scene) -> Refusal:
    request = directory.AddSshKeyRequest(request_id=fresh(), public_key="-----BEGIN OPENSSH PRIVATE KEY-----")
    return await refusal(scene.person("contractor").directory.AddSshKey(request))


@raises("OPERATOR_OVER_SSH", StatusCode.PERMISSION_DENIED)
async def operator_over_ssh(scene: Scene) -> Refusal:
    request = sessions.CreateSessionRequest(login_name="operator", password=OPERATOR_PASSWORD)
    door = scene.world.running.at_door(language=scene.language)
    return await refusal(door.sessions.CreateSession(request))


@raises("PASSWORD_CHANGE_REQUIRED", StatusCode.FAILED_PRECONDITION)
async def password_change_required(scene: Scene) -> Refusal:
    newcomer = await scene.world.hire(f"new_{uuid.uuid4().hex}", "company", user_pb2.ROLE_CONTRACTOR)
    client = await scene.world.sign_in(newcomer.login_name, FIRST_PASSWORD)
    return await refusal(client.speaking(scene.language).works.ListWorks(works.ListWorksRequest()))


@raises("PERMISSION_DENIED", StatusCode.PERMISSION_DENIED)
async def permission_denied(scene: Scene) -> Refusal:
    return await refusal(scene.person("contractor").directory.ListUsers(directory.ListUsersRequest()))
