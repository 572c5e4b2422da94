"""Admit, authenticate, authorise, validate, act: what comes first decides."""

from pathlib import Path
from typing import Any

import grpc
import pytest

from tashika_server.application.caller import Caller
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.admission import Admission
from tashika_server.transport.call import Call
from tashika_server.transport.methods import Lane, service
from tests.transport.echo import SERVICE, Echo, World, collect, count, get, refused, serving

GOOD = (("authorization", "Bearer good"),)
BAD = (("authorization", "Bearer bad"),)
MALFORMED = b"\xff\xff\xff"


def nobody(method: str, caller: Caller) -> None:
    raise refuse(Reason.PERMISSION_DENIED)


async def test_a_call_is_answered(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        answer = await client.get(Echo(text="印鑑", name="n"), GOOD)
    assert (answer.text, answer.name) == ("印鑑", "usr_1")


async def test_a_call_without_a_token_is_anonymous(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        assert (await client.get(Echo(name="n"))).name == "nobody"


async def test_a_full_server_refuses_before_it_looks_at_the_token(tmp_path: Path) -> None:
    async with serving(World(admission=Admission({Lane.CALLS: 0})), tmp_path) as client:
        assert (await refused(client.get(MALFORMED, BAD))).reason == "SERVER_BUSY"


async def test_an_unknown_token_is_refused_before_the_rule_is_asked(tmp_path: Path) -> None:
    async with serving(World(authorise=nobody), tmp_path) as client:
        refusal = await refused(client.get(MALFORMED, BAD))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED")


async def test_who_may_not_call_learns_nothing_of_the_request(tmp_path: Path) -> None:
    async with serving(World(authorise=nobody), tmp_path) as client:
        refusal = await refused(client.get(MALFORMED, GOOD))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED")


@pytest.mark.parametrize(
    "header",
    ["good", "Basic good", "Bearer ", "Bearer", "", "Bearer " + "x" * 300],
)
async def test_an_unreadable_authorization_is_refused_and_not_anonymous(tmp_path: Path, header: str) -> None:
    async with serving(World(), tmp_path) as client:
        refusal = await refused(client.get(Echo(name="n"), (("authorization", header),)))
    assert refusal.reason == "UNAUTHENTICATED"


async def test_two_authorizations_are_refused(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        assert (await refused(client.get(Echo(name="n"), GOOD + GOOD))).reason == "UNAUTHENTICATED"


async def test_the_handler_sees_caller_peer_and_time(tmp_path: Path) -> None:
    seen: list[Call] = []

    async def look(request: Any, call: Call) -> Any:
        seen.append(call)
        assert 0 < call.remaining() <= 11
        return Echo()

    async with serving(World(get=look), tmp_path) as client:
        await client.get(Echo(name="n"), GOOD)
    assert (seen[0].caller.user_id, seen[0].peer, seen[0].caller.peer) == ("usr_1", "unix", "unix")
    assert seen[0].method == f"/{SERVICE}/Get"


async def test_a_replay_ignores_the_request_id_and_the_secrets(tmp_path: Path) -> None:
    seen = []

    async def look(request: Any, call: Call) -> Any:
        seen.append(call.replay(request))
        return Echo()

    first = "0B8E4F6A-8A0F-4F2B-9D3C-111111111111"
    async with serving(World(get=look), tmp_path) as client:
        await client.get(Echo(name="n", request_id=first, password="one"), GOOD)
        await client.get(Echo(name="n", request_id=first.lower(), password="two"), GOOD)
        await client.get(Echo(name="m", request_id=first, password="one"), GOOD)
    assert seen[0] == seen[1]
    assert seen[0].digest != seen[2].digest
    assert seen[0].request_id == first.lower()
    assert b"one" not in seen[0].digest


def test_every_method_of_a_service_needs_a_handler() -> None:
    with pytest.raises(ValueError, match="Collect"):
        service(SERVICE, {"Get": get, "Count": count})
    with pytest.raises(ValueError, match="Other"):
        service(SERVICE, {"Get": get, "Count": count, "Collect": collect, "Other": get})
