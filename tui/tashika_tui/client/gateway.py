"""The gateway: the register over grpc.aio, with deadlines, retries and errors for people.

A gateway belongs to the event loop in which it was made. Nothing of the wire leaves this package.
"""

import hashlib
from collections.abc import AsyncIterable
from importlib.resources import files
from types import TracebackType
from typing import Protocol, TypeVar

import grpc
import grpc.aio

from tashika.v1 import (
    certificate_service_pb2 as certificates,
)
from tashika.v1 import (
    certificate_service_pb2_grpc,
    contract_pb2,
    contract_service_pb2_grpc,
    directory_service_pb2_grpc,
    file_pb2,
    key_service_pb2_grpc,
    session_service_pb2_grpc,
    works_service_pb2_grpc,
)
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import key_service_pb2 as keys
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import works_service_pb2 as works
from tashika_tui.client import records, wire, wire_records
from tashika_tui.client.endpoint import Endpoint
from tashika_tui.client.errors import BrokenAnswer, RefusedByServer
from tashika_tui.client.wire_errors import from_rpc_error
from tashika_tui.problems import LocalError
from tashika_tui.version import client_version

# What a person waits for at most; the service config has shorter times for single methods.
CALL_SECONDS = 30.0
STREAM_SECONDS = 120.0

# The largest file that a register sends is an attachment of 20 MiB.
MAX_FILE_BYTES = 32 * 1024 * 1024

Request = TypeVar("Request")
Response = TypeVar("Response")


class _FilePart(Protocol):
    """One message of a stream that gives a file."""

    @property
    def header(self) -> file_pb2.FileHeader: ...
    @property
    def chunk(self) -> bytes: ...
    def WhichOneof(self, name: str, /) -> str | None: ...


class GrpcGateway:
    """The register at one endpoint for one caller. Use it with `async with`.

    `language` is `ja` or `en`; `token` is a session's bearer token, empty for an anonymous caller. Raises
    LocalError if the file of trusted authorities can't be read.
    """

    def __init__(self, endpoint: Endpoint, language: str, token: str = "") -> None:
        self._metadata: tuple[tuple[str, str], ...] = (("accept-language", language),)
        self._language = language
        if token:
            self._metadata += (("authorization", f"Bearer {token}"),)
        self._channel = _open_channel(endpoint)
        self._sessions = session_service_pb2_grpc.SessionServiceStub(self._channel)
        self._certificates = certificate_service_pb2_grpc.CertificateServiceStub(self._channel)
        self._contracts = contract_service_pb2_grpc.ContractServiceStub(self._channel)
        self._keys = key_service_pb2_grpc.KeyServiceStub(self._channel)
        self._works = works_service_pb2_grpc.WorksServiceStub(self._channel)
        self._directory = directory_service_pb2_grpc.DirectoryServiceStub(self._channel)

    async def __aenter__(self) -> "GrpcGateway":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection; calls that run are cancelled."""
        await self._channel.close()

    async def server_info(self) -> records.ServerInfo:
        """What the server is."""
        answer = await self._unary(self._sessions.GetServerInfo, sessions.GetServerInfoRequest())
        return wire_records.server_info(answer)

    async def create_session(self, login_name: str, password: str) -> records.NewSession:
        """Signs a person in."""
        request = sessions.CreateSessionRequest(
            login_name=login_name, password=password, language=self._language
        )
        answer = await self._unary(self._sessions.CreateSession, request)
        if not answer.token:
            raise BrokenAnswer("no token")
        return records.NewSession(answer.token, wire_records.session(answer.session))

    async def get_session(self) -> records.Session:
        """Who is signed in."""
        answer = await self._unary(self._sessions.GetSession, sessions.GetSessionRequest())
        return wire_records.session(answer.session)

    async def delete_session(self, request_id: str) -> None:
        """Signs out; the token is void at once."""
        await self._unary(self._sessions.DeleteSession, sessions.DeleteSessionRequest(request_id=request_id))

    async def change_password(self, old_password: str, new_password: str) -> None:
        """Changes the caller's password."""
        request = sessions.ChangePasswordRequest(old_password=old_password, new_password=new_password)
        await self._unary(self._sessions.ChangePassword, request)

    async def open_certificate(self, contract_number: str, key: str) -> records.OpenedCertificate:
        """Opens a certificate with number and authentication key."""
        request = certificates.OpenCertificateRequest(contract_number=contract_number, key=key)
        return wire_records.opened(await self._unary(self._certificates.OpenCertificate, request))

    async def verify_certificate(self, pdf_sha256: str) -> records.RegisterAnswer | None:
        """What the register says of a file; None: it issued no such file."""
        request = certificates.VerifyCertificateRequest(pdf_sha256=pdf_sha256)
        try:
            answer = await self._unary(self._certificates.VerifyCertificate, request)
        except RefusedByServer as error:
            if error.reason == "NOT_FOUND":
                return None
            raise
        return wire_records.register_answer(answer)

    async def download_viewed(self, viewing_token: str, version: int = 0) -> records.File:
        """The PDF of a version, by a viewing token."""
        request = certificates.DownloadCertificateRequest(version=version, viewing_token=viewing_token)
        # The session plays no part here, and an expired one must not stand in the way.
        return await _receive(
            self._certificates.DownloadCertificate(
                request, timeout=STREAM_SECONDS, metadata=self._metadata[:1]
            )
        )

    async def download_certificate(self, contract_id: str, version: int = 0) -> records.File:
        """The PDF of a version, by the session."""
        request = certificates.DownloadCertificateRequest(contract_id=contract_id, version=version)
        return await _receive(
            self._certificates.DownloadCertificate(request, timeout=STREAM_SECONDS, metadata=self._metadata)
        )

    async def download_key_notice(self, contract_id: str) -> records.File:
        """The notice of the authentication key as a PDF."""
        request = keys.DownloadKeyNoticeRequest(contract_id=contract_id)
        return await _receive(
            self._keys.DownloadKeyNotice(request, timeout=STREAM_SECONDS, metadata=self._metadata)
        )

    async def list_contracts(
        self, wanted: records.ContractFilter, page: records.PageRequest
    ) -> records.Page[records.ContractRow]:
        """A page of the caller's guarantee contracts."""
        request = contracts.ListContractsRequest(
            filter=contracts.ContractFilter(
                state=wire.enum_name(contract_pb2.ContractState, wanted.state),
                contract_number=wanted.contract_number,
            ),
            sort=wire.enum_name(contracts.ContractSort, wanted.sort),
            from_value=wanted.from_value,
            page_size=page.size,
            page_token=page.token,
            descending=page.descending,
        )
        answer = await self._unary(self._contracts.ListContracts, request)
        items = tuple(wire_records.contract_row(item) for item in answer.contracts)
        return _page(items, answer)

    async def find_contract(self, contract_number: str) -> records.ContractRow | None:
        """The caller's guarantee contract with this number (14 digits), None where there is none."""
        wanted = records.ContractFilter(contract_number=contract_number)
        page = await self.list_contracts(wanted, records.PageRequest(size=1))
        return next((item for item in page.items if item.contract_number == contract_number), None)

    async def get_contract(self, contract_id: str) -> records.Contract:
        """A guarantee contract in full."""
        request = contracts.GetContractRequest(contract_id=contract_id)
        return wire_records.contract(await self._unary(self._contracts.GetContract, request))

    async def list_works(self, page: records.PageRequest) -> records.Page[records.Works]:
        """A page of the caller's works contracts."""
        request = works.ListWorksRequest(
            page_size=page.size, page_token=page.token, descending=page.descending
        )
        answer = await self._unary(self._works.ListWorks, request)
        return _page(tuple(wire_records.works(item.works_id, item.terms) for item in answer.works), answer)

    async def list_orderers(self, page: records.PageRequest) -> records.Page[records.OrdererRow]:
        """A page of the orderers."""
        request = directory.ListOrderersRequest(
            page_size=page.size, page_token=page.token, descending=page.descending
        )
        answer = await self._unary(self._directory.ListOrderers, request)
        return _page(tuple(wire_records.orderer_row(item) for item in answer.orderers), answer)

    async def _unary(
        self, call: "grpc.aio.UnaryUnaryMultiCallable[Request, Response]", request: Request
    ) -> Response:
        try:
            return await call(request, timeout=CALL_SECONDS, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error) from None


