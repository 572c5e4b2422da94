"""Who may call what: one row per method, deny by default. Whose things they are is decided beside the load."""

from dataclasses import dataclass

from tashika_server.application.caller import Caller
from tashika_server.domain.model import Role
from tashika_server.domain.reasons import Reason, refuse


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a method: anyone, anyone signed in, or people with one of the roles.

    ``before_password_change``: also with an initial password that is still to be changed. ``ssh_host``: the SSH host,
    through its door.
    """

    anyone: bool = False
    roles: frozenset[Role] = frozenset()
    before_password_change: bool = False
    ssh_host: bool = False


_ANYONE = Rule(anyone=True)
_SIGNED_IN = Rule(roles=frozenset(Role))
_SSH_HOST = Rule(ssh_host=True)
_OWN_SESSION = Rule(roles=frozenset(Role), before_password_change=True)


def _only(*roles: Role) -> Rule:
    return Rule(roles=frozenset(roles))


_CONTRACTOR = _only(Role.CONTRACTOR)
_GUARANTOR = _only(Role.UNDERWRITER, Role.APPROVER)
_UNDERWRITER = _only(Role.UNDERWRITER)
_APPROVER = _only(Role.APPROVER)
_OPERATOR = _only(Role.OPERATOR)
_ALL_BUT_OPERATOR = _only(Role.CONTRACTOR, Role.UNDERWRITER, Role.APPROVER, Role.OFFICER)
_PARTIES = _only(Role.CONTRACTOR, Role.UNDERWRITER, Role.APPROVER)

_RULES: dict[str, dict[str, Rule]] = {
    "SessionService": {
        "CreateSession": _ANYONE,
        "CheckSshKey": _SSH_HOST,
        "GetServerInfo": _ANYONE,
        "GetSession": _OWN_SESSION,
        "DeleteSession": _OWN_SESSION,
        "ChangePassword": _OWN_SESSION,
    },
    "DirectoryService": {
        "GetOrderer": _SIGNED_IN,
        "ListOrderers": _SIGNED_IN,
        "UpdateOrderer": _only(Role.OPERATOR, Role.OFFICER),
        "ImportOrderers": _OPERATOR,
        "CreateOrganization": _OPERATOR,
        "UpdateOrganization": _OPERATOR,
        "ListOrganizations": _SIGNED_IN,
        "ListOffices": _ANYONE,
        "CreateUser": _OPERATOR,
        "ListUsers": _OPERATOR,
        "UpdateUser": _OPERATOR,
        "GetTariff": _GUARANTOR,
        "SetTariff": _APPROVER,
        "ListMonthlyPayers": _GUARANTOR,
        "SetMonthlyPayer": _APPROVER,
        "AddSshKey": _ALL_BUT_OPERATOR,
        "ListSshKeys": _SIGNED_IN,
        "RemoveSshKey": _SIGNED_IN,
    },
    "WorksService": {
        "CreateWorks": _CONTRACTOR,
        "UpdateWorks": _CONTRACTOR,
        "GetWorks": _CONTRACTOR,
        "ListWorks": _CONTRACTOR,
    },
    "ContractService": {
        "QuoteContract": _CONTRACTOR,
        "CreateContract": _CONTRACTOR,
        "UpdateContract": _CONTRACTOR,
        "DeleteDraft": _CONTRACTOR,
        "SubmitContract": _CONTRACTOR,
        "ReportError": _CONTRACTOR,
        "WithdrawContract": _CONTRACTOR,
        "GetContract": _PARTIES,
        "ListContracts": _PARTIES,
        "WatchContracts": _PARTIES,
        "AttachDocument": _CONTRACTOR,
        "DownloadAttachment": _PARTIES,
        "AcceptContract": _UNDERWRITER,
        "ApproveContract": _APPROVER,
        "ReturnContract": _GUARANTOR,
        "RefuseContract": _GUARANTOR,
        "RecordFee": _GUARANTOR,
        "RecordPaperIssue": _UNDERWRITER,
        "QuoteFee": _GUARANTOR,
        "RecordReceiptSent": _GUARANTOR,
        "RecordMonthlyPayment": _GUARANTOR,
        "RecordAdvanceRequest": _CONTRACTOR,
        "WithdrawAdvanceRequest": _CONTRACTOR,
    },
    "CertificateService": {
        "IssueCertificate": _UNDERWRITER,
        "GetCertificate": _PARTIES,
        "ListCertificates": _PARTIES,
        "DownloadCertificate": _ANYONE,
        "OpenCertificate": _ANYONE,
        "VerifyCertificate": _ANYONE,
    },
    "KeyService": {
        "GetKey": _CONTRACTOR,
        "DownloadKeyNotice": _CONTRACTOR,
        "RecordHandIn": _CONTRACTOR,
        "HandInByMail": _CONTRACTOR,
        "RecordPhoneConfirmation": _CONTRACTOR,
        # Whose turn it is goes by the handing in.
        "ReissueKey": _PARTIES,
        "RecordOrdererTold": _GUARANTOR,
        "ListOpenings": _PARTIES,
    },
    "DocumentService": {
        "DownloadFeeSheet": _PARTIES,
        "GetFeeStatement": _PARTIES,
        "DownloadFeeStatement": _PARTIES,
        "GetAdvanceTerms": _CONTRACTOR,
        "DownloadAdvanceRequest": _CONTRACTOR,
    },
    "ReportService": {
        "GetPortfolio": _GUARANTOR,
    },
    "NoticeService": {
        "ListNotices": _PARTIES,
        "MarkRead": _PARTIES,
        "GetPreferences": _PARTIES,
        "SetPreferences": _PARTIES,
    },
    "LogService": {
        "GetCheckpoint": _ANYONE,
        "GetInclusionProof": _ANYONE,
        "GetConsistencyProof": _ANYONE,
    },
}

RULES: dict[str, Rule] = {
    f"/tashika.v1.{service}/{method}": rule
    for service, methods in _RULES.items()
    for method, rule in methods.items()
}
"""Every method's rule by its full gRPC name."""


def authorise(method: str, caller: Caller) -> None:
    """Let the caller call the method, or refuse.

    Raises ``RefusedError`` with UNAUTHENTICATED, PASSWORD_CHANGE_REQUIRED or PERMISSION_DENIED; a method without a
    rule is denied to everybody.
    """
    rule = RULES.get(method)
    if rule is None:
        raise refuse(Reason.PERMISSION_DENIED)
    if rule.anyone or (rule.ssh_host and caller.ssh_host):
        return
    if caller.anonymous:
        raise refuse(Reason.UNAUTHENTICATED)
    if caller.must_change_password and not rule.before_password_change:
        raise refuse(Reason.PASSWORD_CHANGE_REQUIRED)
    if not rule.roles & caller.roles:
        raise refuse(Reason.PERMISSION_DENIED)
