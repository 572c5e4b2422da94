"""A request that comes again gets the first answer; the same request_id with another content is refused."""

from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import works_service_pb2 as works
from tests.e2e.wire.requests import REQUESTS, Request, by_name
from tests.support import data
from tests.support.client import fresh
from tests.support.fields import leaves, with_value
from tests.support.orderers import policy_file
from tests.support.people import World, make_world
from tests.support.play import Play
from tests.support.refusals import refused
from tests.support.server import running_server

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-replay")]

ANOTHER_CONTENT: dict[str, tuple[str, Any]] = {
    "CreateWorks": ("works.name", "別の工事"),
    "CreateContract": ("application.branch", "東京支店"),
    "CreateOrganization": ("organization.kana", "べつの"),
    "CreateUser": ("user.title", "部長"),
    "MarkRead": ("notice_ids[0]", f"ntc_{'0' * 26}"),
    "MarkAllRead": ("up_to_notice_id", f"ntc_{'0' * 26}"),
    "AddSshKey": ("name", "別の PC"),
    "RemoveSshKey": ("ssh_key_id", "ssh_00000000000000000000000000"),
    "ImportOrderers": ("policy_file", policy_file({"id": "yet-another", "name": "又町"})),
}
"""For requests without an etag, which can be left out without harm."""


def _changed(wanted: Request, message: Message) -> Message:
    path, value = ANOTHER_CONTENT.get(wanted.name, ("etag", None))
    (leaf,) = [leaf for leaf in leaves(message) if leaf.path == path]
    return with_value(message, leaf, value)


@pytest.mark.parametrize("wanted", by_name())
async def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(
    world: World, play: Play, wanted: Request
) -> None:
    person = world.people[wanted.person]
    message = await wanted.make(world, play)
    first = await person.send(wanted.method, message)
    after = await world.running.revision()
    assert await person.send(wanted.method, message) == first
    with refused("REQUEST_ID_REUSED"):
        await person.send(wanted.method, _changed(wanted, message))
    assert await person.send(wanted.method, message) == first
    assert await world.running.revision() == after


async def test_the_first_answer_comes_again_after_the_thing_has_moved_on(world: World, play: Play) -> None:
    request = contracts.CreateContractRequest(
        request_id=fresh(), application=play.application(await play.works(), data.PERFORMANCE)
    )
    first = await world.contractor.contracts.CreateContract(request)
    await play.issue(await play.pay(await play.accept(await play.submit(first.contract))))
    assert await world.contractor.contracts.CreateContract(request) == first


async def test_the_first_answer_comes_again_after_the_thing_is_gone(world: World, play: Play) -> None:
    request = contracts.CreateContractRequest(
        request_id=fresh(), application=play.application(await play.works(), data.PERFORMANCE)
    )
    first = await world.contractor.contracts.CreateContract(request)
    delete = contracts.DeleteDraftRequest(request_id=fresh(), contract_id=first.contract.contract_id)
    await world.contractor.contracts.DeleteDraft(delete)
    assert await world.contractor.contracts.CreateContract(request) == first


async def test_a_request_id_is_one_persons_and_one_methods(world: World) -> None:
    request = works.CreateWorksRequest(request_id=fresh(), works=data.works_terms(world.today))
    mine = await world.contractor.works.CreateWorks(request)
    theirs = await world.other_contractor.works.CreateWorks(request)
    assert mine.works.works_id != theirs.works.works_id
    update = works.UpdateWorksRequest(
        request_id=request.request_id, works_id=mine.works.works_id, works=mine.works.terms
    )
    assert (await world.contractor.works.UpdateWorks(update)).works.works_id == mine.works.works_id


async def test_a_request_id_in_capitals_is_the_same(world: World) -> None:
    request = works.CreateWorksRequest(request_id=fresh(), works=data.works_terms(world.today))
    first = await world.contractor.works.CreateWorks(request)
    request.request_id = request.request_id.upper()
    assert await world.contractor.works.CreateWorks(request) == first


async def test_a_refused_request_is_not_kept_and_may_come_again(world: World, play: Play) -> None:
    contract = await play.accepted()
    request = certificates.IssueCertificateRequest(request_id=fresh(), contract_id=contract.contract_id)
    with refused("FEE_NOT_RECEIVED"):
        await world.underwriter.certificates.IssueCertificate(request)
    await play.pay(contract)
    assert (await world.underwriter.certificates.IssueCertificate(request)).contract.version == 1


async def test_another_password_under_the_same_request_id_is_the_same_request(world: World) -> None:
    request = await next(each for each in REQUESTS if each.name == "CreateUser").make(world, Play(world))
    assert isinstance(request, directory.CreateUserRequest)
    first = await world.operator.directory.CreateUser(request)
    request.initial_password = "まったく別の長い合言葉-9"
    assert await world.operator.directory.CreateUser(request) == first


async def test_checking_only_keeps_nothing_and_moves_nothing(world: World, play: Play) -> None:
    draft, paid = await play.draft(), await play.paid()
    before = await world.running.revision()
    request_id = fresh()
    submit = contracts.SubmitContractRequest(
        request_id=request_id, contract_id=draft.contract_id, validate_only=True
    )
    assert (await world.contractor.contracts.SubmitContract(submit)).contract == draft
    issue = certificates.IssueCertificateRequest(
        request_id=fresh(), contract_id=paid.contract_id, validate_only=True
    )
    answer = await world.underwriter.certificates.IssueCertificate(issue)
    assert answer.contract == paid
    assert not answer.HasField("certificate")
    assert await world.running.revision() == before
    submit.validate_only = False
    assert (await world.contractor.contracts.SubmitContract(submit)).contract.contract_number


async def test_first_answers_sessions_and_keys_outlive_a_restart_of_the_server(tmp_path: Path) -> None:
    async with running_server(tmp_path) as running:
        world = await make_world(running)
        play = Play(world)
        create = works.CreateWorksRequest(request_id=fresh(), works=data.works_terms(world.today))
        created = await world.contractor.works.CreateWorks(create)
        paid = await play.paid()
        issue = certificates.IssueCertificateRequest(request_id=fresh(), contract_id=paid.contract_id)
        issued = await world.underwriter.certificates.IssueCertificate(issue)
        key = await play.key(issued.contract)
        revision = await running.revision()
    async with running_server(tmp_path) as again:
        contractor = again.client(world.contractor.token)
        underwriter = again.client(world.underwriter.token)
        before = await again.revision()
        assert before >= revision
        assert await contractor.works.CreateWorks(create) == created
        assert await underwriter.certificates.IssueCertificate(issue) == issued
        create.works.name = "別の工事"
        with refused("REQUEST_ID_REUSED"):
            await contractor.works.CreateWorks(create)
        assert await again.revision() == before
        opening = certificates.OpenCertificateRequest(
            contract_number=issued.contract.contract_number, key=key
        )
        assert (await again.client().certificates.OpenCertificate(opening)).certificate == issued.certificate


async def test_signing_out_is_not_kept_since_nobody_is_there_to_be_answered(world: World) -> None:
    person = await world.sign_in("contractor@example.jp")
    request = sessions.DeleteSessionRequest(request_id=fresh())
    await person.sessions.DeleteSession(request)
    with refused("UNAUTHENTICATED"):
        await person.sessions.DeleteSession(request)
