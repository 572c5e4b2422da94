"""The server, sessions, organisations."""

from tashika.v1 import contract_pb2, organization_pb2, session_pb2, session_service_pb2, ssh_key_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import day, moment, token, tokens


def server_info(message: session_service_pb2.GetServerInfoResponse) -> records.ServerInfo:
    """What a server is."""
    return records.ServerInfo(
        version=message.version,
        demo=message.demo,
        server_time=moment(message, "server_time"),
        today=day(message, "today"),
        log_origin=message.log_origin,
        log_verifier_key=message.log_verifier_key,
        max_attachment_bytes=message.max_attachment_bytes,
        max_chunk_bytes=message.max_chunk_bytes,
    )


def session(message: session_pb2.Session) -> records.Session:
    """Who is signed in."""
    return records.Session(
        session_id=message.session_id,
        login_name=message.user.login_name,
        name=message.user.name,
        title=message.user.title,
        roles=tokens(message.user, "roles"),
        organization=message.organization.name,
        organization_kind=token(message.organization, "kind"),
        language=message.language,
        must_change_password=message.user.must_change_password,
        expire_time=moment(message, "expire_time"),
        user_id=message.user.user_id,
        organization_id=message.organization.organization_id,
    )


def ssh_key(message: ssh_key_pb2.SshKey) -> records.SshKey:
    """A key for signing in over SSH."""
    return records.SshKey(
        ssh_key_id=message.ssh_key_id,
        name=message.name,
        public_key=message.public_key,
        fingerprint=message.fingerprint,
        create_time=moment(message, "create_time"),
    )


def registrant(message: contract_pb2.Registrant) -> records.Registrant:
    """Who registered a contract."""
    return records.Registrant(message.name, message.company, message.title)


def guarantor(message: organization_pb2.Organization) -> records.Guarantor:
    """A guarantor with its offices."""
    return records.Guarantor(
        organization_id=message.organization_id,
        name=message.name,
        kana=message.kana,
        kind=token(message, "guarantor_kind"),
        address=message.address,
        representative=message.representative,
        telephone=message.telephone,
        branches=tuple(records.Branch(item.name, item.telephone, item.address) for item in message.branches),
        approval_from_yen=message.approval_from_yen,
        disabled=message.disabled,
    )
