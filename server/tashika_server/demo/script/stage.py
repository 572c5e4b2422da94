"""What the steps of the script share: who is there, and what has been made so far."""

from dataclasses import dataclass, field
from datetime import date

from google.type.date_pb2 import Date

from tashika.v1.contract_pb2 import Contract
from tashika.v1.organization_pb2 import Organization
from tashika.v1.session_service_pb2 import GetServerInfoResponse
from tashika.v1.works_pb2 import Works
from tashika_server.demo.script.desk import Desk
from tashika_server.demo.script.options import ScriptOptions
from tashika_server.demo.script.out_folder import OutFolder


@dataclass(slots=True)
class Guarantee:
    """One guarantee contract on its way. `key` is a secret, which only files of the out folder hold."""

    product: str
    contract: Contract
    key: str = field(default="", repr=False)
    certificate: bytes = b""
    sha256: str = ""
    bundle: bytes = b""

    @property
    def number(self) -> str:
        """The guarantee contract number."""
        return self.contract.contract_number

    @property
    def certificate_file(self) -> str:
        """The certificate's file in the out folder."""
        return f"{self.number}-certificate.pdf"

    @property
    def notice_file(self) -> str:
        """The key notice's file in the out folder."""
        return f"{self.number}-key-notice.pdf"


@dataclass
class Stage:
    """Everything that is on stage. What is not given at first is set by the step that makes it."""

    options: ScriptOptions
    out: OutFolder
    anyone: Desk
    info: GetServerInfoResponse = field(init=False)
    operator: Desk = field(init=False)
    guarantor: Organization = field(init=False)
    company: Organization = field(init=False)
    contractor: Desk = field(init=False)
    underwriter: Desk = field(init=False)
    approver: Desk = field(init=False)
    works: Works = field(init=False)
    guarantees: list[Guarantee] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The present day in Japan, as the server says."""
        return date(self.info.today.year, self.info.today.month, self.info.today.day)

    @property
    def performance(self) -> Guarantee:
        """The contract guarantee."""
        return self.guarantees[0]

    @property
    def prepayment(self) -> Guarantee:
        """The prepayment guarantee."""
        return self.guarantees[1]


def wire_date(day: date) -> Date:
    """Give a day as the wire has it."""
    return Date(year=day.year, month=day.month, day=day.day)
