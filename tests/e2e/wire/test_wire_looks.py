"""Requests that change nothing: whatever stands in them, the answer is an answer or a reason, never a fault."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from _pytest.mark import ParameterSet
from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message

from tashika.v1 import user_pb2
from tashika_server.application.access import RULES
from tashika_server.domain.model import Role
from tests.support import data
from tests.support.client import Client
from tests.support.people import COMPANY, World
from tests.support.play import Play
from tests.support.refusals import check_form, refusal, refusal_of
from tests.transport.protos import services

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-looks")]

METHODS = [method for service in services() for method in service.methods]
PERSON = {Role.CONTRACTOR: "contractor", Role.UNDERWRITER: "underwriter", Role.APPROVER: "approver"}

TEXTS = (
    "",
    "\u0000",
    "工\u0000事",
    "\u202e",
    "' OR 1=1 --",
    "%",
    "\\",
    "🙂" * 30,
    "\ufffe",
    "０" * 14,
    "a" * 200,
    "-1",
)
NUMBERS = (-1, 0, 1, 2**31 - 1, -(2**31))
LISTS = ("ListContracts", "ListWorks", "ListOrderers", "ListOrganizations", "ListUsers")


def _caller(world: World, method: MethodDescriptor) -> Client:
    """Somebody who may call the method."""
    rule = RULES[f"/{method.containing_service.full_name}/{method.name}"]
    if rule.ssh_host:
        return world.running.at_door()
    roles = rule.roles
    name = next((PERSON[role] for role in PERSON if role in roles), "operator")
    return world.people[name]


def _looks() -> list[ParameterSet]:
    chosen = [
        method
        for method in METHODS
        if "request_id" not in method.input_type.fields_by_name
        and not method.client_streaming
        and method.name not in ("ChangePassword", "DeleteSession")
    ]
    return [pytest.param(method, id=method.name) for method in chosen]


def _odd(message: Message) -> Iterator[Message]:
    """The message with one field or another filled oddly."""
    for field in message.DESCRIPTOR.fields:
        inner: Any = field.message_type
        if inner is not None and field.is_repeated:
            continue
        if inner is not None:
            part = message_factory.GetMessageClass(inner)()
            for odd in _odd(part):
                changed = type(message)()
                changed.CopyFrom(message)
                getattr(changed, field.name).CopyFrom(odd)
                yield changed
            continue
        for value in _values(field):
            changed = type(message)()
            changed.CopyFrom(message)
            setattr(changed, field.name, value)
            yield changed


def _values(field: Any) -> tuple[Any, ...]:
    if field.is_repeated:
        return ()
    if field.type == FieldDescriptor.TYPE_STRING:
        return TEXTS
    if field.type == FieldDescriptor.TYPE_BOOL:
        return (True,)
    if field.type == FieldDescriptor.TYPE_ENUM:
        return (0, 1, 99, -1)
    return (*NUMBERS, *((2**63 - 1, -(2**63)) if field.cpp_type == FieldDescriptor.CPPTYPE_INT64 else ()))


async def _call(person: Client, method: MethodDescriptor, request: bytes) -> None:
    name = f"{method.containing_service.name}/{method.name}"
    if method.name.startswith("Watch"):
        # It goes on for as long as somebody looks.
        await person.first(name, request)
    elif method.server_streaming:
        await person.download(name, request)
    else:
        await person.raw(name, request)


@pytest.mark.parametrize("method", _looks())
async def test_an_odd_request_gets_an_answer_or_a_reason(world: World, method: MethodDescriptor) -> None:
    person = _caller(world, method)
    base = message_factory.GetMessageClass(method.input_type)()
    for request in (base, *_odd(base)):
        try:
            await _call(person, method, request.SerializeToString())
        except grpc.aio.AioRpcError as error:
            told = refusal_of(error)
            assert told.reason != "INTERNAL", request
            check_form(told, "ja")


@pytest.mark.parametrize("method", [pytest.param(method, id=method.name) for method in METHODS])
async def test_bytes_that_are_no_message_are_refused_by_every_method(
    world: World, method: MethodDescriptor
) -> None:
    name, person = f"{method.containing_service.name}/{method.name}", _caller(world, method)
    for junk in (b"\xff\xff", b"\x0a\x05a", b"\x08"):
        if method.client_streaming:
            told = await refusal(person.upload(name, [junk]))
        else:
            told = await refusal(_call(person, method, junk))
        assert told.reason == "MALFORMED_REQUEST"


async def test_fields_that_the_server_does_not_know_are_passed_over(world: World) -> None:
    unknown = bytes.fromhex("fa7f03616263")
    assert await world.contractor.raw("SessionService/GetSession", unknown)
    assert await world.contractor.raw("WorksService/ListWorks", unknown)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lister(world: World) -> Play:
    """A contractor with some works and contracts; others of the shared server have too many for one page."""
    await world.organize("listing_company", name="いろは建設㈱", **COMPANY)
    await world.admit("lister", "listing_company", user_pb2.ROLE_CONTRACTOR)
    play = Play(world, contractor="lister")
    for title in ("う", "あ", "𠮷", "あ"):
        await play.submitted(works_id=await play.works(name=title))
    return play


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("name", LISTS)
async def test_every_order_of_every_list_pages_to_the_same_whole(
    world: World, lister: Play, name: str, descending: bool
) -> None:
    (method,) = [method for method in METHODS if method.name == name]
    kind: Any = message_factory.GetMessageClass(method.input_type)
    choice: Any = method.input_type.fields_by_name["sort"].enum_type
    for sort in choice.values_by_number:
        order = {"sort": sort, "descending": descending}
        whole, _ = await _page(world, method, kind(**order, page_size=200))
        assert await _walk(world, method, kind, order, "next") == whole
        assert await _walk(world, method, kind, order | {"from_end": True}, "previous") == whole
        turned, _ = await _page(world, method, kind(sort=sort, descending=not descending, page_size=200))
        assert turned == whole[::-1]


async def _page(world: World, method: MethodDescriptor, request: Message) -> tuple[list[bytes], Any]:
    answer: Any = message_factory.GetMessageClass(method.output_type)()
    name = f"{method.containing_service.name}/{method.name}"
    caller = _caller(world, method)
    person = world.people["lister"] if caller is world.people["contractor"] else caller
    answer.ParseFromString(await person.send(name, request))
    (rows,) = [field.name for field in answer.DESCRIPTOR.fields if field.is_repeated]
    return [row.SerializeToString() for row in getattr(answer, rows)], answer


async def _walk(
    world: World, method: MethodDescriptor, kind: Any, order: dict[str, Any], towards: str
) -> list[bytes]:
    rows: list[bytes] = []
    token = None
    while token != "":
        page, answer = await _page(world, method, kind(**order, page_size=3, page_token=token or ""))
        rows = rows + page if towards == "next" else page + rows
        token = getattr(answer, f"{towards}_page_token")
    return rows


async def test_what_is_listed_is_not_another_companys(world: World, lister: Play) -> None:
    mine = await lister.works(name="自社だけの工事")
    theirs = Play(world, contractor="other_contractor")
    draft = await theirs.draft(data.PERFORMANCE)
    (list_works,) = [method for method in METHODS if method.name == "ListWorks"]
    kind: Any = message_factory.GetMessageClass(list_works.input_type)
    answer = (await _page(world, list_works, kind(page_size=200)))[1]
    ids = {row.works_id for row in answer.works}
    assert mine in ids
    assert draft.application.works_id not in ids
