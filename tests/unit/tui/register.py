"""A small register for tests: real stubs over a Unix socket, one issued certificate, answers that a test can set."""

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from concurrent import futures
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2
from google.type.date_pb2 import Date

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import (
    certificate_service_pb2_grpc,
    contract_service_pb2_grpc,
    directory_service_pb2_grpc,
    document_service_pb2_grpc,
    key_service_pb2_grpc,
    session_service_pb2_grpc,
    user_pb2,
    works_service_pb2_grpc,
)
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import document_service_pb2 as documents
from tashika.v1 import key_service_pb2 as keys
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import works_service_pb2 as works
from tashika_formats.checkpoint import format_vkey
from tashika_formats.issuance import format_bundle
from tashika_formats.key import make_key
from tests.unit.formats.issued import NUMBER, Issued, issued

KEY = make_key(bytes(range(12)))
PASSWORD = "見本のパスワード"
TOKEN = "tsk_example_example_0"
NOTICE = b"%PDF-1.7 a notice"
FEE_SHEET = b"%PDF-1.7 a fee sheet"
FEE_STATEMENT = b"%PDF-1.7 a monthly statement"
ADVANCE_REQUEST = b"%PDF-1.7 a request for the advance"
OWN_ID = "org_" + "0" * 25 + "1"
TODAY = Date(year=2026, month=4, day=20)
CONTRACT_ID = "con_" + "0" * 25 + "1"
VIEWING_TOKEN = "vwt_example"


class Refusal(Exception):
    """Raised by an answer: the servicer turns it into a status with details (AIP-193)."""

    def __init__(
        self,
        code: grpc.StatusCode,
        reason: str = "",
        sentence: str = "",
        step: str = "",
        reference: str = "",
        fields: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(reason)
        self.code = code
        details: list[Any] = []
        if reason:
            metadata = {"reference": reference} if reference else {}
            details.append(error_details_pb2.ErrorInfo(reason=reason, domain="tashika", metadata=metadata))
        if sentence:
            details.append(error_details_pb2.LocalizedMessage(locale="ja-JP", message=sentence))
        if step:
            link = error_details_pb2.Help.Link(description=step, url=f"tashika:help/{reason}")
            details.append(error_details_pb2.Help(links=[link]))
        if fields:
            violations = [
                error_details_pb2.BadRequest.FieldViolation(
                    field=name,
                    localized_message=error_details_pb2.LocalizedMessage(locale="ja-JP", message=text),
                )
                for name, text in fields
            ]
            details.append(error_details_pb2.BadRequest(field_violations=violations))
        details.append(error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=7)))
        status = status_pb2.Status(code=code.value[0], message="refused")
        for detail in details:
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        self.details = status.SerializeToString()


WRONG_PAIR = Refusal(
    grpc.StatusCode.PERMISSION_DENIED,
    "WRONG_NUMBER_OR_KEY",
    "番号と認証キーの組み合わせでは開けません。",
    "お知らせの番号とキーを確かめてください。",
)
NOT_FOUND = Refusal(grpc.StatusCode.NOT_FOUND, "NOT_FOUND", "見つかりません。")
UNAUTHENTICATED = Refusal(grpc.StatusCode.UNAUTHENTICATED, "SESSION_EXPIRED", "サインインし直してください。")


@dataclass
class FakeRegister:
    """What the register answers, and what it was asked: (method, request, metadata)."""

    issued: Issued = field(default_factory=issued)
    state: str = "CONTRACT_STATE_IN_FORCE"
    refuse: Refusal | None = None
    summaries: list[Any] = field(default_factory=list)
    contract: Any = None
    works: list[Any] = field(default_factory=list)
    orderers: list[Any] = field(default_factory=list)
    must_change_password: bool = False
    spoil_download: Callable[[bytes], bytes] = bytes
    change_opened: Callable[[certificates.OpenCertificateResponse], None] = lambda _answer: None
    calls: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    def asked(self, method: str) -> list[Any]:
        """The requests of this method so far."""
        return [request for name, request, _ in self.calls if name == method]

    def metadata(self, method: str) -> dict[str, str]:
        """The metadata of the last call of this method."""
        return next(metadata for name, _, metadata in reversed(self.calls) if name == method)

    def enter(self, method: str, request: Any, context: Any) -> dict[str, str]:
        """Notes a call, and refuses it if the test says so."""
        metadata = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
        self.calls.append((method, request, metadata))
        if self.refuse is not None:
            abort(context, self.refuse)
        return metadata

    def enter_signed_in(self, method: str, request: Any, context: Any) -> None:
        """As `enter`, for people who signed in only."""
        if self.enter(method, request, context).get("authorization") != f"Bearer {TOKEN}":
            abort(context, UNAUTHENTICATED)


