"""All servicers on one pipeline."""

from tashika_server.application.kit import Kit
from tashika_server.application.use_cases import UseCases
from tashika_server.transport.admission import Admission
from tashika_server.transport.page_tokens import PageTokenSeal
from tashika_server.transport.pipeline import Authenticate, Authorise, Pipeline
from tashika_server.transport.servicers.certificate_servicer import CertificateServicer
from tashika_server.transport.servicers.contract_servicer import ContractServicer
from tashika_server.transport.servicers.directory_servicer import DirectoryServicer
from tashika_server.transport.servicers.document_servicer import DocumentServicer
from tashika_server.transport.servicers.fee_servicer import FeeServicer
from tashika_server.transport.servicers.key_servicer import KeyServicer
from tashika_server.transport.servicers.log_servicer import LogServicer
from tashika_server.transport.servicers.notice_servicer import NoticeServicer
from tashika_server.transport.servicers.paging import Paging
from tashika_server.transport.servicers.report_servicer import ReportServicer
from tashika_server.transport.servicers.session_servicer import ServerFacts, SessionServicer
from tashika_server.transport.servicers.underwriting_servicer import UnderwritingServicer
from tashika_server.transport.servicers.works_servicer import WorksServicer
from tashika_server.transport.tokens import ViewingTokens


def make_pipeline(
    use_cases: UseCases,
    kit: Kit,
    *,
    facts: ServerFacts,
    authenticate: Authenticate,
    authorise: Authorise,
    admission: Admission,
    client_certificates: bool,
) -> Pipeline:
    """Bind every method of the proto to its use case."""
    clock = kit.clock
    paging = Paging(PageTokenSeal(kit.vault, clock))
    underwriting = UnderwritingServicer(use_cases.underwriting, clock)
    fees = FeeServicer(use_cases.tariffs, use_cases.fees, use_cases.advances, paging, clock)
    # A watch has no end of its own that a server which stops could wait for.
    admission.on_drain(use_cases.watching.stop)
    methods = (
        *SessionServicer(use_cases.sessions, clock, facts).methods(),
        *DirectoryServicer(
            use_cases.directory, use_cases.orderers, use_cases.ssh_keys, fees, paging
        ).methods(),
        *WorksServicer(use_cases.works, paging).methods(),
        *ContractServicer(
            use_cases.drafts,
            use_cases.contracts,
            use_cases.watching,
            use_cases.attachments,
            underwriting,
            fees,
            paging,
            clock,
        ).methods(),
        *CertificateServicer(
            use_cases.issuing,
            use_cases.certificates,
            use_cases.opening,
            use_cases.verification,
            ViewingTokens(kit.vault, clock),
            clock,
        ).methods(),
        *DocumentServicer(use_cases.fees, use_cases.advances, clock).methods(),
        *KeyServicer(use_cases.keys, use_cases.key_mails, clock).methods(),
        *ReportServicer(use_cases.reports).methods(),
        *NoticeServicer(use_cases.notices, paging).methods(),
        *LogServicer(use_cases.log).methods(),
    )
    return Pipeline(
        methods,
        authenticate=authenticate,
        authorise=authorise,
        digest=lambda content: kit.vault.digest("request", content),
        admission=admission,
        client_certificates=client_certificates,
    )
