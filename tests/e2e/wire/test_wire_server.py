"""What the server says of itself: its facts, its health, its protos; and in which language it speaks."""

from typing import Any

import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from tashika.v1 import log_service_pb2 as log
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import works_service_pb2 as works
from tashika_formats.checkpoint import parse_checkpoint_text, parse_note
from tests.support.client import fresh
from tests.support.people import PASSWORD, World
from tests.support.play import Play
from tests.support.refusals import refusal, refused
from tests.transport.protos import services

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-server")]

NAMES = [service.full_name for service in services()]


async def test_the_server_says_what_it_is_to_anybody(world: World) -> None:
    info = await world.anonymous.sessions.GetServerInfo(sessions.GetServerInfoRequest())
    assert info.version
    assert info.demo
    assert (info.today.year, info.today.month, info.today.day) == (
        world.today.year, world.today.month, world.today.day,
    )  # fmt: skip
    assert info.log_verifier_key.startswith(info.log_origin + "+")
    assert (info.max_attachment_bytes, info.max_chunk_bytes) == (20 * 1024 * 1024, 64 * 1024)
    assert all("BEGIN CERTIFICATE" in root for root in info.root_certificates)
    assert info.root_certificates


@pytest.mark.parametrize("name", ["", *NAMES])
async def test_every_service_is_healthy(world: World, name: str) -> None:
    health: Any = health_pb2_grpc.HealthStub(world.running.channel)
    answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_reflection_lists_every_service_and_gives_its_file(world: World) -> None:
    channel: Any = world.running.channel
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    asked = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        *(reflection_pb2.ServerReflectionRequest(file_containing_symbol=name) for name in NAMES),
    ]
    answers = [answer async for answer in stub.ServerReflectionInfo(iter(asked))]
    listed = {each.name for each in answers[0].list_services_response.service}
    assert set(NAMES) | {"grpc.health.v1.Health"} <= listed
    assert all(answer.file_descriptor_response.file_descriptor_proto for answer in answers[1:])


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "ja-JP"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ja;q=0.3, en;q=0.4", "en"),
        ("fr, de", "ja-JP"),
        ("fr, en;q=0.1", "en"),
        ("*;q=1", "ja-JP"),
        ("q=q;q=, ;;;,", "ja-JP"),
    ],
)
async def test_sentences_come_in_the_language_that_the_call_likes_better(
    world: World, header: str, locale: str
) -> None:
    person = world.running.client(world.contractor.token, header)
    told = await refusal(person.works.GetWorks(works.GetWorksRequest(works_id="wrk_" + "0" * 26)))
    assert told.localized.locale == locale


async def test_without_a_wish_of_the_call_the_language_is_that_of_the_session(world: World) -> None:
    request = sessions.CreateSessionRequest(
        login_name="contractor@example.jp", password=PASSWORD, language="en"
    )
    made = await world.anonymous.sessions.CreateSession(request)
    asked = works.GetWorksRequest(works_id="wrk_" + "0" * 26)
    english = await refusal(world.running.client(made.token).works.GetWorks(asked))
    assert english.localized.locale == "en"
    japanese = await refusal(world.running.client(made.token, "ja").works.GetWorks(asked))
    assert japanese.localized.locale == "ja-JP"


async def test_more_than_20_violations_are_counted_and_the_answer_stays_small(world: World) -> None:
    request = works.CreateWorksRequest(request_id="x")
    terms = request.works
    for name in ("number", "name", "place", "section"):
        setattr(terms, name, "\u0007" * 199)
    terms.price_yen = -5
    for name in ("notice_date", "contract_date", "initial_contract_date", "period_start", "period_end"):
        getattr(terms, name).CopyFrom(type(terms.notice_date)(year=1, month=1, day=1))
    request.request_id = fresh()
    for language in ("ja", "en"):
        told = await refusal(world.contractor.speaking(language).works.CreateWorks(request))
        assert len(told.violations) >= 1
        assert len(told.data) < 6 * 1024


async def test_the_log_gives_a_signed_checkpoint_and_proofs_to_anybody(world: World, play: Play) -> None:
    issued = await play.issue(await play.paid())
    index = issued.certificate.leaf_index
    asked = log.GetInclusionProofRequest(leaf_index=index, tree_size=index + 1)
    proof = await world.anonymous.log.GetInclusionProof(asked)
    assert proof.tree_size == index + 1
    assert all(len(each) == 32 for each in proof.hashes)
    checkpoint = await world.anonymous.log.GetCheckpoint(log.GetCheckpointRequest())
    parsed = parse_checkpoint_text(parse_note(checkpoint.checkpoint.encode()).text)
    assert parsed.size == checkpoint.tree_size
    for request in (
        log.GetInclusionProofRequest(leaf_index=2**62),
        log.GetInclusionProofRequest(leaf_index=0, tree_size=2**62),
    ):
        with refused("NOT_FOUND"):
            await world.anonymous.log.GetInclusionProof(request)
    for old, new in ((2, 1), (1, 2**62), (2**62, 0)):
        with refused("NOT_FOUND"):
            await world.anonymous.log.GetConsistencyProof(
                log.GetConsistencyProofRequest(old_tree_size=old, new_tree_size=new)
            )
    with refused("AMOUNT_NOT_POSITIVE"):
        await world.anonymous.log.GetConsistencyProof(log.GetConsistencyProofRequest(old_tree_size=0))
