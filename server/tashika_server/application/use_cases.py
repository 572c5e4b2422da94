"""All use cases, made from one kit."""

from dataclasses import dataclass

from tashika_server.application.advances import Advances
from tashika_server.application.attachments import Attachments
from tashika_server.application.certificates import Certificates
from tashika_server.application.contracts import Contracts
from tashika_server.application.daily import Daily
from tashika_server.application.directory import Directory
from tashika_server.application.drafts import Drafts
from tashika_server.application.fees import Fees
from tashika_server.application.issuing import Issuing
from tashika_server.application.key_mails import KeyMails
from tashika_server.application.keys import Keys
from tashika_server.application.kit import Kit
from tashika_server.application.log import Log
from tashika_server.application.notices import Notices
from tashika_server.application.opening import Opening
from tashika_server.application.orderers import Orderers
from tashika_server.application.ports import LogSigner, Witness
from tashika_server.application.reports import Reports
from tashika_server.application.sessions import Sessions
from tashika_server.application.ssh_keys import SshKeys
from tashika_server.application.tariffs import Tariffs
from tashika_server.application.underwriting import Underwriting
from tashika_server.application.verification import Verification
from tashika_server.application.watching import Watching
from tashika_server.application.works import WorksBook


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the register can do."""

    sessions: Sessions
    ssh_keys: SshKeys
    directory: Directory
    orderers: Orderers
    works: WorksBook
    drafts: Drafts
    contracts: Contracts
    watching: Watching
    underwriting: Underwriting
    issuing: Issuing
    attachments: Attachments
    certificates: Certificates
    keys: Keys
    key_mails: KeyMails
    opening: Opening
    reports: Reports
    notices: Notices
    verification: Verification
    log: Log
    daily: Daily
    tariffs: Tariffs
    fees: Fees
    advances: Advances


def make_use_cases(kit: Kit, signer: LogSigner, witness: Witness) -> UseCases:
    """Wire the use cases."""
    log = Log(kit, signer, witness)
    sessions = Sessions(kit)
    return UseCases(
        sessions=sessions,
        ssh_keys=SshKeys(kit),
        directory=Directory(kit),
        orderers=Orderers(kit),
        works=WorksBook(kit),
        drafts=Drafts(kit),
        contracts=Contracts(kit),
        watching=Watching(kit, sessions),
        underwriting=Underwriting(kit),
        issuing=Issuing(kit),
        attachments=Attachments(kit),
        certificates=Certificates(kit),
        keys=Keys(kit),
        key_mails=KeyMails(kit),
        opening=Opening(kit),
        reports=Reports(kit),
        notices=Notices(kit),
        verification=Verification(kit, log),
        log=log,
        daily=Daily(kit),
        tariffs=Tariffs(kit),
        fees=Fees(kit),
        advances=Advances(kit),
    )
