"""What commands and screens ask of the register. The gateway over gRPC is one that can answer.

Every method may raise `RefusedByServer` (`SessionExpired` among them), `ServerNotReachable` or `BrokenAnswer`, and
can be cancelled. A `request_id` is the caller's, from `new_request_id`: kept over retries of one intent, it makes the
change happen once. A contract is given as it was last read (`Known`): its etag goes along, and ETAG_MISMATCH says
that somebody changed it meanwhile.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from tashika_tui.client import records
from tashika_tui.client.connection import Connection


class Sessions(Protocol):
    """Signing in and out, and what the server is."""

    @property
    def connection(self) -> Connection:
        """Whether the register can be reached."""

    def use_token(self, token: str) -> None:
        """Speaks for the session of this token from now on; empty: for nobody."""

    def use_language(self, language: str) -> None:
        """Asks for sentences in `ja` or `en` from now on."""

    async def server_info(self) -> records.ServerInfo:
        """What the server is."""

    async def create_session(self, login_name: str, password: str) -> records.NewSession:
        """Signs a person in. The token is not used before `use_token`."""

    async def get_session(self) -> records.Session:
        """Who is signed in."""

    async def delete_session(self, request_id: str) -> None:
        """Signs out; the token is void at once."""

    async def change_password(self, old_password: str, new_password: str) -> None:
        """Changes the caller's password, and ends the person's other sessions."""


class SshKeys(Protocol):
    """The caller's own keys for signing in over SSH."""

    async def list_ssh_keys(self) -> tuple[records.SshKey, ...]:
        """All of them, the oldest first."""

    async def add_ssh_key(self, public_key: str, name: str, *, request_id: str) -> records.SshKey:
        """Registers a key: one line of an OpenSSH public key. Without a name its comment becomes it."""

    async def remove_ssh_key(self, ssh_key_id: str, *, request_id: str) -> None:
        """Removes a key, and ends the person's other sessions."""


class Directory(Protocol):
    """Orderers and guarantors."""

    async def list_orderers(
        self, page: records.PageRequest, wanted: records.OrdererFilter = ...
    ) -> records.Page[records.OrdererRow]:
        """A page of the orderers, by name."""

    async def get_orderer(self, orderer_id: str) -> records.Orderer:
        """An orderer with its sections and how it wants keys handed in."""

    async def list_guarantors(
        self, page: records.PageRequest, search: str = ""
    ) -> records.Page[records.Guarantor]:
        """A page of the guarantors with their offices, by the reading of the name; `search` as in OrdererFilter."""

    async def list_offices(self) -> tuple[records.GuarantorOffices, ...]:
        """All guarantors (there are 99 numbers for them) and how each office stands now; needs no account."""


class WorksBook(Protocol):
    """A contractor's works contracts."""

    async def create_works(self, works: records.Works, *, request_id: str) -> records.Works:
        """Enters a works contract; fields may be missing."""

    async def update_works(self, works: records.Works, *, request_id: str) -> records.Works:
        """Replaces what was entered, by `works_id` and `etag` of `works`."""

    async def get_works(self, works_id: str) -> records.Works:
        """A works contract."""

    async def list_works(
        self, page: records.PageRequest, wanted: records.WorksFilter = ...
    ) -> records.Page[records.Works]:
        """A page of the caller's works contracts, by name unless asked otherwise."""


class Contracts(Protocol):
    """Looking at guarantee contracts."""

    async def list_contracts(
        self, wanted: records.ContractFilter, page: records.PageRequest
    ) -> records.Page[records.ContractRow]:
        """A page of the caller's guarantee contracts."""

    async def find_contract(self, contract_number: str) -> records.ContractRow | None:
        """The caller's guarantee contract with this number (14 digits), None where there is none."""

    async def get_contract(self, contract_id: str) -> records.Contract:
        """A guarantee contract in full."""

    async def download_attachment(
        self, contract_id: str, attachment_id: str, progress: records.Progress | None = None
    ) -> records.File:
        """A file that came with the application."""

    def watch_contracts(self, after_revision: int | None = None) -> AsyncGenerator[records.WatchEvent, None]:
        """What changes among the caller's contracts after a revision (None: from now on), for as long as it is
        read. A lost connection is made again by itself, after pauses that grow, and the watch goes on where it
        was; `SessionExpired` and other refusals end it. Close it (`aclosing`) or cancel its reader to stop.
        """


