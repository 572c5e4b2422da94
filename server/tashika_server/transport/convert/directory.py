"""Orderers, organisations, people and their sessions."""

from tashika.v1 import orderer_pb2, organization_pb2, session_pb2, ssh_key_pb2, user_pb2
from tashika.v1.directory_service_pb2 import ImportOrderersResponse, UpdateUserRequest
from tashika_server.application.directory import UserChanges
from tashika_server.application.orderers import Imported
from tashika_server.application.signed_in import SignedIn
from tashika_server.domain.model import (
    GuarantorKind,
    Organization,
    OrganizationKind,
    Role,
    SshKey,
    User,
)
from tashika_server.domain.policy import Orderer
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.offices import branch_from_proto, branch_to_proto
from tashika_server.transport.convert.policy import policy_version_to_proto
from tashika_server.transport.convert.values import etag_of, moment_to_proto, path


def orderer_to_proto(orderer: Orderer, *, latest_only: bool = False) -> orderer_pb2.Orderer:
    """Give an orderer's message, for lists with the latest version of its policy only."""
    versions = orderer.policies[-1:] if latest_only else orderer.policies
    return orderer_pb2.Orderer(
        orderer_id=orderer.orderer_id,
        name=orderer.name,
        prefecture=orderer.prefecture,
        kana=orderer.kana,
        policies=[policy_version_to_proto(version) for version in versions],
        etag=etag_of(orderer.revision),
    )


def imported_to_proto(imported: Imported) -> ImportOrderersResponse:
    """Give the message of what an import did."""
    return ImportOrderersResponse(
        added_orderer_ids=imported.added,
        changed_orderer_ids=imported.changed,
        unchanged_orderer_ids=imported.unchanged,
    )


def organization_to_proto(organization: Organization) -> organization_pb2.Organization:
    """Give an organisation's message."""
    return organization_pb2.Organization(
        organization_id=organization.organization_id,
        kind=to_proto_enum(organization_pb2.OrganizationKind, organization.kind),
        name=organization.name,
        kana=organization.kana,
        address=organization.address,
        representative=organization.representative,
        corporate_number=organization.corporate_number,
        telephone=organization.telephone,
        orderer_id=organization.orderer_id,
        guarantor_kind=to_proto_enum(organization_pb2.GuarantorKind, organization.guarantor_kind),
        guarantor_code=organization.guarantor_code,
        branches=[branch_to_proto(branch) for branch in organization.branches],
        approval_from_yen=organization.approval_from_yen,
        terms_reference_performance=organization.terms_reference_performance,
        terms_reference_prepayment=organization.terms_reference_prepayment,
        monthly_payer=organization.monthly_payer,
        disabled=organization.disabled,
        etag=etag_of(organization.revision),
    )


def organization_from_proto(
    message: organization_pb2.Organization, prefix: str = "organization"
) -> Organization:
    """Read an organisation. Its etag is not read: the request has its own.

    Raises ``RefusedError`` with FIELD_REQUIRED where the kind is missing, since nothing else can be judged then.
    """
    kind = token_of(organization_pb2.OrganizationKind, message.kind, path(prefix, "kind"))
    if not kind:
        raise refuse(Reason.FIELD_REQUIRED, path(prefix, "kind"))
    guarantor_kind = token_of(
        organization_pb2.GuarantorKind, message.guarantor_kind, path(prefix, "guarantor_kind")
    )
    return Organization(
        organization_id=message.organization_id,
        kind=OrganizationKind(kind),
        name=message.name,
        kana=message.kana,
        address=message.address,
        representative=message.representative,
        corporate_number=message.corporate_number,
        telephone=message.telephone,
        orderer_id=message.orderer_id,
        guarantor_kind=GuarantorKind(guarantor_kind) if guarantor_kind else None,
        guarantor_code=message.guarantor_code if message.HasField("guarantor_code") else None,
        branches=tuple(
            branch_from_proto(each, path(prefix, f"branches[{place}]"))
            for place, each in enumerate(message.branches)
        ),
        approval_from_yen=message.approval_from_yen,
        terms_reference_performance=message.terms_reference_performance,
        terms_reference_prepayment=message.terms_reference_prepayment,
        monthly_payer=message.monthly_payer,
        disabled=message.disabled,
    )


def user_to_proto(user: User) -> user_pb2.User:
    """Give a person's message, which never holds anything of the password."""
    return user_pb2.User(
        user_id=user.user_id,
        organization_id=user.organization_id,
        login_name=user.login_name,
        name=user.name,
        title=user.title,
        mail=user.mail,
        roles=[to_proto_enum(user_pb2.Role, role) for role in sorted(user.roles)],
        must_change_password=user.must_change_password,
        disabled=user.disabled,
        etag=etag_of(user.revision),
    )


def user_from_proto(message: user_pb2.User, prefix: str = "user") -> User:
    """Read a person to be made; ids, etag and must_change_password are the server's and not read."""
    return User(
        user_id="",
        organization_id=message.organization_id,
        login_name=message.login_name,
        name=message.name,
        title=message.title,
        mail=message.mail,
        roles=_roles(message, prefix),
        disabled=message.disabled,
    )


def user_changes_from_proto(request: UpdateUserRequest) -> UserChanges:
    """Read what changes of a person: all that can change, and the password if there is a new one."""
    user = request.user
    return UserChanges(
        name=user.name,
        title=user.title,
        mail=user.mail,
        roles=_roles(user, "user"),
        disabled=user.disabled,
        new_password=request.new_password or None,
    )


def ssh_key_to_proto(key: SshKey) -> ssh_key_pb2.SshKey:
    """Give a key's message."""
    return ssh_key_pb2.SshKey(
        ssh_key_id=key.ssh_key_id,
        user_id=key.user_id,
        name=key.name,
        public_key=key.public_key,
        fingerprint=key.fingerprint,
        create_time=moment_to_proto(key.created_time),
    )


def session_to_proto(signed_in: SignedIn) -> session_pb2.Session:
    """Give a session's message, without its token."""
    session = signed_in.session
    return session_pb2.Session(
        session_id=session.session_id,
        user=user_to_proto(signed_in.user),
        organization=organization_to_proto(signed_in.organization),
        language=session.language,
        create_time=moment_to_proto(session.created_time),
        expire_time=moment_to_proto(session.expires_time),
    )


def _roles(message: user_pb2.User, prefix: str) -> frozenset[Role]:
    field = path(prefix, "roles")
    return frozenset(Role(token_of(user_pb2.Role, value, field)) for value in message.roles)
