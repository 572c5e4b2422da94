"""Refusals as they come over the wire, held against what every refusal must be (AIP-193)."""

from collections.abc import AsyncIterable, Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
import pytest
from google.rpc import error_details_pb2, status_pb2

DETAILS_KEY = "grpc-status-details-bin"
MAX_MESSAGE_BYTES = 200
MAX_DETAILS_BYTES = 6 * 1024

_KINDS = {
    kind.DESCRIPTOR.full_name: kind
    for kind in (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.PreconditionFailure,
        error_details_pb2.RetryInfo,
        error_details_pb2.QuotaFailure,
        error_details_pb2.LocalizedMessage,
        error_details_pb2.Help,
    )
}


@dataclass(frozen=True)
class Refusal:
    """What a refused call told. ``data`` are the details' bytes."""

    code: grpc.StatusCode
    message: str
    data: bytes

    @property
    def details(self) -> list[Any]:
        """The details, unpacked."""
        return [_unpacked(packed) for packed in status_pb2.Status.FromString(self.data).details]

    def all_of(self, kind: type) -> list[Any]:
        """The details of one kind."""
        return [each for each in self.details if isinstance(each, kind)]

    @property
    def info(self) -> Any:
        """The one ErrorInfo."""
        (found,) = self.all_of(error_details_pb2.ErrorInfo)
        return found

    @property
    def reason(self) -> str:
        """The reason's bare token."""
        return str(self.info.reason)

    @property
    def localized(self) -> Any:
        """The one sentence for people."""
        (found,) = self.all_of(error_details_pb2.LocalizedMessage)
        return found

    @property
    def violations(self) -> list[tuple[str, str]]:
        """Reason and field of every field violation."""
        return [
            (v.reason, v.field)
            for each in self.all_of(error_details_pb2.BadRequest)
            for v in each.field_violations
        ]

    @property
    def fields(self) -> set[str]:
        """The fields that are named."""
        return {field for _, field in self.violations}


def _unpacked(packed: Any) -> Any:
    message = _KINDS[packed.type_url.rpartition("/")[2]]()
    assert packed.Unpack(message)
    return message


def refusal_of(error: grpc.aio.AioRpcError) -> Refusal:
    """Read a failed call."""
    found = [value for key, value in error.trailing_metadata() or () if key == DETAILS_KEY]
    assert len(found) == 1, f"{error.code()} without details: {error.details()}"
    data = found[0]
    assert isinstance(data, bytes)
    return Refusal(error.code(), error.details() or "", data)


class Caught:
    """The refusal of a block, once the block has ended."""

    _refusal: Refusal | None = None

    def set(self, refusal: Refusal) -> None:
        """Keep what was told."""
        self._refusal = refusal

    def __getattr__(self, name: str) -> Any:
        assert self._refusal is not None
        return getattr(self._refusal, name)


@contextmanager
def refused(reason: str, *fields: str) -> Iterator[Caught]:
    """Expect the block's call to be refused for a reason, and where fields are given, at one of them each."""
    caught = Caught()
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        yield caught
    refusal = refusal_of(raised.value)
    assert refusal.reason == reason, (refusal.reason, refusal.violations, refusal.message)
    for field in fields:
        assert field in refusal.fields, refusal.violations
    caught.set(refusal)


async def refusal(call: Awaitable[object] | AsyncIterable[object]) -> Refusal:
    """Give the refusal of a call, unary or streaming, that must be refused."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        if isinstance(call, AsyncIterable):
            async for _ in call:
                pass
        else:
            await call
    return refusal_of(raised.value)


def check_form(refusal: Refusal, language: str) -> None:
    """Hold a refusal against what is true of all of them."""
    assert refusal.message.isascii()
    assert 0 < len(refusal.message.encode()) <= MAX_MESSAGE_BYTES
    assert len(refusal.data) < MAX_DETAILS_BYTES
    status = status_pb2.Status.FromString(refusal.data)
    assert status.code == refusal.code.value[0]
    assert status.message == refusal.message
    assert refusal.info.domain == "tashika"
    assert refusal.localized.locale == {"ja": "ja-JP", "en": "en"}[language]
    assert refusal.localized.message
    assert refusal.localized.message.isascii() == (language == "en") or language == "en"
    (help_,) = refusal.all_of(error_details_pb2.Help)
    assert len(help_.links) == 1
    assert help_.links[0].description
    assert help_.links[0].url.endswith(refusal.reason)