class Applying(Protocol):
    """The contractor's side of a guarantee contract before its issue."""

    async def quote_contract(self, application: records.Application) -> records.Quote:
        """Judges an application without keeping it."""

    async def create_contract(self, application: records.Application, *, request_id: str) -> records.Contract:
        """Registers a draft; fields may be missing."""

    async def update_contract(
        self, contract: records.Known, application: records.Application, *, request_id: str
    ) -> records.Contract:
        """Replaces the application of a draft or a returned contract."""

    async def delete_draft(self, contract: records.Known, *, request_id: str) -> None:
        """Deletes a draft; what was submitted once can only be withdrawn."""

    async def attach_document(
        self,
        contract: records.Known,
        source: Path | bytes,
        *,
        request_id: str,
        name: str = "",
        progress: records.Progress | None = None,
    ) -> records.Contract:
        """Attaches a PDF of at most 20 MiB, which stands last in the answer's `attachments`.

        `name` is the file's own where it is empty. Raises LocalError for a file that can't be read.
        """

    async def submit_contract(
        self, contract: records.Known, *, request_id: str, validate_only: bool = False
    ) -> records.Contract:
        """Submits a draft or a returned contract; with `validate_only` it checks everything and changes nothing."""

    async def report_error(
        self, contract: records.Known, remarks: tuple[records.Remark, ...], *, request_id: str
    ) -> records.Contract:
        """Sends an accepted contract back to the guarantor, with remarks."""

    async def withdraw_contract(self, contract: records.Known, *, request_id: str) -> records.Contract:
        """Withdraws what is not issued yet."""


class Underwriting(Protocol):
    """The guarantor's desk."""

    async def accept_contract(
        self,
        contract: records.Known,
        fee_yen: int,
        *,
        request_id: str,
        terms: records.Application | None = None,
        fee_note: str = "",
    ) -> records.Contract:
        """Accepts an application for a fee, on `terms` where it is not just what was applied for. A fee that is not
        the tariff's needs `fee_note`, the reason.
        """

    async def approve_contract(self, contract: records.Known, *, request_id: str) -> records.Contract:
        """Approves what another person accepted."""

    async def return_contract(
        self, contract: records.Known, remarks: tuple[records.Remark, ...], *, request_id: str
    ) -> records.Contract:
        """Returns an application for correction (差戻し)."""

    async def refuse_contract(
        self, contract: records.Known, refusal: str, *, request_id: str
    ) -> records.Contract:
        """Refuses an application for good, with the reason in words."""

    async def record_fee(
        self,
        contract: records.Known,
        kind: str,
        amount_yen: int,
        day: date,
        *,
        request_id: str,
        note: str = "",
    ) -> records.Contract:
        """Books a PAYMENT or a REFUND of its day; yen are positive."""

    async def record_paper_issue(
        self, contract: records.Known, day: date, certificate_reference: str, *, request_id: str
    ) -> records.Contract:
        """Records that the paper certificate was issued."""

    async def issue_certificate(
        self, contract: records.Known, *, request_id: str, validate_only: bool = False
    ) -> records.Issued:
        """Issues the certificate; with `validate_only` it checks everything and changes nothing."""


class Fees(Protocol):
    """Tariffs, what is owed, and the papers about it."""

    async def get_tariff(self) -> records.Tariff:
        """The tariff of the caller's guarantor, without versions where none was set."""

    async def set_tariff(
        self, table: records.TariffTable, *, request_id: str, etag: str = ""
    ) -> records.Tariff:
        """Adds a version of the tariff, from its day on; of `etag` as it was read."""

    async def quote_fee(self, contract_id: str, amount_yen: int | None = None) -> records.FeeBasis | None:
        """The fee by today's tariff for what was applied for, or for another amount; None: the tariff has none."""

    async def list_monthly_payers(self, page: records.PageRequest) -> records.Page[records.MonthlyPayer]:
        """A page of what the caller's guarantor agreed about monthly payment, the oldest first."""

    async def set_monthly_payer(
        self,
        organization_id: str,
        *,
        active: bool,
        due_day: int,
        request_id: str,
        note: str = "",
        etag: str = "",
    ) -> records.MonthlyPayer:
        """Notes what was agreed with a contractor that has applied here."""

    async def record_receipt_sent(
        self, contract: records.Known, day: date, officer: str, *, request_id: str, note: str = ""
    ) -> records.Contract:
        """Records, once, that the paper receipt was sent."""

    async def record_monthly_payment(
        self, organization_id: str, amount_yen: int, day: date, *, request_id: str, note: str = ""
    ) -> tuple[records.MonthlyPaymentShare, ...]:
        """Books what came in in one sum: what is due first is paid first."""

    async def get_fee_statement(self, organization_id: str, year: int, month: int) -> records.FeeStatement:
        """A month with the other party: the contractor's id to a guarantor, the guarantor's to a contractor."""

    async def download_fee_statement(self, organization_id: str, year: int, month: int) -> records.File:
        """The same as a PDF (一括納付明細書)."""

    async def download_fee_sheet(self, contract_id: str) -> records.File:
        """How the fee was worked out, and what was paid (保証料計算書), as a PDF."""


