"""One person's way to the server, or an anonymous one: the stubs, the token, and how calls are made."""

import hashlib
import uuid
from collections.abc import AsyncIterable, AsyncIterator
from typing import Protocol, TypeVar

import grpc
import grpc.aio

from tashika.v1 import (
    certificate_service_pb2_grpc,
    contract_attaching_pb2,
    contract_service_pb2_grpc,
    directory_service_pb2_grpc,
    document_service_pb2_grpc,
    file_pb2,
    key_service_pb2_grpc,
    session_service_pb2,
    session_service_pb2_grpc,
    works_service_pb2_grpc,
)
from tashika.v1.contract_pb2 import Contract
from tashika_server.demo.script.failure import Refusal, StepFailedError
from tashika_server.demo.script.options import Credentials

Request = TypeVar("Request")
Response = TypeVar("Response")

CALL_SECONDS = 60.0
# The largest chunk that a server takes.
CHUNK_BYTES = 64 * 1024
MAX_FILE_BYTES = 32 * 1024 * 1024


class FilePart(Protocol):
    """One message of a stream that gives a file."""

    @property
    def header(self) -> file_pb2.FileHeader: ...
    @property
    def chunk(self) -> bytes: ...
    def WhichOneof(self, name: str, /) -> str | None: ...


Part = TypeVar("Part", bound=FilePart)


class Desk:
    """Somebody at a server. With an empty token: nobody in particular."""

    def __init__(self, channel: grpc.aio.Channel, token: str = "") -> None:
        self._channel = channel
        self._metadata: tuple[tuple[str, str], ...] = (("accept-language", "ja"),)
        if token:
            self._metadata += (("authorization", f"Bearer {token}"),)
        self.sessions = session_service_pb2_grpc.SessionServiceStub(channel)
        self.directory = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        self.works = works_service_pb2_grpc.WorksServiceStub(channel)
        self.contracts = contract_service_pb2_grpc.ContractServiceStub(channel)
        self.certificates = certificate_service_pb2_grpc.CertificateServiceStub(channel)
        self.documents = document_service_pb2_grpc.DocumentServiceStub(channel)
        self.keys = key_service_pb2_grpc.KeyServiceStub(channel)

    async def ask(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[Request, Response]", request: Request
    ) -> Response:
        """Make a call. Raises StepFailedError with the server's own words where it refuses."""
        try:
            return await method(request, timeout=CALL_SECONDS, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            raise Refusal(error).failure() from None

    async def expect_refusal(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[Request, Response]", request: Request, reason: str
    ) -> Refusal:
        """Make a call that must be refused with `reason`. Raises StepFailedError where it is not."""
        try:
            await method(request, timeout=CALL_SECONDS, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            refusal = Refusal(error)
            if refusal.reason == reason:
                return refusal
            raise refusal.failure() from None
        raise failed(f"{reason} で拒否されませんでした。", f"A call passed that {reason} should refuse.")

    async def download(
        self, method: "grpc.aio.UnaryStreamMultiCallable[Request, Part]", request: Request
    ) -> bytes:
        """Get a file, all of it. Raises StepFailedError unless length and digest are as its header says."""
        try:
            return await _received(method(request, timeout=CALL_SECONDS, metadata=self._metadata))
        except grpc.aio.AioRpcError as error:
            raise Refusal(error).failure() from None

    async def attach(self, contract_id: str, name: str, data: bytes) -> Contract:
        """Attach a PDF to a contract, and give the contract with it."""
        header = contract_attaching_pb2.AttachDocumentHeader(
            request_id=fresh_id(), contract_id=contract_id, name=name, sha256=hashlib.sha256(data).hexdigest()
        )
        try:
            answer = await self.contracts.AttachDocument(
                _upload(header, data), timeout=CALL_SECONDS, metadata=self._metadata
            )
        except grpc.aio.AioRpcError as error:
            raise Refusal(error).failure() from None
        return answer.contract

    async def signed_in(self, who: Credentials) -> "Desk":
        """Sign somebody in."""
        request = session_service_pb2.CreateSessionRequest(
            login_name=who.login_name, password=who.password, language="ja"
        )
        return Desk(self._channel, (await self.ask(self.sessions.CreateSession, request)).token)

    async def sign_out(self) -> None:
        """Make the token void."""
        await self.ask(
            self.sessions.DeleteSession, session_service_pb2.DeleteSessionRequest(request_id=fresh_id())
        )


def fresh_id() -> str:
    """Make an id for a request that changes something; repeating it repeats the first answer."""
    return str(uuid.uuid4())


def failed(ja: str, en: str) -> StepFailedError:
    """Make the failure of a step that only a fault of the server explains."""
    return StepFailedError(
        f"{ja} / {en}",
        "このサーバーの動作が仕様と異なります。ログを添えて運営者に知らせてください。 / "
        "This server does not do what it should. Tell its operator, with the log.",
    )


def hold(condition: bool, ja: str, en: str) -> None:
    """Raise StepFailedError unless the condition holds."""
    if not condition:
        raise failed(ja, en)


async def _upload(
    header: contract_attaching_pb2.AttachDocumentHeader, data: bytes
) -> AsyncIterator[contract_attaching_pb2.AttachDocumentRequest]:
    yield contract_attaching_pb2.AttachDocumentRequest(header=header)
    for start in range(0, len(data), CHUNK_BYTES):
        yield contract_attaching_pb2.AttachDocumentRequest(chunk=data[start : start + CHUNK_BYTES])


async def _received(parts: AsyncIterable[FilePart]) -> bytes:
    header: file_pb2.FileHeader | None = None
    content = bytearray()
    async for part in parts:
        if part.WhichOneof("part") == "header":
            header = part.header
        else:
            content += part.chunk
        if len(content) > MAX_FILE_BYTES:
            break
    digest = hashlib.sha256(content).hexdigest()
    whole = header is not None and (header.size_bytes, header.sha256) == (len(content), digest)
    hold(whole, "受信したファイルが不完全です。", "A received file is not complete.")
    return bytes(content)
