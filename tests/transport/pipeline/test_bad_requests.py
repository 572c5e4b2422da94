"""Bytes that are no request, and requests that break their proto's rules."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2

from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.call import Call
from tests.transport.echo import COLLECT, Echo, World, refused, serving


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"\x0a\x05ab",
        b"\x0a\x02\xc3\x28",  # not UTF-8
        b"\x0a\x03\xed\xa0\x80",  # a lone surrogate
        b"\x1a\x02\x1a" * 200,
        b"\x08" + b"\xff" * 11,
    ],
)
async def test_malformed_bytes_have_their_reason_and_no_words_of_the_parser(
    tmp_path: Path, data: bytes
) -> None:
    async with serving(World(), tmp_path) as client:
        refusal = await refused(client.get(data))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED_REQUEST")
    assert refusal.message == "The request could not be read."


async def test_a_message_above_a_mebibyte_is_refused_with_the_limit(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        refusal = await refused(client.get(Echo(name="n", data=b"x" * (1024 * 1024))))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE")
    assert "1 MiB" in refusal.sentence


async def test_a_message_that_is_far_too_large_is_cut_off(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.get(Echo(name="n", data=b"x" * (3 * 1024 * 1024)))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def message_of(**fields: object) -> bytes:
    raw: bytes = Echo(**fields).SerializeToString()
    return raw


@pytest.mark.parametrize(
    ("data", "field", "reason", "sentence"),
    [
        (message_of(), "name", "FIELD_REQUIRED", "名称が入力されていません。"),
        (message_of(name="n", text="x" * 21), "text", "FIELD_TOO_LONG", "本文が長すぎます（20文字以内）。"),
        (
            message_of(name="n", parts=[{}, {"price_yen": -1}]),
            "parts[1].price_yen",
            "AMOUNT_NOT_POSITIVE",
            "請負代金額（2件目）には、正の数を入力してください。",
        ),
        (
            message_of(name="n", parts=[{"price_yen": 1_000_001}]),
            "parts[0].price_yen",
            "AMOUNT_TOO_LARGE",
            "請負代金額（1件目）が、扱える上限を超えています。",
        ),
        (
            message_of(name="n", parts=[{}] * 4),
            "parts",
            "TOO_MANY_ITEMS",
            "partsの件数が多すぎます（3件以内）。",
        ),
        (
            message_of(name="n", request_id="1"),
            "request_id",
            "REQUEST_ID_FORMAT",
            "request_idがUUIDの形式になっていません。",
        ),
    ],
)
async def test_a_broken_rule_is_named_at_its_field(
    tmp_path: Path, data: bytes, field: str, reason: str, sentence: str
) -> None:
    async with serving(World(), tmp_path) as client:
        refusal = await refused(client.get(data))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
    violations = refusal.detail(error_details_pb2.BadRequest).field_violations
    assert [(v.field, v.reason, v.localized_message.message) for v in violations] == [
        (field, reason, sentence)
    ]


async def test_every_broken_rule_is_told_at_once(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        refusal = await refused(client.get(Echo(text="x" * 21, parts=[{}] * 4)))
    violations = refusal.detail(error_details_pb2.BadRequest).field_violations
    assert {v.reason for v in violations} == {"FIELD_REQUIRED", "FIELD_TOO_LONG", "TOO_MANY_ITEMS"}


async def test_each_message_of_an_upload_is_checked(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        assert (await client.collect([Echo(name="n", text="a"), Echo(name="n", text="b")])).text == "ab"
        assert (await refused(client.collect([Echo(name="n"), b"\xff"]))).reason == "MALFORMED_REQUEST"
        assert (await refused(client.collect([Echo(name="n"), Echo()]))).reason == "FIELD_REQUIRED"
        assert (await client.collect([])).text == ""


async def test_a_download_is_refused_before_its_first_message(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        assert [Echo.FromString(m).text async for m in client.count(Echo(name="n"))] == ["0", "1", "2"]
        assert (await refused(anext(aiter(client.count(b"\xff"))))).reason == "MALFORMED_REQUEST"


async def refuse_at_once(requests: object, call: Call) -> Message:
    raise refuse(Reason.PERMISSION_DENIED)


async def test_a_refused_upload_tells_why_also_while_it_is_sent(tmp_path: Path) -> None:
    chunks = [Echo(name="n", data=b"x" * 30_000)] * 100
    async with serving(World(collect=refuse_at_once), tmp_path) as client:
        for _ in range(5):
            assert (await refused(client.collect(chunks))).reason == "PERMISSION_DENIED"


class Upload:
    """A call with three messages to read, which notes when it is aborted."""

    def __init__(self) -> None:
        self.messages = [b"1", b"2", b"3"]
        self.unread_at_abort = -1

    def peer(self) -> str:
        return "unix:"

    def invocation_metadata(self) -> tuple[()]:
        return ()

    def time_remaining(self) -> None:
        return None

    async def read(self) -> object:
        return self.messages.pop() if self.messages else grpc.aio.EOF

    async def abort(self, code: object, details: str, metadata: object) -> None:
        self.unread_at_abort = len(self.messages)
        raise grpc.aio.AbortError


async def test_the_rest_of_a_refused_upload_is_read_before_the_answer() -> None:
    """A client in Python that is still writing when the answer comes loses the reason."""
    details: Any = SimpleNamespace(method=COLLECT)
    handler: Any = World(collect=refuse_at_once).pipeline().service(details)
    upload = Upload()
    with pytest.raises(grpc.aio.AbortError):
        await handler.stream_unary(None, upload)
    assert upload.unread_at_abort == 0