def abort(context: Any, refusal: Refusal) -> NoReturn:
    context.set_trailing_metadata((("grpc-status-details-bin", refusal.details),))
    context.abort(refusal.code, "refused")
    raise AssertionError


class _Sessions(session_service_pb2_grpc.SessionServiceServicer):
    def __init__(self, register: FakeRegister) -> None:
        self.register = register

    def GetServerInfo(self, request: Any, context: Any) -> Any:
        self.register.enter("GetServerInfo", request, context)
        key = self.register.issued.log.key
        return sessions.GetServerInfoResponse(
            version="1",
            log_origin=key.name,
            log_verifier_key=format_vkey(key),
            today=TODAY,
        )

    def GetSession(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("GetSession", request, context)
        answer = sessions.GetSessionResponse()
        answer.session.organization.organization_id = OWN_ID
        return answer

    def CreateSession(self, request: Any, context: Any) -> Any:
        self.register.enter("CreateSession", request, context)
        if request.password != PASSWORD:
            abort(
                context,
                Refusal(grpc.StatusCode.UNAUTHENTICATED, "WRONG_CREDENTIALS", "サインインできません。"),
            )
        answer = sessions.CreateSessionResponse(token=TOKEN)
        answer.session.user.name = "見本 花子"
        answer.session.user.roles.append(user_pb2.ROLE_CONTRACTOR)
        answer.session.user.must_change_password = self.register.must_change_password
        answer.session.organization.name = "株式会社髙﨑𠮷田組"
        answer.session.expire_time.FromJsonString("2999-01-01T00:00:00Z")
        return answer

    def DeleteSession(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("DeleteSession", request, context)
        return sessions.DeleteSessionResponse()

    def ChangePassword(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("ChangePassword", request, context)
        return sessions.ChangePasswordResponse()


class _Certificates(certificate_service_pb2_grpc.CertificateServiceServicer):
    def __init__(self, register: FakeRegister) -> None:
        self.register = register

    def OpenCertificate(self, request: Any, context: Any) -> Any:
        self.register.enter("OpenCertificate", request, context)
        if (request.contract_number, request.key) != (NUMBER, KEY):
            abort(context, WRONG_PAIR)
        found = self.register.issued
        record = found.bundle.record
        answer = certificates.OpenCertificateResponse(
            contract_state=self.register.state, viewing_token=VIEWING_TOKEN
        )
        answer.certificate.contract_id = CONTRACT_ID
        answer.certificate.contract_number = NUMBER
        answer.certificate.version = record.version
        answer.certificate.pdf_sha256 = record.pdf_sha256
        answer.certificate.envelope = found.envelope
        answer.certificate.statement_signature = found.bundle.statement_signature
        answer.certificate.chain.extend(found.bundle.signer_chain)
        row = answer.versions.add(version=record.version, pdf_sha256=record.pdf_sha256)
        row.issue_date.year, row.issue_date.month, row.issue_date.day = 2025, 12, 26
        self.register.change_opened(answer)
        return answer

    def VerifyCertificate(self, request: Any, context: Any) -> Any:
        self.register.enter("VerifyCertificate", request, context)
        bundle = self.register.issued.bundle
        if request.pdf_sha256 != bundle.record.pdf_sha256:
            abort(context, NOT_FOUND)
        return certificates.VerifyCertificateResponse(
            standing="CERTIFICATE_STANDING_CURRENT",
            contract_number=NUMBER,
            version=1,
            bundle=format_bundle(bundle),
        )

    def DownloadCertificate(self, request: Any, context: Any) -> Any:
        if request.viewing_token:
            self.register.enter("DownloadCertificate", request, context)
            if request.viewing_token != VIEWING_TOKEN:
                abort(context, NOT_FOUND)
        else:
            self.register.enter_signed_in("DownloadCertificate", request, context)
        yield from _parts(certificates.DownloadCertificateResponse, self.register, self.register.issued.pdf)


class _Keys(key_service_pb2_grpc.KeyServiceServicer):
    def __init__(self, register: FakeRegister) -> None:
        self.register = register

    def DownloadKeyNotice(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("DownloadKeyNotice", request, context)
        yield from _parts(keys.DownloadKeyNoticeResponse, self.register, NOTICE)


class _Documents(document_service_pb2_grpc.DocumentServiceServicer):
    def __init__(self, register: FakeRegister) -> None:
        self.register = register

    def DownloadFeeSheet(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("DownloadFeeSheet", request, context)
        yield from _parts(documents.DownloadFeeSheetResponse, self.register, FEE_SHEET)

    def DownloadFeeStatement(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("DownloadFeeStatement", request, context)
        yield from _parts(documents.DownloadFeeStatementResponse, self.register, FEE_STATEMENT)

    def DownloadAdvanceRequest(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("DownloadAdvanceRequest", request, context)
        yield from _parts(documents.DownloadAdvanceRequestResponse, self.register, ADVANCE_REQUEST)


def _parts(message: Any, register: FakeRegister, data: bytes) -> Iterator[Any]:
    part = message()
    part.header.name = "file.pdf"
    part.header.media_type = "application/pdf"
    part.header.size_bytes = len(data)
    part.header.sha256 = hashlib.sha256(data).hexdigest()
    yield part
    sent = register.spoil_download(data)
    for start in range(0, len(sent), 1000):
        yield message(chunk=sent[start : start + 1000])


class _Contracts(contract_service_pb2_grpc.ContractServiceServicer):
    def __init__(self, register: FakeRegister) -> None:
        self.register = register

    def ListContracts(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("ListContracts", request, context)
        rows = [row for row in self.register.summaries if row.contract_number >= request.from_value]
        if request.filter.contract_number:
            rows = [row for row in rows if row.contract_number == request.filter.contract_number]
        return _page(contracts.ListContractsResponse, "contracts", rows, request)

    def GetContract(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("GetContract", request, context)
        return self.register.contract


class _Works(works_service_pb2_grpc.WorksServiceServicer):
    def __init__(self, register: FakeRegister) -> None:
        self.register = register

    def ListWorks(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("ListWorks", request, context)
        return _page(works.ListWorksResponse, "works", self.register.works, request)


class _Directory(directory_service_pb2_grpc.DirectoryServiceServicer):
    def __init__(self, register: FakeRegister) -> None:
        self.register = register

    def ListOrderers(self, request: Any, context: Any) -> Any:
        self.register.enter_signed_in("ListOrderers", request, context)
        return _page(directory.ListOrderersResponse, "orderers", self.register.orderers, request)


def _page(message: Any, name: str, rows: list[Any], request: Any) -> Any:
    start = int(request.page_token or 0)
    end = start + request.page_size
    token = str(end) if end < len(rows) else ""
    return message(
        **{name: rows[start:end]}, next_page_token=token, total_size=len(rows), total_size_exact=True
    )


@contextlib.contextmanager
def serving(
    register: FakeRegister | None = None, credentials: grpc.ServerCredentials | None = None
) -> Iterator[FakeRegister]:
    """The register behind a socket of its own, with TLS credentials on a port; `address` is filled."""
    register = register or FakeRegister()
    # The folders of pytest are too deep for the path of a socket.
    with tempfile.TemporaryDirectory(prefix="tashika-") as folder:
        register.address = f"unix:{Path(folder) / 'r.sock'}"
        server: Any = grpc.server(futures.ThreadPoolExecutor(4))
        session_service_pb2_grpc.add_SessionServiceServicer_to_server(_Sessions(register), server)
        certificate_service_pb2_grpc.add_CertificateServiceServicer_to_server(_Certificates(register), server)
        contract_service_pb2_grpc.add_ContractServiceServicer_to_server(_Contracts(register), server)
        document_service_pb2_grpc.add_DocumentServiceServicer_to_server(_Documents(register), server)
        key_service_pb2_grpc.add_KeyServiceServicer_to_server(_Keys(register), server)
        works_service_pb2_grpc.add_WorksServiceServicer_to_server(_Works(register), server)
        directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server(_Directory(register), server)
        if credentials is None:
            server.add_insecure_port(register.address)
        else:
            register.address = f"localhost:{server.add_secure_port('localhost:0', credentials)}"
        server.start()
        try:
            yield register
        finally:
            server.stop(None).wait()