def _open_channel(endpoint: Endpoint) -> grpc.aio.Channel:
    options: list[tuple[str, object]] = [("grpc.primary_user_agent", f"tashika/{client_version()}")]
    config = files("tashika.v1").joinpath("service_config.json")
    if config.is_file():
        options.append(("grpc.service_config", config.read_text(encoding="utf-8")))
    if not endpoint.tls:
        # What stays on this computer must not go to a proxy that the environment names.
        options.append(("grpc.enable_http_proxy", 0))
        return grpc.aio.insecure_channel(endpoint.target, options=options)
    roots = None
    if endpoint.ca is not None:
        try:
            roots = endpoint.ca.read_bytes()
        except OSError as error:
            raise LocalError("problem.ca_read", path=endpoint.ca, cause=error.strerror or "") from None
    credentials = grpc.ssl_channel_credentials(root_certificates=roots)
    return grpc.aio.secure_channel(endpoint.target, credentials, options=options)


class _PageAnswer(Protocol):
    """What the answers of all lists have in common."""

    @property
    def next_page_token(self) -> str: ...
    @property
    def previous_page_token(self) -> str: ...
    @property
    def total_size(self) -> int: ...
    @property
    def total_size_exact(self) -> bool: ...


def _page(items: tuple[records.T, ...], answer: _PageAnswer) -> records.Page[records.T]:
    return records.Page(
        items=items,
        next_page_token=answer.next_page_token,
        previous_page_token=answer.previous_page_token,
        total_size=answer.total_size,
        total_size_exact=answer.total_size_exact,
    )


async def _receive(parts: AsyncIterable[_FilePart]) -> records.File:
    """The file of a stream: a header, then chunks. Raises BrokenAnswer unless all of it came."""
    header: file_pb2.FileHeader | None = None
    content = bytearray()
    try:
        async for part in parts:
            if part.WhichOneof("part") == "header":
                if header is not None or not 0 < part.header.size_bytes <= MAX_FILE_BYTES:
                    raise BrokenAnswer("a second header, or an impossible size")
                header = part.header
                continue
            content += part.chunk
            if header is None or len(content) > header.size_bytes:
                raise BrokenAnswer("bytes before the header, or more than it announced")
    except grpc.aio.AioRpcError as error:
        raise from_rpc_error(error) from None
    digest = hashlib.sha256(content).hexdigest()
    if header is None or len(content) != header.size_bytes or digest != header.sha256:
        raise BrokenAnswer("the file is not complete")
    return records.File(header.name, header.media_type, digest, bytes(content))
