"""What commands and screens ask of the register. The gateway over gRPC is one that can answer."""

from typing import Protocol

from tashika_tui.client.records import (
    Contract,
    ContractFilter,
    ContractRow,
    File,
    NewSession,
    OpenedCertificate,
    OrdererRow,
    Page,
    PageRequest,
    RegisterAnswer,
    ServerInfo,
    Session,
    Works,
)


class Register(Protocol):
    """The register as seen by one caller: with a session, or anonymous.

    Every method may raise `RefusedByServer`, `ServerNotReachable` or `BrokenAnswer`.
    """

    async def server_info(self) -> ServerInfo:
        """What the server is."""

    async def create_session(self, login_name: str, password: str) -> NewSession:
        """Signs a person in."""

    async def get_session(self) -> Session:
        """Who is signed in."""

    async def delete_session(self, request_id: str) -> None:
        """Signs out; the token is void at once."""

    async def change_password(self, old_password: str, new_password: str) -> None:
        """Changes the caller's password, and ends the person's other sessions."""

    async def open_certificate(self, contract_number: str, key: str) -> OpenedCertificate:
        """Opens a certificate with number and authentication key; needs no session."""

    async def verify_certificate(self, pdf_sha256: str) -> RegisterAnswer | None:
        """What the register says of a file; None: it issued no such file. Needs no session."""

    async def download_viewed(self, viewing_token: str, version: int = 0) -> File:
        """The PDF of a version (0: the current one), by the viewing token of an opening."""

    async def download_certificate(self, contract_id: str, version: int = 0) -> File:
        """The PDF of a version (0: the current one), by the session."""

    async def download_key_notice(self, contract_id: str) -> File:
        """The notice of the authentication key as a PDF; to the contractor alone."""

    async def list_contracts(self, wanted: ContractFilter, page: PageRequest) -> Page[ContractRow]:
        """A page of the caller's guarantee contracts."""

    async def find_contract(self, contract_number: str) -> ContractRow | None:
        """The caller's guarantee contract with this number (14 digits), None where there is none."""

    async def get_contract(self, contract_id: str) -> Contract:
        """A guarantee contract in full."""

    async def list_works(self, page: PageRequest) -> Page[Works]:
        """A page of the caller's works contracts, by when they were entered."""

    async def list_orderers(self, page: PageRequest) -> Page[OrdererRow]:
        """A page of the orderers, by name."""
