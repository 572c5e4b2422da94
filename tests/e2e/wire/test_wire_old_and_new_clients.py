"""Clients of other ages: with the contract of the first release, and with one that this server does not know yet."""

from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message
from grpc import StatusCode

from tests.e2e.wire.requests import Request, by_name
from tests.support import data
from tests.support.foreign import NEW_VALUE, Foreign, choices, of_the_future, read_image
from tests.support.people import World
from tests.support.play import FEE_YEN, Play
from tests.support.refusals import check_form, refusal
from tools.tree import ROOT

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-ages")]

OLDER = Foreign(read_image(ROOT / "proto" / "baseline.binpb"))
NEWER = Foreign(of_the_future(read_image(ROOT / "build" / "tashika.binpb")), ahead=True)
AGES = [pytest.param(OLDER, id="older"), pytest.param(NEWER, id="newer")]


def as_json(message: Message) -> dict[str, Any]:
    made: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return made


@pytest.mark.parametrize("client", AGES)
async def test_a_client_of_another_age_plays_the_main_job(world: World, play: Play, client: Foreign) -> None:
    contractor, desk = world.contractor, world.underwriter
    works = await client.ask(
        contractor, "WorksService/CreateWorks", works=as_json(data.works_terms(world.today))
    )
    wanted = as_json(play.application(works.works.works_id, data.PREPAYMENT))
    assert (
        await client.ask(contractor, "ContractService/QuoteContract", application=wanted)
    ).violations == []
    draft = await client.ask(contractor, "ContractService/CreateContract", application=wanted)
    chosen = {"contract_id": draft.contract.contract_id}
    submitted = await client.ask(contractor, "ContractService/SubmitContract", **chosen)
    await client.ask(desk, "ContractService/AcceptContract", **chosen, fee_yen=FEE_YEN)
    accepted = (await client.ask(world.approver, "ContractService/ApproveContract", **chosen)).contract
    paying = {"kind": "FEE_ENTRY_KIND_PAYMENT", "amount_yen": accepted.balance_yen, "day": as_json(play.day)}
    await client.ask(desk, "ContractService/RecordFee", **chosen, **paying)
    issued = await client.ask(desk, "CertificateService/IssueCertificate", **chosen)
    key = await client.ask(contractor, "KeyService/GetKey", **chosen)
    opened = await client.ask(
        world.anonymous,
        "CertificateService/OpenCertificate",
        contract_number=submitted.contract.contract_number,
        key=key.key,
    )
    assert opened.certificate.pdf_sha256 == issued.certificate.pdf_sha256
    assert opened.certificate.statement.works.name == data.works_terms(world.today).name


async def test_the_older_contract_is_older_and_the_newer_one_newer() -> None:
    assert "ContractService/WatchContracts" not in OLDER.methods
    names = NEWER.message("GetContractRequest", {}).DESCRIPTOR.fields_by_name
    assert {"new_text", "new_thing"} <= set(names)
    assert NEWER.message("GetContractRequest", {}).ByteSize() > 0


async def test_every_method_of_the_first_release_is_still_there(world: World) -> None:
    missing = []
    for method, described in OLDER.methods.items():
        call = world.anonymous._calling.unary_unary(f"/tashika.v1.{method}")
        # A stream answers as well with its status; what matters is that the method is known.
        if await call(b"").code() is StatusCode.UNIMPLEMENTED:
            missing.append(described.name)
    assert missing == []


@pytest.mark.parametrize("request_", by_name())
async def test_new_fields_change_nothing(world: World, play: Play, request_: Request) -> None:
    made = await request_.make(world, play)
    newer = NEWER.message(made.DESCRIPTOR.name, as_json(made))
    assert newer.ByteSize() > made.ByteSize()
    person = world.people[request_.person]
    answer = await NEWER.send(person, request_.method, newer)
    # Repeated just so, it is the same intent, and gives its first answer.
    assert await NEWER.send(person, request_.method, newer) == answer


CALLERS = {"ContractService": "contractor", "WorksService": "contractor", "DirectoryService": "operator"}


def reading_choices() -> list[Any]:
    """Each choice in a request that reads: method, person and path. What changes something is spoilt elsewhere."""
    found = []
    for method, described in NEWER.methods.items():
        if "request_id" in described.input_type.fields_by_name or described.client_streaming:
            continue
        for path, _, _ in choices(_whole(described.input_type.name)):
            person = CALLERS[method.partition("/")[0]]
            found.append(pytest.param(method, person, path, id=f"{method.partition('/')[2]}-{path}"))
    assert found
    return found


def _whole(name: str) -> Any:
    """A request of which each part is there, so that each choice in it can be reached."""
    message = NEWER.message(name, {})
    for described in message.DESCRIPTOR.fields:
        if described.message_type is not None and not described.is_repeated and described.name != "new_thing":
            getattr(message, described.name).SetInParent()
    return message


@pytest.mark.parametrize(("method", "person", "path"), reading_choices())
async def test_a_choice_that_this_server_does_not_know_is_refused_by_its_name(
    world: World, method: str, person: str, path: str
) -> None:
    request = _whole(NEWER.methods[method].input_type.name)
    (holder, described), *_ = [(each, field) for where, each, field in choices(request) if where == path]
    setattr(holder, described.name, NEW_VALUE)
    for language in ("ja", "en"):
        told = await refusal(NEWER.send(world.people[person].speaking(language), method, request))
        assert told.code is StatusCode.INVALID_ARGUMENT
        assert (told.reason, told.fields) == ("CHOICE_UNKNOWN", {path})
        check_form(told, language)


async def test_a_choice_that_an_older_client_does_not_know_reaches_it_as_a_number() -> None:
    newer = NEWER.message("Contract", {"state": "CONTRACT_STATE_NEW", "contract_number": "11260000000015"})
    older = OLDER.message("Contract", {})
    older.ParseFromString(newer.SerializeToString())
    assert (older.state, older.contract_number) == (NEW_VALUE, "11260000000015")  # type: ignore[attr-defined]
    # And what it does not know survives, should it hand the message on.
    assert older.SerializeToString(deterministic=True) == newer.SerializeToString(deterministic=True)