class Advances(Protocol):
    """The contractor's request for the advance."""

    async def get_advance_terms(self, contract_id: str) -> records.AdvanceTerms:
        """What the request for the advance says, and what goes with it."""

    async def download_advance_request(
        self, contract_id: str, contract_date: date | None = None, *, copy: bool = False
    ) -> records.File:
        """The request (前払金請求書) of today as a PDF; `copy`: of the one that was handed in."""

    async def record_advance_request(
        self,
        contract: records.Known,
        day: date,
        *,
        request_id: str,
        contract_date: date | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the request was handed in; only one counts at a time."""

    async def withdraw_advance_request(
        self, contract: records.Known, withdrawal: str, *, request_id: str
    ) -> records.Contract:
        """Records that the request does not count any more, and why."""


class Certificates(Protocol):
    """Certificates: versions, files, opening, verifying."""

    async def list_certificates(self, contract_id: str) -> tuple[records.VersionRow, ...]:
        """All versions of a contract's certificate, the latest first (電子保証履歴一覧)."""

    async def get_certificate(self, contract_id: str, version: int = 0) -> records.CertificateView:
        """A version (0: the current one)."""

    async def download_certificate(self, contract_id: str, version: int = 0) -> records.File:
        """The PDF of a version (0: the current one), by the session."""

    async def open_certificate(self, contract_number: str, key: str) -> records.OpenedCertificate:
        """Opens a certificate with number and authentication key; needs no session."""

    async def verify_certificate(self, pdf_sha256: str) -> records.RegisterAnswer | None:
        """What the register says of a file; None: it issued no such file. Needs no session."""

    async def download_viewed(self, viewing_token: str, version: int = 0) -> records.File:
        """The PDF of a version (0: the current one), by the viewing token of an opening."""


class Keys(Protocol):
    """The authentication key, which the contractor alone reads, and what became of it."""

    async def get_key(self, contract_id: str) -> records.Key:
        """The key itself; each reading is recorded."""

    async def download_key_notice(self, contract_id: str) -> records.File:
        """The notice of the authentication key as a PDF; to the contractor alone."""

    async def record_hand_in(
        self,
        contract: records.Known,
        version: int,
        channel: str,
        *,
        request_id: str,
        hand_in_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the key of a version was handed in, now where no time is given. `channel` is as in
        `HandInAdvice`, empty: none that the list has.
        """

    async def show_hand_in_mail(
        self, contract: records.Known, version: int, *, to: str = ""
    ) -> records.HandInMail:
        """The mail that would hand the key of a version in, with the key left open: to the address of the orderer's
        policy, or to `to`. Nothing is sent.
        """

    async def hand_in_by_mail(
        self, contract: records.Known, version: int, mail: records.HandInMail, *, request_id: str
    ) -> records.Contract:
        """Sends the mail that was shown, if it is still the same (else MAIL_CHANGED). It is handed in when the mail
        server has it.
        """

    async def record_phone_confirmation(
        self,
        contract: records.Known,
        version: int,
        officer: str,
        *,
        request_id: str,
        call_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the handing in of a version was confirmed with an officer of the orderer by telephone, now
        where no time is given.
        """

    async def reissue_key(
        self, contract: records.Known, *, request_id: str, reason: str = "", note: str = ""
    ) -> records.Contract:
        """Issues the key anew; the one before opens nothing any more. Before the handing in the contractor does it,
        after it the guarantor, with a `reason` (LOST, LEAKED).
        """

    async def record_orderer_told(
        self,
        contract: records.Known,
        officer: str,
        *,
        request_id: str,
        tell_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the guarantor told an officer of the orderer of the key that it issued anew."""

    async def list_openings(self, contract_id: str) -> tuple[records.Opening, ...]:
        """The attempts to open, the latest first, at most 200."""


class Reports(Protocol):
    """What a guarantor's contracts add up to."""

    async def get_portfolio(self, first: date, last: date) -> records.Portfolio:
        """How long the guarantor's contracts took, for what ended on these days in Japan or between them; at most
        366 days.
        """


class Notices(Protocol):
    """What the caller is told of. A watch says how many are unread."""

    async def list_notices(
        self, page: records.PageRequest, *, unread_only: bool = False
    ) -> records.Page[records.Notice]:
        """A page of the caller's notices, the newest first, whatever `page` says of the order."""

    async def mark_read(self, notice_ids: Sequence[str] = (), *, up_to: str = "", request_id: str) -> int:
        """Marks these notices as read, or with `up_to` that one and all older ones; how many are unread then."""

    async def get_notice_preferences(self) -> records.NoticePreferences:
        """What the caller wants of notices."""

    async def set_notice_preferences(
        self, wanted: records.NoticePreferences, *, request_id: str
    ) -> records.NoticePreferences:
        """Replaces what the caller wants, by the etag of `wanted`; its `mail` and `mail_off` are the server's."""


class Register(
    Sessions,
    SshKeys,
    Directory,
    WorksBook,
    Contracts,
    Applying,
    Underwriting,
    Fees,
    Advances,
    Certificates,
    Keys,
    Reports,
    Notices,
    Protocol,
):
    """The register as seen by one caller: with a session, or anonymous."""
