"""A client for tests: typed stubs on one channel, with a person's token and language on every call."""

import functools
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, cast

import grpc
import grpc.aio
from google.protobuf.message import Message

from tashika.v1.certificate_service_pb2_grpc import CertificateServiceStub
from tashika.v1.contract_service_pb2_grpc import ContractServiceStub
from tashika.v1.directory_service_pb2_grpc import DirectoryServiceStub
from tashika.v1.key_service_pb2_grpc import KeyServiceStub
from tashika.v1.log_service_pb2_grpc import LogServiceStub
from tashika.v1.notice_service_pb2_grpc import NoticeServiceStub
from tashika.v1.report_service_pb2_grpc import ReportServiceStub
from tashika.v1.session_service_pb2_grpc import SessionServiceStub
from tashika.v1.works_service_pb2_grpc import WorksServiceStub

SECONDS = 30.0
"""A test that waits longer has found a fault."""


def fresh() -> str:
    """A request_id for a new intent."""
    return str(uuid.uuid4())


class _Calling:
    """As much of a channel as stubs use; the calls that it makes carry metadata and a deadline."""

    def __init__(self, channel: grpc.aio.Channel, metadata: tuple[tuple[str, str], ...]) -> None:
        self._channel = channel
        self._metadata = metadata

    def __getattr__(self, shape: str) -> Callable[..., Any]:
        make = getattr(self._channel, shape)

        def prepared(*args: Any, **kwargs: Any) -> Any:
            return functools.partial(make(*args, **kwargs), metadata=self._metadata, timeout=SECONDS)

        return prepared


class Client:
    """One person's connection (or nobody's) to a server."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        token: str = "",
        language: str = "",
        more: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.channel = channel
        self.token = token
        self.language = language
        metadata = [("authorization", f"Bearer {token}")] if token else []
        metadata += [("accept-language", language)] if language else []
        self.metadata = (*metadata, *more)
        calling = cast(grpc.aio.Channel, _Calling(channel, self.metadata))
        self._calling: Any = calling
        self.sessions = SessionServiceStub(calling)
        self.directory = DirectoryServiceStub(calling)
        self.works = WorksServiceStub(calling)
        self.contracts = ContractServiceStub(calling)
        self.certificates = CertificateServiceStub(calling)
        self.keys = KeyServiceStub(calling)
        self.reports = ReportServiceStub(calling)
        self.notices = NoticeServiceStub(calling)
        self.log = LogServiceStub(calling)

    def speaking(self, language: str) -> "Client":
        """The same person, who wants another language."""
        return Client(self.channel, self.token, language)

    async def raw(self, method: str, data: bytes) -> bytes:
        """Send bytes to a unary method (``ContractService/GetContract``) and give the answer's bytes."""
        answer: bytes = await self._calling.unary_unary(full_name(method))(data)
        return answer

    async def send(self, method: str, request: Message) -> bytes:
        """Send a message to a unary method by its name."""
        return await self.raw(method, request.SerializeToString())

    async def upload(self, method: str, parts: Iterable[bytes]) -> bytes:
        """Send raw messages to a method that takes a stream."""
        answer: bytes = await self._calling.stream_unary(full_name(method))(_each(parts))
        return answer

    async def download(self, method: str, data: bytes) -> list[bytes]:
        """Call a method that gives a stream, and give all its messages."""
        return [part async for part in self._calling.unary_stream(full_name(method))(data)]

    async def first(self, method: str, data: bytes) -> bytes | None:
        """Call a method that gives a stream, take its first message, and hang up."""
        call = self._calling.unary_stream(full_name(method))(data)
        try:
            return await anext(aiter(call), None)
        finally:
            call.cancel()


async def _each(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def full_name(method: str) -> str:
    """``ContractService/GetContract`` as gRPC writes it."""
    return method if method.startswith("/") else f"/tashika.v1.{method}"
