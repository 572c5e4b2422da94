"""Ids of things that are not there, and of things that are another's: the two look the same, byte for byte."""

from dataclasses import dataclass

import pytest
import pytest_asyncio
from _pytest.mark import ParameterSet
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from grpc import StatusCode

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import notice_service_pb2 as notices
from tashika.v1.contract_attaching_pb2 import DownloadAttachmentRequest
from tashika.v1.contract_service_pb2 import GetContractRequest
from tests.e2e.wire.requests import Request, by_name
from tests.support import data
from tests.support.client import Client, fresh
from tests.support.fields import Leaf, leaves, with_value
from tests.support.people import World
from tests.support.play import Play
from tests.support.refusals import Refusal, refusal
from tests.support.ssh_keys import made_up_key
from tests.transport.protos import services

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-ids")]

NOBODYS = "01JD0000000000000000000000"
_MADE: dict[str, Message] = {}


@dataclass(frozen=True)
class Foreign:
    """What belongs to another contractor and another guarantor, by the prefix of its id."""

    ids: dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def foreign(world: World) -> Foreign:
    """A whole contract of others, issued."""
    play = Play(world, contractor="other_contractor", guarantor="other_guarantor")
    opened = await play.issued(data.PERFORMANCE)
    attached = await play.attach(await play.draft(), data.pdf())
    told = await world.people["other_contractor"].notices.ListNotices(notices.ListNoticesRequest())
    return Foreign(
        {
            "con": opened.contract.contract_id,
            "wrk": opened.contract.application.works_id,
            "att": attached.attachment.attachment_id,
            "org": world.organizations["other_company"],
            "ntc": told.notices[0].notice_id,
            "ssh": await _ssh_key_of(world.approver),
        }
    )


async def _ssh_key_of(person: Client) -> str:
    request = directory.AddSshKeyRequest(request_id=fresh(), public_key=made_up_key("foreign"))
    return (await person.directory.AddSshKey(request)).ssh_key.ssh_key_id


PREFIXES = {
    "contract_id": "con",
    "works_id": "wrk",
    "guarantor_id": "org",
    "organization_id": "org",
    "up_to_notice_id": "ntc",
    "ssh_key_id": "ssh",
}


def _has_foreign_ids(wanted: object) -> bool:
    """Nothing is foreign to the operator, and new works refer to nobody's."""
    return isinstance(wanted, Request) and wanted.person != "operator" and wanted.name != "CreateWorks"


async def _told(person: Client, method: str, request: bytes) -> Refusal:
    return await refusal(person.raw(method, request))


def _ids(message: Message) -> list[Leaf]:
    return [leaf for leaf in leaves(message) if leaf.path.endswith("_id") and leaf.path != "request_id"]


@pytest.mark.parametrize("wanted", [each for each in by_name() if _has_foreign_ids(each.values[0])])
async def test_in_changes_foreign_and_unknown_ids_are_refused_alike(
    world: World, play: Play, foreign: Foreign, wanted: Request
) -> None:
    message = await wanted.make(world, play)
    before = await world.running.revision()
    for leaf in _ids(message):
        if wanted.takes_anything(leaf.path) or leaf.path.endswith("orderer_id"):
            continue
        prefix = PREFIXES[leaf.steps[-1][0]]
        told = [
            await _told(
                world.people[wanted.person],
                wanted.method,
                with_value(message, leaf, value).SerializeToString(),
            )
            for value in (foreign.ids[prefix], f"{prefix}_{NOBODYS}")
        ]
        assert told[0] == told[1], leaf.path
        assert told[0].reason in ("NOT_FOUND", "TERMS_CHANGED_TOO_FAR"), leaf.path
    assert await world.running.revision() == before


def _looks() -> list[ParameterSet]:
    """Every method that looks at something by its id."""
    found = []
    for service in services():
        for method in service.methods:
            fields = method.input_type.fields_by_name
            if "request_id" in fields or not {"contract_id", "works_id"} & set(fields):
                continue
            if not method.name.startswith("List") or "page_size" not in fields:
                found.append(pytest.param(method, id=method.name))
    return found


@pytest.mark.parametrize("method", _looks())
@pytest.mark.parametrize("who", ["contractor", "underwriter", "approver"])
async def test_in_looks_foreign_and_unknown_ids_are_refused_alike(
    world: World, foreign: Foreign, method: MethodDescriptor, who: str
) -> None:
    kind = message_factory.GetMessageClass(method.input_type)
    name = f"{method.containing_service.name}/{method.name}"
    told = []
    for ids in (foreign.ids, {prefix: f"{prefix}_{NOBODYS}" for prefix in foreign.ids}):
        names = {"contract_id": "con", "works_id": "wrk", "attachment_id": "att"}
        values = {
            field: ids[prefix] for field, prefix in names.items() if field in kind.DESCRIPTOR.fields_by_name
        }
        data_ = kind(**values).SerializeToString()
        person = world.people[who]
        call = person.download(name, data_) if method.server_streaming else person.raw(name, data_)
        told.append(await refusal(call))
    assert told[0] == told[1]
    assert told[0].code in (StatusCode.NOT_FOUND, StatusCode.PERMISSION_DENIED)
    assert told[0].reason in ("NOT_FOUND", "PERMISSION_DENIED")


async def test_a_draft_is_as_unknown_to_the_guarantor_as_what_is_not_there(world: World, play: Play) -> None:
    draft = await play.draft()
    told = [
        await refusal(world.underwriter.contracts.GetContract(GetContractRequest(contract_id=contract_id)))
        for contract_id in (draft.contract_id, f"con_{NOBODYS}")
    ]
    assert told[0] == told[1]
    assert told[0].reason == "NOT_FOUND"


async def test_an_attachment_is_found_in_its_own_contract_only(world: World, play: Play) -> None:
    attached = await play.attach(await play.draft(), data.pdf())
    other = await play.draft()
    request = DownloadAttachmentRequest(
        contract_id=other.contract_id, attachment_id=attached.attachment.attachment_id
    )
    told = await refusal(world.contractor.contracts.DownloadAttachment(request))
    assert told.reason == "NOT_FOUND"


async def test_an_officer_changes_the_policy_of_no_other_city(world: World) -> None:
    told = []
    for orderer_id in ("hinokawa", "no-such-city"):
        request = directory.UpdateOrdererRequest(request_id=fresh(), orderer_id=orderer_id)
        request.policy.addressee = "市長"
        told.append(await refusal(world.officer.directory.UpdateOrderer(request)))
    assert told[0] == told[1]
    assert told[0].reason == "NOT_FOUND"
